// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/rankwatch.h"

#include <QTest>

using namespace pilothouse;

class TestRankWatch : public QObject {
    Q_OBJECT

    static Job job(const char *id, const char *target, const QStringList &gpus,
        const QString &master = {}, const QString &port = QStringLiteral("29400"))
    {
        Job job;
        job.id = QString::fromLatin1(id);
        job.target = QString::fromLatin1(target);
        job.state = JobState::Running;
        job.gpuUuids = gpus;
        if (!master.isEmpty()) {
            job.spec.environment.insert(QStringLiteral("MASTER_ADDR"), master);
            job.spec.environment.insert(QStringLiteral("MASTER_PORT"), port);
        }
        return job;
    }
    /// The jobs' names by GPU.
    static QMap<QString, QString> byGpu(const QList<Job> &jobs)
    {
        QMap<QString, QString> names;
        const auto ranks = jobRanks(jobs);
        for (const auto &rank : ranks)
            names.insert(rank.target + QLatin1Char('/') + rank.device, rank.job);
        return names;
    }

private Q_SLOTS:
    void oneNode()
    {
        const auto names = byGpu({job("1", "a", {QStringLiteral("G0"), QStringLiteral("G1")}),
            job("2", "a", {QStringLiteral("G2")}), job("3", "b", {QStringLiteral("G0")})});
        QCOMPARE(names.size(), 4);
        QCOMPARE(names.value(QStringLiteral("a/G0")), names.value(QStringLiteral("a/G1")));
        QVERIFY(names.value(QStringLiteral("a/G0")) != names.value(QStringLiteral("a/G2")));
        QVERIFY(names.value(QStringLiteral("a/G0")) != names.value(QStringLiteral("b/G0")));
    }

    void severalNodesMeet()
    {
        const QString master = QStringLiteral("node-0001");
        const auto names = byGpu({job("1.0", "a", {QStringLiteral("G0")}, master),
            job("1.1", "b", {QStringLiteral("G9")}, master),
            job("2.0", "c", {QStringLiteral("G5")}, master, QStringLiteral("29401"))});
        QCOMPARE(names.value(QStringLiteral("a/G0")), names.value(QStringLiteral("b/G9")));
        QVERIFY(names.value(QStringLiteral("a/G0")) != names.value(QStringLiteral("c/G5")));
    }

    void ownHostIsNoMeetingPlace()
    {
        for (const auto &own : {QStringLiteral("localhost"), QStringLiteral("127.0.0.1")}) {
            const auto names = byGpu({job("1", "a", {QStringLiteral("G0")}, own),
                job("2", "b", {QStringLiteral("G0")}, own)});
            QVERIFY(names.value(QStringLiteral("a/G0")) != names.value(QStringLiteral("b/G0")));
        }
    }

    void onlyWhatRunsAndIsNotShared()
    {
        auto ended = job("1", "a", {QStringLiteral("G0")});
        ended.state = JobState::Succeeded;
        const auto names = byGpu(
            {ended, job("2", "a", {QStringLiteral("G1")}), job("3", "a", {QStringLiteral("G1")})});
        QVERIFY(names.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRankWatch)
#include "test_rankwatch.moc"
