// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/slurm/slurmrecord.h"

#include <QList>
#include <QMap>

namespace pilothouse {

/// GPUs of nodes by type. Those of nodes that are down, drained or not answering count as there,
/// but not as free.
QList<GpuPool> slurmPools(const QList<SlurmNode> &nodes);

/// The partitions with their GPUs; `limits`: "Name=value" pairs of each (scontrol show partition).
QList<EngineQueue> slurmQueues(
    const QList<SlurmNode> &nodes, const QList<QMap<QString, QString>> &limits);

} // namespace pilothouse
