// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/queryplan.h"

#include "core/telemetry/targetreader.h"

#include <algorithm>

namespace pilothouse {

namespace {

/// What there is of one target. Only inside the gate.
void addSources(
    const StoredTarget &stored, const ColumnGrid &grid, QueryPlan &plan, QueryPlan::Target &target)
{
    auto &sources = target.sources;
    // Counters are seeded from before the range, and a coarse row reaches past its time.
    const bool seeded = std::any_of(target.wanted.begin(), target.wanted.end(),
        [](const auto &one) { return one.kind == StoredKind::Counter; });
    const auto early = [&](int width) {
        return width == 1 && !seeded ? grid.from() : grid.from() - longestRateGap;
    };
    std::vector<quint64> inMemory;
    const auto addLane = [&](const Lane &lane) {
        const auto *blocks = lane.published();
        if (!blocks)
            return;
        for (const auto &block : *blocks) {
            if (block->last() < early(block->width()) || block->first() >= grid.to())
                continue;
            sources.push_back({{}, block, block->first(), block->last(), block->width()});
            inMemory.push_back(block->place.load());
        }
    };
    addLane(stored.fine);
    for (const auto &slot : stored.coarseLanes)
        if (const auto *lane = slot.load())
            addLane(*lane);
    // After the lanes: a block leaves those only once it is here.
    if (const auto *refs = stored.cold.published())
        for (const auto &ref : *refs) {
            const int width = ref.header.kind == FrameKind::Block ? 1 : 3;
            if (ref.header.maxTime < early(width) || ref.header.minTime >= grid.to()
                || std::find(inMemory.begin(), inMemory.end(), ref.place) != inMemory.end())
                continue;
            plan.readsDisk = true;
            sources.push_back({ref, nullptr, ref.header.minTime, ref.header.maxTime, width});
        }
    std::stable_sort(sources.begin(), sources.end(),
        [](const auto &a, const auto &b) { return a.first < b.first; });
}

enum class Ran { Done, Stopped, NotAtHand };

Ran run(const QueryPlan &plan, const Context &context, ColdReads &reads, std::vector<Curve> &curves)
{
    curves.resize(plan.ids.size());
    for (const auto &target : plan.targets) {
        TargetReader reader(plan.grid, target, reads);
        if (!reader.read(context))
            return context.stopped() || context.expired() ? Ran::Stopped : Ran::NotAtHand;
        reader.answer(curves);
    }
    for (std::size_t i = 0; i < curves.size(); ++i)
        if (curves[i].columns.empty())
            curves[i] = ColumnSink(plan.ids[i], StoredKind::Gauge, plan.grid).take();
    return Ran::Done;
}

} // namespace

QueryPlan planQuery(const Registry &registry, const ReadGate &gate, std::vector<SeriesId> ids,
    const ColumnGrid &grid)
{
    QueryPlan plan{grid, std::move(ids), {}, false};
    std::vector<const StoredTarget *> targets;
    for (std::size_t i = 0; i < plan.ids.size() && !grid.isEmpty(); ++i) {
        const auto *series = registry.slot(plan.ids[i]);
        if (!series)
            continue;
        auto at = std::size_t(
            std::find(targets.rbegin(), targets.rend(), series->target).base() - targets.begin());
        if (at == 0) {
            targets.push_back(series->target);
            plan.targets.emplace_back();
            at = targets.size();
        }
        plan.targets[at - 1].wanted.push_back({i, plan.ids[i], series->description.kind});
    }
    const ReadGate::Reader reader(gate);
    for (std::size_t i = 0; i < targets.size(); ++i)
        addSources(*targets[i], grid, plan, plan.targets[i]);
    return plan;
}

Result<std::vector<Curve>> runQuery(
    const QueryPlan &plan, const Context &context, ColdCache &cache, DamageList &damage)
{
    ColdReads reads{cache, damage, Wait::Yes};
    std::vector<Curve> curves;
    if (run(plan, context, reads, curves) == Ran::Done)
        return curves;
    if (context.stopped())
        return fail(cancelled(QStringLiteral("telemetry")));
    return fail(timedOut(
        QStringLiteral("telemetry"), QObject::tr("Reading the stored telemetry took too long.")));
}

std::optional<std::vector<Curve>> runAtOnce(
    const QueryPlan &plan, ColdCache &cache, DamageList &damage)
{
    ColdReads reads{cache, damage, Wait::No};
    std::optional<std::vector<Curve>> curves(std::in_place);
    if (run(plan, {}, reads, *curves) != Ran::Done)
        curves.reset();
    return curves;
}

} // namespace pilothouse
