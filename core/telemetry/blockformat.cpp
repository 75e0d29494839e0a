// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/blockformat.h"

#include "core/telemetry/codec.h"

#include <algorithm>
#include <numeric>

namespace pilothouse {

Bytes encodeBlock(const HotBlock &block, FrameFile &file, const Registry &registry)
{
    Bytes out, head, raw;
    const bool fine = block.seconds() == 0;
    ByteWriter writeHead(head), writeRaw(raw);
    writeHead.value(std::uint32_t(block.seconds()));
    const auto times = block.times();
    codec::encodeTimes(
        {reinterpret_cast<const std::int64_t *>(times.data()), times.size()}, writeRaw);
    Bytes column;
    quint32 any = 0;
    for (std::size_t i = 0; i < block.ids().size(); ++i) {
        any = file.local(block.ids()[i], registry, out);
        writeHead.value(any);
        if (fine) {
            const auto sum = summarise(block.column(int(i)));
            for (const double value : {sum.min, sum.max, sum.first, sum.last})
                writeHead.value(value);
            writeHead.value(sum.count);
        }
        for (int part = 0; part < block.width(); ++part) {
            column.clear();
            ByteWriter writeColumn(column);
            codec::encodeColumn(block.column(int(i) * block.width() + part), writeColumn);
            writeRaw.varint(column.size());
            writeRaw.bytes(column);
        }
    }
    FrameHeader header{.kind = fine ? FrameKind::Block : FrameKind::Rollup,
        .rows = std::uint16_t(block.rows()),
        .seriesCount = std::uint32_t(block.ids().size()),
        .anySeries = any,
        .bodyRawSize = std::uint32_t(raw.size()),
        .minTime = block.first(),
        .maxTime = block.last()};
    appendFrame(out, header, head, codec::compress(raw));
    return out;
}

std::optional<BlockHead> decodeBlockHead(ByteSpan bytes, const FrameHeader &header)
{
    ByteReader in(bytes);
    BlockHead head;
    head.seconds = int(in.value<std::uint32_t>());
    const bool fine = header.kind == FrameKind::Block;
    const std::size_t entry = fine ? 40 : 4;
    if (in.left() != header.seriesCount * entry || fine != (head.seconds == 0) || head.seconds < 0
        || head.seconds > 86400)
        return {};
    head.entries.resize(header.seriesCount);
    for (auto &one : head.entries) {
        one.number = in.value<std::uint32_t>();
        if (!fine)
            continue;
        for (auto *value :
            {&one.summary.min, &one.summary.max, &one.summary.first, &one.summary.last})
            *value = in.value<double>();
        one.summary.count = in.value<std::uint32_t>();
    }
    return head;
}

std::optional<BlockBody> BlockBody::open(ByteSpan packed, const FrameHeader &header, int width)
{
    BlockBody body;
    body.m_raw = codec::decompress(packed, header.bodyRawSize);
    ByteReader in(body.m_raw);
    body.m_times.resize(header.rows);
    if (header.rows == 0 || !codec::decodeTimes(in, body.m_times)
        || body.m_times.front() != header.minTime || body.m_times.back() != header.maxTime)
        return {};
    const auto columns = std::size_t(header.seriesCount) * std::size_t(width);
    if (columns > in.left()) // each takes at least one byte
        return {};
    body.m_columns.reserve(columns);
    for (std::size_t i = 0; i < columns; ++i) {
        const auto size = in.varint();
        const auto at = body.m_raw.size() - in.left();
        in.bytes(size);
        if (!in.ok())
            return {};
        body.m_columns.emplace_back(at, size);
    }
    return body;
}

bool BlockBody::column(std::size_t index, std::vector<double> &out) const
{
    out.resize(m_times.size());
    if (index >= m_columns.size())
        return false;
    ByteReader in(ByteSpan(m_raw).subspan(m_columns[index].first, m_columns[index].second));
    return codec::decodeColumn(in, out);
}

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
        body.reserve(count * (batch.cells() + 1) * sizeof(double));
        qint64 low = batch.times[from], high = low;
        for (std::size_t i = from; i < from + count; ++i) {
            low = std::min(low, batch.times[i]);
            high = std::max(high, batch.times[i]);
            writeBody.value(batch.times[i]);
            const auto row = batch.row(i);
            writeBody.bytes({reinterpret_cast<const std::uint8_t *>(row.data()), row.size_bytes()});
        }
        FrameHeader header{.kind = batch.seconds == 0 ? FrameKind::Rows : FrameKind::RollupRows,
            .rows = std::uint16_t(count),
            .seriesCount = std::uint32_t(batch.ids.size()),
            .anySeries = any,
            .bodyRawSize = std::uint32_t(body.size()),
            .minTime = low,
            .maxTime = high};
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
    if (in.left() != count * sizeof(quint32)
        || rows.left() != header.rows * (cells + 1) * sizeof(double) || batch.seconds < 0
        || batch.seconds > 86400)
        return {};
    for (std::uint32_t i = 0; i < count; ++i)
        batch.ids.push_back(file.global(in.value<quint32>()));
    for (int i = 0; i < header.rows; ++i) {
        batch.times.push_back(rows.value<qint64>());
        for (std::size_t cell = 0; cell < cells; ++cell)
            batch.values.push_back(rows.value<double>());
    }
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
