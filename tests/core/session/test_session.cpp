// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/agentchannel.h"
#include "core/session/session.h"
#include "core/transport/ioloop.h"
#include "tests/support/faketransport.h"
#include "tests/support/liveagent.h"

#include <QCryptographicHash>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

static Target local()
{
    Target target;
    target.id = QStringLiteral("local");
    target.name = QStringLiteral("This machine");
    target.kind = TargetKind::Local;
    return target;
}

static Task<Result<QString>> deployHere(Context context, Target,
    std::shared_ptr<Transport> transport, HostProbe probe, AgentBinary binary, Progress progress)
{
    auto deployed = deployAgent(context, PermitForTests::make(), std::move(transport),
        std::move(probe), std::move(binary), std::move(progress));
    co_return co_await std::move(deployed);
}

class TestSession : public QObject {
    Q_OBJECT
    std::unique_ptr<AgentHome> m_home;
    std::unique_ptr<Session> m_session;
    std::shared_ptr<FakeTransport> m_transport; ///< set by useFake()

    void useFake()
    {
        m_transport = std::make_shared<FakeTransport>(std::make_shared<LocalTransport>());
        m_session->setConnector(
            [fake = m_transport](Context context, Target, Prompter *, StageSink report) {
                return connectFake(context, fake, report);
            });
    }
    static Task<Result<Connected>> connectFake(
        Context context, std::shared_ptr<FakeTransport> fake, StageSink report)
    {
        for (const auto stage : {Stage::Resolve, Stage::Tcp, Stage::Authentication}) {
            StageReport line;
            line.stage = stage;
            line.state = StageState::Running;
            report(line);
            if (context.stopped())
                co_return fail(cancelled(stageId(stage)));
            line.state = StageState::Done;
            report(line);
        }
        Connected connected;
        connected.transport = fake;
        connected.summary = QStringLiteral("fake");
        co_return connected;
    }
    static Task<Result<Connected>> refuse(Context, Target, Prompter *, StageSink report)
    {
        StageReport line;
        line.stage = Stage::Tcp;
        line.state = StageState::Failed;
        report(line);
        Error error{ErrorKind::Unreachable, QStringLiteral("tcp"),
            QStringLiteral("Nobody is there."), {}, {}};
        co_return fail(error);
    }
    Result<std::shared_ptr<const Link>> open(Context context = {})
    {
        return QCoro::waitFor(m_session->open(context));
    }
    StageState stateOf(Stage stage) const
    {
        const auto stages = m_session->stages();
        for (const auto &report : stages) {
            if (report.stage == stage)
                return report.state;
        }
        return StageState::Waiting;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_home = std::make_unique<AgentHome>();
        m_session = std::make_unique<Session>(local(), nullptr);
        m_session->setDeployer(&deployHere);
    }
    void cleanup()
    {
        m_session.reset();
        m_transport.reset();
        m_home.reset();
    }
    void cleanupTestCase()
    {
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void thisMachineConnectsByTheSamePath()
    {
        QSignalSpy linkChanged(m_session.get(), &LinkSource::linkChanged);
        const auto link = open();
        QVERIFY2(link, link ? "" : qPrintable(link.error().message + link.error().cause));
        QCOMPARE(m_session->state(), TargetState::Connected);
        QCOMPARE(linkChanged.count(), 1);
        QCOMPARE(m_session->current(), *link);
        QVERIFY((*link)->agent && (*link)->without.isEmpty());
        QVERIFY((*link)->roundTripNs > 0);
        QCOMPARE((*link)->facts.home, m_home->path());
        QVERIFY(std::abs((*link)->clock->offsetNs()) < 2'000'000'000); // the very same clock
        const auto stages = m_session->stages();
        for (const auto &report : stages) {
            QVERIFY2(report.state == StageState::Done || report.state == StageState::Skipped,
                qPrintable(stageId(report.stage) + report.result));
            QVERIFY(!report.result.isEmpty() || report.state == StageState::Skipped);
        }
        QCOMPARE(stateOf(Stage::FirstSample), StageState::Done);
        const auto again = open(); // answered at once
        QCOMPARE(*again, *link);
        m_session->disconnect();
        QCOMPARE(m_session->state(), TargetState::NotOpened);
        QVERIFY(!m_session->current());
        QVERIFY(eventually([&] { return m_home->bridges().isEmpty(); }));
    }

    void testingLeavesNothing()
    {
        auto stages = QCoro::waitFor(m_session->test(Context()));
        QVERIFY(stages);
        QCOMPARE(stateOf(Stage::Agent), StageState::Done);
        QCOMPARE(stateOf(Stage::Handshake), StageState::Skipped);
        QCOMPARE(m_home->agentFiles(), QStringList());
        QVERIFY(open());
        QCOMPARE(QCoro::waitFor(m_session->test(Context())).error().kind, ErrorKind::Conflict);
        m_session->disconnect();
        m_home->killDaemon();
        QVERIFY(QCoro::waitFor(m_session->test(Context())));
        QCOMPARE(m_home->daemonPid(), 0); // present, but not started
        QCOMPARE(m_session->state(), TargetState::NotOpened);
    }

    /// Its result stands beside the stages, and an earlier failure no longer does.
    void aTestTellsHowItWent()
    {
        m_session->setConnector(&refuse);
        QSignalSpy stages(m_session.get(), &Session::stagesChanged);
        QVERIFY(!QCoro::waitFor(m_session->test(Context())));
        QVERIFY(m_session->tested());
        QCOMPARE(m_session->error()->message, QStringLiteral("Nobody is there."));
        QCOMPARE(m_session->state(), TargetState::NotOpened);
        QVERIFY(!stages.isEmpty());
        QVERIFY(!open());
        QCOMPARE(m_session->state(), TargetState::Failed);
        QVERIFY(!m_session->tested());
        useFake();
        QVERIFY(QCoro::waitFor(m_session->test(Context())));
        QVERIFY(!m_session->error());
        QCOMPARE(m_session->state(), TargetState::NotOpened);
    }

    void openingDuringATestIsServedAfterIt()
    {
        auto testing = m_session->test(Context());
        auto opening = m_session->open(Context());
        QVERIFY(QCoro::waitFor(std::move(testing)));
        QVERIFY(QCoro::waitFor(std::move(opening)));
    }

    void readOnlyGetsNoAgent()
    {
        auto target = local();
        target.protection = Protection::ReadOnly;
        m_session->setTarget(target);
        const auto link = open();
        QVERIFY(link);
        QVERIFY(!(*link)->agent);
        QVERIFY((*link)->without.contains(QLatin1String("read-only")));
        QCOMPARE(m_home->agentFiles(), QStringList());
        QCOMPARE(stateOf(Stage::Agent), StageState::Skipped);
    }

    /// An agent that runs is used; one that lies there is not started, and nothing is written.
    void readOnlyUsesWhatRunsAndStartsNothing()
    {
        QVERIFY(open());
        m_session->disconnect();
        auto target = local();
        target.protection = Protection::ReadOnly;
        m_session->setTarget(target);
        const auto used = open();
        QVERIFY(used && (*used)->agent);
        m_session->disconnect();
        m_home->killDaemon();
        const auto before = m_home->everything();
        QVERIFY(!before.isEmpty());
        const auto link = open();
        QVERIFY2(link, link ? "" : qPrintable(link.error().message + link.error().cause));
        QVERIFY(!(*link)->agent);
        QVERIFY((*link)->without.contains(QLatin1String("read-only")));
        QCOMPARE((*link)->facts.home, m_home->path());
        QCOMPARE(stateOf(Stage::Handshake), StageState::Skipped);
        QCOMPARE(m_home->daemonPid(), 0);
        QCOMPARE(m_home->everything(), before);
    }

    void withoutADeployerItSaysSo()
    {
        m_session->setDeployer({});
        const auto link = open();
        QVERIFY(link);
        QVERIFY(!(*link)->agent && !(*link)->without.isEmpty());
    }

    void noexecGivesALinkWithoutAgent()
    {
        useFake();
        m_transport->onRun = [](const Command &command) -> std::optional<Result<Output>> {
            if (!command.input.contains("PILOTHOUSE-PROBE"))
                return std::nullopt;
            Output output;
            output.out = "PILOTHOUSE-PROBE\nos=Linux\nkernel=5\narch=x86_64\nshell=/bin/sh\n"
                         "home=/home/mia\ndata=/home/mia/.local/share\nwritable=1\n";
            return output;
        };
        const auto link = open();
        QVERIFY(link);
        QVERIFY(!(*link)->agent);
        QVERIFY((*link)->without.contains(QLatin1String("noexec")));
        QCOMPARE((*link)->facts.home, QStringLiteral("/home/mia"));
    }

    void shellNoiseIsSkipped_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::addColumn<bool>("works");
        QTest::newRow("a line") << 20 << true;
        QTest::newRow("60 KB") << 60 * 1024 << true;
        QTest::newRow("more than 64 KB") << 70 * 1024 << false;
    }
    void shellNoiseIsSkipped()
    {
        QFETCH(int, bytes);
        QFETCH(bool, works);
        useFake();
        m_transport->onOpen = [bytes](Command command) -> Result<Command> {
            return Command(QStringLiteral("sh"),
                {QStringLiteral("-c"),
                    QStringLiteral("head -c %1 /dev/zero | tr '\\0' x; exec \"$0\" connect")
                        .arg(bytes),
                    command.program});
        };
        const auto link = open();
        QCOMPARE(bool(link), works);
        if (!works) {
            QCOMPARE(link.error().kind, ErrorKind::BadReply);
            QVERIFY(link.error().message.contains(QLatin1String("64 KB")));
            QCOMPARE(stateOf(Stage::Handshake), StageState::Failed);
            QCOMPARE(m_session->state(), TargetState::Failed);
            QCOMPARE(*m_session->error(), link.error());
        }
    }

    void anAgentThatCannotStartIsQuoted()
    {
        useFake();
        m_transport->onOpen = [](Command) -> Result<Command> {
            return Command(QStringLiteral("sh"),
                {QStringLiteral("-c"),
                    QStringLiteral("echo 'pilothouse-agent: /var/tmp/x belongs to somebody else.' "
                                   ">&2; exit 1")});
        };
        const auto link = open();
        QVERIFY(!link);
        QVERIFY(link.error().cause.contains(QLatin1String("belongs to somebody else")));
    }

    void stopEndsEveryStage_data()
    {
        QTest::addColumn<int>("stage");
        for (const auto stage : {Stage::Resolve, Stage::Tcp, Stage::Authentication, Stage::Shell,
                 Stage::Agent, Stage::Handshake})
            QTest::newRow(qPrintable(stageId(stage))) << int(stage);
    }
    void stopEndsEveryStage()
    {
        QFETCH(int, stage);
        useFake();
        std::stop_source source;
        connect(m_session.get(), &Session::stagesChanged, this, [&] {
            if (stateOf(Stage(stage)) == StageState::Running)
                source.request_stop();
        });
        const auto link = open(Context(source.get_token()));
        QVERIFY(!link);
        QCOMPARE(link.error().kind, ErrorKind::Cancelled);
        QCOMPARE(m_session->state(), TargetState::NotOpened);
        QCOMPARE(m_session->nextAttemptAt(), 0);
        QVERIFY(
            m_transport->calls.isEmpty() || m_transport->calls.contains(QStringLiteral("close")));
        const auto files = m_home->agentFiles().filter(QStringLiteral("upload"));
        QCOMPARE(files, QStringList());
        QVERIFY(eventually([&] { return m_home->bridges().isEmpty(); }));
        disconnect(m_session.get(), nullptr, this, nullptr);
        useFake();
        QVERIFY(open());
    }

    void aDeadlineEndsTheWait()
    {
        useFake();
        m_transport->onOpen = [](Command) -> Result<Command> {
            return Command(QStringLiteral("sleep"), {QStringLiteral("600")});
        };
        const auto link = open(Context().within(std::chrono::milliseconds(1500)));
        QVERIFY(!link);
        QCOMPARE(link.error().kind, ErrorKind::Timeout);
        QVERIFY(eventually([&] { return m_session->state() == TargetState::NotOpened; }));
    }

    void theOwnerMayGoAtEveryStage_data() { stopEndsEveryStage_data(); }
    void theOwnerMayGoAtEveryStage()
    {
        QFETCH(int, stage);
        useFake();
        bool reached = false;
        connect(m_session.get(), &Session::stagesChanged, this, [&] {
            if (stateOf(Stage(stage)) == StageState::Running && !std::exchange(reached, true))
                QMetaObject::invokeMethod(
                    this, [this] { m_session.reset(); }, Qt::QueuedConnection);
        });
        auto opening = m_session->open(Context());
        const auto link = QCoro::waitFor(std::move(opening));
        QVERIFY(reached);
        QVERIFY(!link);
        QCOMPARE(link.error().kind, ErrorKind::Cancelled);
        QVERIFY(eventually([&] { return m_home->bridges().isEmpty(); }));
    }

    void anOlderDaemonHandsOverAndKeepsItsJob()
    {
        // Bytes behind the program make another version of it.
        auto older = *agentBinaryFor(QSysInfo::currentCpuArchitecture());
        QTemporaryDir folder;
        const QString copy = folder.filePath(QStringLiteral("older"));
        QVERIFY(QFile::copy(older.localPath, copy));
        QFile file(copy);
        QVERIFY(file.open(QFile::Append));
        file.write("older");
        file.close();
        QVERIFY(file.open(QFile::ReadOnly));
        QCryptographicHash hash(QCryptographicHash::Sha256);
        QVERIFY(hash.addData(&file));
        file.close();
        older.sha256 = QString::fromLatin1(hash.result().toHex());
        older.version = older.version.section(QLatin1Char('+'), 0, 0) + QLatin1Char('+')
            + older.sha256.left(12);
        older.localPath = copy;
        older.size += 5;
        const auto transport = std::make_shared<LocalTransport>();
        const auto path = QCoro::waitFor(deployAgent(Context(), PermitForTests::make(), transport,
            *QCoro::waitFor(probeHost(Context(), transport)), older, {}));
        QVERIFY2(path, path ? "" : qPrintable(path.error().cause));
        const auto opened = QCoro::waitFor(
            transport->open(Context(), Command(*path, QStringList{QStringLiteral("connect")})));
        QVERIFY(opened);
        QVERIFY(QCoro::waitFor(awaitMagic(Context(), (*opened)->get())));
        const auto client = makeAgentClient(std::move(**opened));
        QCOMPARE(QCoro::waitFor(client->hello(Context()))->agentVersion, older.version);
        JobSpec spec;
        spec.name = QStringLiteral("sleep");
        spec.argv = QStringList{QStringLiteral("sleep"), QStringLiteral("600")};
        QVERIFY(QCoro::waitFor(
            client->submit(Context(), PermitForTests::make(), QStringLiteral("job"), spec)));

        const auto link = open();
        QVERIFY2(link, link ? "" : qPrintable(link.error().message + link.error().cause));
        QVERIFY((*link)->facts.agentVersion != older.version);
        const auto jobs = QCoro::waitFor((*link)->agent->jobs(Context(), {QStringLiteral("job")}));
        QVERIFY(jobs);
        QCOMPARE(jobs->value(0).state, JobState::Running);
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "test_session.moc"
