// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/finding.h"

#include <QObject>

#include <memory>

namespace pilothouse {

class TelemetryStore;

/// A finding and where it is. `device`: UUID, interface, or empty for the node.
struct HealthAlert {
    QString target, device;
    HealthFinding finding;
    bool acknowledged = false;
};

/// Runs the rules of core/health over what the store gets of each target, once a sample. A target
/// that is not heard keeps its last findings: silence is no recovery. Main thread.
class HealthMonitor : public QObject {
    Q_OBJECT

public:
    explicit HealthMonitor(TelemetryStore *store, QObject *parent = nullptr);
    ~HealthMonitor() override;

    /// Call on each sample of a target.
    void examine(const QString &target);
    /// Call when a target has new series.
    void forgetCatalogue(const QString &target);

    QList<HealthFinding> findings(const QString &target, const QString &device) const;
    HealthVerdict verdict(const QString &target, const QString &device) const;
    /// All targets, the worst first, then the newest.
    QList<HealthAlert> alerts() const;
    /// Until the finding is over and comes again.
    void acknowledge(const QString &target, const QString &device, const QString &rule);

Q_SIGNALS:
    void changed(const QString &target);
    void raised(const pilothouse::HealthAlert &alert); ///< new, for a notification

private:
    struct Node;
    struct Watched;
    Node &nodeOf(const QString &target);
    void learn(Node &node, const QString &target);

    TelemetryStore *m_store;
    std::vector<std::unique_ptr<Node>> m_nodes;
};

} // namespace pilothouse
