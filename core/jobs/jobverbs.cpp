// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What only jobs on engines know: holding, releasing, priorities, why they wait.
#include "core/jobs/jobserviceprivate.h"
#include "core/jobs/why.h"

namespace pilothouse {

/// Null for a job of the agent, and when its engine is not there now.
static std::shared_ptr<Engine> engineOf(const JobServicePrivate &d, const Job &job)
{
    return d.engines ? d.engines->engine(job.engine, job.target) : nullptr;
}

VerbAnswer JobService::can(const QString &id, JobVerb verb) const
{
    const auto job = find(id);
    if (!job || job->engine == QLatin1String("process"))
        return {VerbAnswer::Kind::Absent, {}};
    if (const auto engine = engineOf(*d, *job))
        return engine->can(verb, *job);
    return {VerbAnswer::Kind::Refused, d->place(*job).error().message};
}

QString JobService::previewOf(const QString &id, JobVerb verb, const QString &value) const
{
    const auto job = find(id);
    const auto engine = job ? engineOf(*d, *job) : nullptr;
    return engine ? engine->previewOf(verb, *job, value) : QString();
}

Task<Result<Job>> JobService::act(
    Context context, Permit permit, QString id, JobVerb verb, QString value)
{
    const auto data = d;
    const auto row = data->ledger->find(id);
    if (!row)
        co_return fail(row.error());
    const Job job = row->job;
    const auto engine = data->engines ? data->engines->engine(job.engine, job.target) : nullptr;
    if (!engine) {
        const auto place = data->place(job);
        Error error{ErrorKind::Unsupported, QStringLiteral("jobs"),
            tr("Jobs of the agent are started at once: they have no queue."), {}, {}};
        co_return fail(place ? error : place.error());
    }
    auto acting = engine->act(context, permit, verb, job, value);
    const auto done = co_await std::move(acting);
    if (!done)
        co_return fail(done.error());
    auto looking = engine->find(context, {job.id});
    if (const auto found = co_await std::move(looking); found)
        data->merge(job.target, *found);
    co_return data->job(job.id);
}

Task<Result<Explanation>> JobService::why(Context context, QString id)
{
    const auto data = d;
    const auto job = find(id);
    if (!job)
        co_return fail(job.error());
    const auto engine = data->engines ? data->engines->engine(job->engine, job->target) : nullptr;
    if (engine) {
        auto asking = engine->why(context, *job);
        co_return co_await std::move(asking);
    }
    const auto place = data->place(*job);
    if (!place)
        co_return fail(place.error());
    co_return explainOwn(*job);
}

} // namespace pilothouse
