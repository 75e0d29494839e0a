// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <memory>

namespace pilothouse {

class Workspace;
class TelemetryStore;
class TelemetryService;
class HealthMonitor;
class AlertLog;
class Ledger;
class JobService;
class EngineService;
class GpuTestService;
class ActRunner;
class Prompter;

/// What acts and views work on, made once by each program's main. Plain holder, no logic. All of it
/// outlives the event loop.
class Services {
public:
    Workspace *workspace = nullptr;
    TelemetryStore *store = nullptr; ///< null when it could not be opened
    TelemetryService *telemetry = nullptr;
    HealthMonitor *health = nullptr; ///< null without a store
    AlertLog *alerts = nullptr; ///< null when nobody keeps them
    Ledger *ledger = nullptr;
    JobService *jobs = nullptr;
    EngineService *engines = nullptr; ///< null without jobs
    GpuTestService *gpuTests = nullptr; ///< null when its database could not be opened
    ActRunner *runner = nullptr;
    Prompter *prompter = nullptr; ///< the workspace's
};

} // namespace pilothouse
