// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/cellpool.h"
#include "core/telemetry/columnsink.h"

#include <atomic>
#include <span>

namespace pilothouse {

/// Rows of one target on a shared time axis, ascending; columns are series (fine rows) or series
/// times min, max, last (coarse rows). The store's thread alone writes; readers see rows [0,
/// rows()). Cells are read and written atomically, since a late value may fill a hole in a
/// published row.
class HotBlock {
public:
    static constexpr int group = 128; ///< rows under one summary

    /// `ids` ascending. `seconds` = 0: fine rows; else the length of a coarse row.
    HotBlock(std::vector<SeriesId> ids, int seconds, int capacity);

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
    /// No more rows or cells; summaries are made.
    void seal();
    bool sealed() const { return m_sealed.load(std::memory_order_acquire); }
    /// Of all rows of a fine series; only once the block is sealed.
    Column summary(int column) const;
    /// A copy with more columns or with a row put in between.
    std::shared_ptr<HotBlock> widened(const std::vector<SeriesId> &more) const;
    std::shared_ptr<HotBlock> withRow(
        qint64 time, std::span<const int> columns, std::span<const double> values) const;

    /// Adds the points of `column` that `sink` needs, from one point before its range.
    void feed(ColumnSink &sink, int column, bool counter, qint64 from, qint64 to) const;
    void gather(std::vector<Point> &points, int column, qint64 from, qint64 to) const;
    void gather(std::vector<Interval> &intervals, int column, qint64 from, qint64 to) const;

    // The store's thread only:
    bool onDisk = false;
    const void *file = nullptr; ///< FrameFile that has it, and where; only compared
    std::uint64_t offset = 0;
    bool lost = false; ///< there was no room for it on disk

private:
    /// Not a power of two: the same row of all columns would fall into one set of the cache.
    int stride() const { return m_capacity + 8; }
    double *cells(int column) const
    {
        return m_values.get() + std::size_t(column) * std::size_t(stride());
    }

    std::vector<SeriesId> m_ids;
    int m_seconds, m_capacity;
    std::unique_ptr<qint64[]> m_times;
    Cells m_values;
    std::atomic<int> m_rows{0};
    std::vector<Column> m_summaries; // [column * groups + group], fine rows only
    std::atomic<bool> m_sealed{false};
};

/// The column summary of `values`; NaN is left out.
Column summarise(std::span<const double> values);

} // namespace pilothouse
