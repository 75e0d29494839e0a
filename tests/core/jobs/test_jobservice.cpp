// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobid.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "tests/core/jobs/fakelinks.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

static const QString lab = QStringLiteral("ssh:lab");

static JobSpec echo()
{
    JobSpec spec;
    spec.name = QStringLiteral("greet");
    spec.argv = QStringList{QStringLiteral("echo"), QStringLiteral("hello")};
    return spec;
}

/// A console: its ledger, its links, its service, and the door that acts go through.
struct Console {
    explicit Console(const QString &file)
        : ledger(std::move(*Ledger::openFile(file)))
    {
        auto owned = std::make_unique<FakeLinks>();
        links = owned.get();
        service = std::make_unique<JobService>(std::move(owned), ledger.get());
        service->setRemedyAsker([this](JobService::Remedy remedy, const QString &id) {
            if (remedy == JobService::Remedy::Resubmit)
                service->resubmit(Context(), PermitForTests::make(), id);
            else
                service->cancel(Context(), PermitForTests::make(), id);
        });
    }
    Result<Job> launch(const Context &context = {}, const JobSpec &spec = echo())
    {
        return QCoro::waitFor(service->launch(context, PermitForTests::make(), lab, spec));
    }
    LedgerRow onlyRow() const
    {
        const auto rows = ledger->jobs();
        return rows.size() == 1 ? rows.first() : LedgerRow();
    }
    std::unique_ptr<Ledger> ledger;
    FakeLinks *links = nullptr;
    std::unique_ptr<JobService> service;
};

class TestJobService : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_count = 0;
    QString freshFile() { return m_folder.filePath(QStringLiteral("%1.db").arg(++m_count)); }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void idsSortByTime()
    {
        const QString early = newJobId(1'700'000'000'000), late = newJobId(1'700'000'000'001);
        QCOMPARE(early.size(), 26);
        QVERIFY(early < late);
        QVERIFY(newJobId(5) != newJobId(5));
        QVERIFY(QRegularExpression(QStringLiteral("^[0-9a-hjkmnp-tv-z]{26}$"))
                    .match(newJobId())
                    .hasMatch());
    }

    void accepted()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        console.links->connectTo(node);
        QSignalSpy changed(console.service.get(), &JobService::jobChanged);
        const auto job = console.launch();
        QVERIFY(job);
        QCOMPARE(job->state, JobState::Running);
        QCOMPARE(job->target, lab);
        QCOMPARE(console.onlyRow().submission, Submission::Accepted);
        // The intent was told before the node was asked.
        QCOMPARE(changed.first().first().value<Job>().state, JobState::Queued);
        QCOMPARE(node->started, 1);
    }

    /// What is shown of a running job whose host is out of reach is as old as the last word.
    void withoutALinkARunningJobIsStale()
    {
        Console console(freshFile());
        console.links->connectTo(FakeNode::make());
        const auto job = console.launch();
        QVERIFY(job && !job->stale);
        QSignalSpy changed(console.service.get(), &JobService::jobChanged);
        console.links->lose();
        QVERIFY(console.service->find(job->id)->stale);
        QVERIFY(console.service->jobs().first().stale);
        QVERIFY(changed.last().first().value<Job>().stale);
        QVERIFY(!console.onlyRow().job.stale);
    }

    /// A second alias of one host lists the same jobs: each stays with the target it was launched
    /// on, and so under that target's protection, until that is no target any more.
    void aSecondNameOfTheHostTakesNoJobOver()
    {
        const QString file = freshFile(), other = QStringLiteral("ssh:lab-too");
        const auto node = FakeNode::make();
        Console console(file);
        console.links->known << other;
        console.links->connectTo(node);
        const auto job = console.launch();
        QVERIFY(job);
        console.links->connectTo(node, 0, other);
        QVERIFY(QCoro::waitFor(console.service->refresh(Context(), other)));
        QCOMPARE(console.onlyRow().job.target, lab);
        QCOMPARE(console.service->find(job->id)->target, lab);
        console.links->known.removeAll(lab);
        QVERIFY(QCoro::waitFor(console.service->refresh(Context(), other)));
        QCOMPARE(console.service->find(job->id)->target, other);
    }

    void refusedIsProvenNeverStarted()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        console.links->connectTo(node);
        node->failNext.insert(QStringLiteral("submit"),
            {ErrorKind::BadInput, QStringLiteral("launch"), QStringLiteral("No such folder."), {},
                {}});
        const auto job = console.launch();
        QVERIFY(!job);
        QCOMPARE(job.error().kind, ErrorKind::BadInput);
        QCOMPARE(console.onlyRow().submission, Submission::Refused);
        QCOMPARE(console.onlyRow().job.state, JobState::Failed);
        QCOMPARE(console.onlyRow().job.reason, QStringLiteral("No such folder."));
    }

    void nothingIsWrittenWithoutALink()
    {
        Console console(freshFile());
        QCOMPARE(console.launch().error().kind, ErrorKind::Unreachable);
        QVERIFY(console.ledger->jobs().isEmpty());
    }

    void nulInAScriptIsSaid()
    {
        Console console(freshFile());
        console.links->connectTo(FakeNode::make());
        JobSpec spec;
        spec.script = QByteArray("echo\0x", 6);
        const auto job = console.launch({}, spec);
        QCOMPARE(job.error().kind, ErrorKind::BadInput);
        QVERIFY(job.error().message.contains(QLatin1Char('4')));
        QVERIFY(console.ledger->jobs().isEmpty());
    }

    void lostAnswerIsAdopted()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        console.links->connectTo(node);
        node->loseAnswerOf.insert(QStringLiteral("submit"));
        node->hold.insert(QStringLiteral("jobs")); // the old link finds nothing out
        QSignalSpy changed(console.service.get(), &JobService::jobChanged);
        const auto job = console.launch();
        // Its watch may have told us first; either way it is one job, started once.
        if (!job)
            QCOMPARE(job.error().kind, ErrorKind::Unreachable);
        console.links->lose();
        node->releaseCalls();
        console.links->connectTo(node);
        QTRY_COMPARE(console.onlyRow().submission, Submission::Accepted);
        QCOMPARE(node->started, 1);
        QCOMPARE(node->jobs.size(), 1);
    }

    void lostQuestionIsSentAgainOnceWithTheSameId()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        console.links->connectTo(node);
        node->hold.insert(QStringLiteral("submit"));
        std::optional<Result<Job>> answer;
        auto task = console.service->launch(Context(), PermitForTests::make(), lab, echo());
        auto then = std::move(task).then([&](Result<Job> result) { answer = result; });
        QTRY_VERIFY(!node->calls.filter(QStringLiteral("submit")).isEmpty());
        console.links->lose();
        QTRY_VERIFY(answer.has_value());
        QCOMPARE(answer->error().kind, ErrorKind::Unreachable);
        const auto row = console.onlyRow();
        QCOMPARE(row.submission, Submission::Sent);
        QCOMPARE(row.job.state, JobState::Queued); // a lost link changes no state
        node->releaseCalls();
        node->calls.clear();
        console.links->connectTo(node);
        QTRY_COMPARE(console.onlyRow().submission, Submission::Accepted);
        QCOMPARE(node->calls.filter(QStringLiteral("submit")),
            QStringList{QStringLiteral("submit ") + row.job.id});
        QVERIFY(node->calls.indexOf(QStringLiteral("jobs ") + row.job.id)
            < node->calls.indexOf(QStringLiteral("submit ") + row.job.id));
        QCOMPARE(node->started, 1);
    }

    void timeoutIsFoundOutOnTheSameLink()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        console.links->connectTo(node);
        node->failNext.insert(QStringLiteral("submit"),
            timedOut(QStringLiteral("launch"), QStringLiteral("No answer.")));
        QCOMPARE(console.launch().error().kind, ErrorKind::Timeout);
        QTRY_COMPARE(console.onlyRow().submission, Submission::Accepted);
        QCOMPARE(node->started, 1);
    }

    void cancelledWhileDoubtfulIsNeverSentAgain()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        console.links->connectTo(node);
        node->hold.insert(QStringLiteral("submit"));
        auto task = console.service->launch(Context(), PermitForTests::make(), lab, echo());
        QTRY_VERIFY(!node->calls.filter(QStringLiteral("submit")).isEmpty());
        console.links->lose();
        QVERIFY(!QCoro::waitFor(std::move(task)));
        const QString id = console.onlyRow().job.id;
        const auto cancelled
            = QCoro::waitFor(console.service->cancel(Context(), PermitForTests::make(), id));
        QVERIFY(cancelled);
        QCOMPARE(console.onlyRow().submission, Submission::Sent); // still not known
        QVERIFY(console.onlyRow().withdrawn);
        node->releaseCalls();
        console.links->connectTo(node);
        QTRY_COMPARE(console.onlyRow().submission, Submission::Refused);
        QCOMPARE(console.onlyRow().job.state, JobState::Cancelled);
        QCOMPARE(node->started, 0);
    }

    void stoppedLaunchThatStartedIsCancelledThere()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        console.links->connectTo(node);
        node->hold.insert(QStringLiteral("submit"));
        std::stop_source stop;
        auto task = console.service->launch(
            Context(stop.get_token()), PermitForTests::make(), lab, echo());
        QTRY_VERIFY(!node->calls.filter(QStringLiteral("submit")).isEmpty());
        const QString id = console.onlyRow().job.id;
        Job started; // the question arrived all the same
        started.id = id;
        started.spec = echo();
        started.state = JobState::Running;
        stop.request_stop();
        QCOMPARE(QCoro::waitFor(std::move(task)).error().kind, ErrorKind::Cancelled);
        node->put(started);
        QTRY_COMPARE(node->jobs.value(id).state, JobState::Cancelled);
        QTRY_COMPARE(console.onlyRow().job.state, JobState::Cancelled);
    }

    void anotherProcessesJobsAreShown()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        Job foreign;
        foreign.id = QStringLiteral("foreign1");
        foreign.spec.name = QStringLiteral("theirs");
        foreign.state = JobState::Running;
        node->put(foreign);
        console.links->connectTo(node);
        QTRY_COMPARE(console.service->jobs().size(), 1);
        QCOMPARE(console.service->jobs().first().target, lab);
        node->forget(foreign.id);
        QTRY_VERIFY(console.service->jobs().isEmpty());
    }

    void aLostLinkOnlyAges()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        console.links->connectTo(node);
        const auto job = console.launch();
        QVERIFY(job);
        const Job before = *console.service->find(job->id);
        console.links->lose();
        QCOMPARE(console.service->find(job->id)->state, JobState::Running);
        node->endJob(job->id, JobState::Failed, 3);
        auto after = *console.service->find(job->id);
        QVERIFY(std::exchange(after.stale, false));
        QCOMPARE(after, before);
        console.links->connectTo(node);
        QTRY_COMPARE(console.service->find(job->id)->state, JobState::Failed);
        QCOMPARE(console.service->find(job->id)->exitCode, std::optional<int>(3));
    }

    /// A node a day ahead: times come by our clock, and what is known once stays when the node's
    /// clock is set right later.
    void aNodeADayOffIsDatedByOurClock()
    {
        constexpr qint64 day = 86'400'000, now = 1'700'000'000'000;
        Console console(freshFile());
        const auto node = FakeNode::make();
        Job foreign;
        foreign.id = QStringLiteral("foreign1");
        foreign.state = JobState::Running;
        foreign.submittedAt = now + day;
        foreign.startedAt = now + day + 500;
        node->put(foreign);
        console.links->connectTo(node, day);
        QTRY_COMPARE(console.service->jobs().size(), 1);
        QCOMPARE(console.service->jobs().first().submittedAt, now);
        QCOMPARE(console.service->jobs().first().startedAt, now + 500);
        QCOMPARE(console.service->jobs().first().endedAt, 0);
        console.links->lose();
        foreign.state = JobState::Succeeded;
        foreign.endedAt = now + 9000; // its clock was set meanwhile
        node->put(foreign);
        console.links->connectTo(node, 0);
        QTRY_COMPARE(console.service->jobs().first().state, JobState::Succeeded);
        const auto ended = console.service->jobs().first();
        QCOMPARE(ended.submittedAt, now);
        QCOMPARE(ended.startedAt, now + 500);
        QCOMPARE(ended.endedAt, now + 9000);
        // Of what was launched here the moment of the launch is known better than to the node.
        const auto launched = console.launch();
        QVERIFY(launched);
        const qint64 submitted = launched->submittedAt;
        Job ours = node->jobs.value(launched->id);
        ours.submittedAt = 5;
        node->put(ours);
        node->endJob(launched->id, JobState::Succeeded, 0);
        QTRY_COMPARE(console.service->find(launched->id)->state, JobState::Succeeded);
        QCOMPARE(console.service->find(launched->id)->submittedAt, submitted);
    }

    void notListedIsUnknownNotLost()
    {
        Console console(freshFile());
        console.links->connectTo(FakeNode::make());
        const auto job = console.launch();
        QVERIFY(job);
        console.links->lose();
        console.links->connectTo(FakeNode::make()); // another node behind the same name
        QTRY_COMPARE(console.service->find(job->id)->state, JobState::Unknown);
    }

    void waiting()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        console.links->connectTo(node);
        const auto job = console.launch();
        QVERIFY(job);
        auto ends = console.service->waitFor(Context(), job->id.left(20));
        std::stop_source stop;
        auto stopped = console.service->waitFor(Context(stop.get_token()), job->id);
        auto late
            = console.service->waitFor(Context().within(std::chrono::milliseconds(1)), job->id);
        stop.request_stop();
        QCOMPARE(QCoro::waitFor(std::move(stopped)).error().kind, ErrorKind::Cancelled);
        QCOMPARE(QCoro::waitFor(std::move(late)).error().kind, ErrorKind::Timeout);
        node->endJob(job->id, JobState::Succeeded, 0);
        const auto ended = QCoro::waitFor(std::move(ends));
        QVERIFY(ended);
        QCOMPARE(ended->state, JobState::Succeeded);
    }

    void ownerDiesMeanwhile()
    {
        auto console = std::make_unique<Console>(freshFile());
        const auto node = FakeNode::make();
        console->links->connectTo(node);
        const auto job = console->launch();
        QVERIFY(job);
        auto waits = console->service->waitFor(Context(), job->id);
        node->hold.insert(QStringLiteral("submit"));
        auto launches = console->service->launch(Context(), PermitForTests::make(), lab, echo());
        console.reset();
        QCOMPARE(QCoro::waitFor(std::move(waits)).error().kind, ErrorKind::Cancelled);
        node->releaseCalls();
        QVERIFY(!QCoro::waitFor(std::move(launches)));
    }

    void cancelSignalForget()
    {
        Console console(freshFile());
        const auto node = FakeNode::make();
        console.links->connectTo(node);
        const auto job = console.launch();
        QVERIFY(job);
        const Permit permit = PermitForTests::make();
        const QString id = job->id;
        QVERIFY(QCoro::waitFor(console.service->signal(Context(), permit, id, 10)));
        QVERIFY(node->calls.contains(QStringLiteral("signal %1 10").arg(id)));
        QCOMPARE(QCoro::waitFor(console.service->forget(Context(), permit, id)).error().kind,
            ErrorKind::Conflict);
        const auto ended = QCoro::waitFor(console.service->cancel(Context(), permit, id));
        QVERIFY(ended);
        QCOMPARE(ended->state, JobState::Cancelled);
        QCOMPARE(QCoro::waitFor(console.service->signal(Context(), permit, id, 10)).error().kind,
            ErrorKind::Conflict);
        QVERIFY(QCoro::waitFor(console.service->forget(Context(), permit, id)));
        QVERIFY(node->jobs.isEmpty());
        QCOMPARE(console.service->find(id).error().kind, ErrorKind::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestJobService)
#include "test_jobservice.moc"
