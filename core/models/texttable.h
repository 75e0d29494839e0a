// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>

#include <string>
#include <vector>

namespace pilothouse {

/// The distinct texts of a column by number, and all of them case-folded in one block of bytes, so
/// that a search goes over a column at the speed of memory. Number 0 is the empty text: unknown.
/// Read by a worker while nobody writes.
class TextTable {
public:
    TextTable();
    quint32 add(const QString &text); ///< does not look whether it is there
    quint32 size() const { return quint32(m_texts.size()); }
    const QString &text(quint32 id) const { return m_texts[id]; }
    std::string_view folded(quint32 id) const;

    /// One byte per number, 1 where the text contains `needle` (case-folded, see foldText).
    std::vector<quint8> containing(const std::string &needle) const;
    /// 1 where the whole text is `needle`.
    std::vector<quint8> equalling(const std::string &needle) const;

private:
    std::vector<QString> m_texts;
    std::string m_folded; ///< texts one after the other, '\n' after each
    std::vector<quint32> m_starts; ///< of each text, and the end
};

/// A text as it is searched for: case-folded UTF-8, control characters as spaces.
std::string foldText(const QString &text);

/// Compares folded texts as people count: runs of digits by value ("n2" before "n10").
int compareNatural(std::string_view a, std::string_view b);

/// The place of each text in natural order; equal texts share one.
struct TextRanks {
    std::vector<quint32> sorted; ///< numbers in order
    std::vector<quint32> rank; ///< by number
};

/// `old` may be from an earlier, shorter state of the table: then only the new texts are sorted in.
TextRanks rankTexts(const TextTable &table, const TextRanks *old);

} // namespace pilothouse
