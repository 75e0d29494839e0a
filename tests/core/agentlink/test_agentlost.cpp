// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "tests/support/liveagent.h"

#include <QSignalSpy>
#include <QTest>

#include <csignal>

using namespace pilothouse;

/// How a link ends: each way tells once, and ends everything that waits.
class TestAgentLost : public QObject {
    Q_OBJECT
    std::unique_ptr<AgentHome> m_home;
    LiveAgent m_live;
    AgentClient *m_agent = nullptr;

    struct Waiting {
        std::optional<Error> ticks, jobs, log;
        std::optional<Result<std::pair<int, int>>> exec;
        bool ticked = false, listed = false;
        QByteArray out;
        std::unique_ptr<AgentStream> streams[4];
        bool ended() const { return ticks && jobs && log && exec; }
    };
    /// One of each kind of stream, all running.
    void startAll(Waiting &waiting)
    {
        TelemetryHandlers telemetry;
        telemetry.ticks
            = [&waiting](const std::vector<AgentTick> &, qint64, qint64) { waiting.ticked = true; };
        telemetry.ended = [&waiting](const Error &error) { waiting.ticks = error; };
        waiting.streams[0] = m_agent->subscribe({}, 0, telemetry);
        JobHandlers jobs;
        jobs.listed = [&] { waiting.listed = true; };
        jobs.ended = [&waiting](const Error &error) { waiting.jobs = error; };
        waiting.streams[1] = m_agent->watchJobs(jobs);
        JobSpec spec;
        spec.argv = QStringList{QStringLiteral("sleep"), QStringLiteral("600")};
        spec.name = QStringLiteral("sleep");
        QVERIFY(QCoro::waitFor(
            m_agent->submit(Context(), PermitForTests::make(), QStringLiteral("sleep"), spec)));
        LogHandlers log;
        log.ended = [&waiting](bool complete, std::optional<Error> error) {
            QVERIFY(!complete);
            waiting.log = error;
        };
        waiting.streams[2] = m_agent->readLog(QStringLiteral("sleep"), 0, true, 0, log);
        ExecHandlers exec;
        exec.out = [&waiting](const QByteArray &data) { waiting.out += data; };
        exec.ended = [&waiting](Result<std::pair<int, int>> how) { waiting.exec = std::move(how); };
        auto command = m_agent->exec(
            PermitForTests::make(), {QStringLiteral("cat")}, {}, {}, std::move(exec));
        command->write("x");
        waiting.streams[3] = std::move(command);
        QVERIFY(eventually([&] { return waiting.ticked && waiting.listed && waiting.out == "x"; }));
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_home = std::make_unique<AgentHome>();
        m_live = connectAgent();
        QVERIFY2(m_live.client, qPrintable(m_live.trouble));
        m_agent = m_live.client.get();
        QVERIFY(QCoro::waitFor(m_agent->hello(Context())));
    }
    void cleanup()
    {
        m_live = {};
        m_home.reset();
    }
    void cleanupTestCase()
    {
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void aKilledDaemonIsLostAndItsJobGoesOn()
    {
        QSignalSpy lost(m_agent, &AgentClient::lost);
        Waiting waiting;
        startAll(waiting);
        const auto before = QCoro::waitFor(m_agent->jobs(Context(), {}));
        QVERIFY(before && before->size() == 1);
        QVERIFY(m_home->killDaemon() != 0);
        QVERIFY(eventually([&] { return lost.count() == 1 && waiting.ended(); }));
        QCOMPARE(lost.at(0).at(0).value<Error>().kind, ErrorKind::Unreachable);
        QCOMPARE(waiting.ticks->kind, ErrorKind::Unreachable);
        QCOMPARE(waiting.jobs->kind, ErrorKind::Unreachable);
        QCOMPARE(waiting.log->kind, ErrorKind::Unreachable);
        QCOMPARE(waiting.exec->error().kind, ErrorKind::Unreachable);
        QCOMPARE(QCoro::waitFor(m_agent->hello(Context())).error().kind, ErrorKind::Unreachable);
        QCOMPARE(lost.count(), 1);

        auto again = connectAgent();
        QVERIFY2(again.client, qPrintable(again.trouble));
        const auto jobs = QCoro::waitFor(again.client->jobs(Context(), {QStringLiteral("sleep")}));
        QVERIFY(jobs);
        QCOMPARE(jobs->value(0).state, JobState::Running);
    }

    void aKilledBridgeIsLost()
    {
        QSignalSpy lost(m_agent, &AgentClient::lost);
        const auto bridges = m_home->bridges();
        QCOMPARE(bridges.size(), 1);
        const int daemon = m_home->daemonPid();
        ::kill(bridges[0], SIGKILL);
        QVERIFY(eventually([&] { return lost.count() == 1; }));
        QCOMPARE(m_home->daemonPid(), daemon);
    }

    void aHalfOpenLinkIsLost()
    {
        QSignalSpy lost(m_agent, &AgentClient::lost);
        Waiting waiting;
        startAll(waiting);
        const auto bridges = m_home->bridges();
        QCOMPARE(bridges.size(), 1);
        ::kill(bridges[0], SIGSTOP); // silence both ways, nothing is closed
        auto pending = m_agent->hash(Context(), QStringLiteral("/etc/passwd"));
        QVERIFY(eventually([&] { return lost.count() == 1 && waiting.ended(); }));
        ::kill(bridges[0], SIGKILL);
        QCOMPARE(lost.at(0).at(0).value<Error>().kind, ErrorKind::Unreachable);
        QCOMPARE(QCoro::waitFor(std::move(pending)).error().kind, ErrorKind::Unreachable);
    }

    void aClosedTransportEndsTheClient()
    {
        QSignalSpy lost(m_agent, &AgentClient::lost);
        m_live.transport->close();
        QVERIFY(eventually([&] { return lost.count() == 1; }));
    }

    void threadsEndWithCallsInFlight()
    {
        Waiting waiting;
        startAll(waiting);
        auto pending = m_agent->hash(Context(), QStringLiteral("/proc/kcore"));
        stopAgentThreads(); // does not wait for what never ends
        QVERIFY(!QCoro::waitFor(std::move(pending)));
    }
};

QTEST_GUILESS_MAIN(TestAgentLost)
#include "test_agentlost.moc"
