// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/texttable.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace pilothouse {

std::string foldText(const QString &text)
{
    std::string folded = text.toCaseFolded().toStdString();
    for (auto &byte : folded) {
        if (static_cast<unsigned char>(byte) < 0x20)
            byte = ' ';
    }
    return folded;
}

/// In memory order, of the bytes that are 1.
static int lowestByte(quint64 bytes)
{
    static_assert(std::endian::native == std::endian::little);
    return std::countr_zero(bytes) / 8;
}

TextTable::TextTable()
    : m_starts{0}
{
    add({});
}

quint32 TextTable::add(const QString &text)
{
    m_texts.push_back(text);
    m_folded += foldText(text);
    m_folded += '\n';
    m_starts.push_back(quint32(m_folded.size()));
    return size() - 1;
}

std::string_view TextTable::folded(quint32 id) const
{
    return std::string_view(m_folded).substr(m_starts[id], m_starts[id + 1] - m_starts[id] - 1);
}

std::vector<quint8> TextTable::containing(const std::string &needle) const
{
    std::vector<quint8> found(m_texts.size(), needle.empty() ? 1 : 0);
    if (needle.empty() || needle.size() > m_folded.size())
        return found;
    // Places where the first and the last byte fit, a block at a time in a loop that compilers make
    // vectors of, then eight at a time looked at whether there is any.
    constexpr std::size_t block = 4096;
    alignas(64) std::array<quint8, block> fits;
    const char first = needle.front(), last = needle.back();
    const std::size_t ends = m_folded.size() - needle.size() + 1, reach = needle.size() - 1;
    std::size_t id = 0;
    for (std::size_t start = 0; start < ends; start += block) {
        const char *here = m_folded.data() + start;
        const auto count = std::min(block, ends - start);
        if (count == block) {
            for (std::size_t i = 0; i < block; ++i)
                fits[i] = quint8(here[i] == first) & quint8(here[i + reach] == last);
        } else {
            fits.fill(0);
            for (std::size_t i = 0; i < count; ++i)
                fits[i] = quint8(here[i] == first) & quint8(here[i + reach] == last);
        }
        for (std::size_t i = 0; i < count; i += 8) {
            quint64 eight = 0;
            std::memcpy(&eight, fits.data() + i, 8);
            for (; eight != 0; eight &= eight - 1) {
                const auto place = start + i + std::size_t(lowestByte(eight));
                if (needle.size() > 2
                    && std::memcmp(m_folded.data() + place, needle.data(), needle.size()) != 0)
                    continue;
                while (m_starts[id + 1] <= place)
                    ++id;
                found[id] = 1;
            }
        }
    }
    return found;
}

std::vector<quint8> TextTable::equalling(const std::string &needle) const
{
    std::vector<quint8> found(m_texts.size(), 0);
    for (quint32 id = 0; id < size(); ++id)
        found[id] = folded(id) == needle ? 1 : 0;
    return found;
}

static bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

int compareNatural(std::string_view a, std::string_view b)
{
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            while (i < a.size() && a[i] == '0')
                ++i;
            while (j < b.size() && b[j] == '0')
                ++j;
            int order = 0; // of the first digit that differs; counts when both are as long
            while (i < a.size() && j < b.size() && isDigit(a[i]) && isDigit(b[j])) {
                if (order == 0 && a[i] != b[j])
                    order = a[i] < b[j] ? -1 : 1;
                ++i;
                ++j;
            }
            const bool moreA = i < a.size() && isDigit(a[i]), moreB = j < b.size() && isDigit(b[j]);
            if (moreA != moreB)
                return moreA ? 1 : -1;
            if (order != 0)
                return order;
        } else {
            if (a[i] != b[j])
                return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]) ? -1 : 1;
            ++i;
            ++j;
        }
    }
    if (i < a.size() || j < b.size())
        return i < a.size() ? 1 : -1;
    return a.compare(b); // "n01" and "n1" are as high but not the same
}

TextRanks rankTexts(const TextTable &table, const TextRanks *old)
{
    const auto less = [&](quint32 a, quint32 b) {
        return compareNatural(table.folded(a), table.folded(b)) < 0;
    };
    const auto known = quint32(old != nullptr ? old->sorted.size() : 0);
    std::vector<quint32> fresh(table.size() - known);
    for (quint32 i = 0; i < fresh.size(); ++i)
        fresh[i] = known + i;
    std::sort(fresh.begin(), fresh.end(), less);
    TextRanks ranks;
    ranks.sorted.reserve(table.size());
    if (known == 0) {
        ranks.sorted = std::move(fresh);
    } else {
        // Few new among many old: each is looked up by halving, the rest is copied in blocks.
        auto from = old->sorted.begin();
        for (const auto id : fresh) {
            const auto to = std::upper_bound(from, old->sorted.end(), id, less);
            ranks.sorted.insert(ranks.sorted.end(), from, to);
            ranks.sorted.push_back(id);
            from = to;
        }
        ranks.sorted.insert(ranks.sorted.end(), from, old->sorted.end());
    }
    ranks.rank.resize(table.size());
    quint32 place = 0;
    for (std::size_t i = 0; i < ranks.sorted.size(); ++i) {
        if (i > 0 && table.folded(ranks.sorted[i]) != table.folded(ranks.sorted[i - 1]))
            ++place;
        ranks.rank[ranks.sorted[i]] = place;
    }
    return ranks;
}

} // namespace pilothouse
