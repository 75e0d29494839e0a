// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/agentclient.h"
#include "core/base/permit.h"
#include "core/base/task.h"
#include "core/types/engine.h"
#include "core/types/job.h"

#include <QObject>

#include <memory>

namespace pilothouse {

/// Something of the user's that runs jobs: one Slurm cluster through one login node, one kubeconfig
/// context, one Ray head, one Docker daemon. Main thread. Every job of ours carries its id inside
/// the engine's own record, so that a doubtful submission is resolved by looking it up.
class Engine : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    virtual QString kind() const = 0; ///< "slurm"; with target() its identity
    virtual QString target() const = 0; ///< Target::id that it is reached through
    virtual QString name() const = 0; ///< as shown: the cluster's name

    virtual Task<Result<EngineStatus>> status(Context context) = 0;
    /// Pure. BadInput when the spec makes no job.
    virtual Result<RenderedJob> render(const JobSpec &spec, const QString &jobId) const = 0;
    /// What the engine's own dry run says; Unsupported where it has none.
    virtual Task<Result<QString>> dryRun(Context context, JobSpec spec, QString jobId) = 0;

    /// Sends it once. Unreachable, Timeout and Cancelled leave open whether it arrived; every other
    /// error proves that it did not start.
    virtual Task<Result<Job>> submit(Context context, Permit permit, Job job) = 0;
    /// Jobs of ours by id, ended ones as long as the engine remembers them. Ids that are not in the
    /// answer are not there: an answer that could not be complete is an error.
    virtual Task<Result<QList<Job>>> find(Context context, QStringList ids) = 0;
    /// All that this user may see. Jobs that are not ours have id "KIND:TARGET:NATIVE".
    virtual Task<Result<QList<Job>>> jobs(Context context) = 0;

    virtual VerbAnswer can(JobVerb verb, const Job &job) const = 0;
    virtual QString previewOf(JobVerb verb, const Job &job, const QString &value) const = 0;
    /// `value`: the priority, or the new time limit in seconds.
    virtual Task<Result<>> act(Context context, Permit permit, JobVerb verb, Job job, QString value)
        = 0;
    virtual Task<Result<Explanation>> why(Context context, Job job) = 0;
    /// Its output from a byte offset; handlers as for a job of the agent.
    virtual std::unique_ptr<AgentStream> readLog(
        const Job &job, quint64 offset, bool follow, LogHandlers handlers)
        = 0;
};

} // namespace pilothouse
