// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/segmentfolder.h"

namespace pilothouse {

/// Everything a query needs, taken on the store's thread and run on the pool: blocks in
/// memory, and those on disk that are not in memory, too.
struct QueryPlan {
    struct Source {
        BlockRef disk; ///< file is null for a block in memory
        std::shared_ptr<const HotBlock> hot;
        qint64 first = 0, last = 0;
        int width = 1; ///< 3: coarse rows
    };
    struct Wanted {
        std::size_t at = 0; ///< place in the answer
        SeriesId id = 0;
        StoredKind kind = StoredKind::Gauge;
    };
    struct Target {
        std::vector<Wanted> wanted;
        std::vector<Source> sources;
    };
    qint64 from = 0, to = 0;
    int columns = 0;
    std::vector<SeriesId> ids;
    std::vector<Target> targets;
    bool readsDisk = false;
    /// Numbers of the wanted series in each file.
    std::map<const FrameFile *, std::map<quint32, SeriesId>> numbers;
};

QueryPlan planQuery(const Registry &registry, const SegmentFolder &folder,
    std::vector<SeriesId> ids, qint64 from, qint64 to, int columns);
Result<std::vector<Curve>> runQuery(
    const QueryPlan &plan, const Context &context, DamageList &damage);

/// What is in memory only: no locks, no waiting.
void hotCurves(const Registry &registry, std::span<const SeriesId> ids, const ColumnGrid &grid,
    const ReadGate &gate, const OnCurve &onCurve);

} // namespace pilothouse
