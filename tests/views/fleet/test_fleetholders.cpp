// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/fleetholders.h"

#include <QCoroTimer>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

static constexpr qint64 now = 1'764'000'000'000;

class TestFleetHolders : public QObject {
    Q_OBJECT

    const QString m_target = QStringLiteral("ssh:a1");
    QList<Process> m_processes;
    bool m_down = false;
    int m_asked = 0;
    std::unique_ptr<FleetHolders> m_holders;

    Task<Result<QList<Process>>> ask(QString target)
    {
        ++m_asked;
        const auto answer = m_processes;
        const bool down = m_down;
        co_await QCoro::sleepFor(1ms);
        if (down || target != m_target)
            co_return fail({ErrorKind::Unreachable, {}, {}, {}, {}});
        co_return answer;
    }
    FleetGpu given(const QString &uuid, double util, qint64 at = now, double memory = 0)
    {
        FleetGpu gpu;
        gpu.target = m_target;
        gpu.uuid = uuid;
        gpu.util = util;
        gpu.memoryUsed = memory;
        m_holders->give(&gpu, QStringLiteral("mia"), at);
        return gpu;
    }
    static Process process(const char *user, const char *cgroup, const char *command,
        const char *device, quint64 memory = 1)
    {
        Process one;
        one.user = QString::fromLatin1(user);
        one.cgroup = QString::fromLatin1(cgroup);
        one.command = QString::fromLatin1(command);
        one.gpus << GpuUse{QString::fromLatin1(device), memory, true, 0.5};
        return one;
    }
    void answered(qint64 at)
    {
        QSignalSpy spy(m_holders.get(), &FleetHolders::answered);
        given(QStringLiteral("GPU-0"), 0.9, at);
        QVERIFY(spy.wait());
        QCOMPARE(spy.first().first().toString(), m_target);
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_processes.clear();
        m_down = false;
        m_asked = 0;
        m_holders = std::make_unique<FleetHolders>(
            QStringLiteral("mueller"), [this](const QString &target) { return ask(target); });
    }

    void jobsAreWhoseTheNodeSays()
    {
        Job job;
        job.id = QStringLiteral("j1");
        job.target = m_target;
        job.state = JobState::Running;
        job.spec.name = QStringLiteral("llama");
        job.user = QStringLiteral("wei");
        job.gpuUuids = QStringList{QStringLiteral("GPU-0")};
        Job older = job; // an agent that does not say whose it is
        older.id = QStringLiteral("j2");
        older.user.clear();
        older.gpuUuids = QStringList{QStringLiteral("GPU-1")};
        Job queued = job;
        queued.state = JobState::Queued;
        queued.gpuUuids = QStringList{QStringLiteral("GPU-2")};
        Job local = job; // my name here is another than there
        local.user = QStringLiteral("mueller");
        local.gpuUuids = QStringList{QStringLiteral("GPU-3")};
        m_holders->setJobs({job, older, queued, local});
        const auto first = given(QStringLiteral("GPU-0"), 0);
        QCOMPARE(first.job, QStringLiteral("j1"));
        QCOMPARE(first.jobName, QStringLiteral("llama"));
        QCOMPARE(first.person, QStringLiteral("wei"));
        QVERIFY(first.reserved() && !first.mine);
        const auto second = given(QStringLiteral("GPU-1"), 0);
        QCOMPARE(second.person, QStringLiteral("mia"));
        QVERIFY(second.mine);
        QVERIFY(!given(QStringLiteral("GPU-2"), 0).reserved());
        QVERIFY(given(QStringLiteral("GPU-3"), 0).mine);
        QCOMPARE(m_asked, 0);
        m_holders->setJobs({});
        QVERIFY(!given(QStringLiteral("GPU-0"), 0).reserved());
    }

    void whatOthersRunIsNotFree()
    {
        m_processes = {
            process("lena", "/slurm/uid_1001/job_4711/step_0", "python3 train.py", "GPU-0", 5000),
            process("tariq", "/user.slice/user-1002.slice/session-4.scope",
                "/usr/bin/python3 notebook.py", "GPU-0", 100),
            process("mia", "/user.slice/user-1000.slice/session-2.scope",
                "/opt/env/bin/python3 a.py", "GPU-1")};
        m_processes << process("mia", "", "torchrun", "GPU-2");
        m_processes.last().job = QStringLiteral("ours"); // its end was told meanwhile
        QVERIFY(!given(QStringLiteral("GPU-0"), 0.9).reserved()); // not known yet
        QCOMPARE(m_asked, 0); // our own jobs may be told of in a moment
        answered(now + FleetHolders::settleMs);
        const auto first = given(QStringLiteral("GPU-0"), 0.9, now + 6000);
        QCOMPARE(first.person, QStringLiteral("lena"));
        QCOMPARE(first.jobName, QStringLiteral("Slurm 4711.0"));
        QVERIFY(first.job.isEmpty() && first.reserved() && !first.mine);
        // Its memory is in use, though it rests.
        const auto second = given(QStringLiteral("GPU-1"), 0, now + 6000, 8e9);
        QCOMPARE(second.person, QStringLiteral("mia"));
        QCOMPARE(second.jobName, QStringLiteral("python3"));
        QVERIFY(second.mine);
        QVERIFY(!given(QStringLiteral("GPU-2"), 0.9, now + 6000).reserved());
        QVERIFY(!given(QStringLiteral("GPU-0"), 0, now + 6000).reserved()); // it has ended
        QCOMPARE(m_asked, 1);
        m_processes.clear();
        answered(now + FleetHolders::settleMs + FleetHolders::everyMs);
        QVERIFY(!given(QStringLiteral("GPU-0"), 0.9, now + 36'000).reserved());
        QCOMPARE(m_asked, 2);
    }

    void anIdleFleetAsksNothing()
    {
        for (qint64 at = now; at < now + 600'000; at += 1000)
            given(QStringLiteral("GPU-0"), 0.01, at, 4e8);
        given(QStringLiteral("GPU-1"), FleetGpu::unknown, now + 600'000, FleetGpu::unknown);
        QCOMPARE(m_asked, 0);
    }

    void noAnswerChangesNothing()
    {
        m_processes = {process("lena", "", "python3", "GPU-0")};
        given(QStringLiteral("GPU-0"), 0.9);
        answered(now + 5000);
        m_down = true;
        given(QStringLiteral("GPU-0"), 0.9, now + 35'000);
        QCOMPARE(m_asked, 2);
        QTest::qWait(20);
        QCOMPARE(given(QStringLiteral("GPU-0"), 0.9, now + 36'000).person, QStringLiteral("lena"));
        given(QStringLiteral("GPU-0"), 0.9, now + 65'000);
        QCOMPARE(m_asked, 3);
        m_holders.reset(); // while it is asked
        QTest::qWait(20);
    }
};

QTEST_GUILESS_MAIN(TestFleetHolders)
#include "test_fleetholders.moc"
