// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/coldcache.h"
#include "core/telemetry/damagelist.h"

namespace pilothouse {

/// Everything a query needs, whichever thread runs it: blocks in memory, and those on disk that
/// are not in memory, too.
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
        std::vector<Source> sources; ///< by first time
    };
    ColumnGrid grid;
    std::vector<SeriesId> ids;
    std::vector<Target> targets;
    bool readsDisk = false;
};

/// Any thread, without waiting.
QueryPlan planQuery(const Registry &registry, const ReadGate &gate, std::vector<SeriesId> ids,
    const ColumnGrid &grid);
Result<std::vector<Curve>> runQuery(
    const QueryPlan &plan, const Context &context, ColdCache &cache, DamageList &damage);
/// The same without waiting for a disk, and only when little is to be decoded.
std::optional<std::vector<Curve>> runAtOnce(
    const QueryPlan &plan, ColdCache &cache, DamageList &damage);

/// What is in memory only: no locks, no waiting.
void hotCurves(const Registry &registry, std::span<const SeriesId> ids, const ColumnGrid &grid,
    const ReadGate &gate, const OnCurve &onCurve);

} // namespace pilothouse
