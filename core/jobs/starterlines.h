// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Private to core/jobs
#pragma once

#include "core/jobs/starters.h"

namespace pilothouse {

bool isStarter(const QString &name);
/// Starters whose one process on a node starts the others there.
bool oncePerNode(const QString &starter);

/// What runs a spec's script: its interpreter, when its first line names none. With a starter,
/// "python3" for a script of Python, so that the starter runs it as such.
QStringList scriptProgram(const JobSpec &spec);

/// JAX and TensorFlow find each other by variables, on one node too.
bool readsVariables(const QString &starter);
/// Those variables. May add to `made.once` (Slurm knows the hosts there).
QByteArray starterLines(
    const JobSpec &spec, const QString &kind, const StarterPlace &place, WrappedCommand &made);

/// The line that is the program from then on, on "$@".
QByteArray runLine(const JobSpec &spec, bool several);

} // namespace pilothouse
