// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/specvalues.h"

#include <QRegularExpression>

#include <array>
#include <cmath>
#include <limits>

namespace pilothouse {

static constexpr std::array units{'K', 'M', 'G', 'T', 'P', 'E'};

std::optional<quint64> memoryFromText(const QString &text)
{
    static const QRegularExpression form(QStringLiteral(
        "\\A\\s*([0-9]{1,19}(?:\\.[0-9]{1,9})?)\\s*(?:([kKMGTPE])(i?)B?|B)?\\s*\\z"));
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2).toUpper();
    quint64 factor = 1;
    for (std::size_t i = 0; !unit.isEmpty() && i < units.size(); ++i) {
        factor *= match.captured(3).isEmpty() ? 1000 : 1024;
        if (unit == QLatin1Char(units[i]))
            break;
    }
    bool whole = false;
    const quint64 number = match.captured(1).toULongLong(&whole);
    static constexpr quint64 most = quint64(std::numeric_limits<qint64>::max());
    if (whole)
        return number > most / factor ? std::nullopt : std::optional(number * factor);
    const double bytes = match.captured(1).toDouble() * double(factor);
    return bytes < double(most) ? std::optional(quint64(std::llround(bytes))) : std::nullopt;
}

QString memoryText(quint64 bytes)
{
    QString text = QString::number(bytes);
    quint64 factor = 1;
    for (const char unit : units) {
        factor *= 1024;
        if (bytes == 0 || bytes % factor != 0)
            break;
        text = QString::number(bytes / factor) + QLatin1Char(unit) + QLatin1Char('i');
    }
    return text;
}

static std::optional<int> seconds(qint64 days, qint64 hours, qint64 minutes, qint64 rest)
{
    const qint64 sum = ((days * 24 + hours) * 60 + minutes) * 60 + rest;
    return sum <= std::numeric_limits<int>::max() ? std::optional(int(sum)) : std::nullopt;
}

std::optional<int> durationFromText(const QString &text)
{
    static const QRegularExpression units(
        QStringLiteral("\\A(?=.)(?:(\\d{1,6})d)?\\s*(?:(\\d{1,6})h)?\\s*(?:(\\d{1,8})m(?:in)?)?\\s*"
                       "(?:(\\d{1,9})s)?\\z"));
    static const QRegularExpression slurm(
        QStringLiteral("\\A(?:(\\d{1,6})-)?(\\d{1,6})(?::(\\d{1,2}))?(?::(\\d{1,2}))?\\z"));
    const auto part = [](const QRegularExpressionMatch &match, int group) {
        return match.captured(group).toLongLong();
    };
    const QString word = text.trimmed();
    if (const auto match = units.match(word); match.hasMatch())
        return seconds(part(match, 1), part(match, 2), part(match, 3), part(match, 4));
    const auto match = slurm.match(word);
    const bool clear = match.hasMatch() && (match.hasCaptured(1) || match.hasCaptured(4));
    return clear ? seconds(part(match, 1), part(match, 2), part(match, 3), part(match, 4))
                 : std::nullopt;
}

QString durationText(int seconds)
{
    if (seconds % 86'400 == 0 && seconds > 86'400)
        return QString::number(seconds / 86'400) + QLatin1Char('d');
    if (seconds % 3600 == 0 && seconds > 0)
        return QString::number(seconds / 3600) + QLatin1Char('h');
    if (seconds % 60 == 0 && seconds > 0)
        return QString::number(seconds / 60) + QLatin1Char('m');
    return QString::number(seconds) + QLatin1Char('s');
}

static constexpr std::array dependencyNames{"succeeded", "failed", "ended", "started"};

QString dependencyName(JobDependency::When when)
{
    return QLatin1String(dependencyNames[std::size_t(when)]);
}

std::optional<JobDependency::When> dependencyFromName(const QString &name)
{
    for (std::size_t i = 0; i < dependencyNames.size(); ++i) {
        if (name == QLatin1String(dependencyNames[i]))
            return JobDependency::When(i);
    }
    return std::nullopt;
}

std::optional<ArrayRange> arrayFromText(const QString &text)
{
    static const QRegularExpression form(
        QStringLiteral("\\A\\d{1,9}(?:-\\d{1,9}(?::[1-9]\\d{0,8})?)?(?:,\\d{1,9}(?:-\\d{1,9}(?::[1-"
                       "9]\\d{0,8})?)?)*"
                       "(?:%[1-9]\\d{0,8})?\\z"));
    if (!form.match(text).hasMatch())
        return std::nullopt;
    static const QRegularExpression simple(QStringLiteral("\\A0-(\\d+)(?:%|\\z)"));
    const auto match = simple.match(text);
    ArrayRange range;
    if (match.hasMatch())
        range.count = match.captured(1).toInt() + 1;
    else if (text.section(QLatin1Char('%'), 0, 0) == QLatin1String("0"))
        range.count = 1;
    range.atOnce = text.section(QLatin1Char('%'), 1, 1).toInt();
    return range;
}

} // namespace pilothouse
