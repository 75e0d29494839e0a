// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/queryplan.h"

namespace pilothouse {

namespace {

void addFine(
    const Lane::Blocks &blocks, SeriesId id, bool counter, qint64 from, qint64 to, ColumnSink &sink)
{
    struct Part {
        const HotBlock *block;
        int column;
    };
    const qint64 seed = counter ? from - longestRateGap : from;
    std::vector<Part> parts;
    bool overlap = false;
    qint64 newest = 0;
    for (const auto &block : blocks) {
        const int column = block->columnOf(id);
        if (column < 0 || block->last() < seed || block->first() >= to)
            continue;
        overlap |= !parts.empty() && block->first() <= newest;
        newest = std::max(newest, block->last());
        parts.push_back({block.get(), column});
    }
    if (!overlap) {
        for (const auto &part : parts)
            part.block->feed(sink, part.column, counter, from, to);
        return;
    }
    std::vector<Point> points;
    for (const auto &part : parts)
        part.block->gather(points, part.column, seed, to);
    sortPoints(points);
    for (const auto &point : points)
        sink.add(point.time, point.value);
}

} // namespace

Curve hotCurve(const StoredSeries *series, SeriesId id, qint64 from, qint64 to, int columns,
    const ReadGate &gate)
{
    const bool counter = series && series->description.kind == StoredKind::Counter;
    ColumnSink sink(id, series ? series->description.kind : StoredKind::Gauge, from, to, columns);
    if (!series || from >= to)
        return sink.take();
    const ReadGate::Reader reader(gate);
    if (const auto *blocks = series->target->fine.published())
        addFine(*blocks, id, counter, from, to, sink);
    std::vector<Interval> intervals;
    for (const auto &slot : series->target->coarseLanes) {
        const auto *lane = slot.load();
        const auto *blocks = lane ? lane->published() : nullptr;
        if (!blocks)
            continue;
        for (const auto &block : *blocks)
            if (const int column = block->columnOf(id); column >= 0)
                block->gather(intervals, column, counter ? from - longestRateGap : from, to);
    }
    sink.fill(std::move(intervals));
    return sink.take();
}

} // namespace pilothouse
