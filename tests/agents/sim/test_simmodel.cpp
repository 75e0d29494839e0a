// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/sim/model/fleet.h"
#include "agents/wire/tickcodec.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <set>

using namespace pilothouse::sim;
using Values = std::vector<std::vector<int64_t>>;

static SimOptions small(uint64_t seed = 1)
{
    SimOptions options;
    options.nodes = 16;
    options.seed = seed;
    return options;
}

static Values valuesAt(SimFleet &fleet, double second)
{
    Values all;
    fleet.tick(second, [&](std::size_t node, const std::vector<int64_t> &values) {
        all.resize(node + 1);
        all[node] = values;
    });
    return all;
}

class TestSimModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void sameSeedSameValues()
    {
        SimFleet a(small()), b(small()), other(small(2));
        for (const double second : {0.0, 1.0, 600.0, 7200.0}) {
            const auto first = valuesAt(a, second);
            QVERIFY(!first.empty());
            QCOMPARE(first, valuesAt(b, second));
            QVERIFY(first != valuesAt(other, second));
        }
    }

    /// However often and in which order it is asked.
    void orderDoesNotMatter()
    {
        SimFleet steps(small()), jumps(small());
        std::vector<Values> forward;
        for (int second = 0; second < 400; ++second)
            forward.push_back(valuesAt(steps, second * 10));
        for (int second = 399; second >= 0; --second)
            QCOMPARE(valuesAt(jumps, second * 10), forward[std::size_t(second)]);
        QCOMPARE(valuesAt(steps, -3600), valuesAt(jumps, -3600));
    }

    void valuesMatchTheCatalogue()
    {
        SimFleet fleet(small());
        std::set<std::size_t> sizes;
        for (std::size_t node = 0; node < fleet.nodes(); ++node) {
            const auto catalogue = fleet.catalogue(node);
            std::vector<int64_t> values;
            if (fleet.values(node, 5, values))
                QCOMPARE(values.size(), catalogue.size());
            std::set<std::pair<std::string, std::string>> keys;
            for (const auto &series : catalogue)
                QVERIFY2(keys.emplace(series.metric, series.device).second, series.metric.c_str());
            sizes.insert(catalogue.size());
        }
        QVERIFY(*sizes.begin() > 160);
        SimOptions lean = small();
        lean.series = 160;
        SimFleet leanFleet(lean);
        std::vector<int64_t> values;
        QVERIFY(leanFleet.values(0, 5, values));
        QCOMPARE(values.size(), std::size_t(160));
        QCOMPARE(leanFleet.catalogue(0).size(), std::size_t(160));
    }

    /// Pages look for the names of the agent's collectors.
    void namesAreTheCollectors()
    {
        QFile file(QStringLiteral(PILOTHOUSE_SOURCE "/agents/collectors/README.md"));
        QVERIFY(file.open(QFile::ReadOnly));
        const auto text = file.readAll();
        for (const auto &metric : deviceMetrics())
            QVERIFY2(text.contains(metric.metric), metric.metric);
        for (const auto &metric : nodeMetrics()) {
            // the table writes groups as network_{receive,transmit}_bytes
            const auto word = QByteArray(metric.metric).split('_').first();
            QVERIFY2(text.contains(word), metric.metric);
        }
    }

    /// What a GPU shows holds together.
    void numbersAreThoseOfAGpu()
    {
        SimOptions options = small();
        options.randomFaults = false;
        SimFleet fleet(options);
        int busySeen = 0, idleSeen = 0, wave = 0;
        for (std::size_t node = 0; node < fleet.nodes(); ++node) {
            const auto &type = fleet.gpuType(node);
            double sum = 0, before = 0, lowest = 1, highest = 0;
            const double joules = fleet.deviceState(node, 0, 0).joules;
            for (int second = 1; second <= 600; ++second) {
                const auto state = fleet.deviceState(node, 0, second);
                QVERIFY(state.busy >= 0 && state.busy <= 1);
                QVERIFY(
                    state.watts > type.idleWatts * 0.9 && state.watts <= type.limitWatts * 1.01);
                QVERIFY(state.celsius > 20 && state.celsius < type.slowdownCelsius);
                QVERIFY(before == 0 || std::abs(state.celsius - before) < 3);
                QVERIFY(state.memoryUsedBytes <= double(type.memoryBytes));
                QVERIFY(state.clockHertz <= type.clockHertz * 1.01);
                before = state.celsius;
                sum += state.watts;
                lowest = std::min(lowest, state.busy);
                highest = std::max(highest, state.busy);
                busySeen += state.busy > 0.5;
                idleSeen += state.throttle & GpuIdle ? 1 : 0;
                if (state.throttle & GpuIdle)
                    QVERIFY(state.watts < type.idleWatts * 1.2);
            }
            wave += lowest < 0.7 * highest && highest > 0.7;
            const double energy = fleet.deviceState(node, 0, 600).joules - joules;
            QVERIFY2(std::abs(energy / sum - 1) < 0.08, qPrintable(QString::number(energy / sum)));
        }
        QVERIFY(busySeen > 600);
        QVERIFY(idleSeen > 0);
        QVERIFY(wave > 2);
    }

    void countersNeverFall()
    {
        SimFleet fleet(small());
        std::vector<std::vector<int64_t>> before(fleet.nodes());
        for (int second = 0; second < 3000; second += 7) {
            fleet.tick(second, [&](std::size_t node, const std::vector<int64_t> &values) {
                const auto catalogue = fleet.catalogue(node);
                for (std::size_t i = 0; i < values.size() && !before[node].empty(); ++i) {
                    const bool restarts = catalogue[i].metric == "agent_cpu_seconds";
                    if (catalogue[i].kind != SimKind::Counter || restarts
                        || values[i] == pilothouse::wire::absent
                        || before[node][i] == pilothouse::wire::absent)
                        continue;
                    QVERIFY2(values[i] >= before[node][i], catalogue[i].metric.c_str());
                }
                before[node] = values;
            });
        }
    }

    void jobsShareNoGpu()
    {
        SimFleet fleet(small());
        std::set<std::string> people;
        std::size_t severalNodes = 0, ended = 0;
        double used = 0;
        int moments = 0;
        for (double second = -7200; second <= 7200; second += 600, ++moments) {
            for (std::size_t node = 0; node < fleet.nodes(); ++node) {
                uint32_t taken = 0;
                for (const auto &job : fleet.jobsOf(node, second, 600)) {
                    people.insert(job.person);
                    severalNodes += job.nodeCount > 1;
                    ended += job.phase(fleet.toCourse(second)) == JobPhase::Ended;
                    if (job.phase(fleet.toCourse(second)) != JobPhase::Running)
                        continue;
                    for (const auto &share : job.shares) {
                        if (share.node != node)
                            continue;
                        QCOMPARE(taken & share.gpus, 0u);
                        taken |= share.gpus;
                    }
                }
                used += std::popcount(taken);
            }
        }
        used /= moments * double(fleet.nodes() * fleet.options().gpus);
        QVERIFY2(used > 0.6 && used < 0.97, qPrintable(QString::number(used)));
        QVERIFY(people.size() >= 5);
        QVERIFY(severalNodes > 0);
        QVERIFY(ended > 0);
    }

    void logsAreThePartsOfOneText()
    {
        SimFleet fleet(small());
        int checked = 0;
        for (std::size_t node = 0; node < fleet.nodes(); ++node) {
            for (const auto &job : fleet.jobsOf(node, 0, 3600)) {
                const double at = fleet.toCourse(0);
                const auto size = logBytes(job, at);
                if (size < 4000)
                    continue;
                const auto whole = logText(job, 0, size, at);
                QCOMPARE(whole.size(), size);
                QCOMPARE(logText(job, 1234, 500, at), whole.substr(1234, 500));
                QCOMPARE(logText(job, size - 10, 500, at), whole.substr(size - 10));
                QVERIFY(whole.starts_with("simulated job " + job.id));
                QCOMPARE(logText(job, 0, 2000, at - 60),
                    whole.substr(0, std::min<std::size_t>(2000, logBytes(job, at - 60))));
                ++checked;
            }
        }
        QVERIFY(checked > 3);
    }

    void peoplesActs()
    {
        SimFleet fleet(small());
        Rng rng(5);
        SimJob mine = makeJob(rng, fleet.options(), 1, 99);
        mine.id = "mine";
        mine.perNode = mine.nodeCount = 1;
        mine.end = 100; // its length
        mine.wantedNode = 3;
        fleet.submit(mine, 10);
        const auto find = [&](double second) -> std::optional<SimJob> {
            for (const auto &job : fleet.jobsOf(3, second, 1e6)) {
                if (job.id == "mine")
                    return job;
            }
            return std::nullopt;
        };
        QVERIFY(find(11));
        double second = 11;
        while (find(second)->phase(fleet.toCourse(second)) == JobPhase::Queued && second < 1e5)
            second += 30;
        QCOMPARE(find(second)->phase(fleet.toCourse(second)), JobPhase::Running);
        QVERIFY(fleet.cancel(3, "mine", second + 1, "Cancelled from the console."));
        QCOMPARE(find(second + 2)->phase(fleet.toCourse(second + 2)), JobPhase::Ended);
        QCOMPARE(find(second + 2)->outcome, JobOutcome::Cancelled);
        QVERIFY(!fleet.cancel(3, "mine", second + 3, {}));
        QVERIFY(!fleet.cancel(3, "nobody's", second + 3, {}));
    }
};

QTEST_GUILESS_MAIN(TestSimModel)
#include "test_simmodel.moc"
