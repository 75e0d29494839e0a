// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/rowsnapshot.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace pilothouse {

namespace {

constexpr int digitBits = 11;
constexpr std::size_t buckets = std::size_t(1) << digitBits;
constexpr quint32 unknownKey = ~quint32(0);

/// Rows with a key of 32 bits above the slot's 32, least significant digit first, so it is stable.
/// Digits above `highest` or in which all keys agree cost nothing.
void radixSort(std::vector<quint64> &items, quint32 highest)
{
    std::vector<quint64> other(items.size());
    std::array<quint32, buckets> counts;
    for (int shift = 0; shift < 32 && (shift == 0 || highest >> shift != 0); shift += digitBits) {
        counts.fill(0);
        for (const auto item : items)
            ++counts[item >> (32 + shift) & (buckets - 1)];
        if (counts[items.front() >> (32 + shift) & (buckets - 1)] == items.size())
            continue;
        quint32 start = 0;
        for (auto &each : counts) {
            const auto here = each;
            each = start;
            start += here;
        }
        for (const auto item : items)
            other[counts[item >> (32 + shift) & (buckets - 1)]++] = item;
        items.swap(other);
    }
}

/// Runs that agree in 32 bits of their keys, by all 64.
void finishRuns(std::vector<quint64> &items, const std::vector<quint64> &keys)
{
    const auto keyOf = [&](quint64 item) { return keys[quint32(item)]; };
    const auto less = [&](quint64 a, quint64 b) { return keyOf(a) < keyOf(b); };
    for (auto from = items.begin(); from != items.end();) {
        bool sorted = true;
        auto to = from + 1;
        for (; to != items.end() && *to >> 32 == *from >> 32; ++to)
            sorted = sorted && keyOf(*(to - 1)) <= keyOf(*to);
        if (!sorted)
            std::stable_sort(from, to, less);
        from = to;
    }
}

void sortByNumber(std::vector<quint32> &slots, const std::vector<double> &values, bool descending)
{
    std::vector<quint64> keys(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        keys[i] = sortableBits(values[i], descending);
    quint64 least = ~quint64(0), most = 0;
    for (const auto slot : slots) {
        least = std::min(least, keys[slot]);
        most = std::max(most, keys[slot] == ~quint64(0) ? 0 : keys[slot]);
    }
    const quint64 range = most > least ? most - least : 0;
    const int shift = std::max(0, int(std::bit_width(range + 1)) - 32);
    quint32 highest = 0;
    std::vector<quint64> items;
    items.reserve(slots.size());
    for (const auto slot : slots) {
        const auto key = keys[slot] == ~quint64(0)
            ? unknownKey
            : quint32(std::min<quint64>((keys[slot] - least) >> shift, unknownKey - 1));
        highest = std::max(highest, key);
        items.push_back(quint64(key) << 32 | slot);
    }
    radixSort(items, highest);
    if (shift > 0)
        finishRuns(items, keys);
    for (std::size_t i = 0; i < items.size(); ++i)
        slots[i] = quint32(items[i]);
}

void sortByText(std::vector<quint32> &slots, const std::vector<quint32> &texts,
    const std::vector<quint32> &ranks, bool descending)
{
    const auto count = quint32(ranks.size());
    std::vector<quint64> items;
    items.reserve(slots.size());
    for (const auto slot : slots) {
        const auto text = texts[slot];
        const auto key = text == 0 ? count : descending ? count - 1 - ranks[text] : ranks[text];
        items.push_back(quint64(key) << 32 | slot);
    }
    radixSort(items, count);
    for (std::size_t i = 0; i < items.size(); ++i)
        slots[i] = quint32(items[i]);
}

void sortBy(std::vector<quint32> &slots, const RowSnapshot &snapshot, const SortKey &key,
    std::shared_ptr<const TextRanks> &ranks)
{
    const auto &column = *snapshot.columns[std::size_t(key.column)];
    if (column.kind == CellKind::Number) {
        sortByNumber(slots, column.numbers, key.descending);
        return;
    }
    if (!ranks || ranks->rank.size() != column.table->size())
        ranks = std::make_shared<TextRanks>(rankTexts(*column.table, ranks.get()));
    sortByText(slots, column.texts, ranks->rank, key.descending);
}

bool beginsWith(const std::vector<SortKey> &all, const std::vector<SortKey> &first)
{
    return all.size() >= first.size() && std::equal(first.begin(), first.end(), all.begin());
}

/// All rows in order, from what is known where that helps.
void sortAll(RowOrder &order, const RowSnapshot &snapshot, const std::vector<SortKey> &keys)
{
    if (snapshot.sorted && beginsWith(snapshot.sortedBy, keys)
        && (!keys.empty() || snapshot.sortedBy.empty())) {
        order.sorted = snapshot.sorted;
        order.sortedBy = snapshot.sortedBy;
        return;
    }
    std::vector<quint32> slots;
    std::vector<SortKey> rest = snapshot.sortedBy;
    if (!keys.empty())
        std::erase_if(rest, [&](const SortKey &key) { return key.column == keys[0].column; });
    if (snapshot.sorted && !keys.empty() && beginsWith(rest, {keys.begin() + 1, keys.end()})) {
        slots = *snapshot.sorted;
        if (!slots.empty())
            sortBy(slots, snapshot, keys[0], order.ranks[std::size_t(keys[0].column)]);
        order.sortedBy = std::move(rest);
        order.sortedBy.insert(order.sortedBy.begin(), keys[0]);
    } else {
        slots.reserve(snapshot.slots);
        for (std::size_t word = 0; word < snapshot.alive->size(); ++word) {
            for (auto bits = (*snapshot.alive)[word]; bits != 0; bits &= bits - 1)
                slots.push_back(quint32(word * 64 + std::size_t(std::countr_zero(bits))));
        }
        for (auto key = keys.rbegin(); key != keys.rend() && !slots.empty(); ++key)
            sortBy(slots, snapshot, *key, order.ranks[std::size_t(key->column)]);
        order.sortedBy = keys;
    }
    if (order.sortedBy.size() > 4)
        order.sortedBy.resize(4); // what is further down is true but nobody asks
    order.sorted = std::make_shared<const std::vector<quint32>>(std::move(slots));
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

RowOrder orderRows(
    const RowSnapshot &snapshot, const std::vector<SortKey> &keys, const RowFilter &filter)
{
    RowOrder order;
    order.ranks = snapshot.ranks;
    sortAll(order, snapshot, keys);
    if (!filter) {
        order.slots = *order.sorted;
        order.shown = *snapshot.alive;
        return order;
    }
    order.shown = filter(snapshot);
    std::size_t count = 0;
    for (std::size_t word = 0; word < order.shown.size(); ++word) {
        order.shown[word] &= (*snapshot.alive)[word];
        count += std::size_t(std::popcount(order.shown[word]));
    }
    if (count == order.sorted->size()) {
        order.slots = *order.sorted;
        return order;
    }
    order.slots.resize(count + 1); // the last one is written for each row that is not shown
    auto *place = order.slots.data();
    for (const auto slot : *order.sorted) { // no branch: half of them may pass
        *place = slot;
        place += order.shown[slot / 64] >> (slot % 64) & 1;
    }
    order.slots.resize(count);
    return order;
}

} // namespace pilothouse
