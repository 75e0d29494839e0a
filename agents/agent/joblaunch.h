// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/fd.h"
#include "agents/agent/program.h"

#include "pilothouse/agent/v1/agent.pb.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pilothouse::agent {

/// A job's command line and environment, ready for exec.
struct JobCommand {
    std::string program;
    std::vector<std::string> arguments;
    /// Tried when the first may not be executed where it lies (noexec): empty = none.
    std::vector<std::string> fallback;
    Environment environment;
    std::string folder;
    std::string trouble; ///< why there is nothing to run; then exitCode is what a shell would give
    int exitCode = 127;
};

/// `base` is the supervisor's own environment. Writes the script, when there is one, into `folder`.
JobCommand prepareJob(const v1::Job &job, const std::filesystem::path &folder, Environment base);

/// A forked child that waits for `release` before it executes the command, so that nothing runs
/// before it is on record. A supervisor that dies meanwhile releases nothing.
class JobProcess {
public:
    /// 0 or an errno value.
    int start(const JobCommand &command, int log);
    /// Lets it run. What became of it shows only later: its folder may be on a disk that hangs.
    void release();
    /// Once it has ended: empty, or why it could not be executed (exitCode is then what a shell
    /// gives).
    std::string trouble(int &exitCode);
    pid_t pid() const { return m_pid; }

private:
    pid_t m_pid = 0;
    Fd m_gate, m_word;
    std::string m_program, m_folder;
    bool m_script = false;
};

} // namespace pilothouse::agent
