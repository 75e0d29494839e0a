// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/descriptor.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace pilothouse::agent {

/// A child and two ends that never block: what it prints, and how far its start has come.
struct StartedChild {
    pid_t pid = 0; ///< 0 = there is none
    Descriptor out, start;
};

/// Starts a program (a path, then its arguments). Does not wait for execve(), as posix_spawn()
/// does: that can hang where the program lies on a dead file server.
StartedChild startChild(const std::vector<std::string> &words);

enum class StartState { Pending, Done, Failed };
/// Of the `start` of a child. Done as well for one that was killed before.
StartState startStateOf(const Descriptor &start);

} // namespace pilothouse::agent
