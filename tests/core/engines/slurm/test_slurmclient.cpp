// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmengine.h"
#include "tests/support/permitfortests.h"

#include <QCoroTimer>
#include <QFile>
#include <QTest>

using namespace pilothouse;

/// A login node with a Slurm newer than there is one here: it answers with fixtures.
class NewerSlurm : public CommandRunner {
public:
    QStringList calls;
    QMap<QString, QByteArray> answers; ///< by the beginning of the call
    Task<Result<Output>> look(
        Context, QStringList argv, QMap<QString, QString> environment, QByteArray) override
    {
        const QString call = argv.join(u' ');
        calls << call;
        co_await QCoro::sleepFor(std::chrono::milliseconds(1));
        if (environment.value(QStringLiteral("SLURM_TIME_FORMAT")) != QLatin1String("%s"))
            co_return Output{1, 0, {}, "times?"};
        for (auto it = answers.cbegin(); it != answers.cend(); ++it) {
            if (call.startsWith(it.key()))
                co_return Output{0, 0, it.value(), {}};
        }
        co_return Output{1, 0, {}, "squeue: error: Invalid job format specification: exit_code"};
    }
    Task<Result<Output>> change(Context, Permit, QStringList argv, QByteArray) override
    {
        const QString call = argv.join(u' ');
        calls << call;
        co_await QCoro::sleepFor(std::chrono::milliseconds(1));
        co_return Output{0, 0, answers.value(QStringLiteral("sbatch")), {}};
    }
};

class TestSlurmClient : public QObject {
    Q_OBJECT
    std::shared_ptr<NewerSlurm> m_slurm;
    std::unique_ptr<SlurmEngine> m_engine;

    static QByteArray fixture(const char *name)
    {
        QFile file(
            QStringLiteral(PILOTHOUSE_SOURCE "/tests/fixtures/slurm/") + QString::fromLatin1(name));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_slurm = std::make_shared<NewerSlurm>();
        EngineContext context;
        context.target = QStringLiteral("t");
        context.commands = [this] { return m_slurm; };
        m_engine = std::make_unique<SlurmEngine>(context);
    }

    void readsJsonWhereTextIsRefused()
    {
        m_slurm->answers.insert(
            QStringLiteral("squeue --json"), "motd\n" + fixture("documented/jobs-v0.0.41.json"));
        m_slurm->answers.insert(
            QStringLiteral("scontrol show nodes --json"), fixture("documented/nodes-v0.0.41.json"));
        m_slurm->answers.insert(
            QStringLiteral("scontrol show config"), fixture("config-22.05.txt"));
        m_slurm->answers.insert(QStringLiteral("id -un"), "mia\n");
        m_slurm->answers.insert(QStringLiteral("scontrol --all --oneliner show partition"),
            "PartitionName=gpu Default=YES State=UP TotalNodes=2 MaxTime=1-00:00:00\n");
        const auto jobs = QCoro::waitFor(m_engine->jobs(Context()));
        QVERIFY(jobs);
        QCOMPARE(jobs->size(), 5);
        const auto status = QCoro::waitFor(m_engine->status(Context()));
        QVERIFY(status);
        QCOMPARE(status->notes, QStringList());
        QCOMPARE(status->user, QStringLiteral("mia"));
        QCOMPARE(status->gpus[0].largest, 6);
        QCOMPARE(status->queues[0].gpus[0].total, 16);
    }

    void whatIsNotReadIsNoted()
    {
        m_slurm->answers.insert(
            QStringLiteral("scontrol show config"), fixture("config-22.05.txt"));
        m_slurm->answers.insert(QStringLiteral("scontrol --all --oneliner show partition"),
            "PartitionName=gpu Default=YES State=UP TotalNodes=2\n");
        const auto status = QCoro::waitFor(m_engine->status(Context()));
        QVERIFY(status);
        QVERIFY(status->gpus.isEmpty());
        QVERIFY(status->queues[0].gpus.isEmpty());
        QCOMPARE(status->notes.size(), 1);
    }

    void readsTheNumberBelowOtherLines_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("number");
        QTest::newRow("plain") << QByteArray("17\n") << QStringLiteral("17");
        QTest::newRow("cluster") << QByteArray("17;pilot\n") << QStringLiteral("17");
        QTest::newRow("noise") << QByteArray("Welcome 2 pilot\n99 bottles\n17\n")
                               << QStringLiteral("17");
        QTest::newRow("none") << QByteArray("Submitted\n") << QString();
    }
    void readsTheNumberBelowOtherLines()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QString, number);
        m_slurm->answers.insert(QStringLiteral("sbatch"), answer);
        Job job;
        job.id = QStringLiteral("01jdkz0000000000000000000a");
        job.spec.argv = QStringList{QStringLiteral("true")};
        const auto sent = QCoro::waitFor(m_engine->submit(Context(), PermitForTests::make(), job));
        QCOMPARE(sent ? sent->nativeId : QString(), number);
        if (!sent) // it may be there
            QCOMPARE(sent.error().kind, ErrorKind::Unreachable);
        QCOMPARE(m_slurm->calls,
            QStringList{QStringLiteral("sbatch --parsable --comment=ph:") + job.id});
    }

    void aTestIsNoSubmission()
    {
        Job job;
        job.spec.texts.insert(QStringLiteral("slurm"), "#!/bin/sh\n#SBATCH --test-only\n");
        const auto sent = QCoro::waitFor(m_engine->submit(Context(), PermitForTests::make(), job));
        QCOMPARE(sent.error().kind, ErrorKind::BadInput);
        QCOMPARE(m_slurm->calls, QStringList());
    }
};

QTEST_GUILESS_MAIN(TestSlurmClient)
#include "test_slurmclient.moc"
