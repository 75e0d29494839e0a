// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/slurm/slurmrecord.h"

namespace pilothouse {

/// What one of Slurm's reasons means ("Resources", "QOSMaxGRESPerUser"), for a job that waits.
/// Category Unknown: Slurm has reasons that we do not know; the sentence then only quotes it.
Explanation explainSlurmReason(const QString &reason);

/// How a job ended, for one that did not succeed.
Explanation explainSlurmEnd(const SlurmRecord &record);

} // namespace pilothouse
