// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/framefile.h"

namespace pilothouse {

/// Rows of one fine series that are encoded together, and read without the others of their block.
constexpr int pageRows = 1024;

/// A sealed block as a frame of `file`; definitions of series new to it come first.
Bytes encodeBlock(const HotBlock &block, FrameFile &file, const Registry &registry);
/// Writes it behind the others; nothing: `reason` (errno) says why, and the file is as before.
std::optional<BlockRef> appendBlock(
    const HotBlock &block, FrameFile &file, const Registry &registry, int *reason);

/// Part of a block's body; with a hash of its own, so that it is read by itself.
struct BlockPiece {
    std::uint64_t offset = 0, size = 0;
    std::uint32_t hash = 0;
};

/// Head of a block frame: which series, their summaries (fine rows), and where in the body their
/// rows are.
struct BlockHead {
    struct Entry {
        quint32 number = 0;
        Column summary; ///< of the values themselves, of a counter as well
        BlockPiece levels; ///< of its pages; empty: there is one page only
        BlockPiece pages; ///< the hash only when there is one page
    };
    int seconds = 0;
    BlockPiece times;
    std::vector<Entry> entries;
};
std::optional<BlockHead> decodeBlockHead(ByteSpan bytes, const FrameHeader &header);

/// Where one page of a series is, and what it holds in sum.
struct PageLevel {
    BlockPiece piece;
    Column column; ///< of a gauge's values; of the rates from a counter's first value to its last
    /// Of a counter: its first and last value, and their rows in the block. None: last < first.
    int firstRow = 0, lastRow = -1;
    double firstValue = 0, lastValue = 0;
};
struct SeriesLevels {
    enum Of : std::uint8_t { Values, Rates, Nothing }; ///< Nothing: the columns say nothing
    Of of = Nothing;
    std::vector<PageLevel> pages;
};

int pagesOf(const FrameHeader &header); ///< pages of each series; one of coarse rows
/// `bytes`: the series' piece of levels.
std::optional<SeriesLevels> decodeLevels(
    ByteSpan bytes, const BlockHead::Entry &entry, const FrameHeader &header);
/// Unix ms, ascending, as many as the block has rows.
std::optional<std::vector<qint64>> decodeBlockTimes(
    ByteSpan bytes, const BlockHead &head, const FrameHeader &header);
/// One column, or of coarse rows min, max and last one after the other. False: damaged.
bool decodePage(ByteSpan bytes, const BlockPiece &piece, int columns, std::span<double> cells);

} // namespace pilothouse
