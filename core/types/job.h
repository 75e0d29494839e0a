// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/jobspec.h"

#include <QMetaType>

#include <optional>

namespace pilothouse {

enum class JobState { Queued, Running, Succeeded, Failed, Cancelled, Lost, Unknown };
QString jobStateName(JobState state); ///< "queued", "running", ...
std::optional<JobState> jobStateFromName(const QString &name);
/// Succeeded, failed, cancelled or lost: nothing more will happen.
bool jobEnded(JobState state);

/// One task of an array, or several that an engine keeps as one record while they wait.
struct JobTask {
    QString nativeId; ///< "2_3"; "2_[4-9%2]" for several
    int count = 1;
    JobState state = JobState::Unknown;
    std::optional<int> exitCode, signal;
    qint64 startedAt = 0, endedAt = 0; ///< Unix ms, 0 = not yet or unknown
    QString reason, nodes;
    int restarts = 0;
    bool operator==(const JobTask &) const = default;
};

/// One job as known now. Times are Unix milliseconds, 0 = not yet or unknown.
struct Job {
    QString id; ///< ours, made before anything was sent
    QString target; ///< Target::id
    QString engine = QStringLiteral("process"); ///< Engine::kind
    QString nativeId; ///< the engine's own: a Slurm job id, a pod's Job, a container; empty = ours
    QString user; ///< whose it is, as the node or engine names them; empty = not known
    JobSpec spec;
    JobState state = JobState::Unknown;
    std::optional<int> exitCode;
    std::optional<int> signal;
    qint64 submittedAt = 0, startedAt = 0, endedAt = 0;
    std::optional<quint64> peakMemoryBytes;
    QStringList gpuUuids;
    /// Of the node's GPUs, by its processes; nothing when they were not seen on one.
    std::optional<double> gpuSeconds, busyGpuSeconds, energyJoules;
    QString reason;
    QString nodes; ///< where it runs or ran, as the engine writes it: "gpu[01-02]"
    int restarts = 0; ///< attempts after the first under the same native id, as the engine counts
    QList<JobTask> tasks; ///< of an array, as far as the engine remembers them; never stored
    quint64 logBytes = 0;
    qint64 seenAt = 0; ///< when the node last told us
    bool stale = false; ///< its target is not connected: all of it is as of seenAt; never stored

    /// Its name, or what tells it apart when it has none.
    QString shownName() const { return spec.name.isEmpty() ? id.left(10) : spec.name; }
    bool operator==(const Job &) const = default;
};

} // namespace pilothouse

Q_DECLARE_METATYPE(pilothouse::Job)
