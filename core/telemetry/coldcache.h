// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/coldblock.h"

#include <list>
#include <unordered_map>

namespace pilothouse {

/// Blocks on disk that were read lately, decoded. At most `most` bytes stay; a query that is under
/// way may hold more, a few blocks at a time. Any thread.
class ColdCache {
public:
    explicit ColdCache(std::size_t most)
        : m_most(most)
    {
    }
    /// Made when it is not there; nothing of it is read yet then. Of a file that is gone it is not
    /// kept.
    std::shared_ptr<ColdBlock> block(const BlockRef &ref);
    /// Lets go of the blocks of a file (FrameFile::id()) that is gone: they kept it open.
    void forget(quint64 file);
    /// Lets go of what was not used for longest; after something was read.
    void trim();
    std::size_t bytes() const { return m_bytes->load(); }

private:
    using Used = std::list<std::pair<quint64, std::shared_ptr<ColdBlock>>>; // newest first

    const std::size_t m_most;
    const std::shared_ptr<std::atomic<std::size_t>> m_bytes
        = std::make_shared<std::atomic<std::size_t>>(0);
    std::mutex m_mutex;
    Used m_used;
    std::unordered_map<quint64, Used::iterator> m_places;
};

} // namespace pilothouse
