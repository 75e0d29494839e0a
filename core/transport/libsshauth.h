// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/libsshsession.h"
#include "core/transport/resolvedhost.h"
#include "core/types/prompter.h"

namespace pilothouse {

/// Logs in on a session whose host key was accepted, in the order of PreferredAuthentications.
/// Gives what won: "public key ~/.ssh/id_ed25519", "public key from agent (work); then one-time
/// code". Denied when the server refused all there was, with what was tried as cause.
Task<Result<QString>> authenticate(Context context, std::shared_ptr<SshSession> session,
    std::shared_ptr<ResolvedHost> host, Prompter *prompter);

} // namespace pilothouse
