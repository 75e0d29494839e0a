// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/acts: every act, defined in the file of its group. A new act is its definition
// there, its name here and its place in acttable.cpp.

#include "core/acts/act.h"

namespace pilothouse {

extern const Act connectTarget, disconnectTarget, testTarget; // targetacts.cpp
extern const Act addTarget, changeTarget, removeTarget, protectTarget, favouriteTarget;
extern const Act launchJob, rerunJob, resubmitJob, cancelJob, signalJob, forgetJob; // jobacts.cpp
extern const Act holdJob, releaseJob, requeueJob, suspendJob, resumeJob; // queueacts.cpp
extern const Act prioritizeJob, extendJob;
extern const Act checkGpu; // gpuacts.cpp
extern const Act signalProcessAct; // processacts.cpp
extern const Act runCommand, openTerminal; // commandacts.cpp
extern const Act uploadFile, downloadFile; // fileacts.cpp
extern const Act acknowledgeAlert, unacknowledgeAlert, snoozeAlert, wakeAlert; // alertacts.cpp
extern const Act deployAgentAct, agentStatus, removeAgentAct; // agentacts.cpp

} // namespace pilothouse
