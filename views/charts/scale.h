// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <utility>
#include <vector>

namespace pilothouse {

/// The value axis: round steps around [low, high]. Ratios are shown 0..1; bytes step in powers of
/// two.
struct ValueScale {
    double low = 0, high = 1, step = 0.25;
    bool operator==(const ValueScale &) const = default;
};
ValueScale niceScale(double low, double high, const QString &unit, int mostSteps = 4);
/// A tick's text, as formatValue gives it but without a needless ".0".
QString tickText(double value, const QString &unit, bool binary);

/// Of all ticks, from the bottom.
QStringList tickTexts(const ValueScale &scale, const QString &unit, bool binary);

/// Ticks of a time axis in local time: HH:MM(:SS), and dates where a day begins.
std::vector<std::pair<qint64, QString>> timeTicks(qint64 from, qint64 to, int mostTicks);
/// The moment under the cross-hair.
QString timeText(qint64 time, qint64 window);

} // namespace pilothouse
