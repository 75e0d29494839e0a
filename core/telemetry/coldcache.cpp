// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/coldcache.h"

#include "core/telemetry/framefile.h"

namespace pilothouse {

std::shared_ptr<ColdBlock> ColdCache::block(const BlockRef &ref)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_places.find(ref.place); found != m_places.end()) {
        m_used.splice(m_used.begin(), m_used, found->second);
        return found->second->second;
    }
    if (ref.file->isGone()) // asked inside the lock: forget() comes later, or came already
        return std::make_shared<ColdBlock>(ref, m_bytes);
    m_used.emplace_front(ref.place, std::make_shared<ColdBlock>(ref, m_bytes));
    m_places.emplace(ref.place, m_used.begin());
    return m_used.front().second;
}

void ColdCache::forget(quint64 file)
{
    Used gone; // freed behind the lock
    const std::lock_guard lock(m_mutex);
    for (auto one = m_used.begin(); one != m_used.end();) {
        const auto next = std::next(one);
        if (FrameFile::idOf(one->first) == file) {
            m_places.erase(one->first);
            gone.splice(gone.begin(), m_used, one);
        }
        one = next;
    }
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
