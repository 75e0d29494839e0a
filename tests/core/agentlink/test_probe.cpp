// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/deploy.h"
#include "core/transport/ioloop.h"
#include "core/transport/localtransport.h"
#include "tests/support/agenthome.h"
#include "tests/support/faketransport.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QSysInfo>
#include <QTest>

#include <sys/mount.h>

using namespace pilothouse;

static const QByteArray quiet = "PILOTHOUSE-PROBE\nos=Linux\nkernel=5.15.0\narch=x86_64\n"
                                "shell=/bin/bash\nhome=/home/mia\ndata=/home/mia/.local/share\n"
                                "writable=1\nexecutable=1\nfree_kib=2048\n";

class TestProbe : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void readsWhatTheScriptPrints()
    {
        const auto probe = parseProbe(quiet
            + "installed=0.1.0+aaaaaaaaaaaa\n"
              "present=0.1.0+aaaaaaaaaaaa 0123\n");
        QVERIFY(probe);
        QVERIFY(probe->shellQuiet);
        QCOMPARE(probe->arch, QStringLiteral("x86_64"));
        QCOMPARE(probe->dataHome, QStringLiteral("/home/mia/.local/share"));
        QCOMPARE(probe->freeBytes, 2048 * 1024);
        QCOMPARE(probe->installedVersions, QStringList{QStringLiteral("0.1.0+aaaaaaaaaaaa")});
        QCOMPARE(
            probe->present.value(QStringLiteral("0.1.0+aaaaaaaaaaaa")), QStringLiteral("0123"));
    }

    void noiseIsToldAndSkipped()
    {
        const auto probe = parseProbe("Last login: today\r\nos=Plan9\n" + quiet);
        QVERIFY(probe);
        QVERIFY(!probe->shellQuiet);
        QCOMPARE(probe->shellNoise, QStringLiteral("Last login: today"));
        QCOMPARE(probe->os, QStringLiteral("Linux"));
    }

    void somethingElseIsNotAShell()
    {
        const auto probe = parseProbe("This service allows sftp connections only.\n");
        QVERIFY(!probe);
        QCOMPARE(probe.error().kind, ErrorKind::BadReply);
        QCOMPARE(probe.error().cause, QStringLiteral("This service allows sftp connections only."));
    }

    void theAgentMustBeWhole()
    {
        AgentBinary binary;
        binary.version = QStringLiteral("v");
        binary.sha256 = QStringLiteral("0123");
        auto probe = *parseProbe(quiet + "present=v 0123\n");
        chooseAgent(probe, binary);
        QCOMPARE(probe.agentPath,
            QStringLiteral("/home/mia/.local/share/pilothouse/agent/v/pilothouse-agent"));
        probe = *parseProbe(quiet + "present=v 4567\n");
        chooseAgent(probe, binary);
        QVERIFY(probe.agentDamaged && probe.agentPath.isEmpty());
        probe = *parseProbe(quiet + "present=v \n"); // no sha256sum there
        chooseAgent(probe, binary);
        QVERIFY(!probe.agentDamaged && !probe.agentPath.isEmpty());
        probe = *parseProbe(quiet + "present=other 0123\n");
        chooseAgent(probe, binary);
        QVERIFY(probe.agentPath.isEmpty());
    }

    void troubleIsASentence_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("words");
        QTest::newRow("none") << QByteArray("x") << QByteArray("x") << QString();
        QTest::newRow("noexec") << QByteArray("executable=1\n") << QByteArray()
                                << QStringLiteral("noexec");
        QTest::newRow("unwritable") << QByteArray("writable=1\nexecutable=1\n") << QByteArray()
                                    << QStringLiteral("cannot be written");
        QTest::newRow("full") << QByteArray("writable=1\nexecutable=1\nfree_kib=2048")
                              << QByteArray("free_kib=0") << QStringLiteral("No space");
        QTest::newRow("BSD") << QByteArray("os=Linux") << QByteArray("os=FreeBSD")
                             << QStringLiteral("FreeBSD");
    }
    void troubleIsASentence()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, words);
        auto probe = *parseProbe(QByteArray(quiet).replace(from, to));
        chooseAgent(probe, std::nullopt);
        QCOMPARE(probe.trouble.isEmpty(), words.isEmpty());
        QVERIFY(probe.trouble.contains(words));
    }

    void aRealHostIsLookedAtAndLeftAlone()
    {
        AgentHome home;
        const auto local = std::make_shared<LocalTransport>();
        const auto probe = QCoro::waitFor(probeHost(Context(), local));
        QVERIFY(probe);
        QCOMPARE(probe->os, QStringLiteral("Linux"));
        QCOMPARE(probe->kernel, QSysInfo::kernelVersion());
        QCOMPARE(probe->home, home.path());
        QVERIFY(probe->writable && probe->executable && probe->freeBytes > 0);
        QVERIFY(probe->agentPath.isEmpty() && probe->trouble.isEmpty());
        QVERIFY(QDir(home.path()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }

    /// Not even the file that is taken away again: a folder's own time would tell.
    void aReadOnlyHostIsNotWrittenTo()
    {
        AgentHome home;
        const auto local = std::make_shared<LocalTransport>();
        const auto before = QFileInfo(home.path()).lastModified();
        const auto probe = QCoro::waitFor(probeHost(Context(), local, true));
        QVERIFY(probe);
        QVERIFY(probe->writable && probe->untried && !probe->executable);
        QVERIFY(probe->trouble.isEmpty());
        QCOMPARE(QFileInfo(home.path()).lastModified(), before);
    }

    void onlyFixedWordsGoOver()
    {
        FakeTransport transport;
        QString program;
        QStringList arguments;
        transport.onRun = [&](const Command &command) -> std::optional<Result<Output>> {
            program = command.program;
            arguments = command.arguments;
            Output output;
            output.out = quiet;
            return output;
        };
        const std::shared_ptr<Transport> shared(&transport, [](Transport *) {});
        QVERIFY(QCoro::waitFor(probeHost(Context(), shared)));
        QCOMPARE(program, QStringLiteral("/bin/sh"));
        const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9._/+-]+$"));
        QVERIFY(!arguments.isEmpty());
        for (const auto &argument : std::as_const(arguments))
            QVERIFY(plain.match(argument).hasMatch());
    }

    void noexecMountIsFound()
    {
        AgentHome home;
        QDir().mkpath(home.agentFolder());
        const QByteArray folder = QFile::encodeName(home.agentFolder());
        if (::mount("tmpfs", folder.constData(), "tmpfs", MS_NOEXEC, "size=1m") != 0)
            QSKIP("mounting needs root");
        const auto local = std::make_shared<LocalTransport>();
        const auto probe = QCoro::waitFor(probeHost(Context(), local));
        ::umount(folder.constData());
        QVERIFY(probe);
        QVERIFY(probe->writable);
        QVERIFY(!probe->executable);
        QVERIFY(probe->trouble.contains(QLatin1String("noexec")));
    }

    void stopDeadlineAndLossEndIt()
    {
        const auto slow = std::make_shared<FakeTransport>(std::make_shared<LocalTransport>());
        std::stop_source source;
        source.request_stop();
        const Context stopped(source.get_token());
        QCOMPARE(QCoro::waitFor(probeHost(stopped, slow)).error().kind, ErrorKind::Cancelled);
        auto task = probeHost(Context(), slow);
        slow->lose();
        QCOMPARE(QCoro::waitFor(std::move(task)).error().kind, ErrorKind::Unreachable);
    }
};

QTEST_GUILESS_MAIN(TestProbe)
#include "test_probe.moc"
