// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/models/fleet.h"
#include "core/types/job.h"
#include "core/types/node.h"

#include <QHash>
#include <QObject>

#include <functional>

namespace pilothouse {

/// Who has each GPU: one of our jobs; else, where it is in use, whoever runs processes on it, as
/// its node says: a Slurm step, a pod or a person of others is not free. Main thread.
class FleetHolders : public QObject {
    Q_OBJECT

public:
    /// A node is asked for its processes at most so often (ms), and first when a GPU without a job
    /// of ours has been in use for `settleMs`: its jobs are told of soon after it is connected.
    static constexpr qint64 everyMs = 30'000, settleMs = 5000;
    static constexpr double usedBytes = 1 << 30; ///< less is a driver's own

    using Ask = std::function<Task<Result<QList<Process>>>(const QString &target)>;

    /// `me`: the person's name on this machine.
    FleetHolders(QString me, Ask ask, QObject *parent = nullptr);
    void setJobs(const QList<Job> &jobs); ///< of those that run
    /// Sets job, jobName, person and mine. `user`: whom the node knows us as.
    void give(FleetGpu *gpu, const QString &user, qint64 now);

Q_SIGNALS:
    void answered(const QString &target); ///< give() may know more of its GPUs

private:
    struct Holder {
        QString job, name, person;
    };
    void ask(const QString &target, qint64 now);
    void take(const QString &target, const QList<Process> &processes);

    const QString m_me;
    const Ask m_ask;
    QHash<QString, Holder> m_jobs; ///< by FleetGpu::key()
    QHash<QString, QHash<QString, Holder>> m_others; ///< by target, by UUID
    QHash<QString, qint64> m_nextAsk; ///< by target: Unix ms
};

} // namespace pilothouse
