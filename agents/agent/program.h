// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/fd.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::agent {

using Environment = std::map<std::string, std::string>;

/// What a job or a command of this user gets: the daemon's own environment without what belongs to
/// the login session it came from, with HOME, USER, LOGNAME, SHELL and PATH always set.
Environment loginEnvironment();
/// This process's own, as it is.
Environment processEnvironment();
/// Of tests, see agents/collectors/clock.h; supervisors get it, jobs do not.
inline constexpr const char *clockShiftVariable = "PILOTHOUSE_AGENT_CLOCK_SHIFT";
/// "NAME=value" strings; `pointers` has the closing null and points into `strings`.
struct EnvironmentBlock {
    explicit EnvironmentBlock(const Environment &environment);
    std::vector<std::string> strings;
    std::vector<char *> pointers;
};
std::vector<char *> argumentPointers(const std::vector<std::string> &arguments);

/// A name without a slash is looked up in `path`; nullopt with errno when there is none.
std::optional<std::string> findProgram(const std::string &name, const std::string &path);

struct SpawnOptions {
    std::string folder; ///< empty = stay
    int input = -1, output = -1, error = -1; ///< -1 = /dev/null
    int extra = -1; ///< becomes descriptor 3
    bool ownSession = false; ///< else its own process group
};
/// Starts a program with default signals. 0 or an errno value; never forks this process's memory.
int spawn(const std::string &program, const std::vector<std::string> &arguments,
    const Environment &environment, const SpawnOptions &options, pid_t &pid);

/// First line of `getent` or similar; empty when it fails. For names that libc would need NSS for.
std::string outputOf(const std::vector<std::string> &command);

struct User {
    std::string name, home, shell;
};
/// This user, from the environment and `getent passwd`; asked once.
const User &currentUser();

} // namespace pilothouse::agent
