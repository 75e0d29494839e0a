// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/fd.h"
#include "agents/agent/joblaunch.h"
#include "agents/agent/statuswriter.h"

#include <filesystem>

struct rusage;

namespace pilothouse::agent {

/// One job from claim to end; a process of its own with one thread (`pilothouse-agent supervise
/// FOLDER`), session leader and reaper of everything the job leaves behind.
///
/// A job ends when its main process ends, as in Slurm. What that leaves running is then ended too
/// (TERM, KILL after five seconds) and counted in the reason. TERM to the supervisor itself (a host
/// that shuts down) is passed on to the job. USR1 with a number: cancel, with
/// that many seconds between TERM and KILL.
class Supervisor {
public:
    explicit Supervisor(std::filesystem::path folder);
    int run();

private:
    enum class Ending { None, Cancelled, TimeLimit, Shutdown };

    bool begin(); ///< claims, prepares, starts; false: nothing is left to do
    void watch(); ///< until the main process has ended
    void onSignals();
    void onTimers();
    void reap();
    void lookForCancel();
    void endJob(Ending why, unsigned graceSeconds);
    void sampleMemory();
    int timeoutMs() const;
    void finish();
    std::size_t endLeftovers();
    void neverStarted(const std::string &reason, int exitCode);
    void record(); ///< writes m_status, again and again while the disk is full

    std::filesystem::path m_folder;
    StatusWriter m_writer;
    wire::JobStatus m_status;
    v1::Job m_job;
    JobProcess m_process;
    Fd m_signals;
    bool m_mainEnded = false;
    int m_waitStatus = 0;
    Ending m_ending = Ending::None;
    int64_t m_killAt = 0, m_limitAt = 0, m_sampleAt = 0, m_sampleEvery = 0; ///< CLOCK_BOOTTIME ns
};

} // namespace pilothouse::agent
