// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/heatlayout.h"

#include "core/models/texttable.h"
#include "views/theme/metrics.h"

#include <algorithm>
#include <map>

namespace pilothouse {

namespace {

constexpr int titleHeight = 36, bottom = 12;
constexpr int mostInRow = 16; ///< cells of a node beside each other
constexpr int leastNamed = 12; ///< cells that are smaller have no room for their nodes' names

struct Natural {
    bool operator()(const std::string &a, const std::string &b) const
    {
        if (a.empty() != b.empty())
            return b.empty(); // without a name: last
        return compareNatural(a, b) < 0;
    }
};

/// What one cell size makes of a width.
struct Measure {
    int cell, label, gap, partGap; ///< label: with the room after it; gap: between cells
    int step, part, columns, cardWidth;
};

int rowsOf(int cells)
{
    return std::max(1, (cells + mostInRow - 1) / mostInRow);
}

Measure measured(const HeatLayout &layout, int width, int labelWidth, int headWidth, int cell)
{
    int widest = 1;
    for (const auto &node : layout.nodes)
        widest = std::max(widest, std::min(node.count, mostInRow));
    const bool named = cell >= leastNamed;
    Measure measure{cell, named ? labelWidth + 8 : 0, named ? 2 : 1, named ? 20 : 6};
    measure.step = cell + measure.gap;
    measure.part = measure.label + widest * measure.step;
    const int least = std::max(measure.part, headWidth) + 2 * metrics::cardMargin;
    const int fit = std::max(1, (width + metrics::gap) / (least + metrics::gap));
    measure.columns = std::clamp(int(layout.groups.size()), 1, fit);
    measure.cardWidth
        = (width - (measure.columns - 1) * metrics::gap) / std::max(1, measure.columns);
    return measure;
}

/// Nodes of a group side by side where the card is wide, four at least in a column.
int partsOf(const Measure &measure, int nodes)
{
    const int room = measure.cardWidth - 2 * metrics::cardMargin;
    const int fit = std::max(1, (room + measure.partGap) / (measure.part + measure.partGap));
    return std::clamp(std::min(fit, (nodes + 3) / 4), 1, fit);
}

/// One card with its nodes and cells; returns its height.
int placeGroup(
    HeatLayout &layout, const HeatLayout::Group &group, QPoint at, const Measure &measure)
{
    const int parts = partsOf(measure, group.nodes);
    const int perPart = (group.nodes + parts - 1) / parts;
    int top = 0, part = -1, height = 0;
    for (int n = 0; n < group.nodes; ++n) {
        if (n % perPart == 0) {
            ++part;
            top = at.y() + titleHeight;
        }
        auto &node = layout.nodes[std::size_t(group.firstNode + n)];
        const int left = at.x() + metrics::cardMargin + part * (measure.part + measure.partGap);
        const int cellsLeft = left + measure.label;
        node.labelRect
            = measure.label == 0 ? QRect() : QRect(left, top, measure.label - 8, measure.cell);
        for (int i = 0; i < node.count; ++i) {
            layout.cells[std::size_t(node.first + i)].rect
                = QRect(cellsLeft + i % mostInRow * measure.step,
                    top + i / mostInRow * measure.step, measure.cell, measure.cell);
        }
        const int rows = rowsOf(node.count);
        node.rect
            = QRect(cellsLeft, top, std::min(node.count, mostInRow) * measure.step - measure.gap,
                rows * measure.step - measure.gap);
        top += rows * measure.step;
        height = std::max(height, top - at.y() + bottom - measure.gap);
    }
    return height;
}

/// Each card in the column that is shortest so far; a single row is of one height.
int placeWith(HeatLayout &layout, const Measure &measure)
{
    std::vector<int> tops(std::size_t(measure.columns), 0);
    for (auto &group : layout.groups) {
        const auto column = std::min_element(tops.begin(), tops.end());
        const QPoint at(int(column - tops.begin()) * (measure.cardWidth + metrics::gap), *column);
        group.rect = QRect(at, QSize(measure.cardWidth, placeGroup(layout, group, at, measure)));
        *column += group.rect.height() + metrics::gap;
    }
    const int height = std::max(0, *std::max_element(tops.begin(), tops.end()) - metrics::gap);
    if (int(layout.groups.size()) <= measure.columns)
        for (auto &group : layout.groups)
            group.rect.setHeight(height);
    return height;
}

} // namespace

HeatLayout arrangeFleet(
    const std::vector<FleetGpu> &gpus, FleetGrouping grouping, const QString &nameless)
{
    using Nodes = std::map<std::string, std::vector<int>, Natural>;
    std::map<std::string, Nodes, Natural> groups;
    for (std::size_t i = 0; i < gpus.size(); ++i)
        groups[foldText(groupOf(gpus[i], grouping))][foldText(gpus[i].node)].push_back(int(i));
    HeatLayout layout;
    layout.cells.reserve(gpus.size());
    for (auto &[key, nodes] : groups) {
        HeatLayout::Group group;
        group.firstNode = int(layout.nodes.size());
        group.first = int(layout.cells.size());
        for (auto &[name, members] : nodes) {
            std::sort(members.begin(), members.end(), [&](int a, int b) {
                const auto &left = gpus[std::size_t(a)], &right = gpus[std::size_t(b)];
                return left.index != right.index ? left.index < right.index
                                                 : left.part < right.part; // the whole first
            });
            HeatLayout::Node node;
            node.first = int(layout.cells.size());
            node.count = int(members.size());
            node.label = gpus[std::size_t(members.front())].node;
            for (const int gpu : members)
                layout.cells.push_back({gpu, {}});
            layout.nodes.push_back(std::move(node));
        }
        group.nodes = int(nodes.size());
        group.count = int(layout.cells.size()) - group.first;
        group.title = key.empty()
            ? nameless
            : groupOf(gpus[std::size_t(layout.cells[std::size_t(group.first)].gpu)], grouping);
        layout.groups.push_back(std::move(group));
    }
    return layout;
}

void placeFleet(HeatLayout &layout, const QSize &size, int labelWidth, int headWidth)
{
    const auto placed = [&](int cell) {
        layout.cellSize = cell;
        layout.height
            = placeWith(layout, measured(layout, size.width(), labelWidth, headWidth, cell));
        return layout.height;
    };
    int named = 0; // height with the smallest cells that have names
    for (const int cell : {32, 26, 20, 16, 12, 9, 6}) {
        placed(cell);
        if (cell == leastNamed)
            named = layout.height;
        // Few GPUs get large cells, but not most of the page for them; names are worth scrolling.
        const int room = cell > 20 ? size.height() / 2
            : cell == leastNamed   ? size.height() * 2
                                   : size.height();
        if (layout.height <= room)
            return;
    }
    // Where many cards' heads are what takes the height, small cells save little of it.
    if (named < 2 * layout.height)
        placed(leastNamed);
}

} // namespace pilothouse
