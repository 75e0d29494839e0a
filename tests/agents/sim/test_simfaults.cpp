// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/sim/model/scenario.h"

#include <QRegularExpression>
#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <set>

using namespace pilothouse::sim;

/// A GPU that trains all the time that the tests look at.
static std::pair<std::size_t, std::size_t> busyPlace(const SimOptions &options)
{
    SimFleet fleet(options);
    for (std::size_t node = 0; node < fleet.nodes(); ++node) {
        for (const auto &job : fleet.jobsOf(node, 0, 0)) {
            const bool trains
                = job.work.kind == WorkKind::Training || job.work.kind == WorkKind::Finetune;
            if (trains && job.start < fleet.toCourse(-100) && job.end > fleet.toCourse(600)
                && job.work.period > 500)
                return {node, std::size_t(std::countr_zero(job.shares.front().gpus))};
        }
    }
    return {99, 0};
}

static SimOptions withFault(const char *kind, double at = 100, double seconds = 300)
{
    SimOptions options;
    options.nodes = 8;
    options.randomFaults = false;
    options.occupancy = 1;
    const auto [node, gpu] = busyPlace(options);
    options.faults.push_back({kind, node, gpu, at, seconds});
    return options;
}

class TestSimFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyKindShows_data()
    {
        QTest::addColumn<QString>("kind");
        for (const auto *kind : faultKinds())
            QTest::newRow(kind->name) << QString::fromLatin1(kind->name);
    }

    /// What the truth file says can be seen in the values of that device while it lasts.
    void everyKindShows()
    {
        QFETCH(QString, kind);
        auto options = withFault(kind.toLatin1().constData());
        const std::size_t place = options.faults[0].node, other = (place + 4) % options.nodes;
        SimFleet with(options);
        QVERIFY(with.problems().empty());
        options.faults.clear();
        SimFleet without(options);
        const auto *what = faultKind(kind.toStdString());
        QVERIFY(what);
        int differ = 0, before = 0, elsewhere = 0;
        for (int second = 0; second < 100; second += 5) {
            std::vector<int64_t> a, b;
            before += !with.values(place, second, a) || !without.values(place, second, b) || a != b;
        }
        for (int second = 250; second < 400; second += 5) {
            std::vector<int64_t> a, b;
            const bool runs = with.values(place, second, a);
            QVERIFY(without.values(place, second, b));
            differ += !runs || a != b || !with.nodeState(place, second).linkUp;
            if (!what->endsJobs) { // else other jobs start elsewhere
                QVERIFY(with.values(other, second, a) && without.values(other, second, b));
                elsewhere += a != b;
            }
        }
        QCOMPARE(before, 0);
        QCOMPARE(differ, 30);
        QCOMPARE(elsewhere, 0);
    }

    void lostGpuEndsItsJob()
    {
        const auto options = withFault("lost-gpu", 0);
        const auto [kind, node, gpu, at, seconds] = options.faults[0];
        SimFleet fleet(options);
        const std::size_t place = node;
        const auto failed = [&fleet, place](double second) {
            for (const auto &job : fleet.jobsOf(place, second, 30)) {
                if (job.outcome == JobOutcome::Failed && job.end == fleet.toCourse(0))
                    return job.reason;
            }
            return std::string();
        };
        QVERIFY2(QString::fromStdString(failed(1)).contains(QLatin1String("fallen off the bus")),
            failed(1).c_str());
        QVERIFY(!fleet.deviceState(node, gpu, 10).answers);
        QVERIFY(!fleet.deviceState(node, gpu, 10).trouble.empty());
        for (const auto &job : fleet.jobsOf(node, 200, 0)) {
            for (const auto &share : job.shares)
                QVERIFY(share.node != node || !(share.gpus >> gpu & 1));
        }
        QVERIFY(fleet.deviceState(node, gpu, 301).answers);
        QCOMPARE(fleet.deviceState(node, gpu, 301).lastXid, 79);
    }

    void heatThrottles()
    {
        const auto options = withFault("thermal");
        const auto [kind, node, gpu, at, seconds] = options.faults[0];
        SimFleet fleet(options);
        const auto hot = fleet.deviceState(node, gpu, 390),
                   neighbour = fleet.deviceState(node, gpu ^ 1, 390);
        QVERIFY(hot.throttle & HwThermal);
        QVERIFY(hot.celsius > 84);
        QVERIFY(neighbour.celsius < 82);
        QVERIFY(!(neighbour.throttle & HwThermal));
        QVERIFY(hot.clockHertz < 0.6 * fleet.gpuType(node).clockHertz);
        QVERIFY(!(fleet.deviceState(node, gpu, 450).throttle & HwThermal));
    }

    void agentsComeBack()
    {
        const auto options = withFault("dead-agent");
        const auto node = options.faults[0].node;
        SimFleet fleet(options);
        std::vector<int64_t> values;
        QVERIFY(fleet.values(node, 99, values));
        QVERIFY(!fleet.values(node, 200, values));
        QVERIFY(fleet.values(node, 401, values));
        QCOMPARE(fleet.toSecond(fleet.nodeState(node, 401).agentStart), 400.0);
    }

    void truthListsWhatHappens()
    {
        SimOptions options;
        options.nodes = 64;
        const auto truth = SimFleet::truth(options, 4 * 3600);
        std::set<std::string> kinds;
        SimFleet fleet(options);
        QVERIFY(truth.size() > 20);
        for (const auto &fault : truth) {
            kinds.insert(fault.kind);
            QVERIFY(fault.start < fault.end);
            QVERIFY(fault.end > 0);
            QVERIFY(fault.start < 4 * 3600);
            std::size_t node = 0;
            while (nodeName(node) != fault.node)
                ++node;
            if (fault.gpu >= 0)
                QCOMPARE(fault.device, fleet.deviceId(node, std::size_t(fault.gpu)));
            const double middle = (fault.start + fault.end) / 2;
            if (fault.kind == "lost-gpu")
                QVERIFY(!fleet.deviceState(node, std::size_t(fault.gpu), middle).answers);
            if (fault.kind == "power-brake")
                QVERIFY(fleet.deviceState(node, std::size_t(fault.gpu), middle).throttle
                    & HwPowerBrake);
            if (faultKind(fault.kind)->needsLoad)
                QVERIFY(!fault.job.empty());
        }
        QVERIFY2(kinds.size() >= 10, qPrintable(QString::number(kinds.size())));
    }

    void noFaultIsMissingInTheTruth()
    {
        SimOptions options;
        options.nodes = 32;
        const auto truth = SimFleet::truth(options, 3600);
        SimFleet fleet(options);
        for (int second = 0; second < 3600; second += 60) {
            for (std::size_t node = 0; node < fleet.nodes(); ++node) {
                for (int gpu = -1; gpu < int(options.gpus); ++gpu) {
                    const bool bad = gpu < 0
                        ? !fleet.nodeState(node, second).agentRuns
                        : !fleet.deviceState(node, std::size_t(gpu), second).answers;
                    const bool told
                        = std::any_of(truth.begin(), truth.end(), [&](const auto &fault) {
                              return fault.node == nodeName(node) && fault.gpu == gpu
                                  && fault.start <= second && second < fault.end;
                          });
                    QVERIFY(!bad || told);
                }
            }
        }
    }

    /// A demo begins with all its GPUs, whatever the seed.
    void everyNodeIsHeardAtFirst()
    {
        for (const uint64_t seed : {1, 2, 3, 4, 5}) {
            SimOptions options;
            options.seed = seed;
            SimFleet fleet(options);
            for (const int second : {0, 29}) {
                for (std::size_t node = 0; node < fleet.nodes(); ++node) {
                    const auto state = fleet.nodeState(node, second);
                    QVERIFY2(state.agentRuns && state.linkUp, nodeName(node).c_str());
                }
            }
        }
        const auto truth = SimFleet::truth({}, 12 * 3600);
        const auto later = [](const TruthFault &fault) { return fault.kind == "lost-link"; };
        QVERIFY(std::any_of(truth.begin(), truth.end(), later)); // they do come
    }

    void timeFactorBringsMore()
    {
        SimOptions options;
        const auto slow = SimFleet::truth(options, 600);
        options.timeFactor = 30;
        const auto fast = SimFleet::truth(options, 600);
        QVERIFY(fast.size() > 4 * slow.size());
        for (const auto &fault : fast)
            QVERIFY(fault.end - fault.start >= leastTruthSeconds);
    }

    void truthIsJson()
    {
        SimOptions options;
        const auto text = truthJson(options, 1800, 1'700'000'000'000'000'000);
        QCOMPARE(text, truthJson(options, 1800, 1'700'000'000'000'000'000));
        const auto json = nlohmann::json::parse(text);
        QCOMPARE(json["seed"].get<int>(), 1);
        QVERIFY(json["faults"].size() > 5);
        for (const auto &fault : json["faults"]) {
            QVERIFY(faultKind(fault["kind"].get<std::string>()));
            QVERIFY(fault["start_ns"].get<int64_t>() < fault["end_ns"].get<int64_t>());
            QCOMPARE(fault.contains("device"), fault.contains("gpu"));
        }
    }

    void scenario()
    {
        std::string problem;
        const auto options = readScenario(R"({
            // a comment
            "nodes": 4, "gpus": 2, "seed": 9, "random_faults": false, "people": ["ada", "bo"],
            "rates": {"thermal": 3},
            "faults": [{"kind": "lost-gpu", "node": 2, "gpu": 1, "at": 60, "seconds": 120}]})",
            {}, problem);
        QVERIFY2(options, problem.c_str());
        QCOMPARE(options->nodes, std::size_t(4));
        const auto truth = SimFleet::truth(*options, 600);
        QCOMPARE(truth.size(), std::size_t(1));
        QCOMPARE(truth[0].node, "node-0002");
        QCOMPARE(truth[0].start, 60.0);
        QCOMPARE(truth[0].end, 180.0);
        SimFleet fleet(*options);
        for (std::size_t node = 0; node < 4; ++node) {
            for (const auto &job : fleet.jobsOf(node, 0, 1e5))
                QVERIFY(job.person == "ada" || job.person == "bo");
        }
    }

    void scenarioRefuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("no JSON") << QByteArray("{") << QByteArray("JSON");
        QTest::newRow("unknown") << QByteArray(R"({"nodse": 1})") << QByteArray("nodse");
        QTest::newRow("range") << QByteArray(R"({"nodes": 0})") << QByteArray("nodes");
        QTest::newRow("text") << QByteArray(R"({"nodes": "4"})") << QByteArray("nodes");
        QTest::newRow("fraction") << QByteArray(R"({"gpus": 1.5})") << QByteArray("gpus");
        QTest::newRow("kind") << QByteArray(
            R"({"faults": [{"kind": "flood", "node": 1, "at": 0}]})")
                              << QByteArray("flood");
        QTest::newRow("rate") << QByteArray(R"({"rates": {"flood": 1}})") << QByteArray("flood");
        QTest::newRow("time") << QByteArray(R"({"faults": [{"kind": "thermal", "node": 1}]})")
                              << QByteArray("at");
    }

    void scenarioRefuses()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, word);
        std::string problem;
        QVERIFY(!readScenario(text.toStdString(), {}, problem));
        QVERIFY2(QByteArray::fromStdString(problem).contains(word), problem.c_str());
    }

    void faultsOutsideTheFleetAreTold()
    {
        SimOptions options = withFault("thermal");
        options.faults[0].node = 77;
        SimFleet fleet(options);
        QCOMPARE(fleet.problems().size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestSimFaults)
#include "test_simfaults.moc"
