// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmengine.h"
#include "core/transport/ioloop.h"
#include "tests/core/engines/slurm/slurmhost.h"

#include <QCoroTimer>
#include <QRandomGenerator>
#include <QTest>

using namespace pilothouse;

/// What goes wrong: answers and requests that get lost, a controller that is away, nodes that
/// fail. Nothing is lost, nothing is there twice.
class TestSlurmFaults : public QObject {
    Q_OBJECT
    std::unique_ptr<SlurmHost> m_host;
    std::unique_ptr<SlurmEngine> m_engine;

    Result<Job> submit(const Job &job)
    {
        return QCoro::waitFor(m_engine->submit(Context(), PermitForTests::make(), job));
    }
    Result<QList<Job>> find(const QString &id)
    {
        return QCoro::waitFor(m_engine->find(Context(), {id}));
    }
    ErrorKind finding(const QString &id)
    {
        const auto found = find(id);
        return found ? ErrorKind::Internal : found.error().kind;
    }
    Job now(const QString &id)
    {
        const auto found = find(id);
        return found && found->size() == 1 ? found->front() : Job();
    }
    Explanation why(const Job &job)
    {
        return QCoro::waitFor(m_engine->why(Context(), job)).value_or(Explanation());
    }
    int countOf(const QString &id)
    {
        const auto jobs = QCoro::waitFor(m_engine->jobs(Context())).value_or(QList<Job>());
        return int(
            std::count_if(jobs.begin(), jobs.end(), [&](const Job &job) { return job.id == id; }));
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString missing = Slurm::missing(); !missing.isEmpty())
            QSKIP(qPrintable(missing));
        m_host = std::make_unique<SlurmHost>(QStringList{QStringLiteral("MessageTimeout=2")});
        const QString trouble = m_host->start();
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_engine = std::make_unique<SlurmEngine>(m_host->context());
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_host->commands->loseAnswers = m_host->commands->loseRequests = false;
    }
    void cleanupTestCase()
    {
        m_engine.reset();
        m_host.reset();
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void lostAnswersAreFoundById()
    {
        m_host->commands->loseAnswers = true;
        const Job job = SlurmHost::job(QStringLiteral("true"));
        QCOMPARE(submit(job).error().kind, ErrorKind::Unreachable);
        QCOMPARE(now(job.id).id, job.id);
        QCOMPARE(countOf(job.id), 1);
    }

    void lostRequestsAreNotThereOnceThatIsCertain()
    {
        m_host->commands->loseRequests = true;
        const Job job = SlurmHost::job(QStringLiteral("true"));
        QCOMPARE(submit(job).error().kind, ErrorKind::Unreachable);
        QCOMPARE(finding(job.id), ErrorKind::Conflict); // may still be on its way
        QVERIFY(eventually([&] { return find(job.id).has_value(); }));
        QVERIFY(find(job.id)->isEmpty());
        m_host->commands->loseRequests = false;
        QVERIFY(submit(job));
        QCOMPARE(countOf(job.id), 1);
    }

    /// Requests and answers get lost at random; whoever is in doubt looks, and sends again only
    /// what is certainly not there.
    void eachIsThereExactlyOnce()
    {
        QRandomGenerator random(5);
        QStringList ids;
        std::vector<Task<int>> all;
        const auto launch = [this, &random](Job job) -> Task<int> {
            for (int sent = 1;; ++sent) {
                const quint32 dice = random.bounded(4U);
                m_host->commands->loseRequests = dice == 0;
                m_host->commands->loseAnswers = dice == 1;
                auto sending = m_engine->submit(Context(), PermitForTests::make(), job);
                if (const auto answer = co_await std::move(sending); answer)
                    co_return sent;
                for (;;) {
                    auto pause = QCoro::sleepFor(std::chrono::milliseconds(500));
                    co_await std::move(pause);
                    auto looking = m_engine->find(Context(), {job.id});
                    const auto found = co_await std::move(looking);
                    if (found && !found->isEmpty())
                        co_return sent;
                    if (found)
                        break;
                }
            }
        };
        for (int i = 0; i < 60; ++i) {
            const Job job = SlurmHost::job(QStringLiteral("true"));
            ids << job.id;
            all.push_back(launch(job));
        }
        int sent = 0;
        for (auto &one : all)
            sent += QCoro::waitFor(std::move(one));
        QVERIFY(sent > 60); // some had to be sent again
        const auto jobs = QCoro::waitFor(m_engine->jobs(Context()));
        QVERIFY(jobs);
        QHash<QString, int> counts;
        for (const auto &job : *jobs)
            ++counts[job.id];
        for (const QString &id : ids)
            QCOMPARE(counts.value(id), 1);
    }

    void whatStillSendsIsNotMissing()
    {
        m_host->commands->loseRequests = true;
        const Job job = SlurmHost::job(QStringLiteral("true"));
        QVERIFY(!submit(job));
        QProcess sbatch; // stands for one that waits for a busy controller
        sbatch.start(QStringLiteral("sh"),
            {QStringLiteral("-c"), QStringLiteral("sleep 60; :"), QStringLiteral("sbatch"),
                QStringLiteral("--comment=ph:") + job.id});
        QVERIFY(sbatch.waitForStarted());
        QTest::qWait(4500); // past what a message may take
        QCOMPARE(finding(job.id), ErrorKind::Conflict);
        sbatch.kill();
        sbatch.waitForFinished();
        QVERIFY(eventually([&] { return find(job.id).has_value(); }));
    }

    void whatMayBeForgottenIsNotMissing()
    {
        const qint64 hour = 3'600'000;
        const QString old = newJobId(QDateTime::currentMSecsSinceEpoch() - hour);
        QVERIFY(eventually([&] { return find(old).has_value(); }));
        const Job job = now(old);
        QCOMPARE(job.id, old);
        QCOMPARE(job.state, JobState::Unknown);
        QVERIFY(job.reason.contains(QLatin1String("forgotten")));
        QCOMPARE(now(old).reason, job.reason);
    }

    /// An engine that is new (its link is) does not know what the one before it sent.
    void aNewEngineWaitsBeforeItSaysNo()
    {
        const qint64 minute = 60'000;
        const QString id = newJobId(QDateTime::currentMSecsSinceEpoch() - minute);
        QVERIFY(eventually([&] { return find(id).has_value(); }));
        SlurmEngine fresh(m_host->context());
        const auto early = QCoro::waitFor(fresh.find(Context(), {id}));
        QCOMPARE(early.error().kind, ErrorKind::Conflict);
        QVERIFY(
            eventually([&] { return QCoro::waitFor(fresh.find(Context(), {id})).has_value(); }));
    }

    void withoutALinkNothingIsSent()
    {
        const auto link = std::exchange(m_host->links.link, nullptr);
        const Job job = SlurmHost::job(QStringLiteral("true"));
        QCOMPARE(submit(job).error().kind, ErrorKind::Conflict);
        QCOMPARE(finding(job.id), ErrorKind::Unreachable);
        QCOMPARE(why(job).category, WhyCategory::Unknown);
        m_host->links.link = link;
    }

    void failedNodesAreExplained()
    {
        Job job = SlurmHost::job({});
        job.spec.texts.insert(
            QStringLiteral("slurm"), "#!/bin/sh\n#SBATCH --no-requeue --chdir=/tmp\nsleep 60\n");
        QVERIFY(submit(job));
        QVERIFY(eventually([&] { return now(job.id).state == JobState::Running; }));
        const QString node = QStringLiteral("NodeName=") + now(job.id).nodes;
        const QStringList update{QStringLiteral("scontrol"), QStringLiteral("update"), node};
        QCOMPARE(m_host->slurm.run(update
                     + QStringList{QStringLiteral("State=DOWN"), QStringLiteral("Reason=x")}),
            QString());
        QVERIFY(eventually([&] { return now(job.id).state == JobState::Failed; }));
        const Job ended = now(job.id);
        QCOMPARE(ended.reason.section(u',', 0, 0), QStringLiteral("NODE_FAIL"));
        QCOMPARE(why(ended).category, WhyCategory::NodeFailed);
        m_host->slurm.run(update + QStringList{QStringLiteral("State=RESUME")});
    }

    void followsOutput()
    {
        Job job = SlurmHost::job(QStringLiteral("echo one; sleep 2; echo two; echo three >&2"));
        const auto sent = submit(job);
        QVERIFY(sent);
        QByteArray text;
        bool done = false, whole = false;
        LogHandlers handlers;
        handlers.data = [&](quint64 offset, const QByteArray &data) {
            QCOMPARE(offset, quint64(text.size()));
            text += data;
        };
        handlers.ended = [&](bool complete, const std::optional<Error> &error) {
            done = true;
            whole = complete && !error;
        };
        const auto stream = m_engine->readLog(*sent, 0, true, handlers);
        QVERIFY(eventually([&] { return done; }));
        QVERIFY(whole);
        QCOMPARE(text, QByteArray("one\ntwo\nthree\n"));
        QFile::remove(QStringLiteral("/tmp/slurm-%1.out").arg(sent->nativeId));
    }

    void aControllerThatIsAwayIsNoEmptyList()
    {
        Job job = SlurmHost::job(QStringLiteral("sleep 60"));
        QVERIFY(submit(job));
        m_host->slurm.stopController();
        const auto jobs = QCoro::waitFor(m_engine->jobs(Context()));
        QCOMPARE(jobs.error().kind, ErrorKind::Unreachable);
        QCOMPARE(finding(job.id), ErrorKind::Unreachable);
        const Job other = SlurmHost::job(QStringLiteral("true"));
        QCOMPARE(submit(other).error().kind, ErrorKind::Unreachable);
        job.nativeId = QStringLiteral("1");
        QCOMPARE(why(job).category, WhyCategory::Unknown);
        QCOMPARE(QCoro::waitFor(m_engine->status(Context())).error().kind, ErrorKind::Unreachable);
        QVERIFY(m_host->slurm.startController());
        QVERIFY(eventually([&] { return now(job.id).id == job.id; }));
        QVERIFY(eventually([&] { return find(other.id).has_value(); }));
        QVERIFY(find(other.id)->isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestSlurmFaults)
#include "test_slurmfaults.moc"
