// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/fd.h"
#include "agents/collectors/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::agent {

/// A few fields of /proc/PID/stat.
struct ProcessStat {
    int pid = 0;
    char state = '?';
    int parent = 0, group = 0, session = 0;
    uint64_t start = 0; ///< clock ticks since boot; with the pid and the boot id it names a process
    uint64_t residentBytes = 0;
    bool dead() const { return state == 'Z' || state == 'X'; }
};

std::optional<ProcessStat> parseProcessStat(std::string_view text);
std::optional<ProcessStat> processStat(int pid);
std::vector<ProcessStat> allProcesses();
std::string bootId();

/// The very process that had this pid, start time and boot, and it is no zombie.
bool isAlive(int pid, uint64_t start, const std::string &boot);
/// A pidfd of exactly that process, or none (gone, or a kernel without pidfds).
Fd openProcess(int pid, uint64_t start);
/// Sends a signal, with a number beside it, to exactly that process. 0 or an errno value.
int signalProcess(int pid, uint64_t start, int number, int value = 0);

/// Every living process below `root`, without it.
std::vector<ProcessStat> descendants(int root);
/// Every living process of a session.
std::vector<ProcessStat> ofSession(int session);

} // namespace pilothouse::agent
