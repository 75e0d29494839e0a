// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/knownhosts.h"
#include "core/transport/knownhostsline.h"
#include "core/transport/sshpattern.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

using namespace pilothouse;

/// Reading and appending known_hosts, with ssh-keygen as the judge of what matches.
class TestKnownHosts : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    static HostKey key(const char *type, char content)
    {
        HostKey key;
        key.type = QString::fromLatin1(type);
        const QByteArray name(type);
        key.blob.resize(4);
        qToBigEndian<quint32>(quint32(name.size()), key.blob.data());
        key.blob += name + QByteArray(4, '\0');
        key.blob[key.blob.size() - 1] = 32;
        key.blob += QByteArray(32, content);
        return key;
    }
    static QByteArray line(const QByteArray &names, const HostKey &key)
    {
        return names + ' ' + key.type.toLatin1() + ' ' + key.blob.toBase64();
    }
    QString file(const QByteArray &text, const char *name = "known_hosts") const
    {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QFile file(path);
        if (!file.open(QFile::WriteOnly | QFile::Truncate) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }
    static HostKeyVerdict verdict(const QString &file, const char *name, const HostKey &key)
    {
        return lookUpHostKey({file}, QString::fromLatin1(name), {}, key).verdict;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    // Files are parsed once and remembered; what changed must count at once, even when size, inode
    // and the clock's tick are the same.
    void changesCountAtOnce()
    {
        const HostKey a = key("ssh-ed25519", 'a'), b = key("ssh-ed25519", 'b');
        for (int round = 0; round < 20; ++round) {
            const QString first = file(line("host", a), "changing");
            QCOMPARE(verdict(first, "host", a), HostKeyVerdict::Known);
            file(line("host", b), "changing");
            QCOMPARE(verdict(first, "host", a), HostKeyVerdict::Changed);
            QCOMPARE(verdict(first, "host", b), HostKeyVerdict::Known);
        }
        QTest::qWait(100); // now it is remembered
        const QString settled = m_folder.filePath(QStringLiteral("changing"));
        QCOMPARE(verdict(settled, "host", b), HostKeyVerdict::Known);
        file(line("host", a), "changing");
        QCOMPARE(verdict(settled, "host", b), HostKeyVerdict::Changed);
        QVERIFY(QFile::remove(settled));
        QCOMPARE(verdict(settled, "host", a), HostKeyVerdict::Unknown);
    }

    // The index by name must give the lines that a look at each line gives, in their order.
    void plainAndPatternLinesTogether()
    {
        const HostKey a = key("ssh-ed25519", 'a'), b = key("ssh-ed25519", 'b'),
                      rsa = key("ssh-rsa", 'r');
        const QString all = file(line("Node1,alias", a) + '\n' + "# comment\n"
            + line("node*,!node3", rsa) + '\n' + line("other", a) + '\n' + line("node1,!nobody", b)
            + '\n' + "@revoked " + line("*", b) + '\n');
        const auto found = lookUpHostKey({all}, QStringLiteral("node1"), {}, a);
        QCOMPARE(found.verdict, HostKeyVerdict::Known);
        QCOMPARE(found.line, 1);
        QCOMPARE(found.knownTypes,
            (QStringList{QStringLiteral("ssh-ed25519"), QStringLiteral("ssh-rsa")}));
        QCOMPARE(found.alsoKnownAs, QStringList{QStringLiteral("other")});
        QCOMPARE(verdict(all, "node3", rsa), HostKeyVerdict::Unknown);
        QCOMPARE(verdict(all, "node2", rsa), HostKeyVerdict::Known);
        QCOMPARE(verdict(all, "node1", b), HostKeyVerdict::Revoked);
    }

    void names()
    {
        QCOMPARE(knownHostsName(QStringLiteral("Host"), 22), QStringLiteral("host"));
        QCOMPARE(knownHostsName(QStringLiteral("::1"), 2022), QStringLiteral("[::1]:2022"));
    }

    void patterns()
    {
        QVERIFY(matchPattern("abc", "a*c") && matchPattern("abc", "***") && matchPattern("", "*"));
        QVERIFY(matchPattern("abc", "a?c") && !matchPattern("abc", "a?") && !matchPattern("", "?"));
        QVERIFY(matchPattern("aXbXc", "a*X*c") && !matchPattern("abc", "b*"));
        // Would take for ever when tried naively.
        QVERIFY(!matchPattern(QByteArray(2000, 'a'), QByteArray("a*").repeated(100) + 'b'));
        QCOMPARE(matchPatternList("a.example", "*.EXAMPLE,!b.example"), PatternMatch::Yes);
        QCOMPARE(matchPatternList("b.example", "*.example,!b.example"), PatternMatch::Negated);
        QCOMPARE(matchPatternList("c", "!b"), PatternMatch::No);
    }

    void verdicts()
    {
        const HostKey mine = key("ssh-ed25519", 'a'), other = key("ssh-ed25519", 'b'),
                      rsa = key("ssh-rsa", 'c'), p256 = key("ecdsa-sha2-nistp256", 'd'),
                      p384 = key("ecdsa-sha2-nistp384", 'e');
        const QString known = file(line("good,alias", mine) + " comment\n\n# note\n"
            + line("changed", other) + "\r\n" + line("rsaonly", rsa) + '\n' + line("both", other)
            + '\n' + line("both", mine) + '\n' + "@revoked " + line("*", key("ssh-ed25519", 'r'))
            + '\n' + line("rev", key("ssh-ed25519", 'r')) + '\n' + "@cert-authority "
            + line("*.corp,!no.corp", mine) + '\n' + line("curve", p256) + '\n'
            + line("plain22", mine) + '\n' + "broken ssh-ed25519 AAAA\nbroken2\n@unknown "
            + line("marker", mine) + '\n' + "mismatch ssh-rsa " + mine.blob.toBase64() + '\n'
            + "last " + mine.type.toLatin1() + '\t' + mine.blob.toBase64());
        QCOMPARE(verdict(known, "good", mine), HostKeyVerdict::Known);
        QCOMPARE(verdict(known, "ALIAS", mine), HostKeyVerdict::Known);
        QCOMPARE(verdict(known, "changed", mine), HostKeyVerdict::Changed);
        QCOMPARE(verdict(known, "rsaonly", mine), HostKeyVerdict::OtherType);
        QCOMPARE(verdict(known, "both", mine), HostKeyVerdict::Known);
        QCOMPARE(verdict(known, "rev", key("ssh-ed25519", 'r')), HostKeyVerdict::Revoked);
        QCOMPARE(verdict(known, "curve", p384), HostKeyVerdict::Changed);
        QCOMPARE(verdict(known, "nobody", mine), HostKeyVerdict::Unknown);
        QCOMPARE(verdict(known, "last", mine), HostKeyVerdict::Known);
        for (const char *broken : {"broken", "broken2", "marker", "mismatch"})
            QCOMPARE(verdict(known, broken, mine), HostKeyVerdict::Unknown);
        // A host's other ports may show the key of port 22, as ssh has it; a changed one is new.
        QCOMPARE(verdict(known, "[plain22]:2200", mine), HostKeyVerdict::Known);
        QCOMPARE(verdict(known, "[changed]:2200", mine), HostKeyVerdict::Unknown);

        const auto changed = lookUpHostKey({known}, QStringLiteral("changed"), {}, mine);
        QCOMPARE(changed.line, 4);
        QCOMPARE(changed.file, known);
        QCOMPARE(changed.known, std::optional(other));
        const auto answer = lookUpHostKey({known}, QStringLiteral("new"), {}, mine);
        QVERIFY(answer.alsoKnownAs.contains(QStringLiteral("good"))
            && answer.alsoKnownAs.contains(QStringLiteral("alias")));
        QVERIFY(lookUpHost({known}, QStringLiteral("x.corp")).hostCa);
        QVERIFY(!lookUpHost({known}, QStringLiteral("no.corp")).hostCa);
        QCOMPARE(lookUpHost({known}, QStringLiteral("rsaonly")).knownTypes,
            QStringList{QStringLiteral("ssh-rsa")});
        // Revoked in any of the files, whatever another says.
        const QString second = file("@revoked " + line("*", mine) + '\n', "second");
        QCOMPARE(lookUpHostKey({known, m_folder.filePath(QStringLiteral("none")), second},
                     QStringLiteral("good"), {}, mine)
                     .verdict,
            HostKeyVerdict::Revoked);
    }

    void agreesWithSshKeygen_data()
    {
        QTest::addColumn<bool>("hashed");
        QTest::addRow("plain") << false;
        QTest::addRow("hashed") << true;
    }
    void agreesWithSshKeygen()
    {
        QFETCH(bool, hashed);
        if (QStandardPaths::findExecutable(QStringLiteral("ssh-keygen")).isEmpty())
            QSKIP("no ssh-keygen here");
        // A fixed sequence of lines made of parts that matter. All keys are whole: ssh-keygen -F
        // looks at names only.
        const QByteArrayList parts{"alpha", "beta.example", "*.example", "gamma?", "!beta.example",
            "[alpha]:2222", "[*.example]:22", "10.0.0.1", "UPPER", "*", "!alpha", "a,b"};
        QByteArray text;
        unsigned seed = 7;
        const auto next = [&](unsigned limit) {
            seed = seed * 1103515245 + 12345;
            return (seed >> 16) % limit;
        };
        for (int i = 0; i < 150; ++i) {
            QByteArrayList names;
            for (unsigned n = 1 + next(3); n > 0; --n)
                names << parts[qsizetype(next(unsigned(parts.size() - (hashed ? 3 : 0))))];
            QByteArray one = line(names.join(','), key("ssh-ed25519", char('A' + i % 20)));
            if (hashed && names.join().contains('*'))
                continue; // ssh-keygen -H leaves those out, with a word on stderr
            switch (next(8)) {
            case 0:
                one.prepend("@revoked ");
                break;
            case 1:
                one.prepend(" \t");
                break;
            case 2:
                one += " a comment";
                break;
            case 3:
                one += '\r';
                break;
            default:
                break;
            }
            text += one + '\n';
        }
        const QString known = file(text, hashed ? "judge-hashed" : "judge");
        QProcess tool;
        if (hashed) {
            tool.start(
                QStringLiteral("ssh-keygen"), {QStringLiteral("-H"), QStringLiteral("-f"), known});
            QVERIFY(tool.waitForFinished());
        }
        QFile now(known);
        QVERIFY(now.open(QFile::ReadOnly));
        const QByteArrayList lines = now.readAll().split('\n');
        if (hashed)
            QVERIFY(lines[0].contains("|1|") || lines[1].contains("|1|"));
        int matches = 0;
        for (const QByteArray name : {"alpha", "beta.example", "x.example", "gamma1", "gamma",
                 "[alpha]:2222", "[x.example]:22", "10.0.0.1", "upper", "a", "b", "nobody"}) {
            tool.start(QStringLiteral("ssh-keygen"),
                {QStringLiteral("-F"), QString::fromLatin1(name), QStringLiteral("-f"), known});
            QVERIFY(tool.waitForFinished());
            QList<int> theirs, ours;
            static const QRegularExpression found(QStringLiteral("found: line (\\d+)"));
            const QString out = QString::fromUtf8(tool.readAllStandardOutput());
            for (auto hits = found.globalMatch(out); hits.hasNext();)
                theirs << hits.next().captured(1).toInt();
            for (int i = 0; i < lines.size(); ++i)
                if (const auto entry = parseKnownHostsLine(lines[i]); entry && entry->matches(name))
                    ours << i + 1;
            QCOMPARE(ours, theirs);
            matches += int(ours.size());
        }
        QVERIFY(matches > 20);
    }

    void appends()
    {
        const HostKey mine = key("ssh-ed25519", 'a');
        const QString path = m_folder.filePath(QStringLiteral("fresh/.ssh/known_hosts"));
        QVERIFY(appendKnownHost(path, QStringLiteral("[Host]:2222"), mine, false));
        QCOMPARE(QFileInfo(path).permissions() & QFile::Permissions(0x0fff & 0x0077),
            QFile::Permissions());
        QCOMPARE(verdict(path, "[host]:2222", mine), HostKeyVerdict::Known);
        QFile file(path);
        QVERIFY(file.open(QFile::Append));
        file.write("# no newline");
        file.close();
        QVERIFY(appendKnownHost(path, QStringLiteral("other"), mine, true));
        QCOMPARE(verdict(path, "other", mine), HostKeyVerdict::Known);
        QVERIFY(file.open(QFile::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(
            text.contains("# no newline\n|1|") && !text.contains("other") && text.endsWith('\n'));
        file.close();

        for (const char *name : {"", "two words", "new\nline", "a,b", "star*", "#x", "@revoked"})
            QCOMPARE(appendKnownHost(path, QString::fromLatin1(name), mine, false).error().kind,
                ErrorKind::BadInput);
        QVERIFY(file.open(QFile::ReadOnly));
        QCOMPARE(file.readAll(), text);
    }

    void appendsFromManyAtOnce()
    {
        const QString path = m_folder.filePath(QStringLiteral("crowd"));
        const int held = ::open(qPrintable(path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        QCOMPARE(flock(held, LOCK_EX), 0);
        std::vector<std::thread> writers;
        std::atomic<int> done = 0;
        for (int i = 0; i < 8; ++i)
            writers.emplace_back([&, i] {
                for (int n = 0; n < 20; ++n)
                    if (appendKnownHost(path, QStringLiteral("h%1-%2").arg(i).arg(n),
                            key("ssh-ed25519", char(i + 1)), n % 2 == 0))
                        ++done;
            });
        QCOMPARE(QFileInfo(path).size(), 0); // they wait for the lock
        ::close(held);
        for (auto &writer : writers)
            writer.join();
        QCOMPARE(done, 160);
        QFile file(path);
        QVERIFY(file.open(QFile::ReadOnly));
        int whole = 0;
        while (!file.atEnd())
            whole += parseKnownHostsLine(file.readLine()) ? 1 : 0;
        QCOMPARE(whole, 160);
    }

    void fullDiskAndNoRight()
    {
        const HostKey mine = key("ssh-ed25519", 'a');
        const auto full
            = appendKnownHost(QStringLiteral("/dev/full"), QStringLiteral("h"), mine, false);
        QVERIFY(!full);
        QCOMPARE(full.error().kind, ErrorKind::NoSpace);
        const auto folder = appendKnownHost(m_folder.path(), QStringLiteral("h"), mine, false);
        QVERIFY(!folder);
        QVERIFY(!folder.error().cause.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestKnownHosts)
#include "test_knownhosts.moc"
