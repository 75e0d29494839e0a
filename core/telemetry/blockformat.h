// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/framefile.h"

namespace pilothouse {

/// A sealed block as a frame of `file`; definitions of series new to it come first.
Bytes encodeBlock(const HotBlock &block, FrameFile &file, const Registry &registry);

/// Head of a block frame: which series, their summaries (fine rows), and where in the body their
/// columns are. Each piece has a hash of its own, so that one series is read without the others.
struct BlockHead {
    struct Piece {
        std::uint64_t offset = 0, size = 0;
        std::uint32_t hash = 0;
    };
    struct Entry {
        quint32 number = 0;
        Column summary;
        Piece columns;
    };
    int seconds = 0;
    Piece times;
    std::vector<Entry> entries;
};
std::optional<BlockHead> decodeBlockHead(ByteSpan bytes, const FrameHeader &header);

/// Body of a block frame; `head` must outlive it.
class BlockBody {
public:
    /// Bytes of the body; fewer than asked for at a torn end.
    using ReadPiece = std::function<Bytes(std::uint64_t offset, std::size_t size)>;

    BlockBody(const BlockHead &head, const FrameHeader &header, ReadPiece read);
    bool openTimes(); ///< false: damaged
    const std::vector<std::int64_t> &times() const { return m_times; }
    /// Cells of one series into `out`: one column, or min, max and last.
    bool columns(std::size_t entry, std::span<std::vector<double>> out) const;

private:
    std::optional<Bytes> piece(const BlockHead::Piece &piece) const;

    const BlockHead &m_head;
    FrameHeader m_header;
    ReadPiece m_read;
    std::vector<std::int64_t> m_times;
};

/// Rows as they were appended.
struct RowBatch {
    std::vector<SeriesId> ids; ///< ascending
    int seconds = 0; ///< 0: fine rows
    std::vector<qint64> times;
    std::vector<double> values; ///< times x ids x width

    int width() const { return seconds == 0 ? 1 : 3; }
    std::size_t cells() const { return ids.size() * std::size_t(width()); }
    std::span<const double> row(std::size_t index) const
    {
        return {values.data() + index * cells(), cells()};
    }
};
void encodeRows(const RowBatch &batch, FrameFile &file, const Registry &registry, Bytes &out);
/// Series that are unknown in `file` are left out.
std::optional<RowBatch> decodeRows(
    ByteSpan head, ByteSpan body, const FrameHeader &header, const FrameFile &file);

/// `batch` with ascending, unique, known ids.
RowBatch normalised(RowBatch batch);

} // namespace pilothouse
