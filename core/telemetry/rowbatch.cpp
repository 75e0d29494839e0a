// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/rowbatch.h"

#include "core/telemetry/rowcodec.h"

#include <algorithm>
#include <numeric>

namespace pilothouse {

void encodeRows(const RowBatch &batch, FrameFile &file, const Registry &registry, Bytes &out)
{
    constexpr std::size_t most = 1024;
    for (std::size_t from = 0; from < batch.times.size(); from += most) {
        const auto count = std::min(most, batch.times.size() - from);
        Bytes head, body;
        ByteWriter writeHead(head), writeBody(body);
        writeHead.value(std::uint32_t(batch.seconds));
        quint32 any = 0;
        for (const auto id : batch.ids)
            writeHead.value(any = file.local(id, registry, out));
        const std::span<const qint64> times(batch.times.data() + from, count);
        const auto [low, high] = std::minmax_element(times.begin(), times.end());
        for (const auto time : times)
            writeBody.value(time);
        codec::encodeRowValues(
            {batch.row(from).data(), count * batch.cells()}, batch.cells(), body);
        FrameHeader header{.kind = batch.seconds == 0 ? FrameKind::Rows : FrameKind::RollupRows,
            .rows = std::uint16_t(count),
            .seriesCount = std::uint32_t(batch.ids.size()),
            .anySeries = any,
            .bodyRawSize = std::uint32_t(body.size()),
            .minTime = *low,
            .maxTime = *high};
        appendFrame(out, header, head, body);
    }
}

std::optional<RowBatch> decodeRows(
    ByteSpan head, ByteSpan body, const FrameHeader &header, const FrameFile &file)
{
    ByteReader in(head), rows(body);
    RowBatch batch;
    batch.seconds = int(in.value<std::uint32_t>());
    const auto count = header.seriesCount;
    const auto cells = std::size_t(count) * std::size_t(batch.width());
    constexpr std::size_t most = std::size_t(64) << 20;
    if (in.left() != count * sizeof(quint32) || batch.seconds < 0 || batch.seconds > 86400
        || header.rows * cells > most)
        return {};
    for (std::uint32_t i = 0; i < count; ++i)
        batch.ids.push_back(file.global(in.value<quint32>()));
    for (int i = 0; i < header.rows; ++i)
        batch.times.push_back(rows.value<qint64>());
    batch.values.resize(header.rows * cells);
    if (!codec::decodeRowValues(rows, cells, batch.values) || rows.left() != 0)
        return {};
    return normalised(std::move(batch));
}

RowBatch normalised(RowBatch batch)
{
    const auto strictly = [&] {
        for (std::size_t i = 1; i < batch.ids.size(); ++i)
            if (batch.ids[i - 1] >= batch.ids[i])
                return false;
        return batch.ids.empty() || batch.ids.front() != 0;
    };
    if (strictly())
        return batch;
    std::vector<std::size_t> order(batch.ids.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(
        order.begin(), order.end(), [&](auto a, auto b) { return batch.ids[a] < batch.ids[b]; });
    std::erase_if(order, [&](auto at) { return batch.ids[at] == 0; });
    const auto same = [&](auto a, auto b) { return batch.ids[a] == batch.ids[b]; };
    order.erase(std::unique(order.begin(), order.end(), same), order.end());
    RowBatch sorted;
    sorted.seconds = batch.seconds;
    sorted.times = std::move(batch.times);
    const auto width = std::size_t(batch.width());
    for (const auto at : order)
        sorted.ids.push_back(batch.ids[at]);
    sorted.values.reserve(sorted.times.size() * order.size() * width);
    for (std::size_t row = 0; row < sorted.times.size(); ++row)
        for (const auto at : order)
            for (std::size_t part = 0; part < width; ++part)
                sorted.values.push_back(batch.row(row)[at * width + part]);
    return sorted;
}

} // namespace pilothouse
