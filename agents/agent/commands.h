// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace pilothouse::agent {

using Arguments = std::vector<std::string>;

/// The subcommands. Each gives the process's exit code: 0 done, 1 failed (a sentence on stderr),
/// 2 wrong arguments.
/// Bridge stdio to the daemon, starting it if needed. With --running only to one that runs already:
/// nothing is started, replaced or written; exit code 3 when there is none.
int runConnect(const Arguments &arguments);
int runServe(const Arguments &arguments); ///< be the daemon
int runSupervise(const Arguments &arguments); ///< run the job of a folder
int runInstall(const Arguments &arguments); ///< move this binary into place
int runStatus(const Arguments &arguments); ///< JSON on stdout
int runRemove(const Arguments &arguments); ///< take everything of ours away
int runSelfTest(const Arguments &arguments); ///< CPU and memory self-test

/// Prints "pilothouse-agent: SENTENCE" on stderr; gives 1.
int failed(const std::string &sentence);

} // namespace pilothouse::agent
