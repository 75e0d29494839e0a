// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <algorithm>
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

/// A counter's rate needs a predecessor at most this old (ms): behind a longer gap it starts anew.
constexpr qint64 longestRateGap = 300'000;

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

/// Folds the points of one series, in ascending time order, into the columns of a curve.
class ColumnSink {
public:
    ColumnSink(SeriesId series, StoredKind kind, qint64 from, qint64 to, int columns);

    /// Points before `from` only seed a counter's rate. NaN is skipped.
    void add(qint64 time, double value)
    {
        if (std::isnan(value))
            return;
        if (m_kind == StoredKind::Counter) {
            const qint64 span = time - m_time;
            const double change = value - m_value;
            const bool usable = m_time != 0 && span > 0 && span <= longestRateGap && change >= 0;
            m_time = time;
            m_value = value;
            if (!usable)
                return;
            value = change * 1000 / double(span);
        }
        if (time < m_curve.from || time >= m_curve.to)
            return;
        if (time >= m_columnEnd)
            enter(time);
        fold({value, value, value, value, 1, value});
    }
    /// All of [first, last] lies in one column, so that a summary of it will do.
    bool inOneColumn(qint64 first, qint64 last) const;
    void addSummary(qint64 time, const Column &summary);
    /// Fills what stayed empty from coarser rows.
    void fill(std::vector<Interval> intervals);

    Curve take() { return std::move(m_curve); }

private:
    int columnOf(qint64 time) const;
    qint64 columnStart(int column) const;
    void enter(qint64 time);
    void fold(const Column &more) { foldColumn(*m_column, more); }
    void cover(int from, int to, const Interval &interval);

    Curve m_curve;
    StoredKind m_kind;
    qint64 m_time = 0; // of the last counter value
    double m_value = 0;
    qint64 m_columnEnd = 0;
    Column *m_column = nullptr;
};

/// Sorted by time; of two points at the same time the first one stays.
void sortPoints(std::vector<Point> &points);

} // namespace pilothouse
