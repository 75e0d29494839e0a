// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/targetreader.h"

#include <algorithm>

namespace pilothouse {

TargetReader::TargetReader(
    const ColumnGrid &grid, const QueryPlan::Target &target, ColdReads &reads)
    : m_grid(grid)
    , m_target(target)
    , m_reads(reads)
    , m_points(target.wanted.size())
    , m_intervals(target.wanted.size())
{
    m_sinks.reserve(target.wanted.size());
    for (const auto &one : target.wanted)
        m_sinks.emplace_back(one.id, one.kind, m_grid);
}

bool TargetReader::read(const Context &context)
{
    Cluster cluster;
    qint64 last = 0;
    for (const auto &source : m_target.sources) {
        if (context.stopped() || context.expired())
            return false;
        bool whole = true;
        if (source.width == 3) {
            if (source.hot)
                gatherHot(*source.hot);
            else
                whole = gatherCold(source);
        } else {
            if (!cluster.empty() && source.first > last)
                whole = finish(std::exchange(cluster, {}));
            last = cluster.empty() ? source.last : std::max(last, source.last);
            cluster.push_back(&source);
        }
        if (!whole)
            return false;
    }
    if (!finish(cluster))
        return false;
    for (std::size_t i = 0; i < m_sinks.size(); ++i)
        m_sinks[i].fill(std::move(m_intervals[i]));
    return true;
}

void TargetReader::answer(std::vector<Curve> &curves)
{
    for (std::size_t i = 0; i < m_sinks.size(); ++i)
        curves[m_target.wanted[i].at] = m_sinks[i].take();
}

bool TargetReader::finish(const Cluster &cluster)
{
    if (cluster.size() == 1) {
        if (!cluster.front()->hot)
            return feedCold(*cluster.front());
        feedHot(*cluster.front()->hot);
        return true;
    }
    for (const auto *source : cluster) {
        if (source->hot)
            gatherHot(*source->hot);
        else if (!gatherCold(*source))
            return false;
    }
    for (std::size_t i = 0; i < m_sinks.size(); ++i) {
        sortPoints(m_points[i]);
        for (const auto &point : m_points[i])
            m_sinks[i].add(point.time, point.value);
        m_points[i].clear();
    }
    return true;
}

void TargetReader::feedHot(const HotBlock &block)
{
    const RowEdges edges(m_grid, block.times());
    for (std::size_t i = 0; i < m_sinks.size(); ++i)
        if (const int column = block.columnOf(m_target.wanted[i].id); column >= 0)
            m_sinks[i].addRows(block.series(column), edges);
}

void TargetReader::gatherHot(const HotBlock &block)
{
    for (std::size_t i = 0; i < m_sinks.size(); ++i) {
        const int column = block.columnOf(m_target.wanted[i].id);
        if (column < 0)
            continue;
        if (block.width() == 1)
            block.gather(m_points[i], column, early(), m_grid.to());
        else
            block.gather(m_intervals[i], column, early(), m_grid.to());
    }
}

} // namespace pilothouse
