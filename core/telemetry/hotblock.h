// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/cellpool.h"
#include "core/telemetry/columnsink.h"

#include <atomic>
#include <functional>
#include <span>

namespace pilothouse {

using IsCounter = std::function<bool(SeriesId)>;

/// Rows of one target on a shared time axis, ascending; columns are series (fine rows) or series
/// times min, max, last (coarse rows). The store's thread alone writes; readers see rows [0,
/// rows()). Cells are read and written atomically, since a late value may fill a hole in a
/// published row. Fine rows get a level of summaries as they come in.
class HotBlock {
public:
    /// `ids` ascending. `seconds` = 0: fine rows; else the length of a coarse row.
    HotBlock(std::vector<SeriesId> ids, int seconds, int capacity, const IsCounter &isCounter);

    const std::vector<SeriesId> &ids() const { return m_ids; }
    int seconds() const { return m_seconds; }
    int width() const { return m_seconds == 0 ? 1 : 3; } ///< cells per series
    int capacity() const { return m_capacity; }
    int rows() const { return m_rows.load(std::memory_order_acquire); }
    bool isFull() const { return rows() == m_capacity; }
    qint64 time(int row) const { return m_times[row]; }
    qint64 first() const { return m_times[0]; }
    qint64 last() const { return m_times[rows() - 1]; }
    std::span<const qint64> times() const { return {m_times.get(), std::size_t(rows())}; }
    /// All of a column; only once the block is sealed.
    std::span<const double> column(int index) const;
    int columnOf(SeriesId id) const; ///< of its first cell, or -1
    int rowAt(qint64 time) const; ///< -1: no such row
    int lowerRow(qint64 time) const; ///< first row not before `time`
    double cell(int column, int row) const;
    std::size_t bytes() const;

    void appendRow(qint64 time, std::span<const int> columns, std::span<const double> values);
    /// The same for `rows` rows at once, column by column: rows of one target are far apart in
    /// memory. `values`: rows x columns; there must be room.
    void appendRows(
        std::span<const qint64> times, std::span<const int> columns, const double *values);
    void setCell(int column, int row, double value);
    /// No more rows or cells; all levels are made.
    void seal();
    bool sealed() const { return m_sealed.load(std::memory_order_acquire); }
    /// All rows of a fine series.
    SeriesRows series(int column) const;
    bool isCounter(int column) const { return m_counters[std::size_t(column / width())] != 0; }
    /// A copy with more columns or with a row put in between.
    std::shared_ptr<HotBlock> widened(
        const std::vector<SeriesId> &more, const IsCounter &isCounter) const;
    std::shared_ptr<HotBlock> withRow(qint64 time, std::span<const int> columns,
        std::span<const double> values, const IsCounter &isCounter) const;

    void gather(std::vector<Point> &points, int column, qint64 from, qint64 to) const;
    void gather(std::vector<Interval> &intervals, int column, qint64 from, qint64 to) const;

    /// Where it is on disk (BlockRef::place); 0: not there. Set before the ref is published.
    std::atomic<quint64> place{0};
    bool lost = false; ///< there was no room for it on disk; the store's thread only

private:
    int levels() const { return m_capacity / levelRows; }
    /// Not a power of two: the same row of all columns would fall into one set of the cache.
    int stride() const { return m_capacity + 8; }
    double *cells(int column) const
    {
        return m_values.get() + std::size_t(column) * std::size_t(stride());
    }

    void makeLevels(int count);
    void makeLevel(int column, int level);

    std::vector<SeriesId> m_ids;
    std::vector<std::uint8_t> m_counters; // by series
    int m_seconds, m_capacity;
    std::unique_ptr<qint64[]> m_times;
    Cells m_values;
    std::atomic<int> m_rows{0};
    std::unique_ptr<LevelCell[]> m_levels; // [column * levels() + level], fine rows only
    std::atomic<int> m_levelled{0}; // levels there are
    std::atomic<bool> m_sealed{false};
};

} // namespace pilothouse
