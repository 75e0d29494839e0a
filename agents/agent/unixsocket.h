// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/fd.h"

#include <filesystem>

namespace pilothouse::agent {

/// Listens on a unix socket (0600), taking away one that is left over. Invalid with errno on
/// failure. A path beyond the 107 bytes of sun_path is reached through /proc/self/fd.
Fd listenUnix(const std::filesystem::path &path);
Fd connectUnix(const std::filesystem::path &path);
/// Connects to a daemon of this user and reads its greeting (wire::magic), so that one that is
/// dying or hangs is not taken for one that serves. Invalid when there is none within `timeoutMs`.
Fd connectDaemon(const std::filesystem::path &path, int timeoutMs);
/// The user at the other end of a unix socket; -1 when unknown.
long peerUser(int fd);

} // namespace pilothouse::agent
