// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/blockformat.h"
#include "core/telemetry/codec.h"
#include "core/telemetry/rowcodec.h"

#include <array>

using namespace pilothouse;

/// A segment's bytes: frames are walked, heads and bodies decoded as far as they let themselves.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const ByteSpan all(data, size);
    const auto readAt = [all](std::uint64_t offset, std::size_t count) {
        const auto from = std::min<std::uint64_t>(offset, all.size());
        const auto found = all.subspan(from, std::min<std::size_t>(count, all.size() - from));
        return Bytes(found.begin(), found.end());
    };
    walkFrames(readAt, 0, true, [](std::uint64_t, const FrameHeader &) {});
    // The hashes keep a fuzzer out: decode the same bytes as a head and a body, too.
    if (size < 8)
        return 0;
    FrameHeader header{.kind = data[0] & 1 ? FrameKind::Block : FrameKind::Rollup,
        .rows = std::uint16_t(data[1] + 1),
        .seriesCount = data[2],
        .bodySize = std::uint32_t(size)};
    std::vector<double> column(data[1] + std::size_t(1));
    ByteReader in(all.subspan(3));
    codec::decodeColumn(in, column);
    ByteReader rows(all.subspan(3));
    codec::decodeRowValues(rows, data[2] % 16 + std::size_t(1), column);
    ByteReader times(all.subspan(3));
    std::vector<std::int64_t> out(data[1] + std::size_t(1));
    codec::decodeTimes(times, out);
    if (const auto head = decodeBlockHead(all.subspan(3), header)) {
        BlockBody body(*head, header, [all](std::uint64_t offset, std::size_t count) {
            const auto from = std::min<std::uint64_t>(offset, all.size());
            const auto found = all.subspan(from, std::min<std::size_t>(count, all.size() - from));
            return Bytes(found.begin(), found.end());
        });
        body.openTimes();
        std::array<std::vector<double>, 3> columns;
        for (std::size_t i = 0; i < head->entries.size(); ++i)
            body.columns(i, {columns.data(), std::size_t(head->seconds == 0 ? 1 : 3)});
    }
    return 0;
}
