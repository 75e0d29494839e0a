// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/acts/acttable.h"

namespace pilothouse {

const QList<const Act *> &actTable()
{
    static const QList<const Act *> acts{&connectTarget, &disconnectTarget, &testTarget,
        &openTerminal, &launchJob, &cancelJob, &signalJob, &holdJob, &releaseJob, &requeueJob,
        &suspendJob, &resumeJob, &prioritizeJob, &extendJob, &rerunJob, &resubmitJob, &forgetJob,
        &checkGpu, &signalProcessAct, &runCommand, &uploadFile, &downloadFile, &addTarget,
        &changeTarget, &removeTarget, &protectTarget, &favouriteTarget, &acknowledgeAlert,
        &unacknowledgeAlert, &snoozeAlert, &wakeAlert, &deployAgentAct, &agentStatus,
        &removeAgentAct};
    return acts;
}

const Act *findAct(const QString &id)
{
    for (const Act *act : actTable()) {
        if (id == QLatin1String(act->id))
            return act;
    }
    return nullptr;
}

} // namespace pilothouse
