// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobservice.h"

#include "core/jobs/jobid.h"
#include "core/jobs/jobserviceprivate.h"

#include <QDateTime>
#include <QTimer>

namespace pilothouse {

static constexpr int cancelGraceSeconds = 10;
static constexpr std::chrono::milliseconds enginePeriod{1500};

JobService::JobService(std::unique_ptr<TargetLinks> links, Ledger *ledger, QObject *parent)
    : QObject(parent)
    , d(std::make_shared<JobServicePrivate>())
{
    d->service = this;
    d->ledger = ledger;
    d->links = std::move(links);
    connect(d->links.get(), &TargetLinks::linkChanged, this,
        [this](const QString &target) { d->follow(target); });
    const auto targets = d->links->targets();
    for (const auto &target : targets)
        d->follow(target);
}

JobService::~JobService()
{
    d->service = nullptr;
    d->links.reset();
    d->watches.clear();
    d->askRemedy = nullptr;
    const auto waiting = std::exchange(d->waiters, {});
    for (const auto &waiter : waiting)
        waiter.reply.finish(fail(cancelled(QStringLiteral("jobs"))));
}

void JobService::setRemedyAsker(RemedyAsker asker)
{
    d->askRemedy = std::move(asker);
}

void JobService::setEngines(EngineSource *engines)
{
    d->engines = engines;
    connect(engines, &EngineSource::enginesChanged, this, [this](const QString &target) {
        d->asked.clear(); // what was refused or cut off is asked for anew
        resolveDoubtful(d, target); // goes on by itself
        askEngines(d);
    });
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this] { askEngines(d); });
    timer->start(enginePeriod);
}

QList<Job> JobService::jobs() const
{
    QList<Job> all;
    const auto rows = d->ledger->jobs();
    for (const auto &row : rows)
        all << d->shown(row);
    return all;
}

QList<Job> JobService::unended() const
{
    QList<Job> some;
    const auto rows = d->ledger->unended();
    for (const auto &row : rows)
        some << d->shown(row);
    return some;
}

Result<Job> JobService::find(const QString &idPrefixOrName) const
{
    const auto row = d->ledger->find(idPrefixOrName);
    if (!row)
        return fail(row.error());
    return d->shown(*row);
}

static Result<> problemWith(const JobSpec &spec)
{
    const auto bad = [](const QString &message) {
        return fail({ErrorKind::BadInput, QStringLiteral("launch"), message, {}, {}});
    };
    if (spec.argv.isEmpty() && spec.script.isEmpty() && spec.texts.isEmpty())
        return bad(JobService::tr("A job needs a command or a script."));
    if (!spec.argv.isEmpty() && !spec.script.isEmpty())
        return bad(JobService::tr("A job is either a command or a script."));
    if (spec.script.contains('\0'))
        return bad(JobService::tr("The script holds a NUL byte at offset %1, which no shell reads.")
                       .arg(spec.script.indexOf('\0')));
    if (spec.gpus < 0 || spec.timeLimitSeconds < 0)
        return bad(JobService::tr("The number of GPUs and the time limit cannot be negative."));
    return {};
}

Task<Result<Job>> JobService::launch(
    Context context, Permit permit, QString target, JobSpec spec, QString engine)
{
    const auto data = d;
    if (auto sound = problemWith(spec); !sound)
        co_return fail(sound.error());
    if (auto place = data->place(engine, target); !place)
        co_return fail(place.error());
    Job job;
    job.id = newJobId();
    job.target = target;
    job.engine = engine;
    job.spec = spec;
    job.state = JobState::Queued;
    job.submittedAt = QDateTime::currentMSecsSinceEpoch();
    if (auto written = data->ledger->addIntent(job); !written)
        co_return fail(written.error());
    data->announce(job.id);
    auto sent = submitJob(data, context, permit, job);
    co_return co_await std::move(sent);
}

Task<Result<>> JobService::refresh(Context context, QString target)
{
    const auto data = d;
    const auto link = data->reach(target);
    if (!link)
        co_return fail(link.error());
    const QStringList all;
    auto asking = (*link)->agent->jobs(context, all);
    const auto jobs = co_await std::move(asking);
    if (!jobs)
        co_return fail(jobs.error());
    data->hearAll(target, byOurClock(**link, *jobs));
    auto engines = askEnginesOf(data, target);
    co_return co_await std::move(engines);
}

Task<Result<Job>> JobService::resubmit(Context context, Permit permit, QString id)
{
    const auto data = d;
    const auto row = data->ledger->find(id);
    if (!row)
        co_return fail(row.error());
    const bool doubtful
        = row->submission == Submission::Intent || row->submission == Submission::Sent;
    if (!doubtful || row->withdrawn)
        co_return row->job; // it was found out meanwhile
    auto sent = submitJob(data, context, permit, row->job);
    co_return co_await std::move(sent);
}

Task<Result<Job>> JobService::cancel(Context context, Permit permit, QString id)
{
    const auto data = d;
    const auto row = data->ledger->find(id);
    if (!row)
        co_return fail(row.error());
    const QString known = row->job.id;
    if (jobEnded(row->job.state))
        co_return row->job; // cancelling what has ended changes nothing
    if (row->submission == Submission::Intent || row->submission == Submission::Sent) {
        if (auto withdrawn = data->ledger->withdraw(known); !withdrawn)
            co_return fail(withdrawn.error());
        if (data->place(row->job)) {
            auto resolving = resolveDoubtful(data, row->job.target);
            co_await std::move(resolving);
        }
        co_return data->job(known);
    }
    const auto place = data->place(row->job);
    if (!place)
        co_return fail(place.error());
    auto cancelling = (*place)->cancel(context, permit, row->job, cancelGraceSeconds);
    const auto answer = co_await std::move(cancelling);
    if (!answer)
        co_return fail(answer.error());
    data->merge(row->job.target, {*answer});
    co_return data->job(known);
}

Task<Result<Job>> JobService::signal(Context context, Permit permit, QString id, int number)
{
    const auto data = d;
    const auto row = data->ledger->find(id);
    if (!row)
        co_return fail(row.error());
    if (jobEnded(row->job.state)) {
        Error error{ErrorKind::Conflict, QStringLiteral("signal"), tr("The job has ended."),
            jobStateName(row->job.state), {}};
        co_return fail(error);
    }
    const auto place = data->place(row->job);
    if (!place)
        co_return fail(place.error());
    auto signalling = (*place)->signal(context, permit, row->job, number);
    const auto answer = co_await std::move(signalling);
    if (!answer)
        co_return fail(answer.error());
    data->merge(row->job.target, {*answer});
    co_return data->job(row->job.id);
}

Task<Result<>> JobService::forget(Context context, Permit permit, QString id)
{
    const auto data = d;
    const auto row = data->ledger->find(id);
    if (!row)
        co_return fail(row.error());
    const QString known = row->job.id;
    const bool onlyHere = row->submission == Submission::Refused
        || !data->links->targets().contains(row->job.target);
    if (!onlyHere) {
        if (!jobEnded(row->job.state) && row->job.state != JobState::Unknown) {
            Error error{ErrorKind::Conflict, QStringLiteral("forget"), tr("The job has not ended."),
                jobStateName(row->job.state), tr("Cancel it first.")};
            co_return fail(error);
        }
        const auto place = data->place(row->job);
        if (!place)
            co_return fail(place.error());
        auto forgetting = (*place)->forget(context, permit, known);
        const auto done = co_await std::move(forgetting);
        if (!done && done.error().kind != ErrorKind::NotFound)
            co_return fail(done.error());
    }
    data->forgotten(known);
    co_return Result<>();
}

Task<Result<Job>> JobService::waitFor(Context context, QString id)
{
    const auto data = d;
    const auto now = find(id);
    if (!now || jobEnded(now->state))
        co_return now;
    Reply<Job> reply;
    JobServicePrivate::Waiter waiter{now->id, reply};
    data->waiters.push_back(waiter);
    const std::stop_callback stopped(
        context.stop(), [reply] { reply.finish(fail(cancelled(QStringLiteral("wait")))); });
    auto late = std::make_unique<QTimer>();
    if (!context.deadline().isForever()) {
        late->setSingleShot(true);
        QObject::connect(late.get(), &QTimer::timeout, late.get(), [reply] {
            reply.finish(
                fail(timedOut(QStringLiteral("wait"), tr("The job did not end in time."))));
        });
        late->start(int(std::min<qint64>(context.deadline().remainingTime(), INT_MAX)));
    }
    auto future = reply.future();
    co_return co_await std::move(future);
}

std::unique_ptr<AgentStream> JobService::readLog(
    const QString &id, quint64 offset, bool follow, LogHandlers handlers)
{
    const auto row = d->ledger->find(id);
    if (!row)
        return nullptr;
    const auto place = d->place(row->job);
    return place ? (*place)->readLog(row->job, offset, follow, std::move(handlers)) : nullptr;
}

} // namespace pilothouse
