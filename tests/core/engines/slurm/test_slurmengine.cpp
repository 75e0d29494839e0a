// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/catalog.h"
#include "core/jobs/jobid.h"
#include "core/transport/ioloop.h"
#include "tests/core/engines/slurm/slurmhost.h"

#include <QTest>

using namespace pilothouse;

/// The engine against a real Slurm through a real agent.
class TestSlurmEngine : public QObject {
    Q_OBJECT
    std::unique_ptr<SlurmHost> m_host;
    std::unique_ptr<Engine> m_engine;

    static JobSpec shell(const QString &line)
    {
        JobSpec spec;
        spec.name = QStringLiteral("test");
        spec.argv = QStringList{QStringLiteral("sh"), QStringLiteral("-c"), line};
        spec.folder = QStringLiteral("/tmp");
        return spec;
    }
    static Job jobOf(const JobSpec &spec)
    {
        Job job;
        job.id = newJobId();
        job.spec = spec;
        return job;
    }
    Result<Job> submit(const Job &job)
    {
        return QCoro::waitFor(m_engine->submit(Context(), PermitForTests::make(), job));
    }
    Result<QList<Job>> find(const QString &id)
    {
        return QCoro::waitFor(m_engine->find(Context(), {id}));
    }
    Result<> act(JobVerb verb, const Job &job, const QString &value = {})
    {
        return QCoro::waitFor(m_engine->act(Context(), PermitForTests::make(), verb, job, value));
    }
    Explanation why(const Job &job)
    {
        return QCoro::waitFor(m_engine->why(Context(), job)).value_or(Explanation());
    }
    /// The job as it is now.
    Job now(const Job &job)
    {
        const auto found = find(job.id);
        return found && found->size() == 1 ? found->front() : Job();
    }
    bool becomes(const Job &job, JobState state)
    {
        return eventually([&] { return now(job).state == state; });
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString missing = Slurm::missing(); !missing.isEmpty())
            QSKIP(qPrintable(missing));
        m_host = std::make_unique<SlurmHost>();
        const QString trouble = m_host->start();
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_engine = engineKind(QStringLiteral("slurm"))->make(m_host->context());
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_host->commands->loseAnswers = m_host->commands->loseRequests = false;
    }
    void cleanup()
    {
        m_host->slurm.run({QStringLiteral("scancel"), QStringLiteral("--me")});
        // Nothing of one test is in the way of the next.
        QVERIFY(eventually([this] {
            return m_host->slurm.run({QStringLiteral("squeue"), QStringLiteral("-h")}).isEmpty();
        }));
    }
    void cleanupTestCase()
    {
        m_engine.reset();
        m_host.reset();
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void detectsTheCluster()
    {
        EngineContext host = m_host->context();
        host.name.clear();
        const auto found
            = QCoro::waitFor(engineKind(QStringLiteral("slurm"))->detect(Context(), host));
        QVERIFY2(found, qPrintable(found ? QString() : found.error().cause));
        QCOMPARE(found->size(), 1);
        QCOMPARE(found->front().name, QStringLiteral("pilot"));
        QCOMPARE(engineKind(QStringLiteral("none")), nullptr);
    }

    void saysWhatItHas()
    {
        JobSpec spec = shell(QStringLiteral("sleep 60"));
        spec.gpus = 3;
        const auto job = submit(jobOf(spec));
        QVERIFY2(job, qPrintable(job ? QString() : job.error().cause));
        QVERIFY(becomes(*job, JobState::Running));
        const auto status = QCoro::waitFor(m_engine->status(Context()));
        QVERIFY(status);
        QVERIFY(status->version.startsWith(QLatin1String("slurm 2")));
        QCOMPARE(status->user, QStringLiteral("root"));
        QCOMPARE(status->notes, QStringList());
        QCOMPARE(status->gpus.size(), 1);
        QCOMPARE(status->gpus[0].type, QStringLiteral("h100"));
        QCOMPARE(status->gpus[0].total, 16);
        QCOMPARE(status->gpus[0].used, 3);
        QCOMPARE(status->gpus[0].largest, 8);
        QCOMPARE(status->queues.size(), 3);
        QCOMPARE(status->queues[0].name, QStringLiteral("batch"));
        QVERIFY(status->queues[0].isDefault);
        QCOMPARE(status->queues[0].nodes, 2);
        QCOMPARE(status->queues[1].timeLimitSeconds, 300);
        QCOMPARE(status->queues[2].state, QStringLiteral("DOWN"));
        QVERIFY(act(JobVerb::Cancel, *job));
        QVERIFY(becomes(*job, JobState::Cancelled));
    }

    void submitsAndFollowsToTheEnd()
    {
        Job job = jobOf(shell(QStringLiteral("exit 3")));
        const auto sent = submit(job);
        QVERIFY2(sent, qPrintable(sent ? QString() : sent.error().cause));
        QVERIFY(!sent->nativeId.isEmpty());
        QCOMPARE(sent->id, job.id);
        QVERIFY(becomes(job, JobState::Failed));
        const Job ended = now(job);
        QCOMPARE(ended.exitCode, 3);
        QCOMPARE(ended.nativeId, sent->nativeId);
        QCOMPARE(ended.user, QStringLiteral("root"));
        QCOMPARE(ended.reason, QStringLiteral("NonZeroExitCode"));
        QVERIFY(ended.nodes.startsWith(QLatin1String("gpu0")));
        const qint64 second = 1000, today = QDateTime::currentMSecsSinceEpoch();
        QVERIFY(std::abs(ended.submittedAt - today) < 3600 * second);
        QVERIFY(ended.endedAt >= ended.startedAt && ended.startedAt >= ended.submittedAt);
        const auto reason = why(ended);
        QCOMPARE(reason.category, WhyCategory::Program);
        QVERIFY(reason.sentence.contains(QLatin1String("exit code 3")));
    }

    void listsOthersToo()
    {
        const QString number = m_host->slurm
                                   .run({QStringLiteral("sbatch"), QStringLiteral("--parsable"),
                                       QStringLiteral("-J"), QStringLiteral("by hand"),
                                       QStringLiteral("--wrap=sleep 60")})
                                   .trimmed();
        const auto jobs = QCoro::waitFor(m_engine->jobs(Context()));
        QVERIFY(jobs);
        const auto theirs = std::find_if(
            jobs->begin(), jobs->end(), [&](const Job &job) { return job.nativeId == number; });
        QVERIFY(theirs != jobs->end());
        QCOMPARE(theirs->id, QStringLiteral("slurm:ssh:login:") + number);
        QCOMPARE(theirs->spec.name, QStringLiteral("by hand"));
    }

    void holdsAndReleases()
    {
        JobSpec spec = shell(QStringLiteral("sleep 60"));
        spec.texts.insert(QStringLiteral("slurm"), "#!/bin/sh\n#SBATCH --hold\nsleep 60\n");
        const auto sent = submit(jobOf(spec));
        QVERIFY(sent);
        Job held = now(*sent);
        QCOMPARE(held.reason, QStringLiteral("JobHeldUser"));
        QCOMPARE(m_engine->can(JobVerb::Hold, held).kind, VerbAnswer::Kind::Refused);
        QCOMPARE(m_engine->can(JobVerb::Release, held).kind, VerbAnswer::Kind::Allowed);
        QCOMPARE(why(held).category, WhyCategory::Held);
        QCOMPARE(m_engine->previewOf(JobVerb::Release, held, {}),
            QStringLiteral("scontrol release ") + held.nativeId);
        QVERIFY(act(JobVerb::Release, held));
        QVERIFY(becomes(held, JobState::Running));
        QVERIFY(act(JobVerb::Suspend, held));
        QVERIFY(eventually([&] { return now(held).reason == QLatin1String("SUSPENDED"); }));
        QVERIFY(act(JobVerb::Resume, held));
        QVERIFY(eventually([&] { return now(held).reason.isEmpty(); }));
    }

    void requeues()
    {
        const auto sent = submit(jobOf(shell(QStringLiteral("sleep 60"))));
        QVERIFY(sent);
        QVERIFY(becomes(*sent, JobState::Running));
        QVERIFY(act(JobVerb::Requeue, *sent));
        QVERIFY(eventually([&] { return now(*sent).restarts == 1; }));
        QVERIFY(act(JobVerb::Cancel, *sent));
        QVERIFY(becomes(*sent, JobState::Cancelled));
        QCOMPARE(act(JobVerb::Hold, *sent).error().kind, ErrorKind::Conflict);
    }

    void changesPriorityAndTime()
    {
        JobSpec spec = shell(QStringLiteral("sleep 60"));
        spec.timeLimitSeconds = 600;
        spec.queue = QStringLiteral("closed");
        const auto sent = submit(jobOf(spec));
        QVERIFY2(sent, qPrintable(sent ? QString() : sent.error().cause));
        QCOMPARE(now(*sent).spec.timeLimitSeconds, 600);
        QVERIFY(act(JobVerb::SetPriority, *sent, QStringLiteral("77")));
        QVERIFY(act(JobVerb::ExtendTime, *sent, QStringLiteral("90000")));
        QCOMPARE(now(*sent).spec.timeLimitSeconds, 90000);
        QCOMPARE(act(JobVerb::ExtendTime, *sent, QStringLiteral("-1")).error().kind,
            ErrorKind::BadInput);
        QCOMPARE(why(*sent).category, WhyCategory::Nodes); // PartitionDown
    }

    void arraysAreOneJob()
    {
        JobSpec spec = shell(QStringLiteral("sleep 0.$SLURM_ARRAY_TASK_ID; exit "
                                            "$((SLURM_ARRAY_TASK_ID == 2))"));
        spec.array = QStringLiteral("0-5%2");
        const auto sent = submit(jobOf(spec));
        QVERIFY(sent);
        const Job first = now(*sent);
        QVERIFY(!first.tasks.isEmpty());
        int count = 0;
        for (const auto &task : first.tasks)
            count += task.count;
        QCOMPARE(count, 6);
        QVERIFY(becomes(*sent, JobState::Failed));
        const Job ended = now(*sent);
        QCOMPARE(ended.tasks.size(), 6);
        QCOMPARE(ended.exitCode, 1);
        const auto failed = std::count_if(ended.tasks.begin(), ended.tasks.end(),
            [](const JobTask &task) { return task.state == JobState::Failed; });
        QCOMPARE(failed, 1);
    }

    void waitsForAnother()
    {
        const auto first = submit(jobOf(shell(QStringLiteral("sleep 60"))));
        QVERIFY(first);
        JobSpec spec = shell(QStringLiteral("true"));
        spec.after << JobDependency{JobDependency::When::Succeeded, first->id};
        const auto second = submit(jobOf(spec));
        QVERIFY2(second, qPrintable(second ? QString() : second.error().cause));
        QVERIFY(eventually([&] { return why(now(*second)).category == WhyCategory::Dependency; }));
        QVERIFY(act(JobVerb::Cancel, *first));
        QVERIFY(eventually(
            [&] { return now(*second).reason == QLatin1String("DependencyNeverSatisfied"); }));
        spec.after[0].job = newJobId();
        QCOMPARE(submit(jobOf(spec)).error().kind, ErrorKind::BadInput);
    }

    void explainsTooManyGpus()
    {
        JobSpec spec = shell(QStringLiteral("true"));
        spec.gpus = 9;
        const auto sent = submit(jobOf(spec));
        QVERIFY(!sent);
        QCOMPARE(sent.error().kind, ErrorKind::BadInput);
        QVERIFY(sent.error().message.contains(
            QLatin1String("Requested node configuration is not available")));
        const auto dry = QCoro::waitFor(m_engine->dryRun(Context(), spec, newJobId()));
        QVERIFY(!dry);
        spec.gpus = 8;
        const auto fits = QCoro::waitFor(m_engine->dryRun(Context(), spec, newJobId()));
        QVERIFY(fits);
        QVERIFY2(fits->contains(QLatin1String("gpu0")), qPrintable(*fits));
    }

    void explainsWhoIsAhead()
    {
        JobSpec spec = shell(QStringLiteral("sleep 60"));
        spec.gpus = 8;
        spec.nodes = 2;
        spec.timeLimitSeconds = 120;
        const auto runs = submit(jobOf(spec));
        QVERIFY(runs && becomes(*runs, JobState::Running));
        const auto next = submit(jobOf(spec));
        const auto last = submit(jobOf(spec));
        QVERIFY(next && last);
        QVERIFY(eventually([&] { return now(*last).reason == QLatin1String("Priority"); }));
        const auto reason = why(now(*last));
        QCOMPARE(reason.category, WhyCategory::Priority);
        QCOMPARE(reason.ahead.size(), 1);
        QVERIFY(reason.ahead[0].startsWith(next->nativeId + u' '));
        QVERIFY(eventually([&] { // the scheduler's estimate comes a little later
            const auto resources = why(now(*next));
            return resources.category == WhyCategory::Resources
                && resources.expectedStart > QDateTime::currentMSecsSinceEpoch()
                && std::any_of(resources.evidence.begin(), resources.evidence.end(),
                    [](auto &e) { return e.value.contains(QLatin1String("16 of 16 in use")); });
        }));
    }

    void doubtfulAnswersAreFoundById()
    {
        m_host->commands->loseAnswers = true;
        Job job = jobOf(shell(QStringLiteral("sleep 60")));
        QCOMPARE(submit(job).error().kind, ErrorKind::Unreachable);
        m_host->commands->loseAnswers = false;
        const auto found = find(job.id);
        QVERIFY(found);
        QCOMPARE(found->size(), 1);
        QCOMPARE(found->front().id, job.id);
    }
};

QTEST_GUILESS_MAIN(TestSlurmEngine)
#include "test_slurmengine.moc"
