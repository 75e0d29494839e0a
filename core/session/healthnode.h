// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What HealthMonitor keeps of a node; for its own files.
#pragma once

#include "core/health/gpuroster.h"
#include "core/health/kernelevidence.h"
#include "core/health/watcher.h"
#include "core/session/healthmonitor.h"
#include "core/telemetry/store.h"

#include <limits>

namespace pilothouse {

inline constexpr double noValue = std::numeric_limits<double>::quiet_NaN();

struct HealthMonitor::Watched {
    QString device;
    RuleSubject subject;
    HealthWatcher watcher;
    QHash<QByteArray, SeriesId> series; // by metric
    bool heard = false; // a GPU that has given values
};

struct HealthMonitor::Node {
    bool outdated = true; // there may be series that were not looked at
    std::vector<std::unique_ptr<Watched>> watched;
    QList<HealthFinding> reported;
    QHash<QString, QString> trouble; // by device
    double gpusHeard = noValue; // of a node with two or more
    KernelEvidence evidence;
    GpuRoster roster;
};

} // namespace pilothouse
