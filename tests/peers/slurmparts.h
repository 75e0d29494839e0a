// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What slurm.cpp and slurmaccounts.cpp share.

#include <QString>

#include <functional>

namespace pilothouse {

QString slurmProgram(const QString &name); ///< empty = not installed
bool slurmEventually(const std::function<bool()> &holds); ///< false after half a minute

} // namespace pilothouse
