// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/queryplan.h"

#include <algorithm>
#include <array>
#include <set>

namespace pilothouse {

QueryPlan planQuery(const Registry &registry, const SegmentFolder &folder,
    std::vector<SeriesId> ids, qint64 from, qint64 to, int columns)
{
    QueryPlan plan{.from = from, .to = to, .columns = columns, .ids = std::move(ids)};
    std::map<StoredTarget *, QueryPlan::Target> targets;
    for (std::size_t i = 0; i < plan.ids.size(); ++i)
        if (const auto *series = registry.slot(plan.ids[i]))
            targets[series->target].wanted.push_back({i, plan.ids[i], series->description.kind});
    for (auto &[stored, target] : targets) {
        auto *sources = &target.sources;
        // Counters are seeded from before the range, and a coarse row reaches past its time.
        const qint64 early = from - longestRateGap;
        std::set<std::pair<const void *, std::uint64_t>> inMemory;
        stored->eachLane([&](Lane &lane) {
            for (const auto &block : lane.blocks()) {
                if (block->last() < early || block->first() >= to)
                    continue;
                sources->push_back({{}, block, block->first(), block->last(), block->width()});
                if (block->onDisk)
                    inMemory.emplace(block->file, block->offset);
            }
        });
        for (const auto &ref : folder.blocks(stored, early, to)) {
            if (inMemory.contains({ref.file.get(), ref.offset}))
                continue;
            plan.readsDisk = true;
            const int width = ref.header.kind == FrameKind::Block ? 1 : 3;
            sources->push_back({ref, nullptr, ref.header.minTime, ref.header.maxTime, width});
            auto &numbers = plan.numbers[ref.file.get()];
            for (const auto &one : target.wanted)
                if (const auto number = ref.file->known(one.id))
                    numbers.emplace(*number, one.id);
        }
        std::stable_sort(sources->begin(), sources->end(),
            [](const auto &a, const auto &b) { return a.first < b.first; });
        plan.targets.push_back(std::move(target));
    }
    return plan;
}

namespace {

/// Reads the sources of one target in time order; overlapping ones together.
class TargetReader {
public:
    TargetReader(const QueryPlan &plan, const QueryPlan::Target &target, DamageList &damage)
        : m_plan(plan)
        , m_target(target)
        , m_damage(damage)
        , m_grid(plan.from, plan.to, plan.columns)
    {
        for (const auto &one : target.wanted)
            m_sinks.emplace_back(one.id, one.kind, m_grid);
        m_points.resize(m_sinks.size());
        m_intervals.resize(m_sinks.size());
    }

    bool read(const Context &context)
    {
        std::vector<const QueryPlan::Source *> cluster;
        qint64 last = 0;
        for (const auto &source : m_target.sources) {
            if (context.stopped() || context.expired())
                return false;
            if (source.width == 3) {
                load(source, false);
                continue;
            }
            if (!cluster.empty() && source.first > last)
                finish(std::exchange(cluster, {}));
            last = cluster.empty() ? source.last : std::max(last, source.last);
            cluster.push_back(&source);
        }
        finish(cluster);
        for (std::size_t i = 0; i < m_sinks.size(); ++i)
            m_sinks[i].fill(std::move(m_intervals[i]));
        return true;
    }

    void answer(std::vector<Curve> &curves)
    {
        for (std::size_t i = 0; i < m_sinks.size(); ++i)
            curves[m_target.wanted[i].at] = m_sinks[i].take();
    }

private:
    void finish(const std::vector<const QueryPlan::Source *> &cluster)
    {
        if (cluster.size() == 1 && cluster.front()->hot)
            return feedHot(*cluster.front()->hot);
        for (const auto *source : cluster)
            load(*source, cluster.size() == 1);
        for (std::size_t i = 0; i < m_sinks.size(); ++i) {
            sortPoints(m_points[i]);
            for (const auto &point : m_points[i])
                m_sinks[i].add(point.time, point.value);
            m_points[i].clear();
        }
    }

    void load(const QueryPlan::Source &source, bool alone)
    {
        if (source.hot)
            return loadHot(*source.hot);
        const auto &ref = source.disk;
        const auto head = decodeBlockHead(ref.file->readHead(ref.offset, ref.header), ref.header);
        if (!head)
            return m_damage.add(ref.file->damaged(QString::number(ref.offset)));
        const auto &numbers = m_plan.numbers.at(ref.file.get());
        BlockBody body(*head, ref.header, [&ref](std::uint64_t offset, std::size_t size) {
            return ref.file->readPiece(ref.offset, ref.header, offset, size);
        });
        for (std::size_t at = 0; at < head->entries.size(); ++at) {
            const auto number = numbers.find(head->entries[at].number);
            if (number == numbers.end())
                continue;
            for (std::size_t i = 0; i < m_sinks.size(); ++i) {
                const auto &wanted = m_target.wanted[i];
                if (wanted.id != number->second)
                    continue;
                // A block inside one column needs only its summary.
                if (alone && wanted.kind != StoredKind::Counter
                    && m_sinks[i].inOneColumn(source.first, source.last)) {
                    m_sinks[i].addSummary(source.first, head->entries[at].summary);
                    continue;
                }
                if ((body.times().empty() && !body.openTimes())
                    || !(source.width == 1 ? addPoints(body, at, i)
                                           : addIntervals(body, at, i, head->seconds)))
                    m_damage.add(ref.file->damaged(QString::number(ref.offset)));
            }
        }
    }

    bool addPoints(const BlockBody &body, std::size_t entry, std::size_t i)
    {
        if (!body.columns(entry, {&m_cells[0], 1}))
            return false;
        const auto &cells = m_cells[0];
        const qint64 early = m_plan.from - longestRateGap;
        for (std::size_t row = 0; row < cells.size(); ++row)
            if (!std::isnan(cells[row]) && body.times()[row] >= early
                && body.times()[row] < m_plan.to)
                m_points[i].push_back({body.times()[row], cells[row]});
        return true;
    }

    bool addIntervals(const BlockBody &body, std::size_t entry, std::size_t i, int seconds)
    {
        if (!body.columns(entry, m_cells))
            return false;
        const auto &[low, high, last] = m_cells;
        for (std::size_t row = 0; row < low.size(); ++row)
            m_intervals[i].push_back({body.times()[row], seconds, low[row], high[row], last[row]});
        return true;
    }

    /// A block that overlaps no other goes straight into the columns.
    void feedHot(const HotBlock &block)
    {
        const RowEdges edges(m_grid, block.times());
        for (std::size_t i = 0; i < m_sinks.size(); ++i)
            if (const int column = block.columnOf(m_target.wanted[i].id); column >= 0)
                m_sinks[i].addRows(block.series(column), edges);
    }

    void loadHot(const HotBlock &block)
    {
        const qint64 early = m_plan.from - longestRateGap;
        for (std::size_t i = 0; i < m_sinks.size(); ++i) {
            const int column = block.columnOf(m_target.wanted[i].id);
            if (column < 0)
                continue;
            if (block.width() == 1)
                block.gather(m_points[i], column, early, m_plan.to);
            else
                block.gather(m_intervals[i], column, early, m_plan.to);
        }
    }

    const QueryPlan &m_plan;
    const QueryPlan::Target &m_target;
    DamageList &m_damage;
    ColumnGrid m_grid;
    std::vector<ColumnSink> m_sinks;
    std::vector<std::vector<Point>> m_points;
    std::vector<std::vector<Interval>> m_intervals;
    std::array<std::vector<double>, 3> m_cells;
};

} // namespace

Result<std::vector<Curve>> runQuery(
    const QueryPlan &plan, const Context &context, DamageList &damage)
{
    std::vector<Curve> curves;
    curves.reserve(plan.ids.size());
    for (const auto id : plan.ids)
        curves.push_back(
            ColumnSink(id, StoredKind::Gauge, {plan.from, plan.to, plan.columns}).take());
    for (const auto &target : plan.targets) {
        if (plan.from >= plan.to)
            break;
        TargetReader reader(plan, target, damage);
        if (!reader.read(context)) {
            if (context.stopped())
                return fail(cancelled(QStringLiteral("telemetry")));
            return fail(timedOut(QStringLiteral("telemetry"),
                QObject::tr("Reading the stored telemetry took too long.")));
        }
        reader.answer(curves);
    }
    return curves;
}

} // namespace pilothouse
