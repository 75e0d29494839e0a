// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/telemetrysource.h"
#include "agents/collectors/kernelsource.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace pilothouse::agent {

/// Lets a few of a kind through and counts the rest. By the kernel's time, so that what is read
/// late is judged as it happened.
class KernelLimiter {
public:
    static constexpr int burst = 5; ///< at once, of one kind on one device
    static constexpr int64_t refillUs = 30'000'000; ///< then one in so long
    static constexpr std::size_t mostKeys = 256; ///< more kinds and devices share one place

    /// How many it stands for, those left out before included; 0 = it is left out.
    uint32_t admit(const KernelLine &line, int64_t us);

private:
    struct Bucket {
        double tokens = burst;
        int64_t us = 0;
        uint32_t leftOut = 0;
    };
    std::map<std::string, Bucket> m_buckets;
};

/// The kernel's messages that somebody should see: the newest few, each at once. Read by a thread
/// of its own, only while somebody asks for them; what came meanwhile is in the kernel's buffer.
/// Thread-safe.
class KernelLog {
public:
    static constexpr std::size_t mostKept = 128;

    explicit KernelLog(KernelSources sources = {}, int idleMs = 60'000, int retryMs = 60'000);
    ~KernelLog();

    /// Those after `number`, oldest first; at most mostKept. Returns at once.
    std::vector<KernelEvent> after(uint64_t number);
    /// Why they cannot be read; empty while nobody has asked, too.
    std::string trouble() const;

private:
    void run();
    bool isWanted() const;
    void serve(KernelSource &source);
    void take(const KernelRecord &record);

    const KernelSources m_sources;
    const int m_idleMs, m_retryMs;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<KernelEvent> m_events;
    std::string m_trouble;
    uint64_t m_number = 0;
    int64_t m_askedMs = 0;
    bool m_stop = false;
    std::thread m_thread;

    // Of the thread only.
    KernelLimiter m_limiter;
    int64_t m_newestUs = -1; ///< when the source was opened again: what is older is known
};

} // namespace pilothouse::agent
