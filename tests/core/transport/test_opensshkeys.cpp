// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/knownhosts.h"
#include "tests/core/transport/opensshhome.h"

#include <QDirIterator>

using namespace pilothouse;

/// Host keys that the system's ssh meets: new, changed, accepted once, written by us.
class TestOpenSshKeys : public QObject, private OpenSshHome {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString missing = Sshd::missing(); !missing.isEmpty())
            QSKIP(qPrintable(missing));
        use();
    }
    void init() { begin(); }
    void cleanupTestCase()
    {
        IoLoop::instance().stop();
        QCOMPARE(leftBehind(), QStringList());
    }

    void unknownKeyIsAskedAndSavedBySsh()
    {
        Sshd sshd;
        QVERIFY(sshd.start());
        writeConfig(block(sshd, {QStringLiteral("StrictHostKeyChecking ask")}));
        FakePrompter prompter;
        prompter.key = HostKeyAnswer::Reject;
        Stages stages;
        const auto refused = connectPeer(&prompter, &stages);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::HostKey);
        QCOMPARE(stages.failed(), std::optional(Stage::HostKey));
        QVERIFY(!QFile::exists(sshd.knownHosts()));
        QCOMPARE(prompter.keysAsked.size(), 1);
        QCOMPARE(prompter.keysAsked[0].host, QStringLiteral("[127.0.0.1]:%1").arg(sshd.port()));
        QCOMPARE(prompter.keysAsked[0].type, QStringLiteral("ED25519"));

        prompter.key = HostKeyAnswer::AcceptAndSave;
        const auto accepted = connectPeer(&prompter, &stages);
        QVERIFY2(accepted, accepted ? "" : qPrintable(accepted.error().cause));
        QFile key(sshd.file(QStringLiteral("host_key.pub")));
        QVERIFY(key.open(QFile::ReadOnly));
        HostKey shown;
        const auto words = key.readAll().split(' ');
        shown.type = QString::fromLatin1(words[0]);
        shown.blob = QByteArray::fromBase64(words[1]);
        QCOMPARE(prompter.keysAsked[1].fingerprint, shown.fingerprint());
        // Our reader understands what ssh wrote.
        QCOMPARE(lookUpHostKey({sshd.knownHosts()}, prompter.keysAsked[1].host, {}, shown).verdict,
            HostKeyVerdict::Known);
    }

    /// Accepted for this session: the known_hosts files stay as they are, jump hosts' too, and
    /// nothing of it is left when the session is over.
    void aKeyMayBeAcceptedOnce_data()
    {
        QTest::addColumn<QString>("alias");
        QTest::addColumn<int>("questions");
        QTest::newRow("the host itself") << QStringLiteral("peer") << 1;
        QTest::newRow("a jump host and the host") << QStringLiteral("behind") << 2;
    }
    void aKeyMayBeAcceptedOnce()
    {
        QFETCH(QString, alias);
        QFETCH(int, questions);
        Sshd sshd, inner;
        QVERIFY(sshd.start());
        QVERIFY(inner.start());
        // A line that is there already stays, and a path with a space and a percent sign is taken.
        const QString known = m_home.filePath(QStringLiteral("known %1 %").arg(alias));
        QFile file(known);
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("# mine\n");
        file.close();
        const QString quoted = QLatin1Char('"') + QString(known).replace(u'%', QLatin1String("%%"))
            + QLatin1Char('"');
        writeConfig(block(QStringLiteral("peer"), sshd.port(), sshd.clientKey(), quoted)
            + block(QStringLiteral("behind"), inner.port(), inner.clientKey(), quoted,
                {QStringLiteral("ProxyJump peer")}));
        FakePrompter prompter;
        prompter.key = HostKeyAnswer::AcceptOnce;
        Stages stages;
        const auto accepted = connectTo(alias, &prompter, &stages);
        QVERIFY2(accepted,
            accepted ? "" : qPrintable(accepted.error().message + accepted.error().cause));
        QCOMPARE(prompter.keysAsked.size(), questions); // each key once
        QVERIFY2(stages.of(Stage::HostKey).endsWith(QLatin1String(", accepted once")),
            qPrintable(stages.of(Stage::HostKey)));
        QVERIFY(!stages.failed());
        const auto output
            = QCoro::waitFor(accepted->transport->run(Context(), shellCommand("echo there")));
        QVERIFY(output);
        QCOMPARE(output->out, QByteArray("there\n"));
        QVERIFY(file.open(QFile::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("# mine\n"));
        // The session's own file is nobody else's, and goes with it.
        const auto ours = [this] {
            QStringList found;
            QDirIterator all(m_home.path(), {QStringLiteral("known_hosts")}, QDir::Files,
                QDirIterator::Subdirectories);
            while (all.hasNext())
                found << all.next();
            return found;
        };
        QCOMPARE(ours().size(), 1);
        QCOMPARE(QFile::permissions(ours()[0])
                & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
            QFile::Permissions());
        accepted->transport->close();
        QVERIFY(ours().isEmpty());
        // The next session asks again.
        prompter.key = HostKeyAnswer::Reject;
        QCOMPARE(connectTo(alias, &prompter).error().kind, ErrorKind::HostKey);
        QCOMPARE(prompter.keysAsked.size(), questions + 1);
    }

    void sshTakesTheLineWeAppend_data()
    {
        QTest::addColumn<bool>("hashed");
        QTest::addRow("plain") << false;
        QTest::addRow("hashed") << true;
    }
    void sshTakesTheLineWeAppend()
    {
        QFETCH(bool, hashed);
        Sshd sshd;
        QVERIFY(sshd.start());
        QFile key(sshd.file(QStringLiteral("host_key.pub")));
        QVERIFY(key.open(QFile::ReadOnly));
        const auto words = key.readAll().split(' ');
        HostKey host;
        host.type = QString::fromLatin1(words[0]);
        host.blob = QByteArray::fromBase64(words[1]);
        QVERIFY(appendKnownHost(sshd.knownHosts(),
            knownHostsName(QStringLiteral("127.0.0.1"), sshd.port()), host, hashed));
        writeConfig(block(sshd, {QStringLiteral("StrictHostKeyChecking yes")}));
        FakePrompter prompter;
        const auto connected = connectPeer(&prompter);
        QVERIFY2(connected, connected ? "" : qPrintable(connected.error().cause));
    }

    void changedKeyStops_data()
    {
        QTest::addColumn<QString>("strict");
        for (const char *strict : {"ask", "no", "yes"})
            QTest::addRow("%s", strict) << QString::fromLatin1(strict);
    }
    void changedKeyStops()
    {
        QFETCH(QString, strict);
        Sshd sshd;
        QVERIFY(sshd.start());
        QVERIFY(Sshd::makeKey(sshd.file(QStringLiteral("old")), QStringLiteral("ed25519")));
        QFile old(sshd.file(QStringLiteral("old.pub"))), known(sshd.knownHosts());
        QVERIFY(old.open(QFile::ReadOnly) && known.open(QFile::WriteOnly));
        const QByteArray oldKey = old.readAll();
        known.write("[127.0.0.1]:" + QByteArray::number(sshd.port()) + ' ' + oldKey);
        known.close();
        writeConfig(block(sshd, {QStringLiteral("StrictHostKeyChecking ") + strict}));
        FakePrompter prompter;
        Stages stages;
        const auto refused = connectPeer(&prompter, &stages);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::HostKey);
        QCOMPARE(refused.error().stage, QStringLiteral("host_key"));
        QCOMPARE(stages.failed(), std::optional(Stage::HostKey));
        HostKey before;
        before.blob = QByteArray::fromBase64(oldKey.split(' ')[1]);
        QVERIFY(refused.error().cause.contains(before.fingerprint()));
        QVERIFY(refused.error().cause.contains(QLatin1String("shown ED25519 SHA256:")));
        QVERIFY(prompter.keysAsked.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestOpenSshKeys)
#include "test_opensshkeys.moc"
