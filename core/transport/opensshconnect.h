// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/connector.h"
#include "core/transport/resolvedhost.h"

namespace pilothouse {

/// Stages Tcp to Authentication through the system's ssh program, with a JumpHost line for each
/// hop before. Its questions go to the prompter; a changed or revoked key stops it whatever
/// StrictHostKeyChecking says. Unsupported when there is no ssh program.
Task<Result<Connected>> connectOpenSsh(Context context, Target target,
    std::shared_ptr<ResolvedHost> host, Prompter *prompter, StageSink report);

} // namespace pilothouse
