// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/units.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <array>
#include <cmath>

namespace pilothouse {

static QString number(double value)
{
    const double size = std::abs(value);
    const int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 1 : 2;
    return QLocale().toString(value, 'f', decimals);
}

QString formatBytes(double bytes, bool binary)
{
    static constexpr std::array decimal{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    static constexpr std::array binaries{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    const double base = binary ? 1024 : 1000;
    std::size_t power = 0;
    while (std::abs(bytes) >= base && power + 1 < decimal.size()) {
        bytes /= base;
        ++power;
    }
    const auto *unit = binary ? binaries[power] : decimal[power];
    return (power == 0 ? QLocale().toString(qint64(bytes)) : number(bytes)) + QChar(0x00A0)
        + QLatin1String(unit);
}

QString formatValue(std::optional<double> value, const QString &unit, bool binary)
{
    if (!value || !std::isfinite(*value))
        return QStringLiteral("–");
    const QChar space(0x00A0);
    if (unit == QLatin1String("bytes"))
        return formatBytes(*value, binary);
    if (unit == QLatin1String("bytes_per_second"))
        return formatBytes(*value, false) + QStringLiteral("/s");
    if (unit == QLatin1String("per_second"))
        return number(*value) + QStringLiteral("/s");
    if (unit == QLatin1String("ratio"))
        return QLocale().toString(*value * 100, 'f', *value < 0.0995 && *value > 0 ? 1 : 0) + space
            + QLatin1Char('%');
    if (unit == QLatin1String("watts"))
        return number(*value) + space + QLatin1Char('W');
    if (unit == QLatin1String("celsius"))
        return QLocale().toString(*value, 'f', 0) + space + QStringLiteral("°C");
    if (unit == QLatin1String("hertz"))
        return number(*value / 1e6) + space + QStringLiteral("MHz");
    if (unit == QLatin1String("joules")) // as a meter counts it, once there is enough for that
        return *value < 3600 ? number(*value) + space + QLatin1Char('J')
            : *value < 3.6e6 ? number(*value / 3600) + space + QStringLiteral("Wh")
                             : number(*value / 3.6e6) + space + QStringLiteral("kWh");
    if (unit == QLatin1String("seconds"))
        return formatDuration(std::chrono::milliseconds(qint64(*value * 1000)));
    return number(*value);
}

QString formatDuration(std::chrono::milliseconds duration)
{
    const qint64 ms = duration.count();
    const QChar space(0x00A0);
    if (ms < 1000)
        return QString::number(ms) + space + QStringLiteral("ms");
    if (ms < 60'000)
        return QLocale().toString(double(ms) / 1000, 'f', 1) + space + QLatin1Char('s');
    const qint64 seconds = ms / 1000;
    auto two = [space](qint64 a, const char *ua, qint64 b, const char *ub) {
        QString text = QString::number(a) + space + QLatin1String(ua);
        if (b != 0)
            text += space + QString::number(b) + space + QLatin1String(ub);
        return text;
    };
    if (seconds < 3600)
        return two(seconds / 60, "min", seconds % 60, "s");
    if (seconds < 86400)
        return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
    return two(seconds / 86400, "d", seconds % 86400 / 3600, "h");
}

QString formatAge(std::chrono::milliseconds age)
{
    const qint64 seconds = age.count() / 1000;
    const QChar space(0x00A0);
    if (seconds < 1)
        return QCoreApplication::translate("units", "now");
    if (seconds < 60)
        return QString::number(seconds) + space + QLatin1Char('s');
    if (seconds < 3600)
        return QString::number(seconds / 60) + space + QStringLiteral("min");
    if (seconds < 2 * 86400)
        return QString::number(seconds / 3600) + space + QLatin1Char('h');
    return QString::number(seconds / 86400) + space + QLatin1Char('d');
}

QString rfc3339(qint64 unixMilliseconds)
{
    if (unixMilliseconds == 0)
        return {};
    return QDateTime::fromMSecsSinceEpoch(unixMilliseconds, Qt::UTC).toString(Qt::ISODateWithMs);
}

} // namespace pilothouse
