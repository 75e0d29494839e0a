// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/columngrid.h"
#include "core/telemetry/store.h"

#include <cmath>
#include <limits>

namespace pilothouse {

/// A counter's rate needs a predecessor at most this old (ms): behind a longer gap it starts anew.
constexpr qint64 longestRateGap = 300'000;

/// The last value of a counter.
struct CounterState {
    qint64 time = 0; ///< 0: none yet
    double value = 0;

    /// The rate per second up to the next value; NaN at the first one, behind a gap, on a reset.
    double next(qint64 at, double now)
    {
        const qint64 span = at - time;
        const double change = now - value;
        const bool usable = time != 0 && span > 0 && span <= longestRateGap && change >= 0;
        time = at;
        value = now;
        return usable ? change * 1000 / double(span) : std::numeric_limits<double>::quiet_NaN();
    }
};

/// Adds what comes after `column`.
inline void foldColumn(Column &column, const Column &more)
{
    if (more.count == 0)
        return;
    if (column.count == 0) {
        column = more;
        return;
    }
    column.min = std::min(column.min, more.min);
    column.max = std::max(column.max, more.max);
    column.last = more.last;
    column.count += more.count;
    column.sum += more.sum;
}

/// Rows under one summary.
constexpr int levelRows = 64;

/// Summary of `levelRows` rows: of a gauge's values, of the rates of a counter from its first value
/// in there to its last. Read and written field by field, atomically: one that is made again after
/// a late value is a mixture for a moment.
struct LevelCell {
    double min, max, first, last, sum;
    quint64 count;
};

/// Rows of one series in one block.
struct SeriesRows {
    std::span<const qint64> times; ///< ascending
    const double *cells = nullptr; ///< NaN = absent
    const LevelCell *levels = nullptr;
    int levelled = 0; ///< how many levels are made
    bool settled = false; ///< no cell can change any more
};

/// Summary of rows [begin, end) of a gauge.
Column foldRows(const SeriesRows &rows, int begin, int end);
/// The same of a counter's rates; `state` is the value before, and then the last one.
Column foldRates(const SeriesRows &rows, int begin, int end, CounterState &state);
/// The last value before row `end` that a rate at `time` may start from.
void seedCounter(const SeriesRows &rows, int end, qint64 time, CounterState &state);
/// Level `index`, from the rows there are of it.
void makeLevel(const SeriesRows &rows, int index, bool counter, LevelCell &level);

/// Rows of a gauge into their columns. Columns from `fresh` on are written, whatever was in them;
/// those before are added to.
void foldIntoColumns(
    const SeriesRows &rows, const RowEdges &edges, std::span<Column> columns, int fresh);
/// Rates of a counter into their columns.
void foldIntoColumns(const SeriesRows &rows, const RowEdges &edges, CounterState &state,
    std::span<Column> columns, int fresh);

} // namespace pilothouse
