// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/configwords.h"
#include "core/transport/ioloop.h"
#include "core/transport/proxyjump.h"
#include "core/transport/sshconfig.h"
#include "core/transport/sshtokens.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <QCoroTask>

#include <sys/stat.h>
#include <unistd.h>

using namespace pilothouse;

/// The alias lister, and resolving through the real ssh -G.
class TestSshConfig : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;

    QString write(const QString &name, const QByteArray &text) const
    {
        const QString path = m_home.filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QFile::WriteOnly | QFile::Truncate) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }
    QStringList aliasesOf(const QByteArray &text) const
    {
        return listSshAliases(write(QStringLiteral(".ssh/config"), text)).aliases;
    }
    static QStringList list(const char *words)
    {
        return QString::fromLatin1(words).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    }
    static ParsedSshG recorded(const char *name)
    {
        QFile file(QStringLiteral(PILOTHOUSE_SOURCE "/tests/fixtures/ssh-G-9.2p1-%1.txt")
                       .arg(QLatin1String(name)));
        if (!file.open(QFile::ReadOnly))
            qFatal("no fixture %s", name);
        const auto parsed = parseSshG(QString::fromLatin1(name), file.readAll());
        if (!parsed)
            qFatal("%s", qPrintable(parsed.error().message));
        return *parsed;
    }
    Result<std::shared_ptr<ResolvedHost>> resolve(
        const QByteArray &config, const QString &alias, Context context = {})
    {
        write(QStringLiteral("ssh_config"), config);
        Target target;
        target.name = alias;
        return QCoro::waitFor(resolveHost(context, target));
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("ssh")).isEmpty())
            QSKIP("no ssh here");
        qputenv("HOME", m_home.path().toUtf8());
        qputenv("PILOTHOUSE_SSH_CONFIG", m_home.filePath(QStringLiteral("ssh_config")).toUtf8());
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void lines()
    {
        const auto words = [](const char *line) {
            const auto parsed = parseConfigLine(line);
            return parsed ? parsed->keyword + '|' + parsed->words.join('|') : QByteArray("bad");
        };
        QCOMPARE(words("Host a  b\tc\r"), QByteArray("host|a|b|c"));
        QCOMPARE(words("  HOST=a"), QByteArray("host|a"));
        QCOMPARE(words("host = \"a b\" 'c d' e#f # g"), QByteArray("host|a b|c d|e#f"));
        QCOMPARE(words("host a\\ b \\\"c"), QByteArray("host|a b|\"c"));
        QCOMPARE(words("# host a"), QByteArray("|"));
        QCOMPARE(words("host \"a"), QByteArray("bad"));
        QCOMPARE(words(""), QByteArray("|"));
    }

    void aliases()
    {
        QCOMPARE(
            aliasesOf("Host a b\n  User x\nhost c\nHost *\nHost d? e* !f g !g\n"
                      "Match host h exec \"touch /tmp/no\"\n Host = i\nHost a\nHost \"j\"\r\n"),
            list("a b c i j"));
        QCOMPARE(aliasesOf(QByteArray()), QStringList());
        QCOMPARE(aliasesOf("Host " + QByteArray(100'000, 'x') + "\nHost y\n").size(), 2);
        const auto odd = listSshAliases(write(QStringLiteral(".ssh/config"),
            QByteArray("Host -oProxyCommand=x ok\nHost \"un\nHost z\n")));
        QCOMPARE(odd.aliases, list("ok z"));
        QCOMPARE(odd.problems.size(), 2);
        QVERIFY(odd.problems[1].contains(QLatin1String("line 2")));
        const auto missing = listSshAliases(m_home.filePath(QStringLiteral("nothing")));
        QVERIFY(missing.aliases.isEmpty() && missing.problems.isEmpty());
    }

    void includes()
    {
        write(QStringLiteral(".ssh/conf.d/20-b"), "Host b\n");
        write(QStringLiteral(".ssh/conf.d/10-a"), "Include deeper/*\nHost a\n");
        write(QStringLiteral(".ssh/deeper/x"), "Host deep\n");
        write(QStringLiteral("elsewhere"), "Host else\n");
        write(QStringLiteral(".ssh/inner"), "Host work-1 play-1\n");
        const QString config = write(QStringLiteral(".ssh/config"),
            "Include conf.d/* ~/elsewhere none/*\nHost own\nHost work-*\n  Include inner\n");
        const auto found = listSshAliases(config);
        // Inside a Host block an Include counts for its hosts only, as in ssh.
        QCOMPARE(found.aliases, list("deep a b else own work-1"));
        QVERIFY(found.problems.isEmpty());
        QCOMPARE(found.filesRead.size(), 6);
        QCOMPARE(found.filesRead.first(), config);
    }

    void hostileIncludes()
    {
        write(QStringLiteral(".ssh/loop"), "Host l\nInclude loop\n");
        const auto loop
            = listSshAliases(write(QStringLiteral(".ssh/config"), "Include loop\nHost after\n"));
        QCOMPARE(loop.aliases, list("l after"));
        QCOMPARE(loop.problems.size(), 1);

        for (int i = 0; i < 20; ++i)
            write(QStringLiteral(".ssh/n%1").arg(i),
                QStringLiteral("Host h%1\nHost *\nInclude n%2\n").arg(i).arg(i + 1).toUtf8());
        const auto deep = listSshAliases(write(QStringLiteral(".ssh/config"), "Include n0\n"));
        QCOMPARE(deep.aliases.size(), 16);
        QVERIFY(deep.problems[0].contains(QLatin1String("16")));

        // Every file includes all the others: 10! ways.
        for (int i = 0; i < 10; ++i)
            write(QStringLiteral(".ssh/all/%1").arg(i),
                "Include all/*\nHost x" + QByteArray::number(i));
        const auto all = listSshAliases(write(QStringLiteral(".ssh/config"), "Include all/*\n"));
        QVERIFY(all.aliases.size() <= 10);
        QVERIFY(!all.problems.isEmpty());

        QCOMPARE(::mkfifo(qPrintable(m_home.filePath(QStringLiteral(".ssh/pipe"))), 0600), 0);
        QDir().mkpath(m_home.filePath(QStringLiteral(".ssh/folder")));
        const auto odd = listSshAliases(
            write(QStringLiteral(".ssh/config"), "Include pipe folder\nHost still\n"));
        QCOMPARE(odd.aliases, list("still"));
        QCOMPARE(odd.problems.size(), 2);
    }

    void generatedConfigs()
    {
        unsigned seed = 3;
        const auto next = [&](unsigned limit) {
            seed = seed * 1103515245 + 12345;
            return (seed >> 16) % limit;
        };
        const QByteArrayList hosts{"Host ", "host\t", "HOST=", " Host = ", "\"Host\" "};
        for (int round = 0; round < 250; ++round) {
            QByteArray text;
            QStringList wanted;
            for (unsigned i = 0, blocks = 1 + next(12); i < blocks; ++i) {
                if (next(6) == 0)
                    text += "Match all\n";
                if (next(5) == 0)
                    text += "# Host hidden\n\n";
                text += hosts[qsizetype(next(unsigned(hosts.size())))];
                for (unsigned n = 0, words = 1 + next(4); n < words; ++n) {
                    const QByteArray name = "h" + QByteArray::number(next(40));
                    switch (next(6)) {
                    case 0:
                        text += name + "* ";
                        break;
                    case 1:
                        text += "!z" + name + ' ';
                        break;
                    case 2:
                        text += '"' + name + "\" ";
                        wanted << QString::fromLatin1(name);
                        break;
                    default:
                        text += name + (next(2) ? " " : "\t");
                        wanted << QString::fromLatin1(name);
                    }
                }
                if (next(4) == 0)
                    text += "# Host no";
                text += next(3) == 0 ? "\r\n" : "\n";
                text += "  User u" + QByteArray::number(i) + '\n';
            }
            wanted.removeDuplicates();
            const QString config = write(QStringLiteral(".ssh/config"), text);
            QCOMPARE(listSshAliases(config).aliases, wanted);
            if (round % 25 != 0 || wanted.isEmpty())
                continue;
            // ssh reads the same file the same way.
            const auto host = resolve(text, wanted.first());
            QVERIFY2(host, host ? "" : qPrintable(host.error().cause));
            QVERIFY((*host)->user.startsWith(QLatin1Char('u')));
        }
    }

    void mapsRecordedAnswers()
    {
        const ParsedSshG plain = recorded("plain");
        QCOMPARE(plain.host.hostName, QStringLiteral("plain"));
        QCOMPARE(plain.host.port, quint16(22));
        QCOMPARE(plain.host.identityFiles.size(), 7);
        QCOMPARE(plain.host.identityFiles[0], sshHome() + QStringLiteral("/.ssh/id_rsa"));
        QCOMPARE(plain.host.globalKnownHosts.size(), 2);
        QCOMPARE(plain.host.strictHostKeyChecking, QStringLiteral("ask"));
        QCOMPARE(
            plain.host.preferredAuthentications, list("publickey keyboard-interactive password"));
        QCOMPARE(plain.host.connectTimeoutSeconds, 0);
        QCOMPARE(plain.host.ciphers.size(), 6);
        QCOMPARE(plain.host.macs.size(), 10);
        QVERIFY(plain.host.needsOpenSsh.isEmpty());
        QVERIFY(plain.host.proxyCommand.isEmpty() && plain.proxyJump.isEmpty());

        const ParsedSshG full = recorded("full");
        const ResolvedHost &host = full.host;
        QCOMPARE(host.alias, QStringLiteral("full"));
        QCOMPARE(host.hostName, QStringLiteral("full.example.org"));
        QCOMPARE(host.user, QStringLiteral("mia"));
        QCOMPARE(host.port, quint16(2201));
        QCOMPARE(host.hostKeyAlias, QStringLiteral("foo"));
        QCOMPARE(host.identityFiles,
            (QStringList{sshHome() + QStringLiteral("/.ssh/full.example.org-mia-key"),
                QStringLiteral("/srv/with space/key")}));
        QVERIFY(host.identitiesOnly && host.hashKnownHosts);
        QVERIFY(host.identityAgent.endsWith(QLatin1String("/agent.sock")));
        QVERIFY(!host.identityAgent.contains(QLatin1Char('%')));
        QCOMPARE(host.userKnownHosts,
            (QStringList{
                QStringLiteral("/srv/kh-full.example.org"), QStringLiteral("/srv/with space/kh")}));
        QCOMPARE(host.strictHostKeyChecking, QStringLiteral("yes"));
        QCOMPARE(host.preferredAuthentications, list("gssapi-with-mic publickey password"));
        QCOMPARE(host.connectTimeoutSeconds, 7);
        QCOMPARE(host.serverAliveInterval, 11);
        QCOMPARE(host.serverAliveCountMax, 4);
        QCOMPARE(host.numberOfPasswordPrompts, 2);
        QCOMPARE(host.addressFamily, QStringLiteral("inet6"));
        QCOMPARE(full.certificateFiles, QStringList{sshHome() + QStringLiteral("/x-cert.pub")});
        QCOMPARE(full.proxyJump, QStringLiteral("me@b1:2201,[::1]:22,bastion"));
        // Hostbased is on but not among the preferred methods.
        QCOMPARE(host.needsOpenSsh,
            list("PKCS11Provider GSSAPIAuthentication KnownHostsCommand VerifyHostKeyDNS "
                 "KexAlgorithms HostKeyAlgorithms"));

        const ParsedSshG proxied = recorded("proxied");
        QCOMPARE(proxied.host.proxyCommand, QStringLiteral("nc %h %p"));
        QCOMPARE(proxied.host.needsOpenSsh, list("ProxyCommand ProxyUseFdpass"));
        QCOMPARE(proxied.host.strictHostKeyChecking, QStringLiteral("accept-new"));
        QCOMPARE(proxied.host.preferredAuthentications, list("publickey"));

        const ParsedSshG quiet = recorded("quiet");
        QCOMPARE(quiet.host.identityAgent, QStringLiteral("none"));
        QVERIFY(quiet.host.identityFiles.isEmpty() && quiet.host.userKnownHosts.isEmpty());
        QCOMPARE(quiet.host.strictHostKeyChecking, QStringLiteral("no"));
        QVERIFY(!quiet.host.preferredAuthentications.contains(QStringLiteral("publickey")));
        QVERIFY(quiet.proxyJump.isEmpty());

        QCOMPARE(parseSshG(QStringLiteral("x"), "user y\n").error().kind, ErrorKind::BadReply);
    }

    void jumpLists()
    {
        const auto hops
            = parseProxyJump(QStringLiteral("me@b1:2201,[::1]:22,fe80::1,ssh://u@h:7/,plain"));
        QVERIFY(hops);
        QCOMPARE(hops->size(), 5);
        QCOMPARE(hops->at(0).user, QStringLiteral("me"));
        QCOMPARE(hops->at(0).port, quint16(2201));
        QCOMPARE(hops->at(1).host, QStringLiteral("::1"));
        QCOMPARE(hops->at(2).host, QStringLiteral("fe80::1"));
        QCOMPARE(hops->at(3).host, QStringLiteral("h"));
        QCOMPARE(hops->at(3).port, quint16(7));
        QVERIFY(parseProxyJump(QStringLiteral("None"))->isEmpty());
        for (const char *bad :
            {"a,,b", "-oX", "u@-h", "h:0", "h:x", "[::1", "@h", "h:70000", "a b"})
            QVERIFY2(!parseProxyJump(QString::fromLatin1(bad)), bad);
    }

    void resolvesChains()
    {
        const QByteArray config
            = "Host outer\n User o\nHost inner\n Port 2201\n User i\n ProxyJump outer\n"
              "Host target\n HostName t.example\n ProxyJump inner,last:77\n"
              "Host last\n User l\n ProxyJump never\n";
        const auto host = resolve(config, QStringLiteral("target"));
        QVERIFY2(host, host ? "" : qPrintable(host.error().cause));
        QStringList way;
        for (const auto &jump : (*host)->jumps) {
            way << QStringLiteral("%1@%2:%3").arg(jump->user, jump->hostName).arg(jump->port);
            QVERIFY(jump->jumps.isEmpty());
        }
        QCOMPARE(way, list("o@outer:22 i@inner:2201 l@last:77"));
        QVERIFY((*host)->needsOpenSsh.isEmpty());
        QCOMPARE((*host)->filesRead, QStringList{m_home.filePath(QStringLiteral("ssh_config"))});

        // ssh itself sees the first kind of loop, we see the second.
        for (const char *config : {"Host *\n ProxyJump bastion\n",
                 "Host bastion\n Port 2200\nHost *\n ProxyJump bastion\n"}) {
            const auto loop = resolve(config, QStringLiteral("node"));
            QVERIFY(!loop);
            QCOMPARE(loop.error().kind, ErrorKind::BadInput);
            QVERIFY(loop.error().message.startsWith(QLatin1String("The jump hosts lead back")));
            QVERIFY(loop.error().cause.contains(QLatin1String("bastion")));
        }
        const auto fine = resolve(
            "Host bastion\n ProxyJump none\nHost *\n ProxyJump bastion\n", QStringLiteral("node"));
        QVERIFY(fine);
        QCOMPARE((*fine)->jumps.size(), 1);

        const auto proxied = resolve(
            "Host a\n ProxyJump b\nHost b\n ProxyCommand nc %h %p\n", QStringLiteral("a"));
        QVERIFY(proxied);
        QCOMPARE((*proxied)->needsOpenSsh.size(), 1);
        QVERIFY((*proxied)->needsOpenSsh[0].contains(QLatin1String("ProxyCommand")));
    }

    void needsThatFilesTell()
    {
        const QString key = write(QStringLiteral("key"), "x");
        const QByteArray config = "Host c\n IdentityFile " + key.toUtf8() + "\n UserKnownHostsFile "
            + m_home.filePath(QStringLiteral("kh")).toUtf8() + '\n';
        QVERIFY((*resolve(config, QStringLiteral("c")))->needsOpenSsh.isEmpty());
        // The configuration stays the same: what appears beside the key counts at once.
        write(QStringLiteral("key-cert.pub"), "x");
        QCOMPARE((*resolve(config, QStringLiteral("c")))->needsOpenSsh, list("CertificateFile"));
        write(QStringLiteral("key.pub"), "sk-ssh-ed25519@openssh.com AAAA me\n");
        QCOMPARE((*resolve(config, QStringLiteral("c")))->needsOpenSsh,
            list("CertificateFile SecurityKeyProvider"));
        write(QStringLiteral("kh"),
            "@cert-authority * ssh-ed25519 "
            "AAAAC3NzaC1lZDI1NTE5AAAAIGFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\n");
        QVERIFY((*resolve(config, QStringLiteral("c")))
                    ->needsOpenSsh.contains(QStringLiteral("@cert-authority")));
    }

    void cacheFollowsFiles()
    {
        const QString included = write(QStringLiteral("inc/one"), "Host m\n User first\n");
        const QString mark = m_home.filePath(QStringLiteral("ran"));
        const QByteArray config = "Match exec \"echo x >> " + mark.toUtf8()
            + "\"\n Port 2201\nInclude " + m_home.filePath(QStringLiteral("inc/*")).toUtf8() + "\n";
        write(QStringLiteral("ssh_config"), config);
        Target target;
        target.name = QStringLiteral("m");
        const auto ask = [&] { return QCoro::waitFor(resolveHost(Context(), target)); };
        const auto runs = [&] { return QFileInfo(mark).size() / 2; };
        QCOMPARE((*ask())->user, QStringLiteral("first"));
        QCOMPARE((*ask())->port, quint16(2201));
        QCOMPARE(runs(), 1);
        write(QStringLiteral("inc/one"), "Host m\n User second\n");
        QCOMPARE((*ask())->user, QStringLiteral("second"));
        QCOMPARE(runs(), 2);
        // A new file that the pattern matches.
        write(QStringLiteral("inc/0"), "Host m\n User third\n");
        QCOMPARE((*ask())->user, QStringLiteral("third"));
        QCOMPARE(runs(), 3);
        QVERIFY((*ask())->filesRead.contains(included));
        QCOMPARE(runs(), 3);
    }

    void manualTargets()
    {
        write(QStringLiteral("ssh_config"), "Host *\n ServerAliveInterval 9\n");
        Target target;
        target.kind = TargetKind::SshManual;
        target.name = QStringLiteral("shown");
        target.host = QStringLiteral("10.2.0.41");
        target.user = QStringLiteral("mia");
        target.port = 2202;
        target.identityFile = QStringLiteral("/keys/a \"b\" \\c");
        target.proxyJump = QStringLiteral("u@gate:2200");
        const auto host = QCoro::waitFor(resolveHost(Context(), target));
        QVERIFY2(host, host ? "" : qPrintable(host.error().cause));
        QCOMPARE((*host)->hostName, target.host);
        QCOMPARE((*host)->user, target.user);
        QCOMPARE((*host)->port, target.port);
        QCOMPARE((*host)->identityFiles, QStringList{target.identityFile});
        QCOMPARE((*host)->serverAliveInterval, 9);
        QCOMPARE((*host)->jumps.size(), 1);
        QCOMPARE((*host)->jumps[0]->user, QStringLiteral("u"));
        target.identityFile = QStringLiteral("x\nProxyCommand y");
        QCOMPARE(QCoro::waitFor(resolveHost(Context(), target)).error().kind, ErrorKind::BadInput);
    }

    void refusals()
    {
        for (const char *name : {"-oProxyCommand=touch /tmp/x", "", "a b", "a\nb"})
            QCOMPARE(resolve({}, QString::fromLatin1(name)).error().kind, ErrorKind::BadInput);
        const auto broken = resolve("Host a\n NoSuchOption 1\n", QStringLiteral("a"));
        QVERIFY(!broken);
        QCOMPARE(broken.error().kind, ErrorKind::BadInput);
        QVERIFY(broken.error().cause.contains(QLatin1String("line 2")));
        QVERIFY(!broken.error().cause.contains(QLatin1String("debug1")));

        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", m_home.path().toUtf8());
        const auto missing = resolve("Host b\n", QStringLiteral("b"));
        qputenv("PATH", path);
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, ErrorKind::Unsupported);
    }

    void stopsAndTimesOut()
    {
        const Context context;
        const auto late = resolve("Match exec \"sleep 60\"\n User x\n", QStringLiteral("slow"),
            context.within(std::chrono::milliseconds(300)));
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::Timeout);
        QCOMPARE(late.error().stage, QStringLiteral("resolve"));
        std::stop_source stop;
        Target target;
        target.name = QStringLiteral("slow");
        auto going = resolveHost(Context(stop.get_token()), target);
        stop.request_stop();
        QCOMPARE(QCoro::waitFor(std::move(going)).error().kind, ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestSshConfig)
#include "test_sshconfig.moc"
