// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/coldcache.h"

namespace pilothouse {

std::shared_ptr<ColdBlock> ColdCache::block(const BlockRef &ref)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_places.find(ref.place); found != m_places.end()) {
        m_used.splice(m_used.begin(), m_used, found->second);
        return found->second->second;
    }
    m_used.emplace_front(ref.place, std::make_shared<ColdBlock>(ref, m_bytes));
    m_places.emplace(ref.place, m_used.begin());
    return m_used.front().second;
}

void ColdCache::trim()
{
    if (bytes() <= m_most)
        return;
    Used gone; // freed behind the lock
    const std::lock_guard lock(m_mutex);
    // What others still hold counts until they are done: do not wait for it.
    std::size_t left = bytes();
    while (left > m_most && !m_used.empty()) {
        left -= std::min(left, m_used.back().second->bytes());
        m_places.erase(m_used.back().first);
        gone.splice(gone.begin(), m_used, std::prev(m_used.end()));
    }
}

} // namespace pilothouse
