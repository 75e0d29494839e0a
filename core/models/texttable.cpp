// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/texttable.h"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

namespace {

/// Every place where `needle`, of at least one byte, is in `block`, in ascending order.
template <typename Found>
void eachPlace(const std::string &block, const std::string &needle, Found found)
{
    const auto length = needle.size();
    const char *const bytes = block.data();
    const std::size_t ends = block.size() < length ? 0 : block.size() - length + 1;
    const auto isAt
        = [&](std::size_t place) { return std::memcmp(bytes + place, needle.data(), length) == 0; };
    std::size_t place = 0;
#ifdef __SSE2__
    // Four bytes of it, spread out, at sixteen places at once: all of a short one, and of a longer
    // one few places have them and are not it.
    constexpr std::size_t probes = 4;
    const std::size_t second = (length - 1) / 3, third = 2 * (length - 1) / 3, fourth = length - 1;
    const auto wanted = [&needle](std::size_t i) { return _mm_set1_epi8(needle[i]); };
    const __m128i a = wanted(0), b = wanted(second), c = wanted(third), d = wanted(fourth);
    const auto fits = [bytes](std::size_t from, __m128i byte) {
        return _mm_cmpeq_epi8(
            _mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes + from)), byte);
    };
    for (; place + 16 <= ends; place += 16) {
        const __m128i all = _mm_and_si128(_mm_and_si128(fits(place, a), fits(place + second, b)),
            _mm_and_si128(fits(place + third, c), fits(place + fourth, d)));
        for (auto bits = quint32(_mm_movemask_epi8(all)); bits != 0; bits &= bits - 1) {
            const auto here = place + std::size_t(std::countr_zero(bits));
            if (length <= probes || isAt(here))
                found(here);
        }
    }
#endif
    for (; place < ends; ++place)
        if (isAt(place))
            found(place);
}

} // namespace

std::vector<quint8> TextTable::containing(const std::string &needle) const
{
    std::vector<quint8> found(m_texts.size(), needle.empty() ? 1 : 0);
    if (needle.empty())
        return found;
    std::size_t id = 0;
    eachPlace(m_folded, needle, [&](std::size_t place) {
        while (m_starts[id + 1] <= place)
            ++id;
        found[id] = 1;
    });
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
