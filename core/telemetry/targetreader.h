// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/queryplan.h"

#include <array>

namespace pilothouse {

/// How one query reads the disk.
struct ColdReads {
    ColdCache &cache;
    DamageList &damage;
    Wait wait = Wait::Yes;
    /// Cells that may still be decoded without waiting: about 0.5 ms.
    qint64 budget = 1 << 16;

    bool mayDecode(qint64 cells) { return wait == Wait::Yes || (budget -= cells) >= 0; }
};

/// Reads the sources of one target in time order; overlapping ones together.
class TargetReader {
public:
    TargetReader(const ColumnGrid &grid, const QueryPlan::Target &target, ColdReads &reads);

    /// False: stopped, too late, or something is not at hand.
    bool read(const Context &context);
    void answer(std::vector<Curve> &curves);

private:
    struct Page {
        int index = 0;
        std::span<const qint64> times;
        bool inOneColumn = false;
        std::optional<RowEdges> edges;
    };
    using Cluster = std::vector<const QueryPlan::Source *>;

    bool finish(const Cluster &cluster);
    void feedHot(const HotBlock &block);
    void gatherHot(const HotBlock &block);
    bool feedCold(const QueryPlan::Source &source);
    bool feedPages(ColdBlock &block, const BlockRef &ref, int entry, std::size_t i);
    void feedLevel(const ColdBlock &block, int entry, std::size_t i, const Page &page);
    void feedPage(const ColdBlock &block, int entry, std::size_t i, Page &page);
    bool gatherCold(const QueryPlan::Source &source);
    void gatherCells(const ColdBlock &block, int entry, std::size_t i);
    std::vector<Page> pagesIn(const ColdBlock &block) const;
    bool opened(Got got, const BlockRef &ref); ///< reports damage; sets m_absent
    bool openHead(ColdBlock &block, const BlockRef &ref);
    bool openPages(ColdBlock &block, const BlockRef &ref, int entry, int first, int last);
    qint64 early() const { return m_grid.from() - longestRateGap; }

    const ColumnGrid &m_grid;
    const QueryPlan::Target &m_target;
    ColdReads &m_reads;
    std::vector<ColumnSink> m_sinks;
    std::vector<std::vector<Point>> m_points;
    std::vector<std::vector<Interval>> m_intervals;
    std::vector<Page> m_pages; ///< of the block that is fed
    bool m_absent = false; ///< something is not at hand
};

} // namespace pilothouse
