// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/engine.h"
#include "core/types/jobspec.h"

namespace pilothouse {

/// What one host's agent gets of a job: without a starter and secrets the spec itself, else a
/// command that has them in it. `hosts` are the hosts of a job on several, as the others reach
/// them, rank 0 first; an edited text (of one host) is read back first. MASTER_ADDR, MASTER_PORT,
/// NODE_RANK and WORLD_SIZE are in each part's environment, by which core/jobs/jobparts finds them
/// together.
Result<JobSpec> processPart(
    const JobSpec &spec, const QString &jobId, const QStringList &hosts = {}, int rank = 0);

/// One line for sh; for several hosts one `ssh HOST ...` each.
Result<RenderedJob> renderProcess(
    const JobSpec &spec, const QString &jobId, const QStringList &hosts = {});

/// The form from one host's line again: `base` with the line's folder, environment and command.
JobSpec readProcess(const QByteArray &text, JobSpec base, const QString &jobId = {});

} // namespace pilothouse
