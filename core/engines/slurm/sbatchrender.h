// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/engine.h"
#include "core/types/jobspec.h"

#include <QHash>

namespace pilothouse {

/// The batch script for a spec: its own text for Slurm when it has one, else its script with the
/// directives put in, else a script made for its command. `natives`: Slurm's numbers of jobs of
/// ours. BadInput when the spec makes no job.
Result<RenderedJob> renderSbatch(
    const JobSpec &spec, const QString &jobId, const QHash<QString, QString> &natives);

/// What sends it; the script goes to its standard input.
QStringList sbatchCall(const QByteArray &text, const QString &jobId);

} // namespace pilothouse
