// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/folders.h"

namespace pilothouse::agent {

/// Asks the running daemon to go (HandOver; then TERM, then KILL if it does not) and waits until
/// its lock is free, 9 s at most: a console waits 15 s for the greeting. Its jobs go on in any
/// case. nullopt when it has gone, or a sentence for the user. `daemon` is what it wrote of itself;
/// without it there is nobody to send a signal to, so that it is only asked.
std::optional<std::string> handOver(
    const Folders &folders, const std::optional<DaemonInfo> &daemon, const std::string &reason);

} // namespace pilothouse::agent
