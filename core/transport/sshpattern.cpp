// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/sshpattern.h"

#include <QByteArray>

namespace pilothouse {

static constexpr qsizetype longestPattern = 1022; // OpenSSH gives up on longer ones

bool matchPattern(QByteArrayView text, QByteArrayView pattern)
{
    qsizetype t = 0, p = 0, star = -1, resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star >= 0) { // let the last star take one byte more
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

PatternMatch matchPatternList(QByteArrayView text, QByteArrayView patterns)
{
    bool matched = false;
    qsizetype start = 0;
    while (start < patterns.size()) {
        qsizetype end = patterns.indexOf(',', start);
        if (end < 0)
            end = patterns.size();
        QByteArrayView one = patterns.sliced(start, end - start);
        start = end + 1;
        const bool negated = one.startsWith('!');
        if (negated)
            one = one.sliced(1);
        if (one.size() > longestPattern)
            return PatternMatch::No;
        if (!matchPattern(text, one.toByteArray().toLower()))
            continue;
        if (negated)
            return PatternMatch::Negated;
        matched = true;
    }
    return matched ? PatternMatch::Yes : PatternMatch::No;
}

bool matchHostLine(const QByteArray &alias, const QList<QByteArray> &words)
{
    bool matched = false;
    for (const QByteArray &word : words) {
        const bool negated = word.startsWith('!');
        if (negated && matchPattern(alias, QByteArrayView(word).sliced(1)))
            return false;
        matched = matched || (!negated && matchPattern(alias, word));
    }
    return matched;
}

} // namespace pilothouse
