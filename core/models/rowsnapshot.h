// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/texttable.h"

#include <functional>
#include <memory>
#include <vector>

namespace pilothouse {

enum class CellKind { Number, Text };

/// One column's values by slot, as plain arrays. NaN and text number 0 mean unknown.
struct ColumnValues {
    CellKind kind = CellKind::Number;
    std::vector<double> numbers;
    std::vector<quint32> texts; ///< numbers in `table`
    std::shared_ptr<const TextTable> table;
};

/// A set of slots, 64 in a word. Words beyond the last slot's are zero after trim().
using RowBits = std::vector<quint64>;

inline bool hasBit(const RowBits &bits, quint32 slot)
{
    return (bits[slot / 64] >> (slot % 64) & 1) != 0;
}

struct SortKey {
    int column = -1;
    bool descending = false;

    bool operator==(const SortKey &) const = default;
};

/// Everything sorting and filtering read: immutable while a worker has it.
struct RowSnapshot {
    quint32 slots = 0;
    quint64 epoch = 0; ///< counts the changes before it
    std::shared_ptr<const RowBits> alive;
    std::vector<std::shared_ptr<const ColumnValues>> columns;
    std::vector<std::shared_ptr<const TextRanks>> ranks; ///< by column; null or outdated is fine
    std::shared_ptr<const std::vector<quint32>>
        sorted; ///< all rows by `sortedBy`; null = not known
    std::vector<SortKey> sortedBy;
};

/// Says which slots are shown; runs on any thread, so it owns all it needs.
using RowFilter = std::function<RowBits(const RowSnapshot &)>;

/// The slots to show, top to bottom, and ranks that were found on the way.
struct RowOrder {
    std::vector<quint32> slots;
    RowBits shown; ///< the same as a set
    std::shared_ptr<const std::vector<quint32>> sorted; ///< before the filter
    std::vector<SortKey> sortedBy;
    std::vector<std::shared_ptr<const TextRanks>> ranks;
};

/// Sorts and filters. `keys`: the most significant first; equal rows stay in order of their slots,
/// unknown values come last either way. Pure; radix sorts over plain integers. A known order saves
/// all or all but one of them: another filter sorts nothing, another column sorts by that alone.
RowOrder orderRows(
    const RowSnapshot &snapshot, const std::vector<SortKey> &keys, const RowFilter &filter);

/// A number whose unsigned order is the order of doubles; NaN is above everything.
quint64 sortableBits(double value, bool descending);

} // namespace pilothouse
