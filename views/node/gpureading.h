// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"
#include "core/telemetry/store.h"
#include "core/types/node.h"

#include <optional>

namespace pilothouse {

/// A GPU of a node as last heard of: its newest values, judged at `now` (Unix ms) as the fleet page
/// judges it. `all`: the node's devices; `linked`: it is connected; `findings`: what the rules
/// found on it, the worst first.
FleetGpu gpuReading(const TelemetryStore &store, const QString &target, const Device &device,
    const QList<Device> &all, qint64 now, bool linked, const QList<HealthFinding> &findings = {});

/// The newest value that a device gave of a metric, if it is not older than three periods.
std::optional<double> latestOf(const TelemetryStore &store, const QString &target,
    const QString &device, const char *metric, qint64 now);

} // namespace pilothouse
