// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/chartcolors.h"

#include <QtGlobal>

#include <functional>

namespace pilothouse {

class ChartTimeline;
class TimeRange;

/// The charts' timeline for the window's one time range; made once per range and kept in step with
/// it both ways (the top bar, zooming, scrubbing). `clock` gives Unix ms.
ChartTimeline *timelineOf(TimeRange *range, const std::function<qint64()> &clock);

/// What charts take from the theme as it is now.
ChartColors themedChartColors();

} // namespace pilothouse
