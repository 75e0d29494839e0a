// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRandomGenerator>
#include <QString>

#include <array>

namespace pilothouse {

/// Text made to break quoting: pieces that mean something to shells, YAML, JSON, sbatch or docker,
/// control characters and any unicode, at times 10,000 characters long. No NUL: no program's
/// argument can hold one.
inline QString hostileText(QRandomGenerator &random, bool oneLine = false)
{
    static const std::array<const char16_t *, 62> pieces{u"'", u"\"", u"\\", u"$(touch /tmp/owned)",
        u"`id`", u"$HOME", u"${x}", u"$$", u"$(VAR)", u"$$(VAR)", u";", u"&&", u"|", u">", u"<",
        u"*", u"?", u"~", u"#", u" #", u": ", u":", u"- ", u"-", u"--", u"---", u"...", u"[", u"]",
        u"{", u"}", u",", u"&a", u"*a", u"!", u"!!binary ", u"%", u"@", u"|-\n", u"null", u"true",
        u"yes", u"0x1f", u"1e3", u"1:30", u"2024-01-01", u"=", u"A=b", u" ", u"  ", u"\t", u"\n",
        u"\n\n", u"\r", u"\r\n", u"\u00e9", u"\u65e5\u672c", u"\U0001f680", u"\u2028", u"\u0085",
        u"\ufeff", u"\u0001\u001b[31m"};
    const int length = random.bounded(40) == 0 ? 10'000 : random.bounded(24);
    QString text;
    while (text.size() < length) {
        const auto choice = random.bounded(3);
        if (choice == 0) {
            text += QString::fromUtf16(pieces[std::size_t(random.bounded(int(pieces.size())))]);
        } else if (choice == 1) {
            text += QChar(random.bounded('a', 'z' + 1));
        } else {
            const auto c = char16_t(random.bounded(1, 0xfffe));
            if (!QChar::isSurrogate(c))
                text += QChar(c);
        }
    }
    if (oneLine)
        text.replace(QLatin1Char('\n'), QLatin1Char('n'))
            .replace(QLatin1Char('\r'), QLatin1Char('r'));
    return text;
}

} // namespace pilothouse
