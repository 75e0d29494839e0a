// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/chartlanes.h"

#include <algorithm>

namespace pilothouse {

Curve laneOf(const Curve &curve, const ChartLanes &lanes, std::size_t index, std::size_t count)
{
    Curve lane = curve;
    const double base = double(count - 1 - index);
    for (auto &column : lane.columns) {
        if (column.count == 0)
            continue;
        // Of sets of bits the largest number is not the worst one: all that are known count.
        column.first = base + lanes.level(column.first);
        column.last = base + lanes.level(column.last);
        const auto [low, high] = std::minmax({base + lanes.level(column.min),
            base + lanes.level(column.max), column.first, column.last});
        column.min = low;
        column.max = high;
    }
    return lane;
}

ValueScale laneScale(std::size_t count)
{
    return {0, double(std::max<std::size_t>(count, 1)), 1};
}

QStringList laneTicks(const QStringList &names)
{
    constexpr qsizetype mostNames = 6, mostCharacters = 14;
    const qsizetype every = (names.size() + mostNames - 1) / mostNames;
    QStringList ticks;
    for (qsizetype i = names.size() - 1; i >= 0; --i) {
        const bool cut = names[i].size() > mostCharacters;
        ticks << (i % every != 0 ? QString()
                : cut            ? names[i].left(mostCharacters - 1) + QStringLiteral("…")
                                 : names[i]);
    }
    return ticks;
}

} // namespace pilothouse
