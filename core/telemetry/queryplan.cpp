// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/queryplan.h"

#include <algorithm>
#include <optional>

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
        for (const auto &ref : folder.blocks(stored, early, to)) {
            const int width = ref.header.kind == FrameKind::Block ? 1 : 3;
            sources->push_back({ref, nullptr, ref.header.minTime, ref.header.maxTime, width});
            auto &numbers = plan.numbers[ref.file.get()];
            for (const auto &one : target.wanted)
                if (const auto number = ref.file->known(one.id))
                    numbers.emplace(*number, one.id);
        }
        stored->eachLane([&](Lane &lane) {
            for (const auto &block : lane.blocks())
                if (!block->onDisk && block->last() >= early && block->first() < to)
                    sources->push_back({{}, block, block->first(), block->last(), block->width()});
        });
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
    {
        for (const auto &one : target.wanted)
            m_sinks.emplace_back(one.id, one.kind, plan.from, plan.to, plan.columns);
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
        std::optional<BlockBody> body;
        std::vector<double> cells;
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
                if (!body) {
                    body = BlockBody::open(
                        ref.file->readBody(ref.offset, ref.header), ref.header, source.width);
                    if (!body)
                        return m_damage.add(ref.file->damaged(QString::number(ref.offset)));
                }
                if (source.width == 1 ? !addPoints(*body, at, i, cells)
                                      : !addIntervals(*body, at, i, head->seconds))
                    m_damage.add(ref.file->damaged(QString::number(ref.offset)));
            }
        }
    }

    bool addPoints(
        const BlockBody &body, std::size_t column, std::size_t i, std::vector<double> &cells)
    {
        if (!body.column(column, cells))
            return false;
        const qint64 early = m_plan.from - longestRateGap;
        for (std::size_t row = 0; row < cells.size(); ++row)
            if (!std::isnan(cells[row]) && body.times()[row] >= early
                && body.times()[row] < m_plan.to)
                m_points[i].push_back({body.times()[row], cells[row]});
        return true;
    }

    bool addIntervals(const BlockBody &body, std::size_t entry, std::size_t i, int seconds)
    {
        std::vector<double> low, high, last;
        if (!body.column(entry * 3, low) || !body.column(entry * 3 + 1, high)
            || !body.column(entry * 3 + 2, last))
            return false;
        for (std::size_t row = 0; row < low.size(); ++row)
            m_intervals[i].push_back({body.times()[row], seconds, low[row], high[row], last[row]});
        return true;
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
    std::vector<ColumnSink> m_sinks;
    std::vector<std::vector<Point>> m_points;
    std::vector<std::vector<Interval>> m_intervals;
};

} // namespace

Result<std::vector<Curve>> runQuery(
    const QueryPlan &plan, const Context &context, DamageList &damage)
{
    std::vector<Curve> curves;
    curves.reserve(plan.ids.size());
    for (const auto id : plan.ids)
        curves.push_back(
            ColumnSink(id, StoredKind::Gauge, plan.from, plan.to, plan.columns).take());
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
