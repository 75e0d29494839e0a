// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"
#include "views/charts/chartview.h"

#include <QHash>

namespace pilothouse {

/// One chart of a node page: which series it takes, in which order.
struct NodeChart {
    QString id; ///< stable: "cpu", "gpu_power"
    ChartSpec spec;
};

/// The charts that a node's series allow, in reading order: GPUs first, then the host. A metric
/// that a node does not give makes no chart. `deviceName` turns a GPU's UUID into "GPU 0".
std::vector<NodeChart> nodeCharts(const TelemetryStore &store, const QString &target,
    const std::function<QString(const QString &)> &deviceName);

/// All charts of one device of a node, a curve a metric.
std::vector<NodeChart> deviceCharts(
    const TelemetryStore &store, const QString &target, const QString &device);

/// A device to compare with others, on whatever node; without a device it is the node itself.
struct ChartSubject {
    QString target, device;
    QString name; ///< in the legend: "rank 3", "a1-n04"

    bool operator==(const ChartSubject &) const = default;
};

/// One metric a chart with one curve for each of `subjects` that has it, in their order: what a GPU
/// is measured by for devices, what a node is measured by as a whole for nodes.
std::vector<NodeChart> comparedCharts(
    const TelemetryStore &store, const QList<ChartSubject> &subjects);

} // namespace pilothouse
