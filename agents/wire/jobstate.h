// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::wire {

enum class JobPhase { Queued, Running, Succeeded, Failed, Cancelled, Lost };

/// The `status` file in a job's folder, written by its supervisor (and by the daemon for a job
/// whose supervisor is gone). Text: a first line, `key=value` lines, a last line `end`; unknown
/// keys are skipped, so that an older agent reads what a newer one wrote.
struct JobStatus {
    JobPhase phase = JobPhase::Queued;
    std::string bootId; ///< of the boot that the pids below belong to
    int supervisorPid = 0;
    uint64_t supervisorStart = 0; ///< field 22 of /proc/PID/stat: tells a reused pid
    int pid = 0; ///< the job's main process, leader of its process group; 0 = never started
    uint64_t pidStart = 0;
    int64_t startedNs = 0, endedNs = 0; ///< Unix nanoseconds, 0 = not yet or unknown
    bool hasExit = false;
    int exitCode = 0;
    int signal = 0; ///< 0 = none
    uint64_t peakMemoryBytes = 0; ///< 0 = unknown
    std::string reason; ///< one sentence, may be empty

    bool operator==(const JobStatus &) const = default;
    bool ended() const { return phase != JobPhase::Queued && phase != JobPhase::Running; }
};

std::string formatJobStatus(const JobStatus &status);
/// nullopt: another format, damaged or cut off.
std::optional<JobStatus> parseJobStatus(std::string_view text);

} // namespace pilothouse::wire
