// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/fuzzy.h"

#include <QStringList>

#include <algorithm>

namespace pilothouse {

static quint64 bit(QChar character)
{
    const char16_t code = character.unicode();
    if (code >= u'a' && code <= u'z')
        return quint64(1) << (code - u'a');
    if (code >= u'0' && code <= u'9')
        return quint64(1) << (26 + code - u'0');
    return quint64(1) << 40;
}

static quint64 lettersOf(const QString &folded)
{
    quint64 letters = 0;
    for (const QChar character : folded)
        letters |= bit(character);
    return letters;
}

/// One to one, unlike QString::toLower(), so that positions stay those of the text.
static QString folded(QString text)
{
    for (auto *character = text.data(), *end = character + text.size(); character != end;
         ++character)
        *character = character->toLower();
    return text;
}

FuzzyIndex::Entry FuzzyIndex::prepared(const QString &text)
{
    Entry entry;
    entry.folded = folded(text);
    entry.starts.resize(std::size_t(text.size()));
    QChar before = u' ';
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar character = text.at(i);
        entry.starts[std::size_t(i)] = character.isLetterOrNumber()
            && (!before.isLetterOrNumber() || (character.isUpper() && before.isLower())
                || character.isDigit() != before.isDigit());
        before = character;
    }
    entry.letters = lettersOf(entry.folded);
    return entry;
}

bool FuzzyIndex::matchWord(
    const QString &word, const Entry &entry, int &score, std::vector<int> &positions)
{
    const QString &text = entry.folded;
    constexpr int run = 8, start = 10, first = 6, gap = 1;
    // Together and at the start of a word is what people mean most often.
    for (qsizetype at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
        if (!entry.starts[std::size_t(at)] && text.indexOf(word, at + 1) >= 0)
            continue;
        score += run * int(word.size()) + (entry.starts[std::size_t(at)] ? start : 0)
            + (at == 0 ? first : 0) - int(std::min<qsizetype>(at, 20)) / 4;
        for (qsizetype i = 0; i < word.size(); ++i)
            positions.push_back(int(at + i));
        return true;
    }
    // Forward to the earliest end, then backward from it for the tightest place.
    qsizetype wanted = 0, end = -1;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == word[wanted] && ++wanted == word.size()) {
            end = i;
            break;
        }
    }
    if (end < 0)
        return false;
    std::vector<int> found;
    wanted = word.size() - 1;
    for (qsizetype i = end; i >= 0 && wanted >= 0; --i) {
        if (text[i] == word[wanted]) {
            found.push_back(int(i));
            --wanted;
        }
    }
    std::reverse(found.begin(), found.end());
    int sum = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const int at = found[i];
        if (entry.starts[std::size_t(at)])
            sum += start;
        if (i > 0)
            sum += at == found[i - 1] + 1 ? run : -gap * std::min(at - found[i - 1] - 1, 12);
    }
    score += sum + (found.front() == 0 ? first : 0);
    positions.insert(positions.end(), found.begin(), found.end());
    return true;
}

static void tidy(FuzzyMatch &match, qsizetype length)
{
    match.score -= int(std::min<qsizetype>(length, 80)) / 8; // of two equal ones, the shorter
    std::sort(match.positions.begin(), match.positions.end());
    match.positions.erase(
        std::unique(match.positions.begin(), match.positions.end()), match.positions.end());
}

void FuzzyIndex::setTexts(const QList<QString> &texts)
{
    m_entries.clear();
    m_entries.reserve(std::size_t(texts.size()));
    for (const auto &text : texts)
        m_entries.push_back(prepared(text));
}

std::vector<FuzzyMatch> FuzzyIndex::best(
    const QString &query, qsizetype limit, const std::function<bool(int entry)> &accepts) const
{
    const QStringList words = folded(query).split(u' ', Qt::SkipEmptyParts);
    const quint64 needed = lettersOf(words.join(QString()));
    std::vector<FuzzyMatch> matches;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Entry &entry = m_entries[i];
        if ((entry.letters & needed) != needed || (accepts && !accepts(int(i))))
            continue;
        FuzzyMatch match;
        match.entry = int(i);
        const bool all = std::all_of(words.begin(), words.end(), [&](const QString &word) {
            return matchWord(word, entry, match.score, match.positions);
        });
        if (!all)
            continue;
        if (!words.isEmpty())
            tidy(match, entry.folded.size());
        matches.push_back(std::move(match));
    }
    const auto better = [](const FuzzyMatch &a, const FuzzyMatch &b) {
        return a.score != b.score ? a.score > b.score : a.entry < b.entry;
    };
    const auto count = std::min<std::size_t>(std::size_t(limit), matches.size());
    std::partial_sort(
        matches.begin(), matches.begin() + std::ptrdiff_t(count), matches.end(), better);
    matches.resize(count);
    return matches;
}

std::optional<FuzzyMatch> FuzzyIndex::match(const QString &query, const QString &text)
{
    FuzzyIndex one;
    one.setTexts({text});
    const auto found = one.best(query, 1);
    if (found.empty())
        return {};
    return found.front();
}

} // namespace pilothouse
