// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/bytes.h"

#include <functional>
#include <optional>
#include <string>

namespace pilothouse {

enum class FrameKind : std::uint8_t {
    Series = 1, ///< defines a number used in the same file
    Block, ///< compressed rows of one target
    Rollup, ///< the same, with min, max and last for each series
    Rows, ///< journal: rows as they came
    RollupRows,
    Replaces, ///< this segment was made of those from one number to another
};

/// Heads every frame of a segment or journal: head bytes (series and their summaries) and body
/// bytes follow, each with its own XXH3, so that a summary can be read without the body.
struct FrameHeader {
    FrameKind kind = FrameKind::Series;
    std::uint16_t rows = 0;
    std::uint32_t seriesCount = 0;
    std::uint32_t anySeries = 0; ///< number of one of its series: tells the target
    std::uint32_t headSize = 0, bodySize = 0, bodyRawSize = 0;
    std::int64_t minTime = 0, maxTime = 0; ///< Unix ms, both inside
    std::uint64_t headHash = 0, bodyHash = 0;

    static constexpr std::size_t size = 72;
    std::uint64_t frameSize() const { return size + headSize + bodySize; }
};

/// Fills in sizes and hashes and appends header, head and body to `out`.
void appendFrame(Bytes &out, FrameHeader header, ByteSpan head, ByteSpan body);
/// Nothing unless magic, own hash and limits are right.
std::optional<FrameHeader> parseFrameHeader(ByteSpan bytes);
std::uint64_t frameHash(ByteSpan bytes);

/// What a walk over the frames of a file found out.
struct FrameWalk {
    std::uint64_t end = 0; ///< behind the last whole frame
    std::uint64_t tail = 0; ///< bytes behind `end` that are no frame
    std::vector<std::string> damage; ///< "4096 (12 bytes)"
};

/// Reads up to `size` bytes at `offset`; fewer only at the end.
using ReadAt = std::function<Bytes(std::uint64_t offset, std::size_t size)>;
using OnFrame = std::function<void(std::uint64_t offset, const FrameHeader &header)>;

/// Calls `onFrame` for every frame from `offset`. Damaged stretches are skipped up to the next
/// valid header; with `verify` heads and bodies are hashed too and damaged frames left out.
FrameWalk walkFrames(
    const ReadAt &readAt, std::uint64_t offset, bool verify, const OnFrame &onFrame);

} // namespace pilothouse
