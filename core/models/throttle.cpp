// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/throttle.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace pilothouse {

static constexpr quint64 hardware = 0x08; ///< whatever of the two below it is
static constexpr quint64 hardwareThermal = 0x40, powerBrake = 0x80;
static constexpr quint64 idle = 0x01;

static constexpr struct {
    quint64 bit;
    bool trouble; ///< else a limit that somebody set
    const char *word;
} reasonsByWeight[] = {
    {powerBrake, true, QT_TRANSLATE_NOOP("throttle", "power brake")},
    {hardwareThermal, true, QT_TRANSLATE_NOOP("throttle", "hardware thermal")},
    {hardware, true, QT_TRANSLATE_NOOP("throttle", "hardware slowdown")},
    {0x20, true, QT_TRANSLATE_NOOP("throttle", "thermal")},
    {0x04, false, QT_TRANSLATE_NOOP("throttle", "power cap")},
    {0x10, false, QT_TRANSLATE_NOOP("throttle", "sync boost")},
    {0x02, false, QT_TRANSLATE_NOOP("throttle", "clock setting")},
    {0x100, false, QT_TRANSLATE_NOOP("throttle", "display clock")},
};

static quint64 bitsOf(double reasons)
{
    return reasons >= 0 && reasons < 9e15 ? quint64(reasons) : 0;
}

QString throttleWords(double reasons)
{
    quint64 bits = bitsOf(reasons);
    if ((bits & (hardwareThermal | powerBrake)) != 0)
        bits &= ~hardware;
    QStringList words;
    for (const auto &[bit, trouble, word] : reasonsByWeight) {
        if ((bits & bit) != 0)
            words << QCoreApplication::translate("throttle", word);
    }
    if (words.isEmpty())
        return (bits & idle) != 0 ? QCoreApplication::translate("throttle", "idle")
                                  : QCoreApplication::translate("throttle", "none");
    return words.join(QStringLiteral(", "));
}

double throttleLevel(double reasons)
{
    double level = 0;
    for (const auto &[bit, trouble, word] : reasonsByWeight) {
        if ((bitsOf(reasons) & bit) != 0)
            level = std::max(level, trouble ? 0.8 : 0.3);
    }
    return level;
}

} // namespace pilothouse
