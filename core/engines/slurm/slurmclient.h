// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/commandrunner.h"
#include "core/engines/slurm/slurmrecord.h"

namespace pilothouse {

/// What a Slurm program's failure means. Unreachable: the controller did not answer, so it is open
/// whether it got the request.
Error slurmError(const QString &program, const Output &output);

/// Slurm's programs on a login node. Main thread; every call names its own time limit.
class SlurmClient {
public:
    explicit SlurmClient(std::shared_ptr<CommandRunner> runner)
        : m_runner(std::move(runner))
    {
    }
    /// A question; its standard output. Times in it are Unix seconds.
    Task<Result<QByteArray>> ask(Context context, QStringList argv) const;
    /// A question whose exit code says something itself.
    Task<Result<Output>> look(Context context, QStringList argv, QByteArray input = {}) const;
    Task<Result<QByteArray>> change(
        Context context, Permit permit, QStringList argv, QByteArray input = {}) const;

    /// Records of jobs; `which`: more arguments for squeue. As text; as JSON from a version that
    /// does not know our format.
    Task<Result<QList<SlurmRecord>>> records(
        Context context, QStringList which, bool detailed = false) const;
    /// The same from accounting, since a time (Unix seconds); `which`: more arguments for sacct.
    Task<Result<QList<SlurmRecord>>> accounted(
        Context context, qint64 since, QStringList which = {}) const;
    /// Nodes, one for each partition of each; empty partition = all.
    Task<Result<QList<SlurmNode>>> nodes(Context context, QString partition = {}) const;

private:
    std::shared_ptr<CommandRunner> m_runner;
};

} // namespace pilothouse
