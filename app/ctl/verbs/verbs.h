// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Every verb, defined in the file of its group. A new verb is its definition there, its name here
// and its place in verbtable.cpp.

#include "app/ctl/verb.h"

#include <QJsonObject>

namespace pilothouse::ctl {

extern const Verb targetsVerb, addVerb, removeVerb, protectVerb, setVerb; // targets.cpp
extern const Verb configVerb, testVerb, connectVerb; // connections.cpp
extern const Verb topVerb, metricsVerb, processesVerb; // telemetry.cpp, top.cpp
extern const Verb gpusVerb; // gpus.cpp
extern const Verb runVerb, rerunVerb; // launching.cpp
extern const Verb submitVerb, importVerb; // submitting.cpp
extern const Verb gpuTestVerb; // gputest.cpp
extern const Verb jobsVerb, logsVerb, cancelVerb, signalVerb, forgetVerb; // jobs.cpp
extern const Verb enginesVerb, whyVerb, holdVerb, releaseVerb, requeueVerb; // engines.cpp
extern const Verb alertsVerb, ackVerb, unackVerb, snoozeVerb, wakeVerb; // alerts.cpp
extern const Verb execVerb, cpVerb; // exec.cpp, cp.cpp
extern const Verb agentDeployVerb, agentStatusVerb, agentRemoveVerb; // agent.cpp
extern const Verb auditVerb, storageVerb, versionVerb; // about.cpp
extern const Verb firstRunVerb; // firstrun.cpp

/// Reaches a job's target, does an act to the job and prints what came of it (jobs.cpp).
Task<int> actOnJob(Desk &desk, QString act, QString name, QJsonObject parameters);

} // namespace pilothouse::ctl
