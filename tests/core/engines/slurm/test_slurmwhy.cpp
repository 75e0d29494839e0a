// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmreasons.h"
#include "core/engines/slurm/slurmtext.h"
#include "core/engines/slurm/slurmverbs.h"
#include "core/engines/slurm/slurmwhy.h"

#include <QFile>
#include <QTest>

using namespace pilothouse;
using enum WhyCategory;

class TestSlurmWhy : public QObject {
    Q_OBJECT

    static SlurmRecord record(const QString &state, const QString &reason = {})
    {
        SlurmRecord record;
        record.id = record.arrayId = QStringLiteral("7");
        record.state = state;
        record.reason = reason;
        return record;
    }
    static Explanation why(const SlurmRecord &record)
    {
        SlurmCase known;
        known.records << record;
        return explainSlurm(known);
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    /// Slurm's own words (squeue.1, "JOB REASON CODES"), each in its category.
    void knowsSlurmsReasons_data()
    {
        QTest::addColumn<int>("category");
        const std::pair<WhyCategory, QList<const char *>> all[] = {
            {Resources, {"Resources", "Licenses", "BurstBufferResources", "BurstBufferStageIn"}},
            {Priority, {"Priority"}},
            {Starting, {"None", "Prolog", "Cleaning"}},
            {Dependency, {"Dependency", "DependencyNeverSatisfied"}},
            {Held,
                {"JobHeldUser", "JobHeldAdmin", "JobHoldMaxRequeue", "launch failed requeued held",
                    "job requeued in held state"}},
            {Time, {"BeginTime", "Reservation", "ReservationDeleted", "Deadline"}},
            {Nodes,
                {"PartitionDown", "PartitionInactive", "NodeDown", "FrontEndDown",
                    "ReqNodeNotAvail", "ReqNodeNotAvail, UnavailableNodes:gpu01"}},
            {Limit,
                {"PartitionTimeLimit", "JobArrayTaskLimit", "QOSMaxGRESPerUser",
                    "QOSMaxJobsPerUserLimit", "QOSGrpGRES", "QOSJobLimit", "QOSResourceLimit",
                    "QOSTimeLimit", "AssocGrpGRES", "AssocMaxJobsLimit", "AssociationJobLimit",
                    "AssocGrpCPUMinutesLimit", "MaxGRESPerAccount", "MaxMemPerLimit"}},
            {TooLarge, {"PartitionNodeLimit", "PartitionConfig", "BadConstraints"}},
            {Denied, {"InvalidAccount", "InvalidQOS", "AccountNotAllowed", "QOSNotAllowed"}},
            {Unknown, {"SomethingNew"}},
        };
        for (const auto &[category, reasons] : all) {
            for (const char *reason : reasons)
                QTest::newRow(reason) << int(category);
        }
    }
    void knowsSlurmsReasons()
    {
        QFETCH(int, category);
        const QString reason = QString::fromLatin1(QTest::currentDataTag());
        const auto answer = why(record(
            QStringLiteral("PENDING"), reason == QLatin1String("None") ? QString() : reason));
        QCOMPARE(int(answer.category), category);
        QVERIFY(!answer.sentence.isEmpty());
        QVERIFY(std::any_of(answer.evidence.begin(), answer.evidence.end(), [&](auto &one) {
            return one.field == QLatin1String("Reason") && one.value == reason;
        }));
    }

    void explainsEnds()
    {
        const auto category
            = [](const char *state) { return why(record(QString::fromLatin1(state))).category; };
        QCOMPARE(category("OUT_OF_MEMORY"), OutOfMemory);
        QCOMPARE(category("TIMEOUT"), TimedOut);
        QCOMPARE(category("DEADLINE"), TimedOut);
        QCOMPARE(category("NODE_FAIL"), NodeFailed);
        QCOMPARE(category("BOOT_FAIL"), NodeFailed);
        QCOMPARE(category("PREEMPTED"), Preempted);
        QCOMPARE(category("CANCELLED"), Cancelled);
        QCOMPARE(category("COMPLETED"), Running);
        QCOMPARE(category("RUNNING"), Running);
        QCOMPARE(category("CONFIGURING"), Starting);
        QCOMPARE(category("WHAT_IS_THIS"), Unknown);
        auto failed = record(QStringLiteral("FAILED"), QStringLiteral("NonZeroExitCode"));
        failed.exitCode = 127;
        QVERIFY(why(failed).sentence.contains(QLatin1String("not found")));
        failed.exitCode = 139;
        QVERIFY(why(failed).sentence.contains(QLatin1String("signal 11")));
        // As 22.05 records `kill -9 $$` in a script.
        auto killed = record(QStringLiteral("FAILED"), QStringLiteral("JobLaunchFailure"));
        killed.signal = 9;
        QCOMPARE(why(killed).category, Program);
        killed.signal.reset();
        QCOMPARE(why(killed).category, NodeFailed);
        QCOMPARE(explainSlurm({}).category, Unknown);
    }

    /// The recorded queue: who is ahead of whom, and what never fits.
    void weighsTheQueue()
    {
        QFile file(QStringLiteral(PILOTHOUSE_SOURCE "/tests/fixtures/slurm/squeue-22.05.txt"));
        QFile nodes(QStringLiteral(PILOTHOUSE_SOURCE "/tests/fixtures/slurm/sinfo-22.05.txt"));
        QVERIFY(file.open(QFile::ReadOnly) && nodes.open(QFile::ReadOnly));
        SlurmTextFormat format;
        format.mark = "\x1eMARK\x1e";
        const auto records = format.records(file.readAll(), false);
        QVERIFY(records);
        SlurmCase known;
        for (const auto &one : *records) {
            if (one.id == QLatin1String("8"))
                known.records << one;
            if (one.state == QLatin1String("PENDING"))
                known.waiting << one;
        }
        known.nodes = *slurmNodes(nodes.readAll());
        const auto answer = explainSlurm(known);
        QCOMPARE(answer.category, Priority);
        // 2, the array, is at its own limit but has the higher priority; 5 and 6 wait for others.
        QCOMPARE(answer.ahead.value(0), QStringLiteral("7 big (root)"));
        QCOMPARE(answer.expectedStart, 1796036340'000);
        known.records[0].gres = QStringLiteral("gres:gpu:h100:9");
        QCOMPARE(explainSlurm(known).category, TooLarge);
        known.records[0].gres = QStringLiteral("gres:gpu:a100:1");
        QCOMPARE(explainSlurm(known).category, TooLarge);
        known.nodes.clear(); // not read: nothing is said of them
        QCOMPARE(explainSlurm(known).category, Priority);
    }

    void callsAndRefusals()
    {
        Job job;
        job.nativeId = QStringLiteral("7");
        job.state = JobState::Queued;
        const auto call = [&](JobVerb verb, const char *value) {
            return slurmCall(verb, job, QString::fromLatin1(value))
                .value_or(QStringList())
                .join(u' ');
        };
        QCOMPARE(call(JobVerb::Cancel, ""), QStringLiteral("scancel 7"));
        QCOMPARE(
            call(JobVerb::SetPriority, "5"), QStringLiteral("scontrol update JobId=7 Priority=5"));
        QCOMPARE(call(JobVerb::ExtendTime, "90000"),
            QStringLiteral("scontrol update JobId=7 TimeLimit=1-01:00:00"));
        QCOMPARE(call(JobVerb::SetPriority, "-5 Comment=x"), QString());
        for (const auto *id : {"", "-u mia", "7 8", "all", "7;id"}) {
            job.nativeId = QString::fromLatin1(id);
            QVERIFY2(!slurmCall(JobVerb::Cancel, job, {}), id);
        }
        const auto can = [&](JobVerb verb) { return slurmCan(verb, job).kind; };
        using Kind = VerbAnswer::Kind;
        job.nativeId.clear();
        QCOMPARE(can(JobVerb::Cancel), Kind::Refused);
        job.nativeId = QStringLiteral("7");
        QCOMPARE(can(JobVerb::Hold), Kind::Allowed);
        QCOMPARE(can(JobVerb::Suspend), Kind::Refused);
        job.reason = QStringLiteral("JobHeldUser");
        QCOMPARE(can(JobVerb::Hold), Kind::Refused);
        QCOMPARE(can(JobVerb::Release), Kind::Allowed);
        job.state = JobState::Running;
        job.reason = QStringLiteral("SUSPENDED");
        QCOMPARE(can(JobVerb::Resume), Kind::Allowed);
        QCOMPARE(can(JobVerb::ExtendTime), Kind::Refused); // it has no limit
        job.state = JobState::Failed;
        QCOMPARE(can(JobVerb::Requeue), Kind::Allowed);
        QCOMPARE(can(JobVerb::Cancel), Kind::Refused);
    }
};

QTEST_GUILESS_MAIN(TestSlurmWhy)
#include "test_slurmwhy.moc"
