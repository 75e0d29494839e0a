// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pilothouse::metrics {

/// Lengths in logical pixels; everything sits on a grid of 4.
constexpr int topBar = 44, rail = 52, inventory = 256, statusBar = 26;
constexpr int control = 30, smallControl = 26, controlRadius = 6, cardRadius = 8;
constexpr int inventoryRow = 28, tableRow = 32, denseRow = 24, header = 30;
constexpr int icon = 20, smallIcon = 16, shape = 10;
constexpr int margin = 20, gap = 12, cardMargin = 14;

} // namespace pilothouse::metrics
