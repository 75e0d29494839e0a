// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/rankwatch.h"

#include "core/jobs/jobparts.h"
#include "core/jobs/jobservice.h"
#include "core/session/healthmonitor.h"

#include <QHash>

namespace pilothouse {

QList<JobRank> jobRanks(const QList<Job> &jobs)
{
    QList<JobRank> ranks;
    QHash<QPair<QString, QString>, int> users;
    for (const Job &job : jobs) {
        if (job.state != JobState::Running)
            continue;
        const QString place = meetingPlace(job);
        for (const QString &device : job.gpuUuids) {
            ranks << JobRank{job.target, device, place};
            ++users[{job.target, device}];
        }
    }
    ranks.removeIf([&](const JobRank &rank) {
        return users.value({rank.target, rank.device}) > 1;
    });
    return ranks;
}

RankWatch::RankWatch(const JobService *jobs, HealthMonitor *monitor, QObject *parent)
    : QObject(parent)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(1000);
    connect(&m_soon, &QTimer::timeout, this,
        [jobs, monitor] { monitor->setRanks(jobRanks(jobs->unended())); });
    const auto look = [this] {
        if (!m_soon.isActive())
            m_soon.start();
    };
    connect(jobs, &JobService::jobChanged, this, look);
    connect(jobs, &JobService::jobForgotten, this, look);
    look();
}

} // namespace pilothouse
