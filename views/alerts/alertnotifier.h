// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/alert.h"
#include "views/alerts/desktopnotifications.h"

#include <QTimer>

namespace pilothouse {

class AlertLog;

/// Tells the desktop of new findings that need a reboot or a replacement: one message for a burst,
/// none for what is acknowledged, snoozed or over by then, none when it is turned off.
class AlertNotifier : public QObject {
    Q_OBJECT

public:
    static constexpr int burstMs = 2000; ///< what comes within it is one message

    AlertNotifier(AlertLog *log, DesktopNotifications *desktop, QObject *parent = nullptr);
    /// Of alerts that are worth one; the summary says so when they are `simulated`.
    static DesktopNotifications::Message messageFor(const QList<Alert> &alerts, bool simulated);
    void setSimulated(bool simulated) { m_simulated = simulated; }
    void flush(); ///< what waits, now

Q_SIGNALS:
    /// A person clicked the message; the id of its first alert.
    void alertWanted(const QString &alert);

private:
    AlertLog *m_log;
    DesktopNotifications *m_desktop;
    QStringList m_waiting; ///< ids
    QString m_first;
    QTimer m_burst;
    bool m_simulated = false;
};

} // namespace pilothouse
