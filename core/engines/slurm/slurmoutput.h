// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"

namespace pilothouse {

/// StdOut in what `scontrol show job` printed for one job or task; empty = not said.
QString slurmStdOut(const QByteArray &text);

/// Where a job writes by its own script, for one that Slurm has forgotten: --output with %j, %A,
/// %a, %x, %u and widths (%4j) filled in, below its folder. `nativeId`: "7" or "2_3".
QString slurmOutputPath(const Job &job, const QString &nativeId);

/// The job or the task of an array whose output is shown: the job's own number, or its first task
/// that has started.
QString slurmOutputId(const Job &job);

} // namespace pilothouse
