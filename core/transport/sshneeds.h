// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/sshconfig.h"

#include <QHash>

namespace pilothouse {

/// Values of an `ssh -G` answer by their lower-case keyword.
using SshGValues = QHash<QString, QStringList>;

/// Options that libssh 0.10 cannot honour, by their names in ssh_config.
QStringList neededByOptions(const SshGValues &values, const ResolvedHost &host);
/// What the files say: certificates beside identities, keys on tokens, host CAs. Reads files.
QStringList neededByFiles(const ParsedSshG &parsed);

} // namespace pilothouse
