// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/health/finding.h"
#include "core/types/target.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <optional>

namespace pilothouse {

class HealthMonitor;
class Session;
class Workspace;

/// The absence rule for whole targets: one that is wanted, but has given no sample for 30 s or has
/// failed for so long without ever giving one, is reported to the monitor; one that a person
/// disconnected is not. Also
/// brings the monitor what a node says of GPUs that it does not sample. Main thread.
class SilenceWatch : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 silentMs = 30'000;

    /// What is known of a target's link at a moment. Times are Unix ms, 0 = never.
    struct Heard {
        TargetState state = TargetState::NotOpened;
        qint64 lastSample = 0; ///< in this run
        qint64 connectedAt = 0; ///< of the link that is open
        qint64 failedAt = 0; ///< the first failure while it was never connected in this run
        std::optional<Error> error;
    };
    /// The finding, when the target is silent.
    static std::optional<HealthFinding> judge(const Heard &heard, qint64 now);

    SilenceWatch(Workspace *workspace, HealthMonitor *monitor, QObject *parent = nullptr);
    void look(qint64 now); ///< every five seconds by itself

private:
    qint64 failedAt(const QString &target, const Session &session);
    void askTrouble(const QString &target, const QString &device);
    void takeTrouble(const QString &target);

    Workspace *m_workspace;
    HealthMonitor *m_monitor;
    QHash<QString, qint64> m_samples; ///< when each target's last came
    QHash<QString, qint64> m_failures; ///< when targets failed that are not connected since
    QHash<QString, quint64> m_epochs; ///< of the links whose facts were looked at
};

} // namespace pilothouse
