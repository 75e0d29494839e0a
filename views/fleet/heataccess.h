// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pilothouse {

class HeatMap;

/// Screen readers see a heat map as a list with a named entry per GPU. Idempotent.
void installHeatAccess();
/// Tells them which cell is the current one now.
void announceHeatCell(HeatMap *map, int cell);

} // namespace pilothouse
