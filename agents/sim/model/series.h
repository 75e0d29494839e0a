// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/model/hardware.h"
#include "agents/sim/model/state.h"

#include <span>
#include <string>
#include <vector>

namespace pilothouse::sim {

enum class SimKind { Gauge, Counter, State };

/// One row of a catalogue. A tick's integer times `step` is the value.
struct SimSeries {
    std::string metric, device, unit;
    SimKind kind = SimKind::Gauge;
    double step = 1;
};

/// What a node cannot give, and why.
struct MissingSeries {
    std::string metric, device, reason;
};

/// What a node is apart from its state at a moment.
struct NodeShape {
    double memoryBytes = 0, filesystemBytes = 0, bootSeconds = 0; ///< uptime when the course began
    unsigned cpus = 0;
};
NodeShape nodeShape(uint64_t seed, std::size_t node, std::size_t gpus);

/// A metric of a node: the names, units and steps of agents/collectors (its README lists them).
struct NodeMetric {
    const char *metric, *device, *unit;
    SimKind kind;
    double step;
    /// `at`: seconds since the course began.
    double (*value)(const NodeState &state, const NodeShape &shape, double at);
};
std::span<const NodeMetric> nodeMetrics();

/// A metric of a GPU, device = its UUID. `value` is not asked while the GPU does not answer.
struct DeviceMetric {
    const char *metric, *unit;
    SimKind kind;
    double step;
    double (*value)(const DeviceState &state);
    bool needsLink = false; ///< only of GPUs with NVLink
};
/// Those of a live chart.
std::span<const DeviceMetric> deviceMetrics();
/// Those that tell of a GPU's health.
std::span<const DeviceMetric> healthMetrics();

/// A value in whole steps.
int64_t inSteps(double value, double step);

} // namespace pilothouse::sim
