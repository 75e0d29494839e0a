// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"

#include <QRect>

namespace pilothouse {

/// Where everything of a heat map lies. Cards hold nodes, nodes hold cells; all in reading order.
struct HeatLayout {
    struct Cell {
        int gpu = 0; ///< index into the fleet
        QRect rect;
    };
    struct Node {
        QString label;
        QRect labelRect, rect; ///< empty = not shown; its cells together
        int first = 0, count = 0; ///< its cells
    };
    struct Group {
        QString title;
        QRect rect;
        int firstNode = 0, nodes = 0;
        int first = 0, count = 0; ///< its cells
    };
    std::vector<Cell> cells;
    std::vector<Node> nodes;
    std::vector<Group> groups;
    int cellSize = 20;
    int height = 0;
};

/// The order of groups, nodes and cells, without places. `nameless`: the title of GPUs without a
/// group ("no job"), which come last.
HeatLayout arrangeFleet(
    const std::vector<FleetGpu> &gpus, FleetGrouping grouping, const QString &nameless);

/// Gives everything its place: the largest cells (32 to 6 pixels) with which all fits into `size`,
/// else small ones, taller than `size`. `labelWidth` is what a node's name needs; below 12 pixels a
/// thousand nodes are seen at once, and names only under the pointer.
/// A card is at least `headWidth` wide: what the title and the note above its cells need.
void placeFleet(HeatLayout &layout, const QSize &size, int labelWidth, int headWidth);

} // namespace pilothouse
