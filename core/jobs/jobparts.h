// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"

#include <QList>

namespace pilothouse {

/// The jobs of all nodes that are one with `job`, it among them, by their rank. Their processes
/// meet at the same place, as torchrun and Slurm tell them (MASTER_ADDR, MASTER_PORT, WORLD_SIZE
/// and NODE_RANK in the environment), and they ran at the same time.
QList<Job> partsOf(const Job &job, const QList<Job> &all);

} // namespace pilothouse
