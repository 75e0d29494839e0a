// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <span>
#include <vector>

namespace pilothouse {

/// `count` equal slices of [from, to), Unix ms: a time t belongs to slice
/// floor((t - from) * count / (to - from)).
class ColumnGrid {
public:
    /// `count` is clamped to [1, 65,536]; a range that ends before it begins is empty.
    ColumnGrid(qint64 from, qint64 to, int count);

    qint64 from() const { return m_from; }
    qint64 to() const { return m_to; }
    int count() const { return m_count; }
    bool isEmpty() const { return m_from >= m_to; }
    bool contains(qint64 time) const { return time >= m_from && time < m_to; }
    int columnOf(qint64 time) const; ///< `time` must be inside
    qint64 start(int column) const; ///< its first millisecond; start(count()) is the end
    /// start() of `first`, `first` + 1, ... without a division for each.
    void starts(int first, std::span<qint64> out) const;

    bool operator==(const ColumnGrid &) const = default;

private:
    qint64 m_from, m_to;
    int m_count;
};

/// All of [first, last] lies in one column, so that a summary of it will do.
inline bool isInOneColumn(const ColumnGrid &grid, qint64 first, qint64 last)
{
    return grid.contains(first) && grid.contains(last)
        && grid.columnOf(first) == grid.columnOf(last);
}

/// Which of some ascending rows belong to which column: shared by all series of a block.
class RowEdges {
public:
    RowEdges(const ColumnGrid &grid, std::span<const qint64> times);

    bool isEmpty() const { return m_begin == m_end; }
    int begin() const { return m_begin; } ///< first row in the grid's range
    int end() const { return m_end; }
    int firstColumn() const { return m_first; }
    int lastColumn() const { return m_last; } ///< below firstColumn(): none
    /// First row of `column`, which is in [firstColumn(), lastColumn() + 1].
    int row(int column) const { return m_rows[std::size_t(column - m_first)]; }

private:
    int m_begin = 0, m_end = 0, m_first = 0, m_last = -1;
    std::vector<int> m_rows;
};

} // namespace pilothouse
