// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace pilothouse {

/// What to do about a device, the worst of its findings. Grows worse.
enum class HealthVerdict { Ok, Watch, Reboot, Replace };

/// "ok", "watch", "reboot", "replace".
QString verdictName(HealthVerdict verdict);

/// One thing that a rule saw on one device (or interface, or node). Times are Unix ms.
struct HealthFinding {
    QString rule; ///< "xid-79", "thermal", ...
    HealthVerdict verdict = HealthVerdict::Watch;
    QString sentence; ///< what it is and why it matters, for a person
    QString raw; ///< the value or line it comes from, as the node gave it
    qint64 since = 0, lastSeen = 0;

    bool operator==(const HealthFinding &) const = default;
};

HealthVerdict worstVerdict(const QList<HealthFinding> &findings);

} // namespace pilothouse
