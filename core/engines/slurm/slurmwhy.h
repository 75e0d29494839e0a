// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/slurm/slurmrecord.h"

#include <QList>

namespace pilothouse {

/// What is known when a job is explained. Pure input, so that recorded cases can be scored.
struct SlurmCase {
    QList<SlurmRecord> records; ///< of the job; an array has several
    QList<SlurmRecord> waiting; ///< all that wait in its partition; empty = not read
    QList<SlurmNode> nodes; ///< of its partition; empty = not read
    QString source = QStringLiteral("squeue"); ///< where `records` come from
};

Explanation explainSlurm(const SlurmCase &known);

} // namespace pilothouse
