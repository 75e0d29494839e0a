// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What nodes say of their jobs, and what is done about doubtful ones.
#include "core/base/log.h"
#include "core/jobs/jobserviceprivate.h"

#include <QDateTime>

namespace pilothouse {

using namespace std::chrono_literals;

static constexpr auto lookUpTime = 15s;

Result<std::shared_ptr<const Link>> JobServicePrivate::reach(const QString &target) const
{
    const auto link = links ? links->link(target) : nullptr;
    if (!link)
        return fail({ErrorKind::Unreachable, QStringLiteral("jobs"),
            JobService::tr("%1 is not connected.").arg(links ? links->name(target) : target), {},
            JobService::tr("Connect to it first.")});
    if (!link->agent)
        return fail({ErrorKind::Unsupported, QStringLiteral("jobs"),
            JobService::tr("Jobs need the agent, which does not run on %1.")
                .arg(links->name(target)),
            link->without, {}});
    return link;
}

Result<std::shared_ptr<JobPlace>> JobServicePrivate::place(
    const QString &engine, const QString &target) const
{
    if (engine == QLatin1String("process")) {
        const auto link = reach(target);
        if (!link)
            return fail(link.error());
        return agentPlace(*link);
    }
    if (const auto found = engines ? engines->engine(engine, target) : nullptr)
        return enginePlace(found);
    if (const auto link = reach(target); !link)
        return fail(link.error());
    return fail({ErrorKind::NotFound, QStringLiteral("jobs"),
        JobService::tr("There is no %1 on %2.").arg(engine, links->name(target)), {},
        JobService::tr("What there is: pilothousectl engines.")});
}

Result<Job> JobServicePrivate::job(const QString &id) const
{
    if (!ledger)
        return fail(cancelled(QStringLiteral("jobs")));
    const auto row = ledger->row(id);
    if (!row)
        return fail({ErrorKind::NotFound, QStringLiteral("jobs"),
            JobService::tr("The job is not known any more."), id, {}});
    return shown(*row);
}

Job JobServicePrivate::shown(const LedgerRow &row) const
{
    if (jobEnded(row.job.state))
        return row.job;
    Job job = live.value(row.job.id, row.job);
    job.stale = !place(job);
    return job;
}

void JobServicePrivate::announce(const QString &id)
{
    const auto known = job(id);
    if (!known)
        return;
    if (jobEnded(known->state)) {
        live.remove(id);
        answerWaiters(id, *known);
    }
    if (service)
        Q_EMIT service->jobChanged(*known);
}

void JobServicePrivate::answerWaiters(const QString &id, const Result<Job> &result)
{
    std::vector<Waiter> mine;
    std::erase_if(waiters, [&](const Waiter &waiter) {
        if (waiter.id != id)
            return false;
        mine.push_back(waiter);
        return true;
    });
    for (const auto &waiter : mine)
        waiter.reply.finish(result);
}

void JobServicePrivate::ask(JobService::Remedy remedy, const QString &id)
{
    if (!askRemedy || asked.contains(id))
        return;
    asked.insert(id);
    askRemedy(remedy, id);
}

static constexpr qsizetype mostListed = 100'000; // of a node that never ends its listing

void JobServicePrivate::follow(const QString &target)
{
    const auto link = links->link(target);
    const auto before = watches.value(target);
    if (before && before->link == link)
        return;
    watches.remove(target);
    if (!link || !link->agent) { // a lost link only ages what we show
        QStringList heard;
        for (auto job = live.cbegin(); before && job != live.cend(); ++job) {
            if (job->target == target)
                heard << job.key();
        }
        for (const auto &id : std::as_const(heard))
            announce(id);
        return;
    }
    asked.clear(); // what was refused or cut off is asked for anew
    auto watch = std::make_shared<Watch>();
    watch->link = link;
    watches.insert(target, watch);
    const std::weak_ptr<JobServicePrivate> weak = weak_from_this();
    const std::weak_ptr<Watch> weakWatch = watch;
    JobHandlers handlers;
    handlers.job = [weak, weakWatch](const Job &job) {
        const auto d = weak.lock();
        const auto mine = weakWatch.lock();
        if (!d || !mine)
            return;
        if (mine->complete)
            d->merge(mine->link->targetId, byOurClock(*mine->link, {job}));
        else if (mine->listed.size() < mostListed)
            mine->listed << job;
    };
    handlers.listed = [weak, weakWatch] {
        const auto d = weak.lock();
        const auto mine = weakWatch.lock();
        if (!d || !mine)
            return;
        mine->complete = true;
        d->hearAll(mine->link->targetId, byOurClock(*mine->link, std::exchange(mine->listed, {})));
    };
    handlers.forgotten = [weak](const QString &id) {
        if (const auto d = weak.lock())
            d->forgotten(id);
    };
    watch->stream = link->agent->watchJobs(std::move(handlers));
    resolveDoubtful(shared_from_this(), target); // goes on by itself
}

void JobServicePrivate::hearAll(const QString &target, const QList<Job> &jobs)
{
    merge(target, jobs);
    QSet<QString> listed;
    for (const Job &job : jobs)
        listed.insert(job.id);
    ageUnlisted(QStringLiteral("process"), target, listed);
}

void JobServicePrivate::merge(const QString &target, QList<Job> jobs)
{
    if (!ledger)
        return;
    QList<Job> news;
    QStringList heard, unwanted;
    for (Job &job : jobs) {
        job.target = target;
        job.seenAt = QDateTime::currentMSecsSinceEpoch();
        const auto row = ledger->row(job.id);
        // Another name of the same host lists it as well: it stays, with its protection, where it
        // was launched, as long as that is a target.
        if (row && row->job.target != target && links && links->targets().contains(row->job.target))
            job.target = row->job.target;
        if (row) {
            job.spec = row->job.spec;
            for (const auto time : {&Job::submittedAt, &Job::startedAt, &Job::endedAt}) {
                if (row->job.*time != 0)
                    job.*time = row->job.*time;
            }
            if (row->submission != Submission::Refused && jobEnded(row->job.state)
                && !jobEnded(job.state))
                continue;
        }
        // A write waits for the disk: a log that grows, GPU time, or a mere sign of life, is not
        // worth one.
        Job stored = row ? row->job : Job();
        stored.seenAt = job.seenAt;
        stored.tasks = job.tasks;
        stored.user = job.user;
        stored.logBytes = job.logBytes;
        stored.gpuSeconds = job.gpuSeconds;
        stored.busyGpuSeconds = job.busyGpuSeconds;
        stored.energyJoules = job.energyJoules;
        live.insert(job.id, job);
        heard << job.id;
        if (!row || stored != job || row->submission != Submission::Accepted)
            news << job;
        if (row && row->withdrawn && !jobEnded(job.state) && !unanswered.contains(job.id))
            unwanted << job.id;
    }
    if (!news.isEmpty()) {
        if (const auto written = ledger->update(news); !written)
            qCWarning(lcActs) << written.error().message << written.error().cause;
    }
    for (const auto &id : std::as_const(heard))
        announce(id);
    for (const auto &id : std::as_const(unwanted))
        ask(JobService::Remedy::Cancel, id);
}

void JobServicePrivate::ageUnlisted(
    const QString &engine, const QString &target, const QSet<QString> &listed)
{
    const auto rows = ledger ? ledger->unended() : QList<LedgerRow>();
    QList<Job> aged;
    for (const auto &row : rows) {
        if (row.job.target != target || row.job.engine != engine
            || row.submission != Submission::Accepted || row.job.state == JobState::Unknown
            || listed.contains(row.job.id))
            continue;
        // The node itself says so. Not "lost": one name may lead to several login nodes.
        Job job = row.job;
        job.state = JobState::Unknown;
        job.reason = engine == QLatin1String("process")
            ? JobService::tr("The node did not list this job.")
            : JobService::tr("%1 does not know this job any more.").arg(engine);
        aged << job;
    }
    if (!aged.isEmpty())
        merge(target, aged);
}

void JobServicePrivate::forgotten(const QString &id)
{
    if (!ledger || !ledger->row(id))
        return;
    if (const auto done = ledger->forget(id); !done) {
        qCWarning(lcActs) << done.error().message << done.error().cause;
        return;
    }
    live.remove(id);
    answerWaiters(id,
        fail({ErrorKind::NotFound, QStringLiteral("jobs"), JobService::tr("The job was forgotten."),
            id, {}}));
    if (service)
        Q_EMIT service->jobForgotten(id);
}

static Error doubtful(Error error)
{
    error.next = JobService::tr("Whether the job was started is not known yet. It is looked up as "
                                "soon as the node answers; do not launch it again.");
    return error;
}

Task<Result<Job>> submitJob(
    std::shared_ptr<JobServicePrivate> d, Context context, Permit permit, Job job)
{
    const auto place = d->place(job);
    if (!place)
        co_return fail(place.error());
    if (d->unanswered.contains(job.id))
        co_return d->job(job.id);
    d->unanswered.insert(job.id);
    d->asked.remove(job.id);
    if (auto marked = d->ledger->setSubmission(job.id, Submission::Sent); !marked) {
        d->unanswered.remove(job.id);
        co_return fail(marked.error());
    }
    auto sending = (*place)->submit(context, permit, job);
    const auto answer = co_await std::move(sending);
    d->unanswered.remove(job.id);
    if (!d->ledger)
        co_return fail(cancelled(QStringLiteral("launch")));
    const auto row = d->ledger->find(job.id);
    const bool withdrawn = row && row->withdrawn;
    if (answer) {
        d->merge(job.target, {*answer});
        if (withdrawn && !jobEnded(answer->state)) {
            auto cancelling = (*place)->cancel(context, permit, *answer, 0);
            if (const auto ended = co_await std::move(cancelling); ended)
                d->merge(job.target, {*ended});
        }
        co_return d->job(job.id);
    }
    if (row && row->submission == Submission::Accepted)
        co_return d->job(job.id); // the watch told us first
    if (!isDoubtful(answer.error().kind)) {
        const auto refused
            = d->ledger->setSubmission(job.id, Submission::Refused, answer.error().message);
        if (!refused)
            co_return fail(refused.error());
        d->announce(job.id);
        co_return fail(answer.error());
    }
    if (context.stopped()) {
        if (auto gone = d->ledger->withdraw(job.id); !gone)
            co_return fail(gone.error());
    }
    // The link may be up still (a deadline, a stop): then it can be found out now.
    if (d->service && d->place(job))
        resolveDoubtful(d, job.target); // goes on by itself
    co_return fail(doubtful(answer.error()));
}

} // namespace pilothouse
