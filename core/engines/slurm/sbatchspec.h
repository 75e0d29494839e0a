// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/slurm/sbatchscript.h"
#include "core/types/jobspec.h"

#include <QHash>
#include <QStringList>

namespace pilothouse {

/// An sbatch file as a spec: what its directives say of the form's fields, the bytes as script and
/// in texts["slurm"].
JobSpec importSbatch(const QByteArray &text);

/// Changes those directives of a script in which `spec` says something else; all other bytes stay.
/// `natives`: Slurm's numbers of jobs of ours, for dependencies. Gives what could not be changed.
QStringList editSbatch(
    SbatchScript &script, const JobSpec &spec, const QHash<QString, QString> &natives);

/// The same for a form that was changed: only what differs between `before` and `after`.
QStringList editSbatch(SbatchScript &script, const JobSpec &before, const JobSpec &after,
    const QHash<QString, QString> &natives);

/// The form from a text that was changed: `base` with what the directives say.
JobSpec readSbatch(const QByteArray &text, const JobSpec &base);

/// The dependency as --dependency takes it; nothing when a job of ours has no number yet.
std::optional<QString> slurmDependency(
    const QList<JobDependency> &after, const QHash<QString, QString> &natives);

} // namespace pilothouse
