// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/rowsnapshot.h"

#include <array>
#include <bit>
#include <cmath>

namespace pilothouse {

namespace {

struct Item {
    quint64 key;
    quint32 slot;
};

constexpr int digitBits = 11, digits = 6;
constexpr std::size_t buckets = std::size_t(1) << digitBits;

/// Least significant digit first, so it is stable. Digits in which all keys agree cost nothing.
void radixSort(std::vector<Item> &items)
{
    std::vector<std::array<quint32, buckets>> counts(digits);
    for (const auto &item : items) {
        for (int digit = 0; digit < digits; ++digit)
            ++counts[std::size_t(digit)][item.key >> (digit * digitBits) & (buckets - 1)];
    }
    std::vector<Item> other(items.size());
    for (int digit = 0; digit < digits; ++digit) {
        auto &count = counts[std::size_t(digit)];
        const auto digitOf = [digit](quint64 key) {
            return std::size_t(key >> (digit * digitBits) & (buckets - 1));
        };
        if (count[digitOf(items.front().key)] == items.size())
            continue;
        quint32 start = 0;
        for (auto &each : count) {
            const auto here = each;
            each = start;
            start += here;
        }
        for (const auto &item : items)
            other[count[digitOf(item.key)]++] = item;
        items.swap(other);
    }
}

} // namespace

quint64 sortableBits(double value, bool descending)
{
    if (std::isnan(value))
        return ~quint64(0);
    const auto bits = std::bit_cast<quint64>(value + 0.0); // -0 is 0
    constexpr quint64 sign = quint64(1) << 63;
    const quint64 key = (bits & sign) != 0 ? ~bits : bits | sign;
    return descending ? ~key : key;
}

static void fillKeys(std::vector<Item> &items, const RowSnapshot &snapshot, const SortKey &by,
    std::shared_ptr<const TextRanks> &ranks)
{
    const auto &column = *snapshot.columns[std::size_t(by.column)];
    if (column.kind == CellKind::Number) {
        for (auto &item : items)
            item.key = sortableBits(column.numbers[item.slot], by.descending);
        return;
    }
    if (!ranks || ranks->rank.size() != column.table->size())
        ranks = std::make_shared<TextRanks>(rankTexts(*column.table, ranks.get()));
    const auto count = quint64(column.table->size());
    for (auto &item : items) {
        const auto text = column.texts[item.slot];
        const quint64 rank = ranks->rank[text];
        item.key = text == 0 ? count : by.descending ? count - 1 - rank : rank;
    }
}

RowOrder orderRows(
    const RowSnapshot &snapshot, const std::vector<SortKey> &keys, const RowFilter &filter)
{
    RowBits shown = *snapshot.alive;
    if (filter) {
        const auto passed = filter(snapshot);
        for (std::size_t i = 0; i < shown.size(); ++i)
            shown[i] &= passed[i];
    }
    std::vector<Item> items;
    items.reserve(snapshot.slots);
    for (std::size_t word = 0; word < shown.size(); ++word) {
        for (auto bits = shown[word]; bits != 0; bits &= bits - 1)
            items.push_back({0, quint32(word * 64 + std::size_t(std::countr_zero(bits)))});
    }
    RowOrder order;
    order.ranks = snapshot.ranks;
    if (!items.empty()) {
        for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
            if (key->column < 0 || key->column >= int(snapshot.columns.size()))
                continue;
            fillKeys(items, snapshot, *key, order.ranks[std::size_t(key->column)]);
            radixSort(items);
        }
    }
    order.slots.reserve(items.size());
    for (const auto &item : items)
        order.slots.push_back(item.slot);
    return order;
}

} // namespace pilothouse
