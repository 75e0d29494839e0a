// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/sshconfig.h"

namespace pilothouse {

/// "-F FILE" when $PILOTHOUSE_SSH_CONFIG names one (tests do); else ssh's own files are used.
QStringList sshConfigArguments();
/// What stands in for a Host block of a target that was added by hand. BadInput for what ssh would
/// take for something else.
Result<QStringList> manualOptions(const Target &target);
/// The word that ssh is given. BadInput for names it would take for an option.
Result<QString> sshDestination(const Target &target);

/// One `ssh -G`, cached until one of the configuration files it read (or a folder of them) changes.
/// The ssh program is given 15 s: a Match exec may take its time.
Task<Result<ParsedSshG>> askSshG(Context context, QString alias, QStringList options);

} // namespace pilothouse
