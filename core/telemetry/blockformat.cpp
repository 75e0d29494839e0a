// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/blockformat.h"

#include "core/telemetry/codec.h"
#include "core/telemetry/rowcodec.h"

#include <algorithm>
#include <numeric>

namespace pilothouse {

Bytes encodeBlock(const HotBlock &block, FrameFile &file, const Registry &registry)
{
    Bytes out, head, body;
    const bool fine = block.seconds() == 0;
    ByteWriter writeHead(head), writeBody(body);
    writeHead.value(std::uint32_t(block.seconds()));
    const auto times = block.times();
    codec::encodeTimes(
        {reinterpret_cast<const std::int64_t *>(times.data()), times.size()}, writeBody);
    writeHead.varint(body.size());
    writeHead.value(std::uint32_t(frameHash(body)));
    quint32 any = 0;
    for (std::size_t i = 0; i < block.ids().size(); ++i) {
        any = file.local(block.ids()[i], registry, out);
        writeHead.varint(any);
        if (fine) {
            auto rows = block.series(int(i));
            if (block.isCounter(int(i) * block.width()))
                rows.levelled = 0; // they hold rates
            const auto sum = foldRows(rows, 0, block.rows());
            writeHead.varint(sum.count);
            if (sum.count > 0)
                for (const double value : {sum.min, sum.max, sum.first, sum.last, sum.sum})
                    writeHead.value(value);
        }
        const auto start = body.size();
        for (int part = 0; part < block.width(); ++part)
            codec::encodeColumn(block.column(int(i) * block.width() + part), writeBody);
        writeHead.varint(body.size() - start);
        writeHead.value(std::uint32_t(frameHash(ByteSpan(body).subspan(start))));
    }
    FrameHeader header{.kind = fine ? FrameKind::Block : FrameKind::Rollup,
        .rows = std::uint16_t(block.rows()),
        .seriesCount = std::uint32_t(block.ids().size()),
        .anySeries = any,
        .minTime = block.first(),
        .maxTime = block.last()};
    appendFrame(out, header, head, body);
    return out;
}

std::optional<BlockHead> decodeBlockHead(ByteSpan bytes, const FrameHeader &header)
{
    ByteReader in(bytes);
    BlockHead head;
    head.seconds = int(in.value<std::uint32_t>());
    const bool fine = header.kind == FrameKind::Block;
    if (fine != (head.seconds == 0) || head.seconds < 0 || head.seconds > 86400 || header.rows == 0
        || header.seriesCount > in.left())
        return {};
    std::uint64_t offset = 0;
    const auto takePiece = [&] {
        BlockHead::Piece piece{offset, in.varint(), in.value<std::uint32_t>()};
        offset += std::min<std::uint64_t>(piece.size, header.bodySize + 1);
        return piece;
    };
    head.times = takePiece();
    head.entries.resize(header.seriesCount);
    for (auto &one : head.entries) {
        one.number = quint32(in.varint());
        if (fine) {
            auto &sum = one.summary;
            sum.count = quint32(in.varint());
            if (sum.count > 0)
                for (auto *value : {&sum.min, &sum.max, &sum.first, &sum.last, &sum.sum})
                    *value = in.value<double>();
        }
        one.columns = takePiece();
        if (!in.ok() || offset > header.bodySize)
            return {};
    }
    if (in.left() != 0 || offset != header.bodySize)
        return {};
    return head;
}

BlockBody::BlockBody(const BlockHead &head, const FrameHeader &header, ReadPiece read)
    : m_head(head)
    , m_header(header)
    , m_read(std::move(read))
{
}

std::optional<Bytes> BlockBody::piece(const BlockHead::Piece &piece) const
{
    auto bytes = m_read(piece.offset, std::size_t(piece.size));
    if (bytes.size() != piece.size || std::uint32_t(frameHash(bytes)) != piece.hash)
        return {};
    return bytes;
}

bool BlockBody::openTimes()
{
    const auto bytes = piece(m_head.times);
    if (!bytes)
        return false;
    ByteReader in(*bytes);
    m_times.resize(m_header.rows);
    return codec::decodeTimes(in, m_times) && m_times.front() == m_header.minTime
        && m_times.back() == m_header.maxTime;
}

bool BlockBody::columns(std::size_t entry, std::span<std::vector<double>> out) const
{
    if (entry >= m_head.entries.size())
        return false;
    const auto bytes = piece(m_head.entries[entry].columns);
    if (!bytes)
        return false;
    ByteReader in(*bytes);
    for (auto &column : out) {
        column.resize(m_header.rows);
        if (!codec::decodeColumn(in, column))
            return false;
    }
    return in.left() == 0;
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
