// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/telemetrysource.h"

#include "agents/collectors/gpuaccounts.h"
#include "agents/collectors/usernames.h"

#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace pilothouse::agent {

/// Lists processes when asked, and only then. One thread at a time.
class ProcessLister {
public:
    static constexpr std::size_t longestCommand = 512;
    static constexpr std::size_t mostStuck = 64; ///< in state D that are listed in any case

    explicit ProcessLister(std::filesystem::path root)
        : m_root(std::move(root))
        , m_users(m_root)
    {
    }

    /// Highest CPU first, at most `limit` (0 = 50), and besides every process of `gpus` and
    /// its ancestors, and
    /// those that cannot be stopped (state D). CPU is
    /// since the call before; for a process first seen now, since it started.
    std::vector<ProcessInfo> list(std::size_t limit,
        const std::unordered_map<uint32_t, std::vector<GpuUse>> &gpus,
        const std::function<std::string(uint32_t)> &jobOfPid);

    /// Whose a process is; of one that /proc does not have, nobody's.
    GpuOwner ownerOf(uint32_t pid, const std::function<std::string(uint32_t)> &jobOfPid);

private:
    struct Seen {
        uint64_t startTicks = 0, cpuTicks = 0;
    };
    struct Found;

    std::vector<Found> readAll();
    static std::unordered_set<uint32_t> ancestorsOf(
        const std::unordered_map<uint32_t, std::vector<GpuUse>> &gpus,
        const std::vector<Found> &all);
    bool readOne(const std::string &folder, Found &found);
    void describe(const Found &found, ProcessInfo &process);
    std::optional<uint32_t> userOf(uint32_t pid) const;

    std::filesystem::path m_root;
    UserNames m_users;
    std::unordered_map<uint32_t, Seen> m_before;
    int64_t m_beforeNs = 0;
};

/// A process's control group below the mount; empty when it has none or is gone.
std::string cgroupOf(const std::filesystem::path &root, uint32_t pid);

} // namespace pilothouse::agent
