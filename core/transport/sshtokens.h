// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/resolvedhost.h"

namespace pilothouse {

/// The home folder ssh itself works with: that of the account, whatever $HOME says.
QString sshHome();

/// Expands what `ssh -G` leaves as written in paths: `~`, `~user`, ${VARIABLE} and the % tokens of
/// ssh_config. An unknown token or variable stays as it is.
QString expandSshPath(const QString &path, const ResolvedHost &host);

} // namespace pilothouse
