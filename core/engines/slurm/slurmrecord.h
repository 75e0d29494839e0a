// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/engine.h"

#include <QString>

#include <optional>

namespace pilothouse {

/// One record of Slurm's job table as any of its outputs gives it: a job, one task of an array, or
/// the tasks of an array that still wait. Raw words; times are Unix seconds, 0 = none.
struct SlurmRecord {
    QString id; ///< as shown: "7", "2_3", "2_[4-9%2]"
    QString arrayId; ///< of the whole job: "2"; equals id outside arrays
    QString rawId; ///< the record's own number
    QString state; ///< "PENDING"; flags are not in it
    QString reason; ///< "Resources"; empty when Slurm says None
    QString reasonText; ///< with names of nodes, as squeue -o %R; often the same
    QString user, partition, account, qos;
    std::optional<quint64> priority;
    qint64 submitted = 0, started = 0, ended = 0; ///< ended: of one that runs, when its time is up
    int timeLimitSeconds = 0; ///< 0 = none
    int nodeCount = 0;
    QString gres; ///< what each node gives: "gres:gpu:h100:2"
    QString allocated; ///< trackable resources: "cpu=1,mem=4G,node=1"
    QString nodes; ///< "gpu[01-02]"
    int restarts = 0;
    std::optional<int> exitCode, signal; ///< only of one that ended
    QString dependency, name, comment;
    QString output, folder, command; ///< only in the details of one job

    bool operator==(const SlurmRecord &) const = default;
};

/// One node as Slurm sees it, in one of its partitions.
struct SlurmNode {
    QString name, partition, state, reason;
    QString gres, gresUsed; ///< "gpu:h100:8(S:0-1)", "gpu:h100:2(IDX:0-1)"
    bool partitionUp = true;
    bool isDefault = false; ///< the partition

    bool operator==(const SlurmNode &) const = default;
};

} // namespace pilothouse
