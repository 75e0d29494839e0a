// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pilothouse {

/// Tells screen readers of every ChartView: role chart, its name, as value the newest values, as
/// description these with minimum and maximum in the range shown, and an action that opens the
/// data as a table. Texts are made when somebody asks. Calling it again does nothing.
void installChartAccessibility();

} // namespace pilothouse
