// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/slurm/slurmrecord.h"
#include "core/types/job.h"

#include <QList>

namespace pilothouse {

/// Slurm's word for a state ("PENDING", "OUT_OF_MEMORY") as ours.
JobState slurmState(const QString &state);

/// Our id in a comment of the form "ph:ID theirs"; empty when there is none.
QString slurmCommentId(const QString &comment);
/// The comment for a job of ours, with the user's own behind it, as long as Slurm takes it.
QString slurmComment(const QString &jobId, const QString &theirs);
/// Most bytes that slurmctld takes for a name or a comment.
inline constexpr qsizetype slurmLongest = 1024;

/// Records of one job (an array has several) as a job. `target`: Target::id; `seenAt`: Unix ms.
Job slurmJob(const QList<SlurmRecord> &records, const QString &target, qint64 seenAt);
/// All records, arrays put together, in the order in which they came.
QList<Job> slurmJobs(const QList<SlurmRecord> &records, const QString &target, qint64 seenAt);

/// The number that Slurm's commands take for the whole job: "2" of "2_[4-9%2]".
QString slurmNumber(const QString &nativeId);

} // namespace pilothouse
