// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/target.h"

#include <QStringList>

namespace pilothouse {

/// The command a terminal runs for a target: `ssh ALIAS`, or with what was entered for it.
QStringList terminalCommand(const Target &target);
/// Starts the user's terminal program with it: $TERMINAL, then what the desktop has. Detached.
Result<> startTerminal(const Target &target);

} // namespace pilothouse
