// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/segmentpacker.h"

#include "core/base/log.h"
#include "core/telemetry/wholeblock.h"

#include <QFile>

#include <algorithm>
#include <cstring>
#include <tuple>

namespace pilothouse {

QString SegmentPacker::unfinishedIn(const QString &folder)
{
    return folder + QStringLiteral("/packed.part");
}

SegmentPacker::SegmentPacker(Segments segments, const QString &folder, int blockRows,
    const Registry &registry, DamageList &damage)
    : m_segments(std::move(segments))
    , m_blockRows(blockRows)
    , m_registry(registry)
    , m_damage(damage)
{
    for (const auto *target : registry.targets())
        for (const auto &ref : target->cold.refs())
            if (uses(*ref.file))
                m_queue.emplace_back(target, ref);
    const auto key = [](const auto &one) {
        return std::tuple(one.first, one.second.header.kind, one.second.header.minTime);
    };
    std::stable_sort(m_queue.begin(), m_queue.end(),
        [&](const auto &a, const auto &b) { return key(a) < key(b); });
    if (!open(unfinishedIn(folder)))
        m_out.reset();
}

SegmentPacker::~SegmentPacker()
{
    if (m_out)
        QFile::remove(m_out->path());
}

bool SegmentPacker::open(const QString &path)
{
    QFile::remove(path);
    int reason = 0;
    m_out = FrameFile::open(path, true, &reason);
    if (!m_out)
        return false;
    m_out->replacesFrom = m_segments.begin()->first;
    m_out->replacesTo = m_segments.rbegin()->first;
    Bytes frame, body;
    ByteWriter write(body);
    write.value(m_out->replacesFrom);
    write.value(m_out->replacesTo);
    appendFrame(frame, {.kind = FrameKind::Replaces}, {}, body);
    return m_out->append(frame) == 0;
}

bool SegmentPacker::uses(const FrameFile &file) const
{
    return std::any_of(m_segments.begin(), m_segments.end(),
        [&](const auto &one) { return one.second.get() == &file; });
}

bool SegmentPacker::joins(const RowBatch &batch, const StoredTarget *target) const
{
    constexpr std::size_t mostCells = std::size_t(4) << 20;
    const auto rows = m_rowCount + batch.times.size();
    const auto series = std::max(m_seriesCount, batch.ids.size());
    return m_rows.empty()
        || (target == m_target && batch.seconds == m_rows.front().seconds
            && batch.times.front() > m_rows.back().times.back() && rows <= std::size_t(m_blockRows)
            && rows * series * std::size_t(batch.width()) <= mostCells);
}

SegmentPacker::State SegmentPacker::step()
{
    while (m_out && m_next < m_queue.size()) {
        const auto &[target, ref] = m_queue[m_next++];
        auto [batch, whole] = readBlock(ref, m_damage);
        if (!whole) { // the original may be readable another time, or in part
            ref.file->intact = false;
            return State::Failed;
        }
        if (batch.ids.empty())
            continue;
        const bool full = !joins(batch, target);
        if (full && !write())
            return State::Failed;
        m_target = target;
        m_rowCount += batch.times.size();
        m_seriesCount = std::max(m_seriesCount, batch.ids.size());
        m_rows.push_back(std::move(batch));
        if (full)
            return State::More;
    }
    return m_out && (m_rows.empty() || write()) ? State::Done : State::Failed;
}

bool SegmentPacker::write()
{
    const auto rows = std::exchange(m_rows, {});
    const auto isCounter = [this](SeriesId id) { return m_registry.isCounter(id); };
    std::vector<SeriesId> ids;
    for (const auto &batch : rows) {
        std::vector<SeriesId> all;
        std::set_union(
            ids.begin(), ids.end(), batch.ids.begin(), batch.ids.end(), std::back_inserter(all));
        ids = std::move(all);
    }
    HotBlock block(ids, rows.front().seconds, int(m_rowCount), isCounter);
    for (const auto &batch : rows) {
        std::vector<int> columns;
        for (const auto id : batch.ids)
            for (int part = 0; part < batch.width(); ++part)
                columns.push_back(block.columnOf(id) + part);
        block.appendRows(batch.times, columns, batch.values.data());
    }
    block.seal();
    m_rowCount = m_seriesCount = 0;
    int reason = 0;
    const auto ref = appendBlock(block, *m_out, m_registry, &reason);
    if (ref)
        m_blocks.push_back(*ref);
    else
        qCInfo(lcStore, "packing: %s", strerror(reason));
    return ref.has_value();
}

std::shared_ptr<FrameFile> SegmentPacker::take(const QString &path)
{
    if (!m_out->sync() || !m_out->moveTo(path))
        return nullptr;
    return std::exchange(m_out, nullptr);
}

} // namespace pilothouse
