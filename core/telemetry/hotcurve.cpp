// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/queryplan.h"

#include <optional>

namespace pilothouse {

namespace {

/// The blocks of one target; their edges are found once for all of its series. Only inside the
/// gate.
class HotTarget {
public:
    HotTarget(const StoredTarget &target, const ColumnGrid &grid)
        : m_target(&target)
        , m_grid(grid)
        , m_blocks(target.fine.published())
        , m_edges(m_blocks ? m_blocks->size() : 0)
    {
    }
    const StoredTarget *target() const { return m_target; }

    void addTo(ColumnSink &sink, SeriesId id)
    {
        const qint64 early = sink.isCounter() ? m_grid.from() - longestRateGap : m_grid.from();
        std::vector<std::size_t> cluster; // blocks that overlap
        qint64 newest = 0;
        for (std::size_t i = 0; m_blocks && i < m_blocks->size(); ++i) {
            const auto &block = *(*m_blocks)[i];
            if (block.first() >= m_grid.to())
                break;
            if (block.last() < early || block.columnOf(id) < 0)
                continue;
            if (!cluster.empty() && block.first() > newest) {
                addCluster(sink, id, early, cluster);
                cluster.clear();
            }
            newest = cluster.empty() ? block.last() : std::max(newest, block.last());
            cluster.push_back(i);
        }
        if (!cluster.empty())
            addCluster(sink, id, early, cluster);
        std::vector<Interval> intervals;
        for (const auto &slot : m_target->coarseLanes) {
            const auto *lane = slot.load();
            const auto *blocks = lane ? lane->published() : nullptr;
            if (!blocks)
                continue;
            for (const auto &block : *blocks)
                if (const int column = block->columnOf(id); column >= 0)
                    block->gather(
                        intervals, column, sink.isCounter() ? early : m_grid.from(), m_grid.to());
        }
        sink.fill(std::move(intervals));
    }

private:
    const RowEdges &edges(std::size_t block)
    {
        auto &found = m_edges[block];
        if (!found)
            found.emplace(m_grid, (*m_blocks)[block]->times());
        return *found;
    }
    void addCluster(
        ColumnSink &sink, SeriesId id, qint64 early, const std::vector<std::size_t> &all)
    {
        if (all.size() == 1) {
            const auto &found = edges(all.front());
            const auto &block = *(*m_blocks)[all.front()];
            return sink.addRows(block.series(block.columnOf(id)), found);
        }
        std::vector<Point> points;
        for (const auto at : all) {
            const auto &block = *(*m_blocks)[at];
            block.gather(points, block.columnOf(id), early, m_grid.to());
        }
        sortPoints(points);
        for (const auto &point : points)
            sink.add(point.time, point.value);
    }

    const StoredTarget *m_target;
    const ColumnGrid &m_grid;
    const Lane::Blocks *m_blocks;
    std::vector<std::optional<RowEdges>> m_edges;
};

} // namespace

void hotCurves(const Registry &registry, std::span<const SeriesId> ids, const ColumnGrid &grid,
    const ReadGate &gate, const OnCurve &onCurve)
{
    Curve curve;
    const ReadGate::Reader reader(gate);
    std::optional<HotTarget> target;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto *series = registry.slot(ids[i]);
        ColumnSink sink(ids[i], series ? series->description.kind : StoredKind::Gauge, grid,
            std::move(curve.columns));
        if (series && !grid.isEmpty()) {
            if (!target || target->target() != series->target)
                target.emplace(*series->target, grid);
            target->addTo(sink, ids[i]);
        }
        curve = sink.take();
        onCurve(i, curve);
    }
}

} // namespace pilothouse
