// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/columngrid.h"

#include <algorithm>

namespace pilothouse {

namespace {

using Wide = __int128;
/// Spans below this times the most columns fit 64 bits (4,000 years).
constexpr qint64 narrow = qint64(1) << 47;

} // namespace

ColumnGrid::ColumnGrid(qint64 from, qint64 to, int count)
    : m_from(from)
    , m_to(std::max(from, to))
    , m_count(std::clamp(count, 1, 1 << 16))
{
}

int ColumnGrid::columnOf(qint64 time) const
{
    const auto span = Wide(m_to) - m_from, at = Wide(time) - m_from;
    if (span < narrow)
        return int(qint64(at) * m_count / qint64(span));
    return int(at * m_count / span);
}

qint64 ColumnGrid::start(int column) const
{
    const auto span = Wide(m_to) - m_from;
    if (span < narrow)
        return m_from + (qint64(span) * column + m_count - 1) / m_count;
    return qint64(m_from + (span * column + m_count - 1) / m_count);
}

void ColumnGrid::starts(int first, std::span<qint64> out) const
{
    const auto span = Wide(m_to) - m_from;
    if (span >= narrow) {
        for (auto &one : out)
            one = start(first++);
        return;
    }
    const qint64 step = qint64(span) / m_count, rest = qint64(span) % m_count;
    qint64 at = m_from + qint64(span) * first / m_count, over = qint64(span) * first % m_count;
    for (auto &one : out) {
        one = at + (over > 0 ? 1 : 0);
        at += step;
        over += rest;
        if (over >= m_count) {
            over -= m_count;
            ++at;
        }
    }
}

RowEdges::RowEdges(const ColumnGrid &grid, std::span<const qint64> times)
{
    if (grid.isEmpty() || times.empty())
        return;
    const auto before = [&](int from, int to, qint64 time) {
        return int(
            std::lower_bound(times.begin() + from, times.begin() + to, time) - times.begin());
    };
    m_begin = before(0, int(times.size()), grid.from());
    m_end = before(m_begin, int(times.size()), grid.to());
    if (m_begin == m_end)
        return;
    m_first = grid.columnOf(times[std::size_t(m_begin)]);
    m_last = grid.columnOf(times[std::size_t(m_end - 1)]);
    const auto count = std::size_t(m_last - m_first);
    m_rows.resize(count + 2);
    m_rows.front() = m_begin;
    m_rows.back() = m_end;
    thread_local std::vector<qint64> starts;
    starts.resize(count);
    grid.starts(m_first + 1, starts);
    // Rows are mostly equally far apart: the next edge is near the guess.
    int row = m_begin, step = 1;
    constexpr int near = 4;
    for (std::size_t i = 0; i < count; ++i) {
        const qint64 time = starts[i];
        const int guess = std::min(row + step, m_end), low = std::max(guess - near, row),
                  high = std::min(guess + near, m_end);
        int edge = low;
        if (low > row && times[std::size_t(low - 1)] >= time)
            edge = before(row, low, time);
        else if (high < m_end && times[std::size_t(high - 1)] < time && high > low)
            edge = before(high, m_end, time);
        else
            while (edge < high && times[std::size_t(edge)] < time)
                ++edge;
        step = edge - row;
        row = edge;
        m_rows[i + 1] = edge;
    }
}

} // namespace pilothouse
