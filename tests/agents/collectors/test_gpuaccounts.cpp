// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/gpuaccounts.h"
#include "tests/agents/collectors/recordedhost.h"

static constexpr int64_t second = 1'000'000'000;

/// Who is who: 1 and 2 are jobs, 3 and 4 a Slurm step and a user.
static GpuOwner ownerOf(uint32_t pid)
{
    switch (pid) {
    case 1:
    case 11:
        return {"job-a", "", ""};
    case 2:
        return {"job-b", "", ""};
    case 3:
        return {"", "/slurm/uid_1000/job_7/step_0", "anna"};
    default:
        return {"", "/user.slice/user-1001.slice/session-4.scope", "ben"};
    }
}

class TestGpuAccounts : public QObject {
    Q_OBJECT

    std::unique_ptr<TreeFolder> m_folder;
    fs::path m_file;

    static GpuAccount of(const GpuAccounts &accounts, const std::string &job, int64_t wall = second)
    {
        const auto found = accounts.accounts(job, wall);
        return found.size() == 1 ? found[0] : GpuAccount();
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TreeFolder>();
        m_file = m_folder->root / "gpu-accounts";
    }
    void cleanup() { m_folder.reset(); }

    void twoJobsOnOneNode()
    {
        GpuAccounts accounts{fs::path()};
        // job-a has one GPU, job-b two; each device has its own meter.
        for (int i = 0; i <= 10; ++i)
            accounts.take(
                {{"GPU-0", 300.0 * i, 300, {{1, 0.9}}}, {"GPU-1", 500.0 * i, 500, {{2, 1}}},
                    {"GPU-2", 700.0 * i, 700, {{2, 0.5}}}, {"GPU-3", 60.0 * i, 60, {}}},
                i * second + second, i * second + second, &ownerOf);
        const auto a = of(accounts, "job-a", 20 * second), b = of(accounts, "job-b", 20 * second);
        QCOMPARE(a.gpuSeconds, 10.0);
        QCOMPARE(a.busySeconds, 9.0);
        QCOMPARE(a.energyJoules, 3000.0);
        QCOMPARE(b.gpuSeconds, 20.0);
        QCOMPARE(b.busySeconds, 15.0);
        QCOMPARE(b.energyJoules, 12000.0);
        QCOMPARE(accounts.accounts({}, 20 * second).size(), 2u); // an idle GPU is nobody's
    }

    void aSharedGpuIsSplit()
    {
        GpuAccounts accounts{fs::path()};
        for (int i = 0; i <= 10; ++i)
            accounts.take({{"GPU-0", 400.0 * i, -1, {{1, 0.2}, {11, 0.1}, {3, 0.1}}}},
                i * second + second, i * second + second, &ownerOf);
        const auto job = of(accounts, "job-a", 20 * second);
        QVERIFY(std::abs(job.gpuSeconds - 7.5) < 1e-9); // 0.3 of 0.4
        QVERIFY(std::abs(job.busySeconds - 3) < 1e-9);
        QVERIFY(std::abs(job.energyJoules - 3000) < 1e-6);
        double sum = 0;
        for (const auto &one : accounts.accounts({}, 20 * second)) {
            sum += one.gpuSeconds;
            if (one.job.empty()) {
                QCOMPARE(one.user, std::string("anna"));
                QCOMPARE(one.cgroup, std::string("/slurm/uid_1000/job_7/step_0"));
            }
        }
        QVERIFY(std::abs(sum - 10) < 1e-9);
    }

    void whatIsNotKnownIsNotMadeUp()
    {
        GpuAccounts accounts{fs::path()};
        for (int i = 0; i <= 4; ++i)
            accounts.take({{"GPU-0", -1, -1, {{1, -1}, {2, -1}}}, {"GPU-1", -1, 100, {{3, -1}}}},
                i * second + second, i * second + second, &ownerOf);
        const auto job = of(accounts, "job-a", 20 * second);
        QCOMPARE(job.gpuSeconds, 2.0); // in equal parts
        QVERIFY(job.busySeconds < 0 && job.energyJoules < 0);
        for (const auto &one : accounts.accounts({}, 20 * second)) {
            if (one.user == "anna") // no meter, but the power is known
                QVERIFY(std::abs(one.energyJoules - 400) < 1e-9);
        }
    }

    void gapsAndResetsAreNotCounted()
    {
        GpuAccounts accounts{fs::path()};
        accounts.take({{"GPU-0", 1e6, -1, {{1, 1}}}}, second, second, &ownerOf);
        // The driver was loaded anew: its meter begins at 0.
        accounts.take({{"GPU-0", 5, -1, {{1, 1}}}}, 2 * second, 2 * second, &ownerOf);
        QCOMPARE(of(accounts, "job-a").gpuSeconds, 1.0);
        QVERIFY(of(accounts, "job-a").energyJoules < 0);
        // Suspended for an hour.
        accounts.take({{"GPU-0", 99, -1, {{1, 1}}}}, 3600 * second, 3600 * second, &ownerOf);
        QCOMPARE(of(accounts, "job-a").gpuSeconds, 1.0);
    }

    void aRestartLosesNothing()
    {
        {
            GpuAccounts accounts(m_file);
            for (int i = 0; i <= 3; ++i)
                accounts.take({{"GPU-0", 10.0 * i, -1, {{1, 1}}}, {"GPU-1", -1, -1, {{4, -1}}}},
                    i * second + second, i * second + second, &ownerOf);
        }
        const GpuAccounts accounts(m_file);
        QCOMPARE(of(accounts, "job-a").gpuSeconds, 3.0);
        QCOMPARE(of(accounts, "job-a").energyJoules, 30.0);
        const auto all = accounts.accounts({}, 5 * second);
        QCOMPARE(all.size(), 2u);
        const auto &other = all[0].job.empty() ? all[0] : all[1];
        QCOMPARE(other.user, std::string("ben"));
        QVERIFY(other.energyJoules < 0);
        QCOMPARE(other.sinceNs, second);
        // Jobs stay, others are forgotten after a day.
        const int64_t later = 2 * GpuAccounts::keptNs;
        QVERIFY(accounts.accounts({}, later).empty());
        QCOMPARE(of(accounts, "job-a", later).gpuSeconds, 3.0);
    }

    void damagedFilesAreRead()
    {
        for (const char *text : {"", "pilothouse-gpu-accounts 1", "something else\n1 2 3",
                 "pilothouse-gpu-accounts 1\nnan\tinf\t1\t2\t3\ta\tb\tc\n1\t2\n\t\t\t\n",
                 "pilothouse-gpu-accounts 1\n-5\t0\t0\t0\t0\tjob-a\t\t\n"}) {
            write(m_file, text);
            const GpuAccounts accounts(m_file);
            QVERIFY2(accounts.accounts("job-a", 0).empty(), text);
        }
    }

    void ownersAreBounded()
    {
        GpuAccounts accounts{fs::path()};
        for (uint32_t i = 0; i < 3 * GpuAccounts::mostOwners; ++i)
            accounts.take({{"GPU-0", -1, -1, {{i, -1}}}}, (i + 1) * second, (i + 1) * second,
                [](uint32_t pid) {
                    return GpuOwner{std::to_string(pid), "", ""};
                });
        QVERIFY(accounts.accounts({}, 0).size() <= GpuAccounts::mostOwners + 1);
    }
};

QTEST_GUILESS_MAIN(TestGpuAccounts)
#include "test_gpuaccounts.moc"
