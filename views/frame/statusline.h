// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

class QPushButton;

namespace pilothouse {

class ShapeWidget;
class TextLabel;

/// The bottom line: targets live, age of the newest sample, what the console itself uses, damage
/// of what is stored, acts, alerts.
class StatusLine : public QWidget {
    Q_OBJECT

public:
    StatusLine(TargetFeed *feed, ActPort *acts, QWidget *parent = nullptr);
    /// Shares of one core and bytes, as shown; measured every two seconds while live.
    void setUsage(double cpuRatio, double memoryBytes);
    void setAlerts(int open); ///< neither acknowledged nor snoozed
    void setDamage(qsizetype sentences); ///< of stored telemetry; 0 = nothing is shown of it

Q_SIGNALS:
    void activityWanted();
    void alertsWanted();
    void damageWanted();

private:
    void refresh();
    void showActivity();
    void measure();
    TargetFeed *m_feed;
    ActPort *m_acts;
    ShapeWidget *m_shape;
    TextLabel *m_live, *m_sample, *m_usage;
    QPushButton *m_damage, *m_activity, *m_alerts;
    qint64 m_cpuNs = 0, m_at = 0;
};

} // namespace pilothouse
