// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/finding.h"
#include "core/health/peerclocks.h"
#include "core/types/node.h"

#include <QObject>
#include <QSet>

#include <map>
#include <memory>

namespace pilothouse {

class TelemetryStore;

/// A finding and where it is. `device`: UUID, interface, or empty for the node.
struct HealthAlert {
    QString target, device;
    HealthFinding finding;
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
    /// The targets that there are: of others nothing is kept.
    void keepOnly(const QSet<QString> &targets);
    /// What somebody else sees of a node as a whole (a rule of RuleTest::Reported).
    void report(const QString &target, const HealthFinding &finding);
    void withdraw(const QString &target, const QString &rule);
    /// What the node's kernel said: evidence for what the rules find, and a finding of its own
    /// where no metric shows it. Messages that are known already change nothing.
    void takeMessages(const QString &target, const std::vector<KernelMessage> &messages);
    /// What the node itself says of a GPU that it does not sample: the raw line of "lost". Such a
    /// GPU is lost when it gives nothing from the beginning, too.
    void setTrouble(const QString &target, const QString &device, const QString &line);

    /// What a node lists in its handshake. A GPU that another has taken the place of is forgotten.
    void setDevices(const QString &target, const QString &boot, const QList<Device> &devices);
    /// GPUs that the node does not list any more since it was started anew. They count as lost
    /// until somebody who knows forgets them.
    QStringList missing(const QString &target) const;
    void forgetGpu(const QString &target, const QString &device);

    /// Which GPUs work together, all there are: they are compared with each other.
    void setRanks(const QList<JobRank> &ranks);
    /// The model of a GPU, as the node calls it: only the same are compared.
    void setModel(const QString &target, const QString &device, const QString &model);

    /// Whether what a rule reads of a device is given now, so that it would find what is there.
    bool canJudge(const QString &target, const QString &device, const QString &rule) const;
    QList<HealthFinding> findings(const QString &target, const QString &device) const;
    HealthVerdict verdict(const QString &target, const QString &device) const;
    /// Of one target, in no order.
    QList<HealthAlert> alertsOf(const QString &target) const;
    /// All targets, the worst first, then the newest.
    QList<HealthAlert> alerts() const;

Q_SIGNALS:
    void changed(const QString &target); ///< what holds there
    void examined(const QString &target);
    void raised(const pilothouse::HealthAlert &alert); ///< it did not hold before

private:
    struct Node;
    struct Watched;
    Node &nodeOf(const QString &target);
    const Node *find(const QString &target) const;
    void learn(Node &node, const QString &target);
    double valueOf(const Watched &one, const char *metric, qint64 now) const;
    QList<HealthFinding> findingsOf(const Node &node, const Watched &one) const;
    Watched &gpuOf(Node &node, const QString &device);
    void endOldMessages(const QString &target, qint64 now);

    TelemetryStore *m_store;
    PeerClocks m_clocks;
    std::map<QString, std::unique_ptr<Node>> m_nodes; // by target
};

} // namespace pilothouse
