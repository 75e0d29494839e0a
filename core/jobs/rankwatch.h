// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/peerclocks.h"
#include "core/types/job.h"

#include <QObject>
#include <QTimer>

namespace pilothouse {

class HealthMonitor;
class JobService;

/// The GPUs that running jobs work on. Jobs of several nodes are one where they meet at the same
/// place (jobparts.h). A GPU that several jobs share works for none of them alone and is left out.
QList<JobRank> jobRanks(const QList<Job> &jobs);

/// Tells the monitor which GPUs work together, within a second of a change. Main thread; both
/// outlive it.
class RankWatch : public QObject {
    Q_OBJECT

public:
    RankWatch(const JobService *jobs, HealthMonitor *monitor, QObject *parent = nullptr);

private:
    QTimer m_soon; ///< jobs change many at a time
};

} // namespace pilothouse
