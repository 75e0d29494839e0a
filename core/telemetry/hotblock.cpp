// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/hotblock.h"

#include <algorithm>
#include <limits>

namespace pilothouse {

HotBlock::HotBlock(std::vector<SeriesId> ids, int seconds, int capacity)
    : m_ids(std::move(ids))
    , m_seconds(seconds)
    , m_capacity(capacity)
    , m_times(new qint64[std::size_t(capacity)])
    , m_values(takeCells(m_ids.size() * std::size_t(width() * stride())))
{
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
}

std::size_t HotBlock::bytes() const
{
    return std::size_t(stride())
        * (sizeof(qint64) + m_ids.size() * std::size_t(width()) * sizeof(double))
        + m_summaries.size() * sizeof(Column) + m_ids.size() * sizeof(SeriesId) + sizeof *this;
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
}

Column summarise(std::span<const double> values)
{
    Column sum;
    for (const double value : values) {
        if (std::isnan(value))
            continue;
        if (sum.count++ == 0)
            sum.min = sum.max = sum.first = value;
        sum.min = std::min(sum.min, value);
        sum.max = std::max(sum.max, value);
        sum.last = value;
        sum.sum += value;
    }
    return sum;
}

void HotBlock::seal()
{
    if (m_seconds == 0) {
        const int count = rows(), groups = (count + group - 1) / group;
        m_summaries.reserve(m_ids.size() * std::size_t(groups));
        for (int i = 0; i < int(m_ids.size()); ++i)
            for (int from = 0; from < count; from += group)
                m_summaries.push_back(
                    summarise({cells(i) + from, std::size_t(std::min(group, count - from))}));
    }
    m_sealed.store(true, std::memory_order_release);
}

Column HotBlock::summary(int column) const
{
    const int groups = (rows() + group - 1) / group;
    Column sum;
    for (int i = 0; i < groups; ++i)
        foldColumn(sum, m_summaries[std::size_t(column * groups + i)]);
    return sum;
}

std::shared_ptr<HotBlock> HotBlock::widened(const std::vector<SeriesId> &more) const
{
    std::vector<SeriesId> ids;
    std::set_union(m_ids.begin(), m_ids.end(), more.begin(), more.end(), std::back_inserter(ids));
    auto wide = std::make_shared<HotBlock>(ids, m_seconds, m_capacity);
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

std::shared_ptr<HotBlock> HotBlock::withRow(
    qint64 time, std::span<const int> columns, std::span<const double> values) const
{
    auto copy = widened({});
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

void HotBlock::feed(ColumnSink &sink, int column, bool counter, qint64 from, qint64 to) const
{
    const int count = rows();
    int row = lowerRow(counter ? from - longestRateGap : from);
    const bool summaries = !counter && sealed() && m_seconds == 0;
    const int groups = (count + group - 1) / group;
    while (row < count && m_times[row] < to) {
        if (summaries && row % group == 0) {
            const int end = std::min(row + group, count) - 1;
            if (sink.inOneColumn(m_times[row], m_times[end])) {
                sink.addSummary(
                    m_times[row], m_summaries[std::size_t(column * groups + row / group)]);
                row = end + 1;
                continue;
            }
        }
        const int end = summaries ? std::min((row / group + 1) * group, count) : count;
        for (; row < end && m_times[row] < to; ++row)
            sink.add(m_times[row], cell(column, row));
    }
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
