// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alertrows.h"

#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/session/alertlog.h"
#include "core/types/node.h"

namespace pilothouse {

/// Held the device (any, for a node's own alert) at some moment of the alert.
static bool touches(const Job &job, const Alert &alert, qint64 now)
{
    if (job.target != alert.target || job.startedAt == 0)
        return false;
    if (isGpuUuid(alert.device) && !job.gpuUuids.contains(alert.device))
        return false;
    const qint64 end = alert.endedAt != 0 ? alert.endedAt : now;
    return job.startedAt <= end && (job.endedAt == 0 || job.endedAt >= alert.since);
}

static std::vector<AlertRow> rowsOf(
    const Services *services, const std::vector<const Alert *> &alerts)
{
    std::vector<AlertRow> rows;
    rows.reserve(alerts.size());
    const qint64 now = alerts.empty() ? 0 : services->alerts->now();
    QHash<QString, QList<Job>> jobs; // by target
    if (!alerts.empty() && services->jobs != nullptr) {
        const auto all = services->jobs->jobs();
        for (const Job &job : all)
            jobs[job.target] << job;
    }
    for (const Alert *one : alerts) {
        const Alert &alert = *one;
        AlertRow row{alert, {}, {}};
        const auto here = jobs.constFind(alert.target);
        const Job *found = nullptr;
        if (here != jobs.cend()) {
            for (const Job &job : *here) { // the one that was there when it began, else the next
                if (touches(job, alert, now)
                    && (found == nullptr || job.startedAt < found->startedAt))
                    found = &job;
            }
        }
        if (found != nullptr) {
            row.job = found->id;
            row.jobName = found->shownName();
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<AlertRow> alertRows(const Services *services)
{
    std::vector<const Alert *> alerts;
    if (services != nullptr && services->alerts != nullptr)
        for (const Alert &alert : services->alerts->alerts())
            alerts.push_back(&alert);
    return rowsOf(services, alerts);
}

std::vector<AlertRow> alertRows(const Services *services, const QStringList &ids)
{
    const QSet<QString> wanted(ids.begin(), ids.end());
    std::vector<const Alert *> alerts;
    for (const Alert &alert : services->alerts->alerts())
        if (wanted.contains(alert.id))
            alerts.push_back(&alert);
    return rowsOf(services, alerts);
}

} // namespace pilothouse
