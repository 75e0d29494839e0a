// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/curves.h"

#include "core/telemetry/foldrows.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

qint64 firstFilled(const Curve &curve)
{
    const auto count = qint64(curve.columns.size());
    for (qint64 i = 0; i < count; ++i)
        if (curve.columns[std::size_t(i)].count > 0)
            return curve.from + (curve.to - curve.from) * i / count;
    return curve.to;
}

void mergeOlder(Curve &curve, const Curve &older)
{
    const auto count = qint64(curve.columns.size()), theirs = qint64(older.columns.size());
    if (older.to <= older.from || curve.to <= curve.from || theirs == 0)
        return;
    const double mine = double(curve.to - curve.from) / double(count);
    const double their = double(older.to - older.from) / double(theirs);
    for (qint64 i = 0; i < count && curve.columns[std::size_t(i)].count == 0; ++i) {
        // Each of their columns belongs to the one of ours its middle lies in.
        const double start = double(curve.from - older.from) + mine * double(i);
        const auto a = qint64(std::ceil(start / their - 0.5)),
                   b = qint64(std::ceil((start + mine) / their - 0.5));
        for (qint64 j = std::max<qint64>(a, 0); j < std::min(b, theirs); ++j)
            foldColumn(curve.columns[std::size_t(i)], older.columns[std::size_t(j)]);
    }
}

CurveSpacing spacingOf(const Curve &curve)
{
    quint64 samples = 0;
    unsigned filled = 0, neighbours = 0, before = 0;
    const int count = int(curve.columns.size());
    for (const auto &column : curve.columns) {
        const unsigned there = column.count > 0 ? 1 : 0;
        neighbours += there & before;
        before = there;
        samples += column.count;
        filled += there;
    }
    CurveSpacing spacing;
    if (filled > 0)
        spacing.perColumn = double(samples) / filled;
    if (filled < 2 || neighbours > (filled - 1) / 2)
        return spacing;
    std::vector<int> distances;
    int last = -1;
    for (int i = 0; i < count; ++i) {
        if (curve.columns[std::size_t(i)].count == 0)
            continue;
        if (last >= 0)
            distances.push_back(i - last);
        last = i;
    }
    const auto middle = distances.begin() + std::ptrdiff_t(distances.size() / 2);
    std::nth_element(distances.begin(), middle, distances.end());
    spacing.median = *middle;
    return spacing;
}

int joinDistance(const CurveSpacing &spacing)
{
    if (spacing.median > 1)
        return 3 * spacing.median;
    return spacing.perColumn <= 0 ? 1 : std::max(1, int(3 / spacing.perColumn));
}
int joinDistance(const Curve &curve)
{
    return joinDistance(spacingOf(curve));
}

bool isDecimated(const CurveSpacing &spacing, bool before)
{
    return spacing.perColumn >= (before ? 2.5 : 3);
}

std::optional<Column> columnAt(const Curve &curve, qint64 time)
{
    const auto count = qint64(curve.columns.size());
    if (time < curve.from || time >= curve.to || count == 0)
        return {};
    const auto at = (time - curve.from) * count / (curve.to - curve.from);
    const auto reach = (joinDistance(curve) + 1) / 2;
    for (qint64 distance = 0; distance <= reach; ++distance)
        for (const auto i : {at - distance, at + distance})
            if (i >= 0 && i < count && curve.columns[std::size_t(i)].count > 0)
                return curve.columns[std::size_t(i)];
    return {};
}

Extent extentOf(const Curve &curve)
{
    Extent extent;
    for (const auto &column : curve.columns)
        if (column.count > 0) {
            // An infinite end leaves the other end to count.
            for (const double value : {column.min, column.max, column.last})
                if (std::isfinite(value))
                    extent.add(value, value);
        }
    return extent;
}

} // namespace pilothouse
