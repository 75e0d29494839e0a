// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"
#include "views/charts/scale.h"

#include <QStringList>

namespace pilothouse {

/// How a chart shows states: each series has a lane of its own, the first one on top; its line is
/// raised while the state is worth it.
struct ChartLanes {
    double (*level)(double state) = nullptr; ///< 0 = lies flat, 1 = raised to the next lane
    QString (*words)(double state) = nullptr; ///< in legend and table

    bool operator==(const ChartLanes &) const = default;
};

/// A curve of states as lane `index` of `count` is drawn, in laneScale().
Curve laneOf(const Curve &curve, const ChartLanes &lanes, std::size_t index, std::size_t count);
ValueScale laneScale(std::size_t count);
/// Names at the lanes, from the bottom; of many lanes only some have one.
QStringList laneTicks(const QStringList &names);

} // namespace pilothouse
