// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/ticklog.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace pilothouse::agent {

TickLog::TickLog(TickLogOptions options, const Id &ring, const Id &boot)
    : m_options(std::move(options))
    , m_identity{ring, boot, 0}
{
    if (m_options.folder.empty())
        return;
    for (uint32_t slot = 0; slot < m_options.segments; ++slot) {
        if (auto segment = Segment::open(fileName(slot), ring)) {
            m_identity.sequence = std::max(m_identity.sequence, segment->identity().sequence);
            if (!segment->isEmpty())
                m_segments.push_back(std::move(segment));
        }
    }
    std::sort(m_segments.begin(), m_segments.end(), [](const auto &a, const auto &b) {
        return a->identity().sequence < b->identity().sequence;
    });
    // Numbers must rise; where they do not, the older file was left over from before a loss.
    for (std::size_t i = m_segments.size(); i-- > 1;) {
        if (m_segments[i - 1]->last().number >= m_segments[i]->keys().front().number)
            m_segments.erase(m_segments.begin() + std::ptrdiff_t(i) - 1);
    }
}

std::filesystem::path TickLog::fileName(uint32_t slot) const
{
    const char digits[] = {'-', char('0' + slot / 10), char('0' + slot % 10), '\0'};
    return m_options.folder / (m_options.name + digits);
}

bool TickLog::openOnDisk(int &error)
{
    const auto inUse = [&](const std::filesystem::path &path) {
        return std::any_of(m_segments.begin(), m_segments.end(),
            [&](const auto &segment) { return segment->path() == path; });
    };
    const auto dropOldestFile = [&] {
        const auto oldest = std::find_if(m_segments.begin(), m_segments.end(),
            [](const auto &segment) { return !segment->isInMemory(); });
        if (oldest == m_segments.end())
            return std::filesystem::path();
        const auto path = (*oldest)->path();
        m_segments.erase(oldest);
        return path;
    };
    const auto make = [&](const std::filesystem::path &path) {
        error = 0;
        ++m_identity.sequence;
        auto segment = Segment::create(path, m_options.segmentBytes, m_identity, error);
        if (segment)
            m_segments.push_back(std::move(segment));
        return error == 0;
    };
    const auto spare = [&] {
        return m_segments.size() > 1 && !m_segments.front()->isInMemory()
            && m_segments.front()->last().number + m_options.keep
            < m_segments.back()->last().number;
    };
    std::filesystem::path path;
    if (spare())
        path = dropOldestFile();
    for (uint32_t slot = 0; path.empty() && slot < m_options.segments; ++slot) {
        if (!inUse(fileName(slot)))
            path = fileName(slot);
    }
    if (path.empty())
        path = dropOldestFile();
    if (make(path))
        return true;
    if (error != ENOSPC && error != EDQUOT)
        return false;
    // No room for another file: the oldest one's place is ours already.
    path = dropOldestFile();
    return !path.empty() && make(path);
}

void TickLog::openNext(bool mayStay)
{
    m_error = 0;
    if (!m_options.folder.empty() && openOnDisk(m_error)) {
        std::erase_if(m_segments, [&](const auto &segment) {
            return segment->isInMemory() && !segment->isEmpty()
                && segment->last().number + m_options.keep < m_lastNumber;
        });
        return;
    }
    if (mayStay && !m_segments.empty() && m_segments.back()->isInMemory()
        && m_segments.back()->isClean())
        return;
    // One segment in memory at most: what the agent takes is bounded.
    std::erase_if(m_segments, [](const auto &segment) { return segment->isInMemory(); });
    ++m_identity.sequence;
    if (auto segment = Segment::createInMemory(m_options.segmentBytes, m_identity))
        m_segments.push_back(std::move(segment));
}

bool TickLog::appendTo(Segment &segment, const wire::Tick &tick, int &error)
{
    const bool isKey = segment.isEmpty() || m_sinceKey >= m_options.keyEvery;
    if (isKey) {
        m_encoder = {};
        m_sinceKey = 0;
    }
    thread_local std::string bytes;
    bytes.clear();
    m_encoder.encode(tick, bytes);
    ++m_sinceKey;
    return segment.append(tick, isKey, bytes, error);
}

void TickLog::append(const wire::Tick &tick)
{
    const std::lock_guard lock(m_mutex);
    m_lastNumber = tick.number;
    const auto usable = [&] {
        if (m_segments.empty() || !m_segments.back()->isClean()
            || m_segments.back()->identity().boot != m_identity.boot)
            return false;
        // Back to the disk as soon as it has room, but do not ask each second.
        return !(m_segments.back()->isInMemory() && !m_options.folder.empty()
            && m_sinceKey >= m_options.keyEvery);
    };
    if (m_sinceKey == 0) // first tick of this run: the encoder knows nothing
        m_sinceKey = m_options.keyEvery;
    int error = 0;
    if (usable() && appendTo(*m_segments.back(), tick, error))
        return;
    for (int attempt = 0; attempt < 2; ++attempt) {
        openNext(attempt == 0);
        if (m_segments.empty())
            return;
        if (appendTo(*m_segments.back(), tick, error))
            return;
        m_error = error;
    }
}

std::vector<wire::Tick> TickLog::after(uint64_t number, std::size_t limit) const
{
    std::vector<Slice> slices;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto &segment : m_segments) {
            if (segment->isEmpty() || segment->last().number <= number)
                continue;
            const auto &keys = segment->keys();
            if (!slices.empty()
                && segment->identity().boot != slices.front().segment->identity().boot)
                break;
            auto key = std::upper_bound(keys.begin(), keys.end(), number + 1,
                [](uint64_t value, const Segment::Key &one) { return value < one.number; });
            if (key != keys.begin())
                --key;
            slices.push_back({segment, key->offset, segment->tail()});
        }
    }
    std::vector<wire::Tick> ticks;
    for (const auto &slice : slices) {
        if (ticks.size() >= limit)
            break;
        slice.segment->read(slice.offset, slice.tail, [&](const wire::Tick &tick) {
            if (tick.number > number)
                ticks.push_back(tick);
            return ticks.size() < limit;
        });
    }
    return ticks;
}

std::vector<wire::Tick> TickLog::between(int64_t fromWallNs, int64_t toWallNs) const
{
    std::vector<Slice> slices;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto &segment : m_segments) {
            if (segment->isEmpty())
                continue;
            // The wall clock may have been set: the last key frame that is clearly before is a safe
            // start.
            const auto &keys = segment->keys();
            std::size_t start = 0;
            while (start + 1 < keys.size() && keys[start + 1].wallNs < fromWallNs)
                ++start;
            slices.push_back({segment, keys[start].offset, segment->tail()});
        }
    }
    std::vector<wire::Tick> ticks;
    for (const auto &slice : slices) {
        slice.segment->read(slice.offset, slice.tail, [&](const wire::Tick &tick) {
            if (tick.wallNs >= fromWallNs && tick.wallNs < toWallNs)
                ticks.push_back(tick);
            return true;
        });
    }
    return ticks;
}

TickLog::Ends TickLog::ends() const
{
    const std::lock_guard lock(m_mutex);
    Ends ends;
    for (const auto &segment : m_segments) {
        if (segment->isEmpty())
            continue;
        if (ends.firstNumber == 0) {
            ends.firstNumber = segment->keys().front().number;
            ends.firstWallNs = segment->keys().front().wallNs;
        }
        ends.lastNumber = segment->last().number;
        ends.lastWallNs = segment->last().wallNs;
        ends.lastBoottimeNs = segment->last().boottimeNs;
        ends.lastBoot = segment->identity().boot;
    }
    return ends;
}

Id TickLog::bootOf(uint64_t number) const
{
    const std::lock_guard lock(m_mutex);
    for (const auto &segment : m_segments) {
        if (!segment->isEmpty() && number <= segment->last().number)
            return segment->identity().boot;
    }
    return m_identity.boot;
}

bool TickLog::isOnDisk() const
{
    const std::lock_guard lock(m_mutex);
    return !m_segments.empty() && !m_segments.back()->isInMemory();
}

std::string TickLog::trouble() const
{
    const std::lock_guard lock(m_mutex);
    if (m_segments.empty() || !m_segments.back()->isInMemory() || m_options.folder.empty())
        return {};
    return "history is kept in memory only: " + m_options.folder.string() + ": "
        + std::strerror(m_error == 0 ? EIO : m_error);
}

void TickLog::sync() const
{
    std::shared_ptr<const Segment> segments[2];
    {
        const std::lock_guard lock(m_mutex);
        for (std::size_t i = 0; i < 2 && i < m_segments.size(); ++i)
            segments[i] = m_segments[m_segments.size() - 1 - i];
    }
    for (const auto &segment : segments) {
        if (segment)
            segment->sync();
    }
}

} // namespace pilothouse::agent
