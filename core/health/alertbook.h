// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/alert.h"

#include <QHash>
#include <QSet>
#include <QStringList>

#include <functional>
#include <vector>

namespace pilothouse {

/// What holds of a device, as a book of alerts takes it.
struct HeldFinding {
    QString device, deviceName;
    HealthFinding finding;
};

/// All alerts, those that hold and those that ended. Plain data: no clock, no file.
/// A finding that comes back soon after its end goes on as the same alert, with what a person said
/// about it. After a restart, alerts of before hold until what they are about has been heard long
/// enough for the rules to have found them again: silence is no recovery.
class AlertBook {
public:
    static constexpr qint64 sameAgainMs = 120'000; ///< comes back within: the same alert
    static constexpr qint64 keptMs = 7 * 24 * 3600'000LL; ///< history
    static constexpr std::size_t mostKept = 5000; ///< ended ones
    /// A device that its node has not given anything of for so long is not there any more.
    static constexpr qint64 goneMs = 24 * 3600'000LL;

    /// Whether there are values for a rule to judge a device (or interface, or node) by.
    using Judged = std::function<bool(const QString &device, const QString &rule)>;
    static bool all(const QString &, const QString &) { return true; }

    struct Change {
        QStringList raised; ///< new, or come back
        QStringList changed; ///< rows that differ, the raised and ended among them
        QStringList woken; ///< of those: were snoozed until a change
    };

    const std::vector<Alert> &alerts() const { return m_alerts; }
    const Alert *find(const QString &id) const;
    Alert *find(const QString &id);

    /// Those of an earlier run, before anything else.
    void restore(std::vector<Alert> alerts);
    /// Everything that holds of a target at `now`. What is not in `held` is over; what is from an
    /// earlier run only where it is `judged`. Null = the node is not heard.
    Change take(const QString &target, const QString &nodeName, const QList<HeldFinding> &held,
        qint64 now, const Judged &judged = &AlertBook::all);
    /// Ends everything of targets that are not in `targets`: nobody hears them any more.
    Change keepOnly(const QSet<QString> &targets, qint64 now);
    /// Forgets what ended long ago; the ids that went.
    QStringList expire(qint64 now);
    /// Alerts of `target` that are from an earlier run and not found again yet.
    bool hasRestored(const QString &target) const { return m_restored.contains(target); }

private:
    bool isOver(const Alert &alert, qint64 now, const Judged &judged);
    int timesBefore(const Alert &alert, const HealthFinding &finding, bool again, bool found);
    bool settle(const Alert &alert); ///< this run knows of it; false when it did before

    std::vector<Alert> m_alerts; ///< by their first sight
    QHash<QString, QSet<QString>> m_restored; ///< by target: ids not seen again yet
    QHash<QString, qint64> m_goodSince; ///< of those: heard without it since
    QHash<QString, qint64> m_unjudgedSince; ///< of those: nothing was heard of it since
    QHash<QString, int> m_timesBefore; ///< by id: how often it had come before what holds now
};

} // namespace pilothouse
