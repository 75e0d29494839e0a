// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/engines/slurm/slurmrecord.h"

#include <QList>

namespace pilothouse {

/// Jobs in what `squeue --json`, `scontrol show job --json` or slurmrestd give, in any of the
/// shapes from data parser v0.0.36 (Slurm 20.11) to v0.0.43 (25.05): plain numbers or {set,
/// infinite, number}, a state or a list of states, exit codes as wait() gives them or as a
/// structure. Lines that a site prints in front of the JSON are passed over. BadReply when there
/// is no JSON, Slurm's own errors in it as they are.
Result<QList<SlurmRecord>> slurmJsonJobs(const QByteArray &text);
/// Nodes in what `sinfo --json` (up to 22.05), `scontrol show nodes --json` or slurmrestd give; one
/// for each partition of a node.
Result<QList<SlurmNode>> slurmJsonNodes(const QByteArray &text);
/// "v0.0.38": what meta says; empty when it says nothing.
QString slurmJsonParser(const QByteArray &text);

} // namespace pilothouse
