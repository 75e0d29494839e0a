// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/sampler.h"

#include <QTemporaryDir>
#include <QTest>
#include <thread>

using namespace pilothouse;
using namespace pilothouse::agent;

namespace {

constexpr int generousMs = 30000;

SamplerOptions options(const std::filesystem::path &folder)
{
    SamplerOptions options;
    options.ringFolder = folder;
    options.period = std::chrono::milliseconds(20);
    return options;
}

/// Waits until ticks with number > after are there, at least `count`.
std::vector<wire::Tick> ticks(const TelemetrySource &source, uint64_t after, std::size_t count)
{
    for (;;) {
        auto ticks = source.ticksAfter(after, 100000);
        if (ticks.size() >= count || !source.waitForTick(source.coverage().lastNumber, generousMs))
            return ticks;
    }
}

} // namespace

class TestSampler : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    std::filesystem::path m_folder;

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = std::filesystem::path(m_temporary->path().toStdString()) / "ring";
    }
    void cleanup() { m_temporary.reset(); }

    void ticksComeInOrder()
    {
        const auto sampler = makeSampler(options(m_folder));
        const auto got = ticks(*sampler, 0, 30);
        QVERIFY(got.size() >= 30);
        for (std::size_t i = 1; i < got.size(); ++i) {
            QVERIFY(got[i].number > got[i - 1].number);
            QVERIFY(got[i].boottimeNs > got[i - 1].boottimeNs);
            QVERIFY(got[i].values.size() >= got[i - 1].values.size());
        }
        const auto catalogue = sampler->catalogue();
        QCOMPARE(catalogue.ringId.size(), 32u);
        QVERIFY(catalogue.series.size() >= got.back().values.size());
        const auto coverage = sampler->coverage();
        QVERIFY(coverage.lastNumber >= got.back().number);
        QCOMPARE(coverage.firstNumber, got.front().number);
    }

    void restartGoesOnWithTheSameRing()
    {
        std::string id;
        uint32_t version = 0;
        uint64_t last = 0;
        std::vector<SeriesInfo> series;
        {
            const auto sampler = makeSampler(options(m_folder));
            ticks(*sampler, 0, 10);
            id = sampler->catalogue().ringId;
            version = sampler->catalogue().version;
            series = sampler->catalogue().series;
            last = sampler->coverage().lastNumber;
        }
        const auto sampler = makeSampler(options(m_folder));
        const auto got = ticks(*sampler, last, 10);
        QVERIFY(got.front().number > last);
        QCOMPARE(sampler->catalogue().ringId, id);
        QVERIFY(sampler->catalogue().version >= version);
        for (std::size_t i = 0; i < series.size(); ++i) {
            QCOMPARE(sampler->catalogue().series[i].metric, series[i].metric);
            QCOMPARE(sampler->catalogue().series[i].device, series[i].device);
        }
        QVERIFY(!sampler->ticksAfter(0, 5).empty());
        QCOMPARE(sampler->ticksAfter(0, 5).front().number, 1u);
        QCOMPARE(sampler->bootIdOf(last).size(), 36u);
    }

    void waitingEndsWithATickATimeoutOrAWake()
    {
        auto slow = options(m_folder);
        slow.period = std::chrono::hours(1);
        const auto sampler = makeSampler(slow);
        QVERIFY(sampler->waitForTick(0, generousMs));
        const auto last = sampler->coverage().lastNumber;
        QVERIFY(!sampler->waitForTick(last, 1));
        std::atomic<bool> waiting{false};
        std::thread waker([&] {
            while (!waiting) { }
            for (int i = 0; waiting && i < 1000; ++i) {
                sampler->wakeAll();
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
        });
        waiting = true;
        QVERIFY(!sampler->waitForTick(last, 3600 * 1000)); // returns long before
        waiting = false;
        waker.join();
    }

    void stopsWhileOthersWait()
    {
        auto slow = options(m_folder);
        slow.period = std::chrono::hours(1);
        for (int i = 0; i < 5; ++i)
            makeSampler(slow).reset();
    }

    void withoutAFolderItRemembersInMemory()
    {
        const auto sampler = makeSampler(options({}));
        QVERIFY(ticks(*sampler, 0, 20).size() >= 20);
    }

    void lostFolderIsSaidAndSamplingGoesOn()
    {
        const auto sampler = makeSampler(options("/proc/no-such-place/ring"));
        QVERIFY(ticks(*sampler, 0, 5).size() >= 5);
        const auto catalogue = sampler->catalogue();
        const auto said = std::any_of(catalogue.unsupported.begin(), catalogue.unsupported.end(),
            [](const auto &one) { return one.metric == "history"; });
        QVERIFY(said);
    }

    void realTicksAreSmallOnTheWire()
    {
        auto slower = options(m_folder);
        slower.period = std::chrono::milliseconds(200);
        const auto sampler = makeSampler(slower);
        const auto got = ticks(*sampler, 1, 12);
        QVERIFY(got.size() >= 12);
        wire::TickEncoder encoder;
        std::string key, rest;
        std::size_t values = 0;
        for (const auto &tick : got) {
            encoder.encode(tick, values == 0 ? key : rest);
            values += &tick == &got.front() ? 1 : tick.values.size();
        }
        const double bytes = double(rest.size()) / double(values);
        QVERIFY2(bytes <= 2, qPrintable(QStringLiteral("%1 bytes a sample").arg(bytes)));
    }

    void processesAreListedOnRequest()
    {
        auto given = options(m_folder);
        given.jobOfPid = [](uint32_t pid) {
            return pid == uint32_t(QCoreApplication::applicationPid()) ? "mine" : "";
        };
        const auto sampler = makeSampler(given);
        bool found = false;
        for (const auto &process : sampler->processes(100000))
            found = found || process.job == "mine";
        QVERIFY(found);
    }
};

QTEST_GUILESS_MAIN(TestSampler)
#include "test_sampler.moc"
