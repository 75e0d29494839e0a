// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/columnsink.h"

#include <algorithm>

namespace pilothouse {

ColumnSink::ColumnSink(SeriesId series, StoredKind kind, qint64 from, qint64 to, int columns)
    : m_curve{series, from, std::max(from, to), {}}
    , m_kind(kind)
    , m_columnEnd(from)
{
    m_curve.columns.resize(std::size_t(std::clamp(columns, 1, 1 << 16)));
}

int ColumnSink::columnOf(qint64 time) const
{
    using Wide = __int128;
    return int(
        Wide(time - m_curve.from) * Wide(m_curve.columns.size()) / (m_curve.to - m_curve.from));
}

qint64 ColumnSink::columnStart(int column) const
{
    using Wide = __int128;
    const Wide count(m_curve.columns.size());
    return m_curve.from + qint64((Wide(m_curve.to - m_curve.from) * column + count - 1) / count);
}

void ColumnSink::enter(qint64 time)
{
    const int column = columnOf(time);
    m_column = &m_curve.columns[std::size_t(column)];
    m_columnEnd = columnStart(column + 1);
}

bool ColumnSink::inOneColumn(qint64 first, qint64 last) const
{
    return first >= m_curve.from && last < m_curve.to && columnOf(first) == columnOf(last);
}

void ColumnSink::addSummary(qint64 time, const Column &summary)
{
    if (summary.count == 0)
        return;
    enter(time);
    fold(summary);
}

void ColumnSink::cover(int from, int to, const Interval &interval)
{
    for (int i = from; i <= to; ++i) {
        m_column = &m_curve.columns[std::size_t(i)];
        fold({interval.min, interval.max, interval.last, interval.last, 1, interval.last});
    }
}

void ColumnSink::fill(std::vector<Interval> intervals)
{
    if (intervals.empty())
        return;
    std::stable_sort(intervals.begin(), intervals.end(),
        [](const Interval &a, const Interval &b) { return a.time < b.time; });
    std::vector<bool> fine;
    fine.reserve(m_curve.columns.size());
    for (const auto &column : m_curve.columns)
        fine.push_back(column.count > 0);
    qint64 before = 0;
    double raw = 0;
    for (auto row : intervals) {
        if (std::isnan(row.last) || (before != 0 && row.time == before))
            continue;
        if (m_kind == StoredKind::Counter) {
            const qint64 span = row.time - before;
            const double change = row.last - raw;
            const bool usable = before != 0 && span <= longestRateGap && change >= 0;
            raw = row.last;
            before = row.time;
            if (!usable)
                continue;
            row.min = row.max = row.last = change * 1000 / double(span);
        }
        before = row.time;
        const qint64 start = std::max(row.time, m_curve.from);
        const qint64 end = std::min(row.time + row.seconds * qint64(1000), m_curve.to);
        if (start >= end)
            continue;
        const int a = columnOf(start), b = columnOf(end - 1);
        int left = a, right = b;
        while (left <= b && !fine[std::size_t(left)])
            ++left;
        while (right >= a && !fine[std::size_t(right)])
            --right;
        if (left > b) {
            cover(a, b, row);
            continue;
        }
        // Partly covered by fine rows: fill only what is clearly more than their own spacing.
        constexpr qint64 clear = 5000;
        if (left > a && columnStart(left) - start >= clear)
            cover(a, left - 1, row);
        if (right < b && end - columnStart(right + 1) >= clear)
            cover(right + 1, b, row);
    }
    m_column = nullptr;
    m_columnEnd = m_curve.from;
}

void sortPoints(std::vector<Point> &points)
{
    const auto earlier = [](const Point &a, const Point &b) { return a.time < b.time; };
    if (!std::is_sorted(points.begin(), points.end(), earlier))
        std::stable_sort(points.begin(), points.end(), earlier);
    const auto same = [](const Point &a, const Point &b) { return a.time == b.time; };
    points.erase(std::unique(points.begin(), points.end(), same), points.end());
}

} // namespace pilothouse
