// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace pilothouse {

struct FuzzyMatch {
    int entry = 0;
    int score = 0;
    std::vector<int> positions; ///< matched characters of the text, ascending; for highlighting
};

/// Matches what is typed against many short texts: letters in order, not necessarily together;
/// starts of words and runs count more, gaps cost. Words apart by spaces must all match, in any
/// order; case is ignored. Texts are prepared once, so that 20,000 take a few milliseconds.
class FuzzyIndex {
public:
    void setTexts(const QList<QString> &texts);
    qsizetype size() const { return qsizetype(m_entries.size()); }

    /// The best `limit`, best first; equal scores keep the order of the texts. Everything matches
    /// an empty query.
    /// `accepts` leaves entries out.
    std::vector<FuzzyMatch> best(const QString &query, qsizetype limit,
        const std::function<bool(int entry)> &accepts = {}) const;

    static std::optional<FuzzyMatch> match(const QString &query, const QString &text);

private:
    struct Entry {
        QString folded;
        std::vector<bool> starts; ///< a word begins at this character
        quint64 letters = 0; ///< which of a-z and 0-9 occur: most entries fail here
    };
    static Entry prepared(const QString &text);
    static bool matchWord(
        const QString &word, const Entry &entry, int &score, std::vector<int> &positions);

    std::vector<Entry> m_entries;
};

} // namespace pilothouse
