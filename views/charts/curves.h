// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <algorithm>
#include <optional>

namespace pilothouse {

/// Empty columns of `curve` before its first filled one are taken from `older`, whatever its range
/// and resolution.
void mergeOlder(Curve &curve, const Curve &older);
/// Time of the first filled column, or the end of the range.
qint64 firstFilled(const Curve &curve);

/// How the samples of a curve lie.
struct CurveSpacing {
    int median = 1; ///< columns from one filled one to the next
    double perColumn = 0; ///< samples in a filled one
};
CurveSpacing spacingOf(const Curve &curve);

/// How many columns apart two filled ones may be and still belong together: three sample periods,
/// as the curve itself shows them.
int joinDistance(const CurveSpacing &spacing);
int joinDistance(const Curve &curve);
/// Many samples share a column: a band tells more than a line. `before`: it was one already, which
/// it stays for a little longer.
bool isDecimated(const CurveSpacing &spacing, bool before = false);
/// One or two rows of a coarser ring: their extremes are no values of their own.
inline bool isSummary(const Column &column)
{
    // No branches: in a chart of an hour columns of two and three samples alternate.
    const int outside = int(column.min < std::min(column.first, column.last))
        | int(column.max > std::max(column.first, column.last));
    return (int(column.count <= 2) & outside) != 0;
}

/// The filled column nearest to `time`, no farther than joinDistance().
std::optional<Column> columnAt(const Curve &curve, qint64 time);

struct Extent {
    double low = 0, high = 0;
    bool empty = true;
    void add(double a, double b)
    {
        low = empty ? a : std::min(low, a);
        high = empty ? b : std::max(high, b);
        empty = false;
    }
};
Extent extentOf(const Curve &curve); ///< of its finite values

} // namespace pilothouse
