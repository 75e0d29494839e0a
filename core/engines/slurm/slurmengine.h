// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/enginecontext.h"
#include "core/jobs/engine.h"

namespace pilothouse {

struct SlurmState;

/// One Slurm cluster through one login node, by its own programs. Our id is the beginning of a
/// job's comment: "ph:ID". An array is one job, its tasks are in Job::tasks.
class SlurmEngine : public Engine {
    Q_OBJECT

public:
    explicit SlurmEngine(EngineContext context, QObject *parent = nullptr);
    ~SlurmEngine() override;

    QString kind() const override { return QStringLiteral("slurm"); }
    QString target() const override;
    QString name() const override;

    Task<Result<EngineStatus>> status(Context context) override;
    Result<RenderedJob> render(const JobSpec &spec, const QString &jobId) const override;
    Task<Result<QString>> dryRun(Context context, JobSpec spec, QString jobId) override;
    Task<Result<Job>> submit(Context context, Permit permit, Job job) override;
    /// Of this user: what is queued, runs, or ended less than MinJobAge ago (Slurm's, 5 minutes as
    /// a rule); with accounting all. Conflict while one that is not found may still be on its way:
    /// look again. One that Slurm may have forgotten is in the answer with state Unknown, so that
    /// nobody sends it again.
    Task<Result<QList<Job>>> find(Context context, QStringList ids) override;
    Task<Result<QList<Job>>> jobs(Context context) override;

    VerbAnswer can(JobVerb verb, const Job &job) const override;
    QString previewOf(JobVerb verb, const Job &job, const QString &value) const override;
    Task<Result<>> act(
        Context context, Permit permit, JobVerb verb, Job job, QString value) override;
    Task<Result<Explanation>> why(Context context, Job job) override;
    std::unique_ptr<AgentStream> readLog(
        const Job &job, quint64 offset, bool follow, LogHandlers handlers) override;

private:
    std::shared_ptr<SlurmState> m_state; // shared with what is suspended
};

} // namespace pilothouse
