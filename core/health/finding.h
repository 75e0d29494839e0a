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
/// Ok for a name that is none.
HealthVerdict verdictFromName(const QString &name);

/// A finding in words for a person, translated.
struct HealthWords {
    QString title; ///< "XID 79: fallen off the bus"
    QString sentence; ///< what it is and why it matters
    QString next; ///< what to do now

    bool operator==(const HealthWords &) const = default;
};

/// Of a rule's id ("thermal", "xid-79"); the id itself as title when it is not known.
HealthWords healthWords(const QString &rule);

/// One thing that a rule saw on one device (or interface, or node). Times are Unix ms.
struct HealthFinding {
    QString rule; ///< "xid-79", "thermal", ...
    HealthVerdict verdict = HealthVerdict::Watch;
    QString raw; ///< the value or line it comes from, as the node gave it
    qint64 since = 0, lastSeen = 0;
    int times = 1; ///< how often it came while it holds (XIDs)

    HealthWords words() const { return healthWords(rule); }
    bool operator==(const HealthFinding &) const = default;
};

HealthVerdict worstVerdict(const QList<HealthFinding> &findings);

} // namespace pilothouse
