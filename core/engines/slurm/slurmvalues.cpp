// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmvalues.h"

#include <QStringList>

namespace pilothouse {

QStringList slurmList(const QString &text)
{
    QStringList parts;
    qsizetype from = 0;
    int depth = 0;
    for (qsizetype i = 0; i <= text.size(); ++i) {
        const QChar c = i < text.size() ? text[i] : QChar(u',');
        if (c == u'(' || c == u'[')
            ++depth;
        else if ((c == u')' || c == u']') && depth > 0)
            --depth;
        if (i == text.size() || (c == u',' && depth == 0)) {
            if (i > from)
                parts << text.mid(from, i - from);
            from = i + 1;
        }
    }
    return parts;
}

QList<SlurmGpus> slurmGpus(const QString &gres)
{
    QList<SlurmGpus> gpus;
    for (QString part : slurmList(gres)) {
        part = part.section(u'(', 0, 0).trimmed();
        if (part.startsWith(QLatin1String("gres:")) || part.startsWith(QLatin1String("gres/")))
            part.remove(0, 5);
        QStringList words = part.replace(u'=', u':').split(u':');
        if (words.takeFirst() != QLatin1String("gpu"))
            continue;
        SlurmGpus one;
        bool number = false;
        one.count = words.isEmpty() ? 0 : words.last().toInt(&number);
        if (number)
            words.removeLast();
        else
            one.count = 1;
        one.type = words.value(0);
        gpus << one;
    }
    return gpus;
}

std::optional<int> slurmSeconds(const QString &text)
{
    if (text == QLatin1String("UNLIMITED") || text == QLatin1String("INFINITE"))
        return 0;
    qint64 days = 0;
    QString rest = text;
    const bool withDays = text.contains(u'-');
    bool ok = true;
    if (withDays) {
        days = text.section(u'-', 0, 0).toUInt(&ok);
        rest = text.section(u'-', 1);
    }
    const QStringList words = rest.split(u':');
    if (!ok || words.size() > 3 || days > 25'000)
        return std::nullopt;
    qint64 numbers[3] = {0, 0, 0};
    for (qsizetype i = 0; i < words.size(); ++i) {
        numbers[i] = words[i].toUInt(&ok);
        if (!ok || numbers[i] > 100'000'000)
            return std::nullopt;
    }
    qint64 seconds = days * 86'400;
    if (withDays || words.size() == 3) // hours first
        seconds += numbers[0] * 3600 + numbers[1] * 60 + numbers[2];
    else // minutes first
        seconds += numbers[0] * 60 + numbers[1];
    if (seconds > INT_MAX)
        return std::nullopt;
    return int(seconds);
}

QString slurmTime(int seconds)
{
    const QString clock = QStringLiteral("%1:%2:%3")
                              .arg(seconds / 3600 % 24, 2, 10, QLatin1Char('0'))
                              .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
                              .arg(seconds % 60, 2, 10, QLatin1Char('0'));
    return seconds < 86'400 ? clock : QStringLiteral("%1-%2").arg(seconds / 86'400).arg(clock);
}

std::optional<quint64> slurmBytes(const QString &text)
{
    if (text.isEmpty())
        return std::nullopt;
    QString number = text;
    int shift = 20;
    const qsizetype unit = QLatin1String("KMGTP").indexOf(text.back().toUpper());
    if (unit >= 0) {
        shift = 10 * int(unit + 1);
        number.chop(1);
    }
    bool ok = false;
    const quint64 value = number.toULongLong(&ok);
    if (!ok || value > (quint64(1) << 63 >> shift))
        return std::nullopt;
    return value << shift;
}

SlurmExit slurmExit(const QString &text)
{
    bool ok = false, alsoOk = true;
    SlurmExit exit;
    int code = 0, signal = 0;
    if (text.contains(u':')) {
        code = text.section(u':', 0, 0).toInt(&ok);
        signal = text.section(u':', 1, 1).toInt(&alsoOk);
    } else {
        const int status = text.toInt(&ok);
        code = status >> 8 & 0xFF;
        signal = status & 0x7F;
    }
    if (!ok || !alsoOk)
        return exit;
    if (signal != 0)
        exit.signal = signal;
    else
        exit.code = code;
    return exit;
}

QString slurmWord(const QString &text)
{
    static const QStringList none{QStringLiteral("(null)"), QStringLiteral("N/A"),
        QStringLiteral("None"), QStringLiteral("none"), QStringLiteral("n/a")};
    return none.contains(text) ? QString() : text;
}

} // namespace pilothouse
