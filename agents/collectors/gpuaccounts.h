// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/telemetrysource.h"

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>

namespace pilothouse::agent {

/// A process on a device, and how busy it keeps the device (1 = wholly, < 0 = not known).
struct GpuHolder {
    uint32_t pid = 0;
    double busy = -1;
};

/// One whole device at a moment. `joules` counts up, `watts` is now; < 0 = not known.
struct GpuHolding {
    std::string device;
    double joules = -1, watts = -1;
    std::vector<GpuHolder> holders;
};

/// Whose a process is: one of our jobs, or else its control group and user.
struct GpuOwner {
    std::string job, cgroup, user;
    auto operator<=>(const GpuOwner &) const = default;
};

/// GPU-seconds and energy by owner. Between two moments a device's time and energy go to those who
/// hold it at the second: to one alone, else by how busy each keeps it, else in equal parts; what a
/// device takes while nobody holds it is nobody's. Partitions count as their whole device. A
/// process that comes and goes between two moments is not seen. Kept in a file, so that a restart
/// of the agent loses a minute at most. Thread-safe.
class GpuAccounts {
public:
    static constexpr std::size_t mostOwners = 1024;
    static constexpr int64_t keptNs = 86'400'000'000'000, keptJobsNs = 30 * keptNs;
    static constexpr int64_t longestNs = 30'000'000'000; ///< a longer gap is not counted

    /// `file` may be empty: in memory only.
    explicit GpuAccounts(std::filesystem::path file);
    ~GpuAccounts(); ///< saves

    using OwnerOf = std::function<GpuOwner(uint32_t pid)>;
    /// One moment; `ownerOf` is called without a lock held.
    void take(const std::vector<GpuHolding> &holdings, int64_t boottimeNs, int64_t wallNs,
        const OwnerOf &ownerOf);
    /// All of the last day, or the one of a job whenever it ran.
    std::vector<GpuAccount> accounts(const std::string &job, int64_t wallNs) const;

private:
    struct Before {
        double joules = -1;
        int64_t boottimeNs = 0;
    };
    void load();
    void save() const;
    void forgetOld(int64_t wallNs);

    const std::filesystem::path m_file;
    mutable std::mutex m_mutex;
    std::map<GpuOwner, GpuAccount> m_accounts;
    std::map<std::string, Before> m_before; ///< by device; of take() only
    int64_t m_savedNs = 0;
};

} // namespace pilothouse::agent
