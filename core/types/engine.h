// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// GPUs of one type in an engine or one of its queues. Nothing = could not be read, never 0.
struct GpuPool {
    QString type; ///< as the engine names it: "h100"; empty = not named
    std::optional<int> total, used; ///< used: allocated to jobs
    std::optional<int> largest; ///< free ones on the node that has most of them
};

/// A partition, queue or namespace.
struct EngineQueue {
    QString name;
    QString state; ///< the engine's own word: "UP", "DOWN"
    bool isDefault = false;
    std::optional<int> nodes;
    int timeLimitSeconds = 0; ///< 0 = none, or unknown
    QList<GpuPool> gpus;
    QStringList limits; ///< quotas and limits, one readable line each, raw names in them
};

/// What an engine has, as it said at `readAt` (Unix ms).
struct EngineStatus {
    QString version; ///< "slurm 22.05.8"
    QString user; ///< who we are there
    QStringList accounts; ///< that this user may charge; empty = none are kept
    QList<GpuPool> gpus;
    QList<EngineQueue> queues;
    QStringList notes; ///< what could not be read, and why
    qint64 readAt = 0;
};

/// A job as an engine wants it.
struct RenderedJob {
    QByteArray text; ///< what the user reads, edits and what is sent
    QString syntax; ///< "sbatch", "yaml", "json", "sh": for the highlighter
    QString call; ///< the native call that sends it: "sbatch --parsable ..."
    QStringList notes; ///< what of the spec this engine cannot express
};

/// What can be done to a job beside cancelling its wait.
enum class JobVerb { Cancel, Hold, Release, Requeue, Suspend, Resume, SetPriority, ExtendTime };
QString jobVerbName(JobVerb verb); ///< "hold", "extend_time"

/// Whether a verb is possible on a job: refused with a reason for a person, or absent where the
/// engine knows no such thing.
struct VerbAnswer {
    enum class Kind { Allowed, Refused, Absent } kind = Kind::Allowed;
    QString reason;
};

/// What the reason belongs to; shown as a word and used for filters.
enum class WhyCategory {
    Unknown, ///< a read failed or the engine gave no reason
    Running, ///< nothing to explain
    Starting, ///< resources are there, it begins
    Resources, ///< waits for GPUs, CPUs, memory or nodes that others use
    TooLarge, ///< asks for more than the engine has: never starts
    Priority, ///< others are ahead
    Limit, ///< a quota, QOS or association limit
    Dependency,
    Held, ///< by the user or an administrator
    Time, ///< begins later: begin time, reservation, maintenance
    Nodes, ///< down, drained, not ready, tainted
    Image, ///< cannot be pulled
    Denied, ///< account, partition or rights
    OutOfMemory,
    TimedOut, ///< its time limit
    NodeFailed, ///< node failure or hardware
    Preempted,
    Program, ///< its own exit code, signal, CUDA or NCCL error
    Cancelled,
};
QString whyCategoryName(WhyCategory category); ///< "too_large", ...

/// Why a job waits or failed. Every sentence rests on a field that is quoted.
struct Explanation {
    WhyCategory category = WhyCategory::Unknown;
    QString sentence; ///< for a person
    struct Evidence {
        QString source; ///< "squeue", "pod/x events", "log"
        QString field; ///< "Reason"
        QString value; ///< raw
    };
    QList<Evidence> evidence;
    QStringList ahead; ///< jobs in front, nearest first, as the engine names them
    QString next; ///< one thing to do
    qint64 expectedStart = 0; ///< Unix ms, the engine's own estimate; 0 = it gave none
};

} // namespace pilothouse
