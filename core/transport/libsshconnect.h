// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/connector.h"
#include "core/transport/resolvedhost.h"

namespace pilothouse {

class SshSession;

/// Stages Tcp to Authentication through libssh, with a JumpHost line for each hop before.
/// Unsupported when libssh lacks what the server or the configuration wants: system ssh may do it.
Task<Result<Connected>> connectLibssh(Context context, Target target,
    std::shared_ptr<ResolvedHost> host, Prompter *prompter, StageSink report);

/// One hop or target: connected, key accepted, logged in.
Task<Result<std::shared_ptr<SshSession>>> establish(Context context,
    std::shared_ptr<ResolvedHost> host, std::shared_ptr<SshSession> via, Prompter *prompter,
    StageSink report);

/// "mia@10.2.0.41", with the port when it is not 22.
QString displayName(const ResolvedHost &host);

} // namespace pilothouse
