// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/collector.h"

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

private:
    struct Entry;
    void readOne(std::size_t place, int64_t boottimeNs);

    Registry &m_registry;
    TextBuffer m_buffer;
    std::vector<Entry> m_entries;
    uint64_t m_ticks = 0;
};

} // namespace pilothouse::agent
