// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/codec.h"
#include "core/telemetry/coldblock.h"
#include "core/telemetry/rowcodec.h"

using namespace pilothouse;

/// Part of `all`, as a file gives it.
static Bytes part(ByteSpan all, std::uint64_t offset, std::size_t count)
{
    const auto from = std::min<std::uint64_t>(offset, all.size());
    const auto found = all.subspan(from, std::min<std::size_t>(count, all.size() - from));
    return {found.begin(), found.end()};
}

/// Everything of a block whose frame, without its header, is `all`.
static void readBlock(ByteSpan all, const FrameHeader &header)
{
    const auto read = [all](std::uint64_t offset, std::size_t count, Wait) {
        return std::optional(part(all, offset, count));
    };
    ColdBlock block(
        header, read, [](quint32 number) { return SeriesId(number); },
        std::make_shared<std::atomic<std::size_t>>(0));
    if (block.openHead(Wait::Yes) != Got::There || block.openTimes(Wait::Yes) != Got::There)
        return;
    for (int i = 0; i < int(block.head().entries.size()); ++i)
        if (block.openLevels(i, Wait::Yes) == Got::There)
            block.openPages(i, 0, pagesOf(header) - 1, Wait::Yes);
}

/// A segment's bytes: frames are walked, heads, levels and pages decoded as far as they let
/// themselves.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const ByteSpan all(data, size);
    const auto readAt
        = [all](std::uint64_t offset, std::size_t count) { return part(all, offset, count); };
    walkFrames(readAt, 0, true, [all](std::uint64_t offset, const FrameHeader &header) {
        if (header.kind == FrameKind::Block || header.kind == FrameKind::Rollup)
            readBlock(all.subspan(offset + FrameHeader::size), header);
    });
    // The hashes keep a fuzzer out: decode the same bytes as each of the parts, too.
    constexpr std::size_t lead = 5;
    if (size < 8)
        return 0;
    const ByteSpan rest = all.subspan(lead);
    const auto hash = frameHash(rest);
    FrameHeader header{.kind = data[0] & 1 ? FrameKind::Block : FrameKind::Rollup,
        .rows = std::uint16_t(data[1] * 16 + data[2] + 1),
        .seriesCount = data[3],
        .headSize = std::uint32_t(rest.size()),
        .bodySize = std::uint32_t(size),
        .headHash = hash};
    readBlock(rest, header);
    decodeBlockHead(rest, header);
    const BlockPiece whole{0, rest.size(), std::uint32_t(hash)};
    const auto pages = std::uint64_t(data[3] + data[4] * 256);
    decodeLevels(rest, {0, {}, whole, {rest.size(), pages, 0}}, header);
    BlockHead head;
    head.times = whole;
    decodeBlockTimes(rest, head, header);
    std::vector<double> cells(std::size_t(header.rows) * 3);
    decodePage(rest, whole, 3, cells);
    decodePage(rest, whole, 1, std::span(cells).first(data[1] + std::size_t(1)));
    ByteReader rows(rest);
    codec::decodeRowValues(rows, data[3] % 16 + std::size_t(1), cells);
    return 0;
}
