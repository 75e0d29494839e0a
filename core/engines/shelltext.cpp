// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/shelltext.h"

#include <QRegularExpression>

namespace pilothouse {

QByteArray shellQuoted(const QString &word)
{
    return '\'' + word.toUtf8().replace('\'', "'\\''") + '\'';
}

QString shellLine(const QStringList &argv)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    QStringList words;
    for (const QString &word : argv)
        words << (plain.match(word).hasMatch() ? word : QString::fromUtf8(shellQuoted(word)));
    return words.join(u' ');
}

} // namespace pilothouse
