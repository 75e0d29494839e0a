// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/transport.h"
#include "core/types/prompter.h"
#include "core/types/stage.h"
#include "core/types/target.h"

namespace pilothouse {

/// A transport that is up: authenticated, not yet looked at (shell and platform come after).
struct Connected {
    std::shared_ptr<Transport> transport;
    QString why; ///< "libssh, chosen by itself: nothing in the configuration needs more."
    QString summary; ///< "mia@10.2.0.41 via bastion"
};

/// Brings a transport up for a target: stages Resolve to Authentication, in that order, each
/// reported. Chooses local, libssh or openssh (target.transport overrides).
/// The prompter must outlive the call.
Task<Result<Connected>> connectTransport(
    Context context, Target target, Prompter *prompter, StageSink report);

} // namespace pilothouse
