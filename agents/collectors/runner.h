// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/collector.h"

#include <mutex>

namespace pilothouse::agent {

/// Reads all collectors once per tick, times each, and goes on when one fails. Sampling thread
/// only.
class Runner {
public:
    Runner(const std::filesystem::path &root, Registry &registry,
        std::span<const CollectorInfo *const> infos = collectors());
    ~Runner();

    /// One tick; afterwards registry.values() are its values.
    void sample(int64_t boottimeNs);
    /// Accelerators of all collectors. Any thread.
    std::vector<DeviceInfo> devices() const;

private:
    struct Entry;
    void readOne(std::size_t place, int64_t boottimeNs);
    void takeDevices(const Entry &entry);

    Registry &m_registry;
    TextBuffer m_buffer;
    std::vector<Entry> m_entries;
    uint64_t m_ticks = 0;
    mutable std::mutex m_mutex;
    std::vector<DeviceInfo> m_devices;
};

} // namespace pilothouse::agent
