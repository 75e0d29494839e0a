// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/knownhosts.h"
#include "core/transport/resolvedhost.h"
#include "core/types/prompter.h"

namespace pilothouse {

/// The name under which known_hosts has this host.
QString knownHostsNameOf(const ResolvedHost &host);
/// Both lists of files, the user's first; "none" left out.
QStringList knownHostsFiles(const ResolvedHost &host);

/// Judges a shown key as StrictHostKeyChecking says, asks and saves when it says so. Gives the line
/// of the report: "ED25519 SHA256:..., known". A changed or revoked key is ErrorKind::HostKey,
/// never asked.
Task<Result<QString>> checkHostKey(
    Context context, std::shared_ptr<ResolvedHost> host, HostKey key, Prompter *prompter);

} // namespace pilothouse
