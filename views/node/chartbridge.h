// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/chartcolors.h"

namespace pilothouse {

class ChartTimeline;
class TimeRange;

/// The charts' timeline for the window's one time range; made once per range and kept in step with
/// it both ways (the top bar, zooming, scrubbing).
ChartTimeline *timelineOf(TimeRange *range);

/// What charts take from the theme as it is now.
ChartColors themedChartColors();

} // namespace pilothouse
