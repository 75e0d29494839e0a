// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/engine.h"
#include "core/session/link.h"

#include <memory>

namespace pilothouse {

/// Where the jobs of one engine on one target are reached just now: an agent, or an engine of the
/// user's. What it says of jobs has its times by our clock. Whoever awaits a call keeps it alive.
class JobPlace {
public:
    virtual ~JobPlace() = default;
    virtual Task<Result<Job>> submit(Context context, Permit permit, Job job) = 0;
    /// Ids that are not in the answer are not there.
    virtual Task<Result<QList<Job>>> find(Context context, QStringList ids) = 0;
    virtual Task<Result<Job>> cancel(Context context, Permit permit, Job job, int graceSeconds) = 0;
    virtual Task<Result<Job>> signal(Context context, Permit permit, Job job, int number) = 0;
    /// NotFound when it was not there.
    virtual Task<Result<>> forget(Context context, Permit permit, QString id) = 0;
    virtual std::unique_ptr<AgentStream> readLog(
        const Job &job, quint64 offset, bool follow, LogHandlers handlers)
        = 0;
};

/// By the agent of a link that has one.
std::shared_ptr<JobPlace> agentPlace(std::shared_ptr<const Link> link);
std::shared_ptr<JobPlace> enginePlace(std::shared_ptr<Engine> engine);

/// What an agent says of jobs, with its times by our clock.
QList<Job> byOurClock(const Link &link, QList<Job> jobs);

} // namespace pilothouse
