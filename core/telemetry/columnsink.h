// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/foldrows.h"

#include <cmath>

namespace pilothouse {

struct Point {
    qint64 time = 0;
    double value = 0;
};

/// A row of an agent's older ring, as one series sees it: [time, time + seconds).
struct Interval {
    qint64 time = 0;
    int seconds = 0;
    double min = 0, max = 0, last = 0;
};

/// Folds one series, in ascending time order, into the columns of a curve.
class ColumnSink {
public:
    /// `memory`: of a curve that is not needed any more.
    ColumnSink(
        SeriesId series, StoredKind kind, const ColumnGrid &grid, std::vector<Column> memory = {});

    bool isCounter() const { return m_kind == StoredKind::Counter; }
    const ColumnGrid &grid() const { return m_grid; }

    /// Points before the range only seed a counter's rate. NaN is skipped.
    void add(qint64 time, double value)
    {
        if (std::isnan(value))
            return;
        if (isCounter()) {
            value = m_counter.next(time, value);
            if (std::isnan(value))
                return;
        }
        if (!m_grid.contains(time))
            return;
        if (time >= m_columnEnd)
            enter(time);
        foldColumn(*m_column, {value, value, value, value, 1, value});
    }
    /// Rows of a block that overlaps no other; `edges` are of its times.
    void addRows(const SeriesRows &rows, const RowEdges &edges);
    /// Of values that lie in one column, that of `time`.
    void addSummary(qint64 time, const Column &summary);
    /// The same of a counter: the rates from its first value in there to its last.
    void addRates(const Point &first, const Column &rates, const Point &last);
    /// Fills what stayed empty from coarser rows.
    void fill(std::vector<Interval> intervals);

    Curve take();

private:
    void enter(qint64 time);
    /// Columns below `end` can be added to. They are emptied no earlier, mostly never: most are
    /// written as a whole.
    void prepare(int end)
    {
        if (end > m_ready)
            clearUpTo(end);
    }
    void clearUpTo(int end);
    void cover(int from, int to, const Interval &interval);

    SeriesId m_series;
    StoredKind m_kind;
    ColumnGrid m_grid;
    std::vector<Column> m_columns;
    int m_ready = 0; ///< columns that hold something or are empty; the rest is old memory
    CounterState m_counter;
    qint64 m_columnEnd = 0;
    Column *m_column = nullptr;
};

/// Sorted by time; of two points at the same time the first one stays.
void sortPoints(std::vector<Point> &points);

} // namespace pilothouse
