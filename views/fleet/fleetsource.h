// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"
#include "core/telemetry/store.h"
#include "core/types/node.h"
#include "views/fleet/fleetholders.h"
#include "views/fleet/fleettrends.h"
#include "views/pages/page.h"

#include <QHash>
#include <QSet>

#include <array>
#include <optional>

namespace pilothouse {

/// Reads the fleet from sessions, the store's latest values and the jobs. Main thread. A node is
/// read when a sample of it has come, and once a second, since what is not heard ages: reading
/// costs some microseconds a GPU, so that thousands are spread over the second.
class FleetSource : public QObject {
    Q_OBJECT

public:
    explicit FleetSource(const PageContext &context, QObject *parent = nullptr);
    std::vector<FleetGpu> read(qint64 now); ///< all, judged
    /// Those of nodes that have given a sample since the last call; of `aged` nodes at most it is
    /// looked whether they are older than a second. Nothing when GPUs came or went: then read() is
    /// needed.
    std::optional<std::vector<FleetGpu>> readSome(qint64 now, qsizetype aged);
    /// Of utilisation over the window's time range, as known now; see trendsChanged(). Without
    /// columns while it is not read yet.
    Curve trend(const QString &target, const QString &uuid, int columns) const;

Q_SIGNALS:
    void sampled(); ///< readSome() has something new
    void trendsChanged(); ///< trend() has newer curves

private:
    enum Metric { Busy, MemoryUsed, MemoryTotal, Power, PowerLimit, Heat, MetricCount };
    struct Series {
        std::array<SeriesId, MetricCount> ids{};
        std::array<bool, MetricCount> known{};
        qint64 idleSince = -1; ///< 0 = it is not idle, -1 = not looked at yet
    };
    struct Node {
        QList<Device> devices; ///< of the last link, kept when it goes
        QString user, cluster, group;
        QHash<QString, Series> series; ///< by UUID
        bool outdated = true; ///< it has other series
        bool told = true; ///< and maybe other devices
        std::vector<FleetGpu> gpus; ///< as read last
        qint64 readAt = 0;
    };
    void takeDevices(const QString &target, Node &node);
    void findSeries(Node &node, const QString &target);
    void findJobs(qint64 now);
    void findTargets();
    bool readNode(const QString &target, qint64 now);
    FleetGpu reading(Node &node, const Target &target, const Device &device, qint64 now);
    qint64 idleSince(Series &series, const FleetGpu &gpu, qint64 now);

    PageContext m_context;
    QHash<QString, Node> m_nodes; ///< by target id
    FleetHolders *m_holders;
    FleetTrends *m_trends = nullptr; ///< with a store
    QSet<QString> m_fresh; ///< targets with new samples
    QStringList m_targets; ///< those that are open
    qsizetype m_next = 0; ///< of them: whose age is looked at next
    bool m_otherTargets = true, m_otherJobs = true, m_otherGpus = true;
    qint64 m_jobsAt = 0;
};

} // namespace pilothouse
