// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/columnsink.h"

#include <algorithm>

namespace pilothouse {

ColumnSink::ColumnSink(
    SeriesId series, StoredKind kind, const ColumnGrid &grid, std::vector<Column> memory)
    : m_series(series)
    , m_kind(kind)
    , m_grid(grid)
    , m_columns(std::move(memory))
    , m_columnEnd(grid.from())
{
    m_columns.resize(std::size_t(grid.count()));
}

void ColumnSink::clearUpTo(int end)
{
    std::fill(m_columns.begin() + m_ready, m_columns.begin() + end, Column{});
    m_ready = end;
}

Curve ColumnSink::take()
{
    prepare(m_grid.count());
    return {m_series, m_grid.from(), m_grid.to(), std::move(m_columns)};
}

void ColumnSink::enter(qint64 time)
{
    const int column = m_grid.columnOf(time);
    prepare(column + 1);
    m_column = &m_columns[std::size_t(column)];
    m_columnEnd = m_grid.start(column + 1);
}

void ColumnSink::addRows(const SeriesRows &rows, const RowEdges &edges)
{
    if (isCounter())
        seedCounter(rows, edges.begin(), m_grid.from(), m_counter);
    if (edges.isEmpty())
        return;
    prepare(edges.firstColumn());
    if (isCounter())
        foldIntoColumns(rows, edges, m_counter, m_columns, m_ready);
    else
        foldIntoColumns(rows, edges, m_columns, m_ready);
    m_ready = std::max(m_ready, edges.lastColumn() + 1);
    m_columnEnd = m_grid.from(); // add() finds its column anew
}

void ColumnSink::addSummary(qint64 time, const Column &summary)
{
    if (summary.count == 0)
        return;
    enter(time);
    foldColumn(*m_column, summary);
}

void ColumnSink::addRates(const Point &first, const Column &rates, const Point &last)
{
    add(first.time, first.value);
    addSummary(first.time, rates);
    m_counter = {last.time, last.value};
}

void ColumnSink::cover(int from, int to, const Interval &interval)
{
    for (int i = from; i <= to; ++i) {
        m_column = &m_columns[std::size_t(i)];
        foldColumn(*m_column,
            {interval.min, interval.max, interval.last, interval.last, 1, interval.last});
    }
}

void ColumnSink::fill(std::vector<Interval> intervals)
{
    prepare(m_grid.count());
    if (intervals.empty())
        return;
    std::stable_sort(intervals.begin(), intervals.end(),
        [](const Interval &a, const Interval &b) { return a.time < b.time; });
    std::vector<bool> fine;
    fine.reserve(m_columns.size());
    for (const auto &column : m_columns)
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
        const qint64 start = std::max(row.time, m_grid.from());
        const qint64 end = std::min(row.time + row.seconds * qint64(1000), m_grid.to());
        if (start >= end)
            continue;
        const int a = m_grid.columnOf(start), b = m_grid.columnOf(end - 1);
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
        if (left > a && m_grid.start(left) - start >= clear)
            cover(a, left - 1, row);
        if (right < b && end - m_grid.start(right + 1) >= clear)
            cover(right + 1, b, row);
    }
    m_column = nullptr;
    m_columnEnd = m_grid.from();
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
