// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/nodemarks.h"

#include <QTest>

using namespace pilothouse;

static constexpr qint64 start = 1'790'000'000'000, minute = 60'000;

class TestNodeMarks : public QObject {
    Q_OBJECT

    static Alert alert(
        const char *rule, const char *device, const char *name, HealthVerdict verdict, qint64 since)
    {
        Alert alert;
        alert.rule = QString::fromLatin1(rule);
        alert.device = QString::fromLatin1(device);
        alert.deviceName = QString::fromLatin1(name);
        alert.verdict = verdict;
        alert.since = since;
        return alert;
    }
    static QStringList labels(const std::vector<ChartMark> &marks)
    {
        QStringList all;
        for (const auto &mark : marks)
            all << mark.label;
        return all;
    }

private Q_SLOTS:
    void eachChartItsOwn()
    {
        Job job;
        job.id = QStringLiteral("01ABCDEFGHJK");
        job.spec.name = QStringLiteral("train");
        job.startedAt = start + 2 * minute;
        job.endedAt = start + 9 * minute;
        Job waiting;
        waiting.id = QStringLiteral("01WAITS");
        using enum HealthVerdict;
        auto over = alert("hot", "GPU-aa", "GPU 2", Watch, start + 5 * minute);
        over.endedAt = start + 6 * minute;
        const std::vector<Alert> alerts{over, alert("xid-79", "GPU-bb", "GPU 3", Reboot, start),
            alert("receive-errors", "ib0", "ib0", Watch, start + minute),
            alert("blocked", "", "", Watch, start + 3 * minute),
            alert("silent", "", "", Watch, start + 20 * minute)};
        const QList<Job> jobs{job, waiting};
        QCOMPARE(labels(marksOf(jobs, alerts, QStringLiteral("gpu_power"))),
            (QStringList{QStringLiteral("GPU 3: XID 79: fallen off the bus"),
                QStringLiteral("train"), QStringLiteral("GPU 2: Too hot"),
                QStringLiteral("train ended"), QStringLiteral("Not heard")}));
        QCOMPARE(labels(marksOf(jobs, alerts, QStringLiteral("network"))),
            (QStringList{QStringLiteral("ib0: Damaged packets arrive"), QStringLiteral("train"),
                QStringLiteral("Processes stuck in the kernel"), QStringLiteral("train ended"),
                QStringLiteral("Not heard")}));
        const auto cpu = marksOf(jobs, alerts, QStringLiteral("cpu"));
        QCOMPARE(cpu.size(), std::size_t(4));
        QCOMPARE(cpu.back().kind, MarkKind::Gap);
        const auto gpu = marksOf({}, alerts, QStringLiteral("gpu_busy"));
        QCOMPARE(gpu[0].kind, MarkKind::Bad);
        QVERIFY(!gpu[0].to); // it holds: a moment
        QCOMPARE(gpu[1].kind, MarkKind::Watch);
        QCOMPARE(*gpu[1].to, over.endedAt);
    }

    void withoutServicesThereIsNothing()
    {
        const auto events = eventsOf(nullptr, QStringLiteral("local"));
        QVERIFY(events.jobs.isEmpty() && events.alerts.empty());
    }
};

QTEST_GUILESS_MAIN(TestNodeMarks)
#include "test_nodemarks.moc"
