// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/framefile.h"

namespace pilothouse {

/// A sealed block as a frame of `file`; definitions of series new to it come first.
Bytes encodeBlock(const HotBlock &block, FrameFile &file, const Registry &registry);

/// Head of a block frame: which series, their summaries (fine rows), and where their cells are.
struct BlockHead {
    struct Entry {
        quint32 number = 0;
        Column summary;
    };
    int seconds = 0;
    std::vector<Entry> entries;
};
std::optional<BlockHead> decodeBlockHead(ByteSpan bytes, const FrameHeader &header);

/// Opened body of a block frame.
class BlockBody {
public:
    static std::optional<BlockBody> open(ByteSpan packed, const FrameHeader &header, int width);
    const std::vector<std::int64_t> &times() const { return m_times; }
    /// Cells of one column into `out` (rows long).
    bool column(std::size_t index, std::vector<double> &out) const;

private:
    Bytes m_raw;
    std::vector<std::int64_t> m_times;
    std::vector<std::pair<std::size_t, std::size_t>> m_columns; // offset, size
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
