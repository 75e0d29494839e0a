// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmaccounting.h"
#include "core/engines/slurm/slurmclient.h"
#include "core/engines/slurm/slurmjob.h"
#include "core/engines/slurm/slurmjson.h"
#include "core/engines/slurm/slurmoutput.h"
#include "core/engines/slurm/slurmpools.h"
#include "core/engines/slurm/slurmtext.h"
#include "core/engines/slurm/slurmvalues.h"

#include <QFile>
#include <QTest>

using namespace pilothouse;

class TestSlurmDecoders : public QObject {
    Q_OBJECT

    static QByteArray fixture(const QString &name)
    {
        QFile file(QStringLiteral(PILOTHOUSE_SOURCE "/tests/fixtures/slurm/") + name);
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    static SlurmRecord record(const QList<SlurmRecord> &records, const QString &id)
    {
        for (const auto &one : records) {
            if (one.id == id)
                return one;
        }
        return {};
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void readsValues()
    {
        QCOMPARE(slurmSeconds(QStringLiteral("5")), 300);
        QCOMPARE(slurmSeconds(QStringLiteral("5:30")), 330);
        QCOMPARE(slurmSeconds(QStringLiteral("1:00:00")), 3600);
        QCOMPARE(slurmSeconds(QStringLiteral("2-12")), 216000);
        QCOMPARE(slurmSeconds(QStringLiteral("2-12:30:05")), 217805);
        QCOMPARE(slurmSeconds(QStringLiteral("UNLIMITED")), 0);
        for (const auto *bad : {"", "x", "1:2:3:4", "-5", "99999-0", "4294967295:00"})
            QVERIFY2(!slurmSeconds(QString::fromLatin1(bad)), bad);
        for (const int seconds : {1, 59, 3600, 86399, 86400, 217805, INT_MAX})
            QCOMPARE(slurmSeconds(slurmTime(seconds)), seconds);
        QCOMPARE(slurmBytes(QStringLiteral("16G")), quint64(16) << 30);
        QCOMPARE(slurmBytes(QStringLiteral("512")), quint64(512) << 20);
        QVERIFY(!slurmBytes(QStringLiteral("18446744073709551615P")));
        QCOMPARE(slurmExit(QStringLiteral("768")).code, 3);
        QCOMPARE(slurmExit(QStringLiteral("9")).signal, 9);
        QCOMPARE(slurmExit(QStringLiteral("3:0")).code, 3);
        using Gpus = QList<SlurmGpus>;
        const SlurmGpus h100{QStringLiteral("h100"), 8};
        for (const auto *text : {"gpu:h100:8", "gres:gpu:h100:8", "gres/gpu:h100=8",
                 "shard:4,gpu:h100:8(S:0,1),nvme:1", "gpu:h100:8(IDX:0-3,5-8)"})
            QCOMPARE(slurmGpus(QString::fromLatin1(text)), Gpus{h100});
        QCOMPARE(slurmGpus(QStringLiteral("gpu:2")), (Gpus{{QString(), 2}}));
        QCOMPARE(slurmGpus(QStringLiteral("gpu")), (Gpus{{QString(), 1}}));
        QCOMPARE(slurmGpus(QStringLiteral("(null)")), Gpus());
    }

    void readsTheTextList()
    {
        SlurmTextFormat format;
        format.mark = "\x1eMARK\x1e";
        const QByteArray text = fixture(QStringLiteral("squeue-22.05.txt"));
        const auto records = format.records(text, false);
        QVERIFY(records);
        QCOMPARE(records->size(), 14);
        const auto failed = record(*records, QStringLiteral("1"));
        QCOMPARE(failed.name, QStringLiteral("resnet \"night\" run"));
        QCOMPARE(failed.exitCode, 3);
        QCOMPARE(failed.timeLimitSeconds, 86400);
        const auto odd = record(*records, QStringLiteral("6"));
        QCOMPARE(odd.name, QStringLiteral("zwei\nZeilen é"));
        QCOMPARE(odd.comment, QStringLiteral("x\ny"));
        QCOMPARE(odd.started, 1796034559);
        for (qsizetype cut = 1; cut < text.size(); ++cut) { // a list that is not whole is no list
            const auto part = format.records(text.left(cut), false);
            QVERIFY(!part || part->size() < 14);
        }
        const auto jobs = slurmJobs(*records, QStringLiteral("t"), 5);
        QCOMPARE(jobs.size(), 10);
        const Job &array = jobs[0];
        QCOMPARE(array.id, QStringLiteral("01jdkz0000000000000000000b"));
        QCOMPARE(array.nativeId, QStringLiteral("2"));
        QCOMPARE(array.state, JobState::Running);
        QCOMPARE(array.tasks.size(), 5);
        QCOMPARE(array.tasks[2].count, 6); // 4-9
        QCOMPARE(array.endedAt, 0);
        const Job &bare = jobs[1];
        QCOMPARE(bare.spec.gpus, 2);
        QCOMPARE(bare.spec.gpuType, QStringLiteral("h100"));
    }

    void readsALongQueue()
    {
        SlurmTextFormat format;
        format.mark = "\x1eMARK\x1e";
        QByteArray text;
        for (int i = 1; i <= 100'000; ++i) {
            const QByteArray id = QByteArray::number(i);
            QByteArray row = id + '|' + id + '|' + id
                + "|PENDING|Priority|mia|gpu|ml|normal|5|1796029257|N/A|N/A|1:00:00|1|"
                  "gres:gpu:h100:8|cpu=1||0|0|(null)|run ";
            text += row.replace('|', '\x1f') + id + format.mark + "(null)" + format.mark + '\n';
        }
        const auto records = format.records(text, false);
        QVERIFY(records);
        const auto jobs = slurmJobs(*records, QStringLiteral("t"), 5);
        QCOMPARE(jobs.size(), 100'000);
        QCOMPARE(jobs.back().spec.name, QStringLiteral("run 100000"));
        QCOMPARE(jobs.back().spec.gpus, 8);
    }

    void readsTheDetails()
    {
        SlurmTextFormat format;
        format.mark = "\x1eMARK\x1e";
        const auto records
            = format.records(fixture(QStringLiteral("squeue-detailed-22.05.txt")), true);
        QVERIFY(records);
        QVERIFY(!records->isEmpty());
        QVERIFY(records->front().folder.startsWith(u'/'));
        QCOMPARE(slurmStdOut(fixture(QStringLiteral("job-22.05.txt"))),
            QStringLiteral("/home/mia/run/slurm-2_0.out"));
    }

    void readsNodesAndQueues()
    {
        const auto nodes = slurmNodes(fixture(QStringLiteral("sinfo-22.05.txt")));
        QVERIFY(nodes);
        QList<QMap<QString, QString>> partitions;
        for (const QByteArray &line : fixture(QStringLiteral("partition-22.05.txt")).split('\n'))
            partitions << slurmPairs(line);
        const auto queues = slurmQueues(*nodes, partitions);
        QCOMPARE(queues.size(), 1);
        QCOMPARE(queues[0].gpus[0].used, 8);
        QCOMPARE(queues[0].gpus[0].total, 16);
        QCOMPARE(queues[0].gpus[0].largest, 4);
        const auto config = slurmPairs(fixture(QStringLiteral("config-22.05.txt")));
        QCOMPARE(config.value(QStringLiteral("ClusterName")), QStringLiteral("pilot"));
        QCOMPARE(config.value(QStringLiteral("MinJobAge")), QStringLiteral("300 sec"));
        auto drained = *nodes;
        drained[0].state = QStringLiteral("drained");
        drained[1].state = QStringLiteral("mixed*");
        QCOMPARE(slurmPools(drained)[0].largest, 0);
    }

    /// The text list and the JSON say the same.
    void jsonAgreesWithText()
    {
        SlurmTextFormat format;
        format.mark = "\x1eMARK\x1e";
        const auto text = format.records(fixture(QStringLiteral("squeue-22.05.txt")), false);
        const QByteArray recorded = fixture(QStringLiteral("squeue-22.05.json"));
        const auto json = slurmJsonJobs("Welcome to pilot!\n{not json\n" + recorded);
        QVERIFY(text && json);
        QCOMPARE(slurmJsonParser(recorded), QStringLiteral("v0.0.38"));
        QCOMPARE(json->size(), text->size());
        for (SlurmRecord one : *json) {
            const SlurmRecord other = record(*text, one.id);
            QCOMPARE(other.rawId, one.rawId);
            QCOMPARE(one.state, other.state);
            QCOMPARE(one.reason, other.reason);
            QCOMPARE(one.name, other.name);
            QCOMPARE(one.comment, other.comment);
            QCOMPARE(one.started, other.started);
            QCOMPARE(one.timeLimitSeconds, other.timeLimitSeconds);
            QCOMPARE(one.gres, other.gres);
            QCOMPARE(one.exitCode, other.exitCode);
            QCOMPARE(one.signal, other.signal);
            QCOMPARE(one.nodes, other.nodes);
        }
        const auto nodes = slurmJsonNodes(fixture(QStringLiteral("sinfo-22.05.json")));
        QVERIFY(nodes);
        QCOMPARE(slurmPools(*nodes)[0].used, 8);
    }

    void readsNewerShapes_data()
    {
        QTest::addColumn<QString>("version");
        for (int version = 39; version <= 43; ++version)
            QTest::addRow("v0.0.%d", version) << QStringLiteral("v0.0.%1").arg(version);
    }
    void readsNewerShapes()
    {
        QFETCH(QString, version);
        const QByteArray text = fixture(QStringLiteral("documented/jobs-%1.json").arg(version));
        QCOMPARE(slurmJsonParser(text), version);
        const auto records = slurmJsonJobs(text);
        QVERIFY(records);
        const auto jobs = slurmJobs(*records, QStringLiteral("t"), 5);
        QCOMPARE(jobs.size(), 5);
        QCOMPARE(jobs[0].id, QStringLiteral("01jdkz0000000000000000000a"));
        QCOMPARE(jobs[0].state, JobState::Running);
        QCOMPARE(jobs[0].spec.gpus, 2);
        QCOMPARE(jobs[0].spec.timeLimitSeconds, 86400);
        QCOMPARE(jobs[1].spec.timeLimitSeconds, 0);
        QCOMPARE(jobs[1].reason, QStringLiteral("Priority"));
        QCOMPARE(jobs[2].exitCode, 3);
        QCOMPARE(jobs[3].signal, 9);
        QCOMPARE(jobs[3].reason, QStringLiteral("OUT_OF_MEMORY, OutOfMemory"));
        QCOMPARE(jobs[4].nativeId, QStringLiteral("105"));
        QCOMPARE(jobs[4].tasks.size(), 2);
        QCOMPARE(jobs[4].tasks[0].count, 6);
        QCOMPARE(jobs[4].tasks[1].nativeId, QStringLiteral("105_3"));
        QCOMPARE(jobs[4].tasks[1].restarts, 1);
        const auto nodes
            = slurmJsonNodes(fixture(QStringLiteral("documented/nodes-%1.json").arg(version)));
        QVERIFY(nodes);
        QCOMPARE(nodes->size(), 3); // one is in two partitions
        const auto pools = slurmPools(*nodes);
        QCOMPARE(pools[0].total, 16);
        QCOMPARE(pools[0].largest, 6); // the other is drained
    }

    void refusesWhatIsNoAnswer()
    {
        for (const auto *text : {"", "{}", "[]", "{\"jobs\": 5}", "{\"jobs\": [5]}",
                 "{\"jobs\": [{}]}", "Segmentation fault", "{\"jobs\": ["})
            QVERIFY2(!slurmJsonJobs(text), text);
        const auto refused
            = slurmJsonJobs("{\"errors\": [{\"error\": \"Zero Bytes were transmitted\"}]}");
        QVERIFY(!refused && refused.error().cause.startsWith(QLatin1String("Zero")));
        const QByteArray deep = "{\"jobs\": " + QByteArray(200'000, '[');
        QVERIFY(!slurmJsonJobs(deep));
        QVERIFY(!slurmNodes("gpu01\x1f"
                            "batch\n"));
    }

    void namesCannotForgeRecords()
    {
        SlurmTextFormat format = SlurmTextFormat::random();
        QVERIFY(format.mark != SlurmTextFormat::random().mark);
        QByteArray row;
        for (int i = 0; i < 21; ++i)
            row += QByteArray::number(i + 1) + '\x1f';
        const QByteArray name = "a\x1f\x1e\nb\x1e" + QByteArray("MARK") + "\x1e";
        const auto records
            = format.records(row + name + format.mark + "ph:x" + format.mark + '\n', false);
        QVERIFY(records);
        QCOMPARE(records->size(), 1);
        QCOMPARE(records->front().name, QString::fromUtf8(name));
    }

    void readsAccounting()
    {
        QVERIFY(slurmAccountingArguments(0, "m").last().endsWith(QLatin1String("JobIDRaw")));
        const QByteArray mark = "\x1eMARK\x1e", text = fixture(QStringLiteral("sacct-22.05.txt"));
        const auto records = slurmAccountingRecords(text, mark);
        QVERIFY(records);
        const auto jobs = slurmJobs(*records, QStringLiteral("t"), 5);
        QCOMPARE(jobs.size(), 3);
        QCOMPARE(jobs[0].id, QStringLiteral("01jdkz0000000000000000000a"));
        QCOMPARE(jobs[0].spec.name, QStringLiteral("two\nlines"));
        QCOMPARE(jobs[0].exitCode, 3);
        QCOMPARE(jobs[0].spec.gpus, 2);
        QCOMPARE(jobs[1].id, QStringLiteral("01jdkz0000000000000000000b"));
        QCOMPARE(jobs[1].state, JobState::Cancelled);
        QCOMPARE(jobs[1].tasks.size(), 2);
        QCOMPARE(jobs[2].state, JobState::Running);
        QCOMPARE(jobs[2].endedAt, 0);
        QVERIFY(!slurmAccountingRecords(text.left(100), mark));
    }

    void keepsCommentsWithinSlurmsLimit()
    {
        const QString id = QStringLiteral("01jdkz0000000000000000000a");
        QCOMPARE(slurmComment(id, {}), QStringLiteral("ph:") + id);
        const QString full = slurmComment(id, QString(2000, QChar(u'é')));
        QVERIFY(full.toUtf8().size() <= slurmLongest && full.toUtf8().size() > 1000);
        QCOMPARE(slurmCommentId(full), id);
        QCOMPARE(slurmCommentId(QStringLiteral("theirs ph:x")), QString());
    }

    void tellsErrorsApart()
    {
        const auto kind = [](const char *err) {
            return slurmError(QStringLiteral("sbatch"), Output{1, 0, {}, err}).kind;
        };
        QCOMPARE(kind("slurm_load_jobs error: Unable to contact slurm controller (connect "
                      "failure)"),
            ErrorKind::Unreachable);
        QCOMPARE(kind("sbatch: error: Batch job submission failed: Socket timed out on send/recv "
                      "operation"),
            ErrorKind::Unreachable);
        QCOMPARE(kind("sbatch: error: Batch job submission failed: Requested node configuration "
                      "is not available"),
            ErrorKind::BadInput);
        QCOMPARE(kind("scancel: error: Kill job error on job id 5: Access/permission denied"),
            ErrorKind::Denied);
        QCOMPARE(kind("slurm_load_jobs error: Invalid job id specified"), ErrorKind::NotFound);
    }

    void fillsOutputPatterns()
    {
        Job job;
        job.spec.name = QStringLiteral("run");
        job.user = QStringLiteral("mia");
        job.nativeId = QStringLiteral("7");
        job.spec.folder = QStringLiteral("/w");
        QCOMPARE(slurmOutputPath(job, job.nativeId), QStringLiteral("/w/slurm-7.out"));
        QCOMPARE(slurmOutputPath(job, QStringLiteral("7_2")), QStringLiteral("/w/slurm-7_2.out"));
        job.spec.texts.insert(
            QStringLiteral("slurm"), "#!/bin/sh\n#SBATCH -o \"/logs/%x/%5j-%a %u %N.txt\"\n");
        QCOMPARE(slurmOutputPath(job, QStringLiteral("7_2")),
            QStringLiteral("/logs/run/00007-2 mia %N.txt"));
    }
};

QTEST_GUILESS_MAIN(TestSlurmDecoders)
#include "test_slurmdecoders.moc"
