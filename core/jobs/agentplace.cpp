// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobplace.h"

namespace pilothouse {

QList<Job> byOurClock(const Link &link, QList<Job> jobs)
{
    for (Job &job : jobs) {
        for (auto *time : {&job.submittedAt, &job.startedAt, &job.endedAt})
            *time = link.clock->ourTime(*time);
    }
    return jobs;
}

namespace {

class AgentPlace : public JobPlace {
public:
    explicit AgentPlace(std::shared_ptr<const Link> link)
        : m_link(std::move(link))
    {
    }

    Task<Result<Job>> submit(Context context, Permit permit, Job job) override
    {
        auto sending = m_link->agent->submit(context, permit, job.id, job.spec);
        const auto answer = co_await std::move(sending);
        if (!answer)
            co_return fail(answer.error());
        co_return byOurClock(*m_link, {answer->job}).first();
    }

    Task<Result<QList<Job>>> find(Context context, QStringList ids) override
    {
        auto asking = m_link->agent->jobs(context, ids);
        const auto jobs = co_await std::move(asking);
        if (!jobs)
            co_return fail(jobs.error());
        co_return byOurClock(*m_link, *jobs);
    }

    Task<Result<Job>> cancel(Context context, Permit permit, Job job, int graceSeconds) override
    {
        auto cancelling = m_link->agent->cancel(context, permit, job.id, graceSeconds);
        const auto answer = co_await std::move(cancelling);
        co_return timed(answer);
    }

    Task<Result<Job>> signal(Context context, Permit permit, Job job, int number) override
    {
        auto signalling = m_link->agent->signal(context, permit, job.id, number);
        const auto answer = co_await std::move(signalling);
        co_return timed(answer);
    }

    Task<Result<>> forget(Context context, Permit permit, QString id) override
    {
        return m_link->agent->forget(context, permit, id);
    }

    std::unique_ptr<AgentStream> readLog(
        const Job &job, quint64 offset, bool follow, LogHandlers handlers) override
    {
        return m_link->agent->readLog(job.id, offset, follow, 0, std::move(handlers));
    }

private:
    Result<Job> timed(const Result<Job> &job) const
    {
        if (!job)
            return job;
        return byOurClock(*m_link, {*job}).first();
    }

    std::shared_ptr<const Link> m_link;
};

} // namespace

std::shared_ptr<JobPlace> agentPlace(std::shared_ptr<const Link> link)
{
    return std::make_shared<AgentPlace>(std::move(link));
}

} // namespace pilothouse
