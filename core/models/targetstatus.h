// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/stage.h"
#include "core/types/target.h"

namespace pilothouse {

/// All a view shows of one target and its connection, as plain data: what a live session says,
/// what was remembered, or what was recorded. Times are Unix milliseconds, 0 = none.
struct TargetStatus {
    Target target;
    TargetState state = TargetState::NotOpened;
    QList<StageReport> stages; ///< of the running or last attempt, in order
    bool tested = false; ///< the stages are a test's: nothing stays connected
    std::optional<Error> error; ///< why it is failed or stale, or what the test met
    QString summary; ///< "mia@10.2.0.41 via bastion"
    QString transportWhy; ///< which transport is used and why; empty before the first attempt
    QString without; ///< why there is no agent; empty when there is one
    QString agentVersion;
    QString os, arch; ///< "Ubuntu 24.04", "aarch64"
    int gpus = -1, cpus = -1; ///< -1 = never heard
    std::optional<qint64> skewMs; ///< node clock minus ours; only when over 2 s
    qint64 changedAt = 0; ///< of the last state change
    qint64 seenAt = 0; ///< newest sample
    qint64 nextAttemptAt = 0;
};

/// "8 GPU", "64 cores", "not opened", "stale 4 min", "failed": the last word of a row.
QString targetDetail(const TargetStatus &status, qint64 now);
/// The state as a person says it: "live", "not opened", "connecting" ...
QString targetStateWord(TargetState state);

} // namespace pilothouse
