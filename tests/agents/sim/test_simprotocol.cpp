// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The console's client against pilothouse-sim.
#include "agents/sim/model/scenario.h"
#include "agents/wire/tickcodec.h"
#include "core/transport/ioloop.h"
#include "tests/agents/sim/runningsim.h"
#include "tests/support/agenthome.h"
#include "tests/support/permitfortests.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <set>

using namespace pilothouse;

static sim::SimOptions sixteen()
{
    sim::SimOptions options;
    options.nodes = 16;
    options.seed = 3;
    options.randomFaults = false;
    return options;
}

static const QByteArray scenario = R"({"nodes": 16, "seed": 3, "random_faults": false})";

class TestSimProtocol : public QObject {
    Q_OBJECT
    RunningSim m_sim;
    std::unique_ptr<AgentClient> m_agent; ///< of node 5

    static NodeFacts facts(AgentClient &agent)
    {
        const auto answer = QCoro::waitFor(agent.hello(Context()));
        return answer ? *answer : NodeFacts();
    }
    QList<Job> jobs()
    {
        const auto answer = QCoro::waitFor(m_agent->jobs(Context(), {}));
        return answer ? *answer : QList<Job>();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_sim.start({QStringLiteral("--history"), QStringLiteral("200")}, scenario));
        m_agent = m_sim.connectTo(5);
        QVERIFY(m_agent);
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase()
    {
        m_agent.reset();
        QCOMPARE(m_sim.stop(), 0);
        QVERIFY(!QFile::exists(m_sim.socketOf(1)));
        QVERIFY(!QFile::exists(m_sim.folder() + QStringLiteral("/fleet.json")));
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void gpusTenTimesASecond()
    {
        QList<QList<GpuInstant>> seen;
        QList<qint64> times;
        GpuHandlers handlers;
        handlers.now = [&](qint64 wallNs, const QList<GpuInstant> &gpus) {
            seen << gpus;
            times << wallNs;
        };
        const auto stream = m_agent->watchGpus(20, std::move(handlers));
        QTRY_VERIFY(seen.size() >= 4);
        QCOMPARE(seen.first().size(), 8);
        for (const auto &gpu : std::as_const(seen.first())) {
            QVERIFY(isGpuUuid(gpu.uuid));
            QVERIFY(gpu.busyRatio >= 0 && gpu.busyRatio <= 1);
            QVERIFY(gpu.watts > 0 && gpu.memoryBytes > 0 && gpu.celsius > 0 && gpu.smHertz > 0);
        }
        QVERIFY(std::is_sorted(times.cbegin(), times.cend()));
    }

    void faultsLeaveTheirLinesInTheKernelsLog()
    {
        const QByteArray faults = R"({"nodes": 2, "seed": 3, "random_faults": false, "faults": [
            {"kind": "lost-gpu", "node": 1, "gpu": 2, "at": -300, "seconds": 3000},
            {"kind": "stale-mount", "node": 2, "at": 0.5, "seconds": 600}]})";
        RunningSim sim;
        QVERIFY(sim.start({}, faults));
        const auto messages = [&](int node) {
            const auto agent = sim.connectTo(node);
            std::vector<KernelMessage> all;
            TelemetryHandlers handlers;
            handlers.kernel = [&](const std::vector<KernelMessage> &some) {
                all.insert(all.end(), some.begin(), some.end());
            };
            const auto stream = agent->subscribe(TelemetryCursor(), 1, std::move(handlers));
            if (!QTest::qWaitFor([&] { return !all.empty(); }, 60'000))
                qWarning("the kernel said nothing");
            return all;
        };
        const auto lost = messages(1);
        QCOMPARE(lost.size(), 1u); // told though it began before we came
        QCOMPARE(lost[0].kind, QStringLiteral("xid"));
        QCOMPARE(lost[0].xid, 79);
        const auto agent = sim.connectTo(1);
        const auto told = facts(*agent);
        QCOMPARE(lost[0].device, told.devices[2].uuid);
        QVERIFY(lost[0].line.contains(QStringLiteral("GPU has fallen off the bus")));
        QVERIFY(told.wallNs / 1'000'000 - lost[0].at > 290'000);
        const auto stale = messages(2);
        QCOMPARE(stale[0].kind, QStringLiteral("network-filesystem"));
        QCOMPARE(stale[0].device, QStringLiteral("storage-01"));
    }

    void everySocketIsAnotherNode()
    {
        std::set<QString> devices;
        for (const int node : {1, 2, 16}) {
            const auto agent = m_sim.connectTo(node);
            QVERIFY(agent);
            const auto told = facts(*agent);
            QCOMPARE(told.hostName, QStringLiteral("node-%1").arg(node, 4, 10, QLatin1Char('0')));
            QVERIFY(told.capabilities.contains(QStringLiteral("simulated")));
            QCOMPARE(told.devices.size(), 8);
            for (const auto &device : told.devices) {
                QVERIFY(device.simulated);
                QVERIFY(devices.insert(device.uuid).second);
            }
        }
    }

    /// What comes over the wire is what the model says of that second.
    void ticksAreTheModels()
    {
        std::optional<AgentCatalogue> catalogue;
        std::vector<AgentTick> seen;
        TelemetryHandlers handlers;
        handlers.catalogue = [&](const AgentCatalogue &told) { catalogue = told; };
        handlers.ticks = [&](const std::vector<AgentTick> &ticks, qint64 wall, qint64 boot) {
            QVERIFY(catalogue && wall > 0 && boot > 0);
            seen.insert(seen.end(), ticks.begin(), ticks.end());
        };
        const auto stream = m_agent->subscribe({}, 0, handlers);
        QVERIFY(eventually([&] { return seen.size() > 203; }));
        sim::SimFleet fleet(sixteen());
        const auto expected = fleet.catalogue(4);
        QCOMPARE(std::size_t(catalogue->series.size()), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QCOMPARE(catalogue->series[qsizetype(i)].metric.toStdString(), expected[i].metric);
            QCOMPARE(catalogue->series[qsizetype(i)].device.toStdString(), expected[i].device);
        }
        for (std::size_t i = 0; i < seen.size(); ++i) {
            if (i > 0) {
                QCOMPARE(seen[i].number, seen[i - 1].number + 1);
                QCOMPARE(seen[i].wallNs - seen[i - 1].wallNs, 1'000'000'000);
                QCOMPARE(seen[i].boottimeNs - seen[i - 1].boottimeNs, 1'000'000'000);
            }
            std::vector<int64_t> values;
            QVERIFY(fleet.values(4, double(i) - 201, values)); // the oldest is 1 before the history
            QCOMPARE(seen[i].values.size(), values.size());
            for (std::size_t k = 0; k < values.size(); ++k)
                QCOMPARE(seen[i].values[k], double(values[k]) * expected[k].step);
        }
    }

    void aCursorGoesOn()
    {
        QString ring;
        std::vector<quint64> numbers;
        TelemetryHandlers handlers;
        handlers.catalogue = [&](const AgentCatalogue &told) { ring = told.ringId; };
        handlers.ticks = [&](const std::vector<AgentTick> &ticks, qint64, qint64) {
            for (const auto &tick : ticks)
                numbers.push_back(tick.number);
        };
        auto stream = m_agent->subscribe({}, 10, handlers);
        QVERIFY(eventually([&] { return numbers.size() >= 10; }));
        const quint64 last = numbers.back();
        stream.reset();
        numbers.clear();
        stream = m_agent->subscribe({ring, last - 4}, 0, handlers);
        QVERIFY(eventually([&] { return numbers.size() >= 5; }));
        QCOMPARE(numbers.front(), last - 3);
    }

    void olderRowsComeByBackFill()
    {
        const qint64 now = facts(*m_agent).wallNs;
        const qint64 hour = 3600ll * 1'000'000'000;
        QString ring;
        TelemetryHandlers handlers;
        handlers.catalogue = [&](const AgentCatalogue &told) { ring = told.ringId; };
        const auto stream = m_agent->subscribe({}, 1, handlers);
        QVERIFY(eventually([&] { return !ring.isEmpty(); }));
        const auto rows
            = QCoro::waitFor(m_agent->backFill(Context(), ring, now - hour, now - hour / 2));
        QVERIFY(rows);
        QCOMPARE(rows->size(), std::size_t(60));
        for (const auto &row : *rows) {
            QCOMPARE(row.seconds, 30);
            QVERIFY(row.min.size() > 160);
            for (std::size_t i = 0; i < row.min.size(); ++i)
                QVERIFY(std::isnan(row.min[i])
                    || (row.min[i] <= row.last[i] && row.last[i] <= row.max[i]));
        }
        const auto other
            = QCoro::waitFor(m_agent->backFill(Context(), QStringLiteral("x"), 0, now));
        QVERIFY(other && other->empty());
    }

    void jobsAndTheirProcesses()
    {
        const auto listed = jobs();
        QVERIFY(!listed.isEmpty());
        std::optional<Job> running;
        for (const auto &job : listed) {
            QVERIFY(!job.user.isEmpty());
            QCOMPARE(job.user, job.spec.environment.value(QStringLiteral("USER")));
            if (job.state == JobState::Running)
                running = job;
        }
        QVERIFY(running);
        QCOMPARE(int(running->gpuUuids.size()), running->spec.gpus);
        const auto processes = QCoro::waitFor(m_agent->processes(Context(), 100));
        QVERIFY(processes);
        int own = 0;
        for (const auto &process : *processes) {
            if (process.job != running->id)
                continue;
            QCOMPARE(process.user, running->user);
            QVERIFY(process.startTicks != 0);
            if (process.gpus.isEmpty()) { // what started the others
                QCOMPARE(process.parent, 1u);
                continue;
            }
            QVERIFY(running->gpuUuids.contains(process.gpus.first().device));
            QVERIFY(process.share && process.share->gpuSeconds > 0);
            ++own;
        }
        QCOMPARE(own, running->spec.gpus);
        QVERIFY(*running->gpuSeconds > 0 && *running->energyJoules > 0);
        QVERIFY(*running->busyGpuSeconds <= *running->gpuSeconds);
        QByteArray log;
        bool ended = false;
        LogHandlers handlers;
        handlers.data = [&](quint64, const QByteArray &data) { log += data; };
        handlers.ended = [&](bool, const std::optional<Error> &error) { ended = !error; };
        const auto stream = m_agent->readLog(running->id, 0, false, 0, handlers);
        QVERIFY(eventually([&] { return ended; }));
        QVERIFY(log.startsWith("simulated job"));
        QVERIFY(quint64(log.size()) >= running->logBytes);
    }

    void aJobOfAPersonIsWatched()
    {
        std::map<QString, Job> seen;
        QStringList forgotten;
        bool listed = false;
        JobHandlers handlers;
        handlers.job = [&](const Job &job) { seen[job.id] = job; };
        handlers.listed = [&] { listed = true; };
        handlers.forgotten = [&](const QString &id) { forgotten << id; };
        const auto stream = m_agent->watchJobs(handlers);
        QVERIFY(eventually([&] { return listed; }));
        QCOMPARE(std::size_t(jobs().size()), seen.size());
        JobSpec spec;
        spec.name = QStringLiteral("mine");
        spec.argv = QStringList{QStringLiteral("true")};
        const auto id = QStringLiteral("c0ffee");
        const auto permit = [] { return PermitForTests::make(); };
        auto submitted = QCoro::waitFor(m_agent->submit(Context(), permit(), id, spec));
        QVERIFY(submitted && !submitted->existed);
        submitted = QCoro::waitFor(m_agent->submit(Context(), permit(), id, spec));
        QVERIFY(submitted && submitted->existed);
        QVERIFY(eventually([&] { return seen.count(id) && seen[id].state == JobState::Running; }));
        QVERIFY(!QCoro::waitFor(m_agent->forget(Context(), permit(), id)));
        const auto cancelled = QCoro::waitFor(m_agent->cancel(Context(), permit(), id, 1));
        QVERIFY(cancelled);
        QCOMPARE(cancelled->state, JobState::Cancelled);
        QVERIFY(eventually([&] { return seen[id].state == JobState::Cancelled; }));
        QVERIFY(QCoro::waitFor(m_agent->forget(Context(), permit(), id)));
        QVERIFY(eventually([&] { return forgotten.contains(id); }));
        spec.gpus = 99;
        submitted = QCoro::waitFor(m_agent->submit(Context(), permit(), QStringLiteral("x"), spec));
        QCOMPARE(submitted.error().kind, ErrorKind::BadInput);
    }

    void files()
    {
        const auto entries = QCoro::waitFor(m_agent->listFolder(Context(), QStringLiteral("~")));
        QVERIFY(entries);
        QCOMPARE(entries->size(), 2);
        const auto read = QCoro::waitFor(m_agent->readRanges(
            Context(), {{entries->first().path, 0, 0}, {entries->first().path, 5, 4}}));
        QVERIFY(read);
        QVERIFY(read->first().contains("simulated"));
        QCOMPARE(read->last(), read->first().mid(5, 4));
        const auto logs = QCoro::waitFor(m_agent->listFolder(Context(), QStringLiteral("~/logs")));
        QVERIFY(logs);
        QCOMPARE(logs->size(), jobs().size());
        const auto none = QCoro::waitFor(m_agent->listFolder(Context(), QStringLiteral("/etc")));
        QCOMPARE(none.error().kind, ErrorKind::NotFound);
    }

    void nothingRunsThere()
    {
        std::optional<Result<std::pair<int, int>>> end;
        ExecHandlers handlers;
        handlers.ended = [&end](Result<std::pair<int, int>> how) { end = std::move(how); };
        const auto stream
            = m_agent->exec(PermitForTests::make(), {QStringLiteral("true")}, {}, {}, handlers);
        QVERIFY(eventually([&] { return end.has_value(); }));
        QVERIFY(!*end);
        QVERIFY(end->error().message.contains(QLatin1String("simulated")));
    }

    void cutLinksAndDeadAgents()
    {
        RunningSim faulty;
        QVERIFY(faulty.start({}, R"({"nodes": 4, "gpus": 2, "random_faults": false, "faults": [
            {"kind": "lost-link", "node": 1, "at": 2, "seconds": 6},
            {"kind": "dead-agent", "node": 2, "at": 2, "seconds": 6}]})"));
        const auto cut = faulty.connectTo(1), dead = faulty.connectTo(2),
                   well = faulty.connectTo(3);
        QVERIFY(cut && dead && well);
        const qint64 started = facts(*dead).startedNs;
        int lost = 0;
        bool wellLost = false;
        for (auto *agent : {cut.get(), dead.get()})
            connect(agent, &AgentClient::lost, this, [&lost] { ++lost; });
        connect(well.get(), &AgentClient::lost, this, [&wellLost] { wellLost = true; });
        facts(*cut);
        facts(*well);
        QVERIFY(eventually([&] { return lost == 2; }));
        QVERIFY(!faulty.connectTo(1) && !faulty.connectTo(2));
        std::unique_ptr<AgentClient> again;
        QVERIFY(eventually([&] { return QFile::exists(faulty.socketOf(2)); }));
        QVERIFY(eventually([&] { return bool(again = faulty.connectTo(2)); }));
        QVERIFY(facts(*again).startedNs > started);
        QVERIFY(!wellLost);
        std::vector<quint64> numbers;
        TelemetryHandlers handlers;
        handlers.ticks = [&](const std::vector<AgentTick> &ticks, qint64, qint64) {
            for (const auto &tick : ticks)
                numbers.push_back(tick.number);
        };
        const auto stream = again->subscribe({}, 0, handlers);
        QVERIFY(eventually([&] { return numbers.size() > 4; }));
        bool gap = false;
        for (std::size_t i = 1; i < numbers.size(); ++i)
            gap |= numbers[i] > numbers[i - 1] + 3;
        QVERIFY(gap);
        QFile truth(faulty.folder() + QStringLiteral("/truth.json"));
        QVERIFY(truth.open(QFile::ReadOnly));
        const auto json = QJsonDocument::fromJson(truth.readAll()).object();
        QCOMPARE(json.value(QLatin1String("faults")).toArray().size(), 2);
    }

    /// One process serves a thousand nodes, each with its ticks.
    void aThousandNodes()
    {
        RunningSim large;
        QVERIFY(large.start({QStringLiteral("--nodes"), QStringLiteral("1024"),
            QStringLiteral("--rollups"), QStringLiteral("0")}));
        std::vector<std::unique_ptr<AgentClient>> agents;
        std::vector<std::unique_ptr<AgentStream>> streams;
        std::vector<int> ticks(1025);
        int asked = 0;
        for (int node = 1; node <= 1024; ++node) {
            auto agent = large.connectTo(node);
            if (!agent) // a fault of the fleet itself
                continue;
            TelemetryHandlers handlers;
            handlers.ticks = [&ticks, node](const std::vector<AgentTick> &seen, qint64, qint64) {
                ticks[std::size_t(node)] += int(seen.size());
            };
            streams.push_back(agent->subscribe({}, 1, handlers));
            agents.push_back(std::move(agent));
            ++asked;
        }
        QVERIFY2(asked > 980, qPrintable(QString::number(asked)));
        const auto served = [&] {
            return std::count_if(ticks.begin(), ticks.end(), [](int count) { return count >= 3; });
        };
        QVERIFY(eventually([&] { return served() > 980; }));
        streams.clear();
        agents.clear();
        QCOMPARE(large.stop(), 0);
    }

    void badArguments()
    {
        QProcess process;
        process.start(QStringLiteral(PILOTHOUSE_BUILD "/agents/pilothouse-sim"),
            {QStringLiteral("--nodes"), QStringLiteral("many"), QStringLiteral("--dir"),
                m_sim.folder()});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 2);
        QVERIFY(process.readAllStandardError().contains("many"));
    }
};

QTEST_GUILESS_MAIN(TestSimProtocol)
#include "test_simprotocol.moc"
