// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/framefile.h"

namespace pilothouse {

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
