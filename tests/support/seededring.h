// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pilothouse {

/// What an agent that ran here before left in its ring: one gauge, "seed_number", whose value is
/// the tick's number, once a second.
struct SeededRing {
    quint64 first = 0, last = 0; ///< numbers
    qint64 firstWallMs = 0, lastWallMs = 0; ///< by the node's clock
    int ticks = 0;

    static QString metric() { return QStringLiteral("seed_number"); }
};

/// Writes into the run folder of an agent that does not run. `secondsAgo`: when the ticks begin and
/// end, before now. Ticks of `earlierBoot` are of a boot before this one; others need that the host
/// has run that long. `clockShift`: seconds by which the node's clock is wrong.
SeededRing seedRing(const QString &runFolder, qint64 fromSecondsAgo, qint64 toSecondsAgo,
    bool earlierBoot, qint64 clockShift = 0);

/// Seconds since this host booted.
qint64 hostUptime();

} // namespace pilothouse
