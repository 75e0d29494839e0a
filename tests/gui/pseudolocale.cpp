// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/pseudolocale.h"

namespace pilothouse {

static QChar accented(QChar letter)
{
    static const QString plain = QStringLiteral("aceginorsuyzACEGINORSUYZ");
    static const QString marked = QStringLiteral("áçéğíñóřšúýžÁÇÉĞÍÑÓŘŠÚÝŽ");
    const auto at = plain.indexOf(letter);
    return at < 0 ? letter : marked[at];
}

QString PseudoLocale::translate(const char *, const char *source, const char *, int) const
{
    const QString text = QString::fromUtf8(source);
    QString result;
    qsizetype letters = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool argument = text[i] == u'%' && i + 1 < text.size();
        if (argument) {
            result += text[i++];
            while (i < text.size() && (text[i].isDigit() || text[i] == u'L' || text[i] == u'n'))
                result += text[i++];
            --i;
            continue;
        }
        letters += text[i].isLetter();
        result += accented(text[i]);
    }
    if (letters == 0)
        return result; // units, signs
    // Words that break where the text does, so that paragraphs may wrap.
    for (qsizetype more = (letters + 2) / 3; more > 0; more -= 5)
        result += u' ' + QString(qMin<qsizetype>(more, 4), QChar(u'~'));
    return u'[' + result + u']';
}

} // namespace pilothouse
