// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "core/transport/sshconfig.h"

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <QCoroTask>

#include <numeric>

using namespace pilothouse;

/// Shared answers of `ssh -G`: never different from what ssh says of the host itself.
class TestSshTemplate : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_ssh; // the real program
    QByteArray m_path;

    QString write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QFile::WriteOnly | QFile::Truncate) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(name));
        return file.fileName();
    }
    QString config() const { return m_folder.filePath(QStringLiteral("config")); }
    // One line per run of ssh.
    qsizetype runs() const
    {
        QFile file(m_folder.filePath(QStringLiteral("runs")));
        return file.open(QFile::ReadOnly) ? file.readAll().count('\n') : 0;
    }

    static QStringList told(const ResolvedHost &host)
    {
        return {host.alias, host.hostName, host.user, QString::number(host.port), host.hostKeyAlias,
            host.identityFiles.join(QLatin1Char('|')), QString::number(int(host.identitiesOnly)),
            host.identityAgent, host.userKnownHosts.join(QLatin1Char('|')),
            host.globalKnownHosts.join(QLatin1Char('|')), host.strictHostKeyChecking,
            QString::number(int(host.hashKnownHosts)), host.kexAlgorithms.join(QLatin1Char(',')),
            host.hostKeyAlgorithms.join(QLatin1Char(',')), host.ciphers.join(QLatin1Char(',')),
            host.macs.join(QLatin1Char(',')), host.publicKeyAlgorithms.join(QLatin1Char(',')),
            host.preferredAuthentications.join(QLatin1Char(',')),
            QString::number(host.connectTimeoutSeconds), QString::number(host.serverAliveInterval),
            QString::number(host.serverAliveCountMax),
            QString::number(host.numberOfPasswordPrompts), host.addressFamily, host.proxyCommand};
    }
    // What ssh itself says; nothing when it refuses.
    std::optional<ParsedSshG> asked(const QString &alias) const
    {
        QProcess ssh;
        ssh.start(m_ssh, {QStringLiteral("-F"), config(), QStringLiteral("-G"), alias});
        if (!ssh.waitForFinished() || ssh.exitCode() != 0)
            return std::nullopt;
        const auto parsed = parseSshG(alias, ssh.readAllStandardOutput());
        return parsed ? std::optional(*parsed) : std::nullopt;
    }
    static Result<std::shared_ptr<ResolvedHost>> resolve(const QString &alias)
    {
        Target target;
        target.name = alias;
        return QCoro::waitFor(resolveHost(Context(), target));
    }

    QByteArray line(QRandomGenerator &random) const
    {
        const QList<QByteArray> lines{"HostName 10.0.0.7", "HostName %h.Example.ORG",
            "HostName=Box9", "User anna", "User \"bert\"", "User root", "Port 2222", "Port 22",
            "Port=65000", "IdentityFile ~/.ssh/id_a", "IdentityFile ~/.ssh/%h_key",
            "IdentitiesOnly yes", "ProxyJump none", "ProxyCommand nc %h %p", "HostKeyAlias farm",
            "ConnectTimeout 9", "ServerAliveInterval 7", "ControlPath ~/.ssh/cm-%C",
            "HashKnownHosts yes", "StrictHostKeyChecking accept-new",
            "UserKnownHostsFile ~/.ssh/k1 ~/.ssh/k2", "Ciphers aes128-ctr",
            "PreferredAuthentications publickey,password", "BatchMode yes",
            "PasswordAuthentication no", "AddressFamily inet", "CertificateFile ~/.ssh/c.pub",
            "CanonicalizeHostname no", "Match all", "Match host 10.0.0.7", "Match user anna",
            "Include \"" + m_folder.filePath(QStringLiteral("part*")).toUtf8() + "\"",
            "SetEnv A=%h", "# a comment", "", "Port 0", "KexAlgorithms -curve25519-sha256"};
        return lines.at(random.bounded(lines.size()));
    }
    QByteArray block(QRandomGenerator &random) const
    {
        const QList<QByteArray> words{
            "n1", "n2", "n3", "N4", "n*", "n?", "!n2", "*", "login", "a.b"};
        QByteArray text = "Host";
        for (int i = random.bounded(1, 4); i > 0; --i)
            text += ' ' + words.at(random.bounded(words.size()));
        text += '\n';
        for (int i = random.bounded(0, 5); i > 0; --i)
            text += "  " + line(random) + '\n';
        return text;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_ssh = QStandardPaths::findExecutable(QStringLiteral("ssh"));
        if (m_ssh.isEmpty())
            QSKIP("no ssh here");
        const QString counting = write(QStringLiteral("ssh"),
            "#!/bin/sh\necho >>'" + m_folder.filePath(QStringLiteral("runs")).toUtf8() + "'\nexec "
                + m_ssh.toUtf8() + " \"$@\"\n");
        QFile::setPermissions(counting, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        m_path = qgetenv("PATH");
        qputenv("PATH", m_folder.path().toUtf8() + ':' + m_path);
        qputenv("PILOTHOUSE_SSH_CONFIG", config().toUtf8());
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }
    void init() { QFile::remove(m_folder.filePath(QStringLiteral("runs"))); }

    void randomConfigurations_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 40; ++seed)
            QTest::addRow("%u", seed) << seed;
    }
    void randomConfigurations()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        QByteArray part;
        for (int i = random.bounded(0, 3); i > 0; --i)
            part += random.bounded(2) == 0 ? line(random) + '\n' : block(random);
        part.replace("Include", "#Include"); // of itself
        write(QStringLiteral("part.conf"), part);
        QByteArray text;
        for (int i = random.bounded(0, 3); i > 0; --i)
            text += line(random) + '\n';
        for (int i = random.bounded(1, 6); i > 0; --i)
            text += block(random);
        write(QStringLiteral("config"), text);
        for (const char *alias : {"n1", "n2", "n3", "N4", "login", "a.b", "other", "Other"}) {
            const auto wanted = asked(QLatin1String(alias));
            const auto got = resolve(QLatin1String(alias));
            QVERIFY2(got.has_value() == wanted.has_value(),
                (QByteArray(alias) + "\n" + text).constData());
            if (wanted)
                QVERIFY2(told(**got) == told(wanted->host),
                    (QByteArray(alias) + "\n" + text + "\n" + part
                        + told(**got).join(QLatin1Char('\n')).toUtf8() + "\n---\n"
                        + told(wanted->host).join(QLatin1Char('\n')).toUtf8())
                        .constData());
        }
    }

    void oneRunForACluster()
    {
        QByteArray text;
        for (int i = 0; i < 200; ++i)
            text += "Host gpu" + QByteArray::number(i) + "\n HostName 10.1.0."
                + QByteArray::number(i) + "\n Port " + QByteArray::number(2000 + i) + "\n";
        text += "Host *\n User ops\n ControlPath ~/.ssh/%C\n";
        write(QStringLiteral("config"), text);
        QList<int> numbers(200);
        std::iota(numbers.begin(), numbers.end(), 0);
        std::vector<Task<Result<std::shared_ptr<ResolvedHost>>>> going;
        for (int i : numbers) {
            Target target;
            target.name = QStringLiteral("gpu%1").arg(i);
            going.push_back(resolveHost(Context(), target));
        }
        for (int i : numbers) {
            const auto host = QCoro::waitFor(going[std::size_t(i)]);
            QVERIFY(host.has_value());
            QCOMPARE((*host)->alias, QStringLiteral("gpu%1").arg(i));
            QCOMPARE((*host)->hostName, QStringLiteral("10.1.0.%1").arg(i));
            QCOMPARE(int((*host)->port), 2000 + i);
            QCOMPARE((*host)->user, QStringLiteral("ops"));
        }
        QCOMPARE(runs(), 1);
        // A change of the file is seen.
        write(QStringLiteral("config"), text.replace("ops", "admin"));
        QCOMPARE((*resolve(QStringLiteral("gpu3")))->user, QStringLiteral("admin"));
        QCOMPARE(runs(), 2);
    }

    void matchIsAskedOfSsh()
    {
        write(
            QStringLiteral("config"), "Match exec \"test %h = m1\"\n User yes\nHost m*\n Port 7\n");
        QCOMPARE((*resolve(QStringLiteral("m1")))->user, QStringLiteral("yes"));
        QVERIFY((*resolve(QStringLiteral("m2")))->user != QStringLiteral("yes"));
        QCOMPARE(runs(), 2);
    }

    void stoppedWhileAnotherAsks()
    {
        write(QStringLiteral("config"), "Host s*\n User slow\n");
        std::stop_source stop;
        Target target;
        target.name = QStringLiteral("s1");
        auto first = resolveHost(Context(), target);
        target.name = QStringLiteral("s2");
        auto second = resolveHost(Context(stop.get_token()), target);
        stop.request_stop();
        const auto stopped = QCoro::waitFor(second);
        QVERIFY(!stopped.has_value());
        QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
        QVERIFY(QCoro::waitFor(first).has_value());
    }

    // The one who asks for all is stopped: the others ask again.
    void theAskerIsStopped()
    {
        write(QStringLiteral("config"), "Host t*\n User slow\n");
        std::stop_source stop;
        Target target;
        target.name = QStringLiteral("t1");
        auto first = resolveHost(Context(stop.get_token()), target);
        target.name = QStringLiteral("t2");
        auto second = resolveHost(Context(), target);
        stop.request_stop();
        QVERIFY(!QCoro::waitFor(first).has_value());
        const auto host = QCoro::waitFor(second);
        QVERIFY(host.has_value());
        QCOMPARE((*host)->user, QStringLiteral("slow"));
    }
};

QTEST_GUILESS_MAIN(TestSshTemplate)
#include "test_sshtemplate.moc"
