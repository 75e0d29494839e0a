// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobplace.h"

#include <QCoreApplication>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("jobs", text);
}

namespace {

class EnginePlace : public JobPlace {
public:
    explicit EnginePlace(std::shared_ptr<Engine> engine)
        : m_engine(std::move(engine))
    {
    }

    Task<Result<Job>> submit(Context context, Permit permit, Job job) override
    {
        return m_engine->submit(context, permit, std::move(job));
    }

    Task<Result<QList<Job>>> find(Context context, QStringList ids) override
    {
        return m_engine->find(context, ids);
    }

    /// How long a job gets between TERM and KILL is the engine's own setting.
    Task<Result<Job>> cancel(Context context, Permit permit, Job job, int) override
    {
        auto cancelling = m_engine->act(context, permit, JobVerb::Cancel, job, {});
        const auto done = co_await std::move(cancelling);
        if (!done)
            co_return fail(done.error());
        auto looking = m_engine->find(context, {job.id});
        const auto found = co_await std::move(looking);
        if (!found)
            co_return fail(found.error());
        co_return found->isEmpty() ? job : found->first();
    }

    Task<Result<Job>> signal(Context, Permit, Job, int) override
    {
        co_return fail({ErrorKind::Unsupported, QStringLiteral("signal"),
            tr("%1 takes no signals for jobs.").arg(m_engine->name()), {}, {}});
    }

    /// The engine forgets by itself: nothing of it is ours to delete.
    Task<Result<>> forget(Context, Permit, QString) override { co_return Result<>(); }

    std::unique_ptr<AgentStream> readLog(
        const Job &job, quint64 offset, bool follow, LogHandlers handlers) override
    {
        return m_engine->readLog(job, offset, follow, std::move(handlers));
    }

private:
    std::shared_ptr<Engine> m_engine;
};

} // namespace

std::shared_ptr<JobPlace> enginePlace(std::shared_ptr<Engine> engine)
{
    return std::make_shared<EnginePlace>(std::move(engine));
}

} // namespace pilothouse
