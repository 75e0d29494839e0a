// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"
#include "core/telemetry/store.h"
#include "core/types/node.h"
#include "views/pages/page.h"

#include <QHash>

#include <array>

namespace pilothouse {

/// Reads the fleet from sessions, the store's latest values and the jobs. Main thread; read() costs
/// some hundred nanoseconds a GPU.
class FleetSource : public QObject {
    Q_OBJECT

public:
    explicit FleetSource(const PageContext &context, QObject *parent = nullptr);
    std::vector<FleetGpu> read(qint64 now); ///< judged
    Curve trend(const QString &target, const QString &uuid, int columns) const;
    QString me() const; ///< the person of this machine

private:
    enum Metric { Busy, MemoryUsed, MemoryTotal, Power, PowerLimit, Heat, MetricCount };
    struct Series {
        std::array<SeriesId, MetricCount> ids{};
        std::array<bool, MetricCount> known{};
    };
    struct Node {
        QList<Device> devices; ///< of the last link, kept when it goes
        QString user;
        QHash<QString, Series> series; ///< by UUID
        bool outdated = true, asked = false;
    };
    void askDevices(const QString &target, Node &node);
    void findSeries(Node &node, const QString &target);
    FleetGpu reading(const Node &node, const Target &target, const Device &device, qint64 now);
    qint64 idleSince(const QString &key, const Series &series, double util, qint64 now);

    PageContext m_context;
    QHash<QString, Node> m_nodes; ///< by target id
    QHash<QString, qint64> m_idleSince;
};

} // namespace pilothouse
