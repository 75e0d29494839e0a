// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/folders.h"

namespace pilothouse::agent {

/// Asks the running daemon to go (HandOver; then TERM, then KILL if it does not) and waits until
/// its lock is free. False when it still runs. Its jobs go on in any case.
bool handOver(const Folders &folders, const DaemonInfo &daemon, const std::string &reason);

} // namespace pilothouse::agent
