// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/texttable.h"

#include <algorithm>
#include <array>
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

/// Finds a needle of at least one byte in a block of bytes.
class Search {
public:
    Search(const std::string &block, const std::string &needle)
        : m_block(block.data())
        , m_ends(block.size() < needle.size() ? 0 : block.size() - needle.size() + 1)
        , m_needle(needle)
    {
        // Four bytes of it, spread out: all of a short one, and of a longer one few places have
        // them and are not it.
        for (std::size_t i = 0; i < 4; ++i)
            m_at[i] = i * (needle.size() - 1) / 3;
    }

    /// Every place in ascending order.
    template <typename Found> void each(Found found) const
    {
        std::size_t place = 0;
#ifdef __SSE2__
        for (; place + 16 <= m_ends; place += 16)
            for (auto fits = fitting(place); fits != 0; fits &= fits - 1) {
                const auto here = place + std::size_t(std::countr_zero(fits));
                if (m_needle.size() <= m_at.size() || isAt(here))
                    found(here);
            }
#endif
        for (; place < m_ends; ++place)
            if (isAt(place))
                found(place);
    }

private:
#ifdef __SSE2__
    /// The places of 16 where the four bytes fit, a bit each.
    quint32 fitting(std::size_t place) const
    {
        const auto here = [&](std::size_t i) {
            const auto *from = reinterpret_cast<const __m128i *>(m_block + place + m_at[i]);
            return _mm_cmpeq_epi8(_mm_loadu_si128(from), _mm_set1_epi8(m_needle[m_at[i]]));
        };
        const __m128i all
            = _mm_and_si128(_mm_and_si128(here(0), here(1)), _mm_and_si128(here(2), here(3)));
        return quint32(_mm_movemask_epi8(all));
    }
#endif
    bool isAt(std::size_t place) const
    {
        return std::memcmp(m_block + place, m_needle.data(), m_needle.size()) == 0;
    }

    const char *m_block;
    std::size_t m_ends; // places where it can begin
    const std::string &m_needle;
    std::array<std::size_t, 4> m_at{};
};

} // namespace

std::vector<quint8> TextTable::containing(const std::string &needle) const
{
    std::vector<quint8> found(m_texts.size(), needle.empty() ? 1 : 0);
    if (needle.empty())
        return found;
    std::size_t id = 0;
    Search(m_folded, needle).each([&](std::size_t place) {
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
