// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/hotblock.h"

#include <algorithm>
#include <limits>

namespace pilothouse {

/// Rows behind the newest one that have no level yet: sources that follow one another fill them.
static constexpr int levelLag = 16;

HotBlock::HotBlock(std::vector<SeriesId> ids, int seconds, int capacity, const IsCounter &isCounter)
    : m_ids(std::move(ids))
    , m_seconds(seconds)
    , m_capacity(capacity)
    , m_times(new qint64[std::size_t(capacity)])
    , m_values(takeCells(m_ids.size() * std::size_t(width() * stride())))
{
    m_counters.reserve(m_ids.size());
    for (const auto id : m_ids)
        m_counters.push_back(isCounter(id));
    if (seconds == 0 && levels() > 0)
        m_levels.reset(new LevelCell[m_ids.size() * std::size_t(levels())]);
}

std::span<const double> HotBlock::column(int index) const
{
    return {cells(index), std::size_t(rows())};
}

int HotBlock::columnOf(SeriesId id) const
{
    const auto found = std::lower_bound(m_ids.begin(), m_ids.end(), id);
    return found == m_ids.end() || *found != id ? -1 : int(found - m_ids.begin()) * width();
}

int HotBlock::lowerRow(qint64 time) const
{
    const auto all = times();
    return int(std::lower_bound(all.begin(), all.end(), time) - all.begin());
}

int HotBlock::rowAt(qint64 time) const
{
    const int row = lowerRow(time);
    return row < rows() && m_times[row] == time ? row : -1;
}

double HotBlock::cell(int column, int row) const
{
    return std::atomic_ref<double>(cells(column)[row]).load(std::memory_order_relaxed);
}

void HotBlock::setCell(int column, int row, double value)
{
    std::atomic_ref<double>(cells(column)[row]).store(value, std::memory_order_relaxed);
    if (const int level = row / levelRows; level < m_levelled.load(std::memory_order_relaxed))
        makeLevel(column, level);
}

std::size_t HotBlock::bytes() const
{
    return std::size_t(stride())
        * (sizeof(qint64) + m_ids.size() * std::size_t(width()) * sizeof(double))
        + (m_levels ? m_ids.size() * std::size_t(levels()) * sizeof(LevelCell) : 0)
        + m_ids.size() * (sizeof(SeriesId) + 1) + sizeof *this;
}

void HotBlock::appendRow(qint64 time, std::span<const int> columns, std::span<const double> values)
{
    const int row = m_rows.load(std::memory_order_relaxed);
    const int all = int(m_ids.size()) * width();
    if (int(columns.size()) < all)
        for (int column = 0; column < all; ++column)
            cells(column)[row] = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t i = 0; i < columns.size(); ++i)
        cells(columns[i])[row] = values[i];
    m_times[row] = time;
    m_rows.store(row + 1, std::memory_order_release);
    makeLevels((row + 1 - levelLag) / levelRows);
}

void HotBlock::appendRows(
    std::span<const qint64> times, std::span<const int> columns, const double *values)
{
    const int row = m_rows.load(std::memory_order_relaxed);
    const int all = int(m_ids.size()) * width();
    if (int(columns.size()) < all)
        for (int column = 0; column < all; ++column)
            std::fill_n(
                cells(column) + row, times.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        double *to = cells(columns[i]) + row;
        const double *from = values + i;
        for (std::size_t k = 0; k < times.size(); ++k, from += columns.size())
            to[k] = *from;
    }
    std::copy(times.begin(), times.end(), m_times.get() + row);
    m_rows.store(row + int(times.size()), std::memory_order_release);
    makeLevels((row + int(times.size()) - levelLag) / levelRows);
}

void HotBlock::makeLevels(int count)
{
    const int made = m_levelled.load(std::memory_order_relaxed);
    if (!m_levels || count <= made)
        return;
    for (int column = 0; column < int(m_ids.size()); ++column)
        for (int i = made; i < count; ++i)
            makeLevel(column, i);
    m_levelled.store(count, std::memory_order_release);
}

void HotBlock::makeLevel(int column, int level)
{
    pilothouse::makeLevel(
        series(column), level, isCounter(column), m_levels[std::size_t(column * levels() + level)]);
}

void HotBlock::seal()
{
    makeLevels(rows() / levelRows);
    m_sealed.store(true, std::memory_order_release);
}

SeriesRows HotBlock::series(int column) const
{
    SeriesRows rows;
    rows.settled = sealed();
    rows.times = times();
    rows.cells = cells(column);
    if (m_levels) {
        rows.levels = m_levels.get() + column * levels();
        rows.levelled = m_levelled.load(std::memory_order_acquire);
    }
    return rows;
}

std::shared_ptr<HotBlock> HotBlock::widened(
    const std::vector<SeriesId> &more, const IsCounter &isCounter) const
{
    std::vector<SeriesId> ids;
    std::set_union(m_ids.begin(), m_ids.end(), more.begin(), more.end(), std::back_inserter(ids));
    auto wide = std::make_shared<HotBlock>(ids, m_seconds, m_capacity, isCounter);
    const int count = rows();
    std::copy_n(m_times.get(), count, wide->m_times.get());
    for (const auto id : ids)
        for (int part = 0; part < width(); ++part) {
            double *to = wide->cells(wide->columnOf(id) + part);
            if (const int from = columnOf(id); from >= 0)
                std::copy_n(cells(from + part), count, to);
            else
                std::fill_n(to, count, std::numeric_limits<double>::quiet_NaN());
        }
    wide->m_rows.store(count);
    return wide;
}

std::shared_ptr<HotBlock> HotBlock::withRow(qint64 time, std::span<const int> columns,
    std::span<const double> values, const IsCounter &isCounter) const
{
    auto copy = widened({}, isCounter);
    const int count = rows(), row = lowerRow(time);
    std::copy_backward(
        copy->m_times.get() + row, copy->m_times.get() + count, copy->m_times.get() + count + 1);
    copy->m_times[row] = time;
    for (int column = 0; column < int(m_ids.size()) * width(); ++column) {
        double *to = copy->cells(column);
        std::copy_backward(to + row, to + count, to + count + 1);
        to[row] = std::numeric_limits<double>::quiet_NaN();
    }
    for (std::size_t i = 0; i < columns.size(); ++i)
        copy->cells(columns[i])[row] = values[i];
    copy->m_rows.store(count + 1);
    return copy;
}

void HotBlock::gather(std::vector<Point> &points, int column, qint64 from, qint64 to) const
{
    const int count = rows();
    for (int row = lowerRow(from); row < count && m_times[row] < to; ++row)
        if (const double value = cell(column, row); !std::isnan(value))
            points.push_back({m_times[row], value});
}

void HotBlock::gather(std::vector<Interval> &intervals, int column, qint64 from, qint64 to) const
{
    const int count = rows();
    const qint64 reach = m_seconds * qint64(1000);
    for (int row = lowerRow(from - reach); row < count && m_times[row] < to; ++row)
        intervals.push_back({m_times[row], m_seconds, cell(column, row), cell(column + 1, row),
            cell(column + 2, row)});
}

} // namespace pilothouse
