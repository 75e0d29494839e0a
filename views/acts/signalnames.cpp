// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/acts/signalnames.h"

#include <QCoreApplication>

namespace pilothouse {

static constexpr NamedSignal offered[]
    = {{2, "INT", QT_TRANSLATE_NOOP("signals", "stop as Ctrl+C does")},
        {1, "HUP", QT_TRANSLATE_NOOP("signals", "read the settings again")},
        {10, "USR1", QT_TRANSLATE_NOOP("signals", "often saves a checkpoint")}, {12, "USR2", ""},
        {19, "STOP", QT_TRANSLATE_NOOP("signals", "pause")},
        {18, "CONT", QT_TRANSLATE_NOOP("signals", "go on")},
        {15, "TERM", QT_TRANSLATE_NOOP("signals", "end")},
        {9, "KILL", QT_TRANSLATE_NOOP("signals", "end at once")}};

QString NamedSignal::text() const
{
    const QString begin = QString::fromLatin1(name);
    return *meaning == '\0'
        ? begin
        : begin + QStringLiteral(": ") + QCoreApplication::translate("signals", meaning);
}

std::span<const NamedSignal> offeredSignals()
{
    return offered;
}

} // namespace pilothouse
