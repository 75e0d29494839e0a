// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/finding.h"

#include <optional>

namespace pilothouse {

/// Where an alert stands with the person; the first that holds.
enum class AlertState { Ended, Acknowledged, Snoozed, Open };
QString alertStateName(AlertState state); ///< "ended", "acknowledged", "snoozed", "open"

/// One finding over its life: from when it was seen first until it is over, and what a person said
/// about it. Times are Unix ms, 0 = never.
struct Alert {
    static constexpr qint64 untilChange = -1;

    QString id; ///< 8 hexadecimal digits, of what follows and `since`
    QString target, device; ///< as in HealthAlert
    QString nodeName, deviceName; ///< as last known: "a1-n04", "GPU 7"; the second may be empty
    QString rule;
    HealthVerdict verdict = HealthVerdict::Watch;
    QString raw;
    int times = 1;
    qint64 since = 0, lastSeen = 0, endedAt = 0;
    qint64 acknowledgedAt = 0;
    qint64 snoozedUntil = 0; ///< or untilChange

    HealthWords words() const { return healthWords(rule); }
    AlertState state(qint64 now) const;
    /// "a1-n04 · GPU 7".
    QString place() const;
    /// Until its end, or until it was last seen.
    qint64 lasting(qint64 now) const;

    bool operator==(const Alert &) const = default;
};

QString alertId(const QString &target, const QString &device, const QString &rule, qint64 since);

/// How long to snooze as a person writes it: "30m", "1h", "7d", "change".
/// Milliseconds, Alert::untilChange, or nothing when it is neither.
std::optional<qint64> snoozeLength(const QString &text);

} // namespace pilothouse
