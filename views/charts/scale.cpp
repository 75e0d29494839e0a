// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/scale.h"

#include "core/base/units.h"

#include <QDateTime>
#include <QLocale>

#include <array>
#include <cmath>

namespace pilothouse {

static double niceStep(double raw, bool binary)
{
    if (binary) {
        const double power
            = std::pow(1024, std::floor(std::log(std::max(raw, 1.0)) / std::log(1024)));
        for (double step = 1; step < 1024; step *= 2)
            for (const double part : {1.0, 1.25})
                if (step * part * power >= raw && (part == 1.0 || step >= 8))
                    return step * part * power;
        return 1024 * power;
    }
    const double power = std::pow(10, std::floor(std::log10(raw)));
    for (const double step : {1.0, 2.0, 2.5, 5.0})
        if (step * power >= raw * 0.999999)
            return step * power;
    return 10 * power;
}

ValueScale niceScale(double low, double high, const QString &unit, int mostSteps)
{
    if (unit == QLatin1String("ratio") && low >= 0 && high <= 1)
        return {0, 1, 0.25};
    if (!(low <= high))
        return {0, 1, 0.25};
    const bool celsius = unit == QLatin1String("celsius");
    // From zero, but for heat, whose zero means nothing.
    if (low > 0 && !celsius)
        low = 0;
    if (high < 0)
        high = 0;
    if (high - low < (celsius ? 20 : 1e-9)) {
        const double centre = (low + high) / 2;
        low = celsius ? std::max(0.0, centre - 10) : low;
        high = celsius ? centre + 10 : low + 1;
    }
    // Next to nothing is no reason for ticks of a byte.
    if (unit == QLatin1String("bytes"))
        high = std::max(high, 1024.0);
    else if (unit == QLatin1String("bytes_per_second"))
        high = std::max(high, 1000.0);
    const double step = niceStep((high - low) / mostSteps, unit == QLatin1String("bytes"));
    return {std::floor(low / step) * step, std::ceil(high / step - 1e-9) * step, step};
}

QString tickText(double value, const QString &unit, bool binary)
{
    QString text = formatValue(value, unit, binary);
    const QString none = QLocale().decimalPoint() + QLocale().zeroDigit();
    const auto at = text.indexOf(none);
    const auto next = at + none.size();
    if (at > 0 && (next == text.size() || !text.at(next).isDigit()))
        text.remove(at, none.size());
    return text;
}

QStringList tickTexts(const ValueScale &scale, const QString &unit, bool binary)
{
    QStringList texts;
    const int steps = int(std::floor((scale.high - scale.low) / scale.step + 0.001));
    for (int i = 0; i <= std::min(steps, 64); ++i)
        texts << tickText(scale.low + i * scale.step, unit, binary);
    return texts;
}

std::vector<std::pair<qint64, QString>> timeTicks(qint64 from, qint64 to, int mostTicks)
{
    constexpr qint64 s = 1000, m = 60 * s, h = 60 * m, d = 24 * h;
    constexpr std::array steps{1 * s, 2 * s, 5 * s, 10 * s, 15 * s, 30 * s, 1 * m, 2 * m, 5 * m,
        10 * m, 15 * m, 30 * m, 1 * h, 2 * h, 3 * h, 6 * h, 12 * h, 1 * d, 2 * d, 7 * d, 14 * d,
        28 * d, 56 * d, 112 * d};
    qint64 step = steps.back();
    for (const auto one : steps)
        if ((to - from) / one < std::max(mostTicks, 1)) {
            step = one;
            break;
        }
    const qint64 offset = QDateTime::fromMSecsSinceEpoch(from).offsetFromUtc() * s;
    std::vector<std::pair<qint64, QString>> ticks;
    const auto locale = QLocale();
    for (qint64 time = ((from + offset + step - 1) / step) * step - offset; time <= to;
         time += step) {
        const auto local = QDateTime::fromMSecsSinceEpoch(time);
        const bool midnight = local.time() == QTime(0, 0);
        const QString form = step >= d || (midnight && to - from > 12 * h) ? QStringLiteral("d MMM")
            : step < m ? QStringLiteral("HH:mm:ss")
                       : QStringLiteral("HH:mm");
        ticks.emplace_back(time, locale.toString(local, form));
    }
    return ticks;
}

QString timeText(qint64 time, qint64 window)
{
    const auto local = QDateTime::fromMSecsSinceEpoch(time);
    return QLocale().toString(
        local, window > 86'400'000 ? QStringLiteral("d MMM HH:mm") : QStringLiteral("HH:mm:ss"));
}

} // namespace pilothouse
