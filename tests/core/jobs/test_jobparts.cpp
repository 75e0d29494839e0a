// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobparts.h"

#include <QTest>

using namespace pilothouse;

static Job part(const char *target, const char *address, int rank, qint64 from, qint64 to)
{
    Job job;
    job.id = QString::fromLatin1(target) + QString::number(from);
    job.target = QString::fromLatin1(target);
    job.startedAt = from;
    job.endedAt = to;
    job.spec.environment = {{QStringLiteral("MASTER_ADDR"), QString::fromLatin1(address)},
        {QStringLiteral("MASTER_PORT"), QStringLiteral("29500")},
        {QStringLiteral("WORLD_SIZE"), QStringLiteral("16")},
        {QStringLiteral("NODE_RANK"), QString::number(rank)}};
    return job;
}

static QStringList targets(const QList<Job> &jobs)
{
    QStringList all;
    for (const Job &job : jobs)
        all << job.target;
    return all;
}

class TestJobParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void partsMeetAtOnePlaceAtOneTime()
    {
        const auto second = part("n2", "n1", 1, 100, 0);
        const QList<Job> all{second, part("n3", "n1", 2, 110, 0), part("n1", "n1", 0, 100, 0),
            part("n4", "n9", 3, 100, 0), part("n5", "n1", 3, 20, 90)};
        QCOMPARE(targets(partsOf(second, all)), (QStringList{"n1", "n2", "n3"}));
        auto other = all;
        other[1].spec.environment[QStringLiteral("WORLD_SIZE")] = QStringLiteral("8");
        QCOMPARE(targets(partsOf(second, other)), (QStringList{"n1", "n2"}));
    }

    void aJobOfOneNodeIsItsOnlyPart()
    {
        for (const char *address : {"", "localhost", "127.0.0.1", "::1"}) {
            const auto mine = part("n1", address, 0, 100, 0);
            QCOMPARE(
                targets(partsOf(mine, {mine, part("n2", address, 1, 100, 0)})), QStringList{"n1"});
        }
    }
};

QTEST_GUILESS_MAIN(TestJobParts)
#include "test_jobparts.moc"
