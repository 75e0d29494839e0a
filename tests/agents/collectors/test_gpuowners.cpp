// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// GPU-seconds and energy from the driver to the accounts, over the fake library.
#include "tests/agents/collectors/watchedgpus.h"

class TestGpuOwners : public QObject {
    Q_OBJECT

    std::unique_ptr<ScenarioFolder> m_folder;

    void scenario(const std::string &text) const { m_folder->scenario(text); }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<ScenarioFolder>(); }
    void cleanup() { m_folder.reset(); }

    void twoJobsOnOneNodeAreCountedApart()
    {
        // One has GPU 0, the other shares GPU 1 with somebody else, a quarter to three.
        scenario("gpus 2\ngpu * power 400\ngpu * unsupported energy\n"
                 "gpu 0 process 4000001 1GiB 80\ngpu 1 process 4000002 1GiB 20\n"
                 "gpu 1 process 4000003 1GiB 60\n");
        SamplerOptions options;
        options.ringFolder = m_folder->ring;
        options.period = std::chrono::milliseconds(50);
        options.accountPeriod = std::chrono::milliseconds(100);
        options.jobOfPid = [](uint32_t pid) {
            return pid == 4000001 ? "job-a" : pid == 4000002 ? "job-b" : "";
        };
        GpuAccount a, b, other;
        {
            const auto source = makeSampler(options);
            const auto look = [&] {
                for (const auto &one : source->gpuAccounts())
                    (one.job == "job-a" ? a : one.job == "job-b" ? b : other) = one;
                return a.gpuSeconds >= 1 && b.gpuSeconds > 0 && other.gpuSeconds > 0;
            };
            QTRY_VERIFY_WITH_TIMEOUT(look(), generousMs);
        }
        QVERIFY(std::abs(b.gpuSeconds / (b.gpuSeconds + other.gpuSeconds) - 0.25) < 0.1);
        QVERIFY(std::abs((b.gpuSeconds + other.gpuSeconds) / a.gpuSeconds - 1) < 0.2);
        QVERIFY(std::abs(a.energyJoules / (400 * a.gpuSeconds) - 1) < 0.2);
        QVERIFY(std::abs(b.energyJoules / (400 * b.gpuSeconds) - 1) < 0.2);
        QVERIFY(a.busySeconds > 0 && a.busySeconds <= a.gpuSeconds);
        QVERIFY(other.job.empty());
        QVERIFY(other.user.empty()); // there is no such process, so it is not root's
        // The next agent goes on with the sums.
        const auto source = makeSampler(options);
        const auto kept = source->gpuAccounts("job-a");
        QCOMPARE(kept.size(), 1u);
        QVERIFY(kept[0].gpuSeconds >= a.gpuSeconds);
    }

    void devicesHaveTheirPlaceOnTheBus()
    {
        scenario("gpus 2\n");
        const Watched host(m_folder->ring);
        QTRY_VERIFY_WITH_TIMEOUT(host.source->devices().size() == 2, generousMs);
        QCOMPARE(host.source->devices()[1].bus, std::string("0000:02:00.0"));
    }
};

QTEST_GUILESS_MAIN(TestGpuOwners)
#include "test_gpuowners.moc"
