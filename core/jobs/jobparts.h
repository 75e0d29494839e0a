// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"

#include <QList>

namespace pilothouse {

/// Where a job's processes meet, as torchrun and Slurm tell them (MASTER_ADDR, MASTER_PORT and
/// WORLD_SIZE in the environment): the same for all its parts, whatever nodes they run on.
QString meetingPlace(const Job &job);

/// The jobs of all nodes that are one with `job`, it among them, by their NODE_RANK: they meet at
/// the same place and ran at the same time.
QList<Job> partsOf(const Job &job, const QList<Job> &all);

} // namespace pilothouse
