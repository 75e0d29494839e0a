// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/nodemarks.h"

#include "core/acts/services.h"
#include "core/health/rules.h"
#include "core/jobs/jobservice.h"
#include "core/session/alertlog.h"
#include "core/types/node.h"

#include <QCoreApplication>

#include <algorithm>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("node", text);
}

/// Which charts tell about an alert.
static bool belongs(const Alert &alert, const QString &chart)
{
    const bool gpuChart = chart.startsWith(QLatin1String("gpu_"));
    if (alert.device.isEmpty())
        return alert.rule == QLatin1String(silentRule)
            || alert.rule == QLatin1String("driver-silent") || !gpuChart;
    const bool ofGpu = isGpuUuid(alert.device);
    return ofGpu ? gpuChart : chart == QLatin1String("network");
}

static MarkKind kindOf(const Alert &alert)
{
    if (alert.rule == QLatin1String(silentRule))
        return MarkKind::Gap;
    return alert.verdict >= HealthVerdict::Reboot ? MarkKind::Bad : MarkKind::Watch;
}

std::vector<ChartMark> marksOf(
    const QList<Job> &jobs, const std::vector<Alert> &alerts, const QString &chart)
{
    std::vector<ChartMark> marks;
    for (const Job &job : jobs) {
        const QString name = job.shownName();
        if (job.startedAt != 0)
            marks.push_back({MarkKind::Job, job.startedAt, {}, name});
        if (job.endedAt != 0 && job.startedAt != 0)
            marks.push_back({MarkKind::Job, job.endedAt, {}, tr("%1 ended").arg(name)});
    }
    for (const Alert &alert : alerts) {
        if (!belongs(alert, chart))
            continue;
        ChartMark mark;
        mark.kind = kindOf(alert);
        mark.from = alert.since;
        if (alert.endedAt != 0)
            mark.to = alert.endedAt;
        mark.label = alert.deviceName.isEmpty()
            ? alert.words().title
            : alert.deviceName + QStringLiteral(": ") + alert.words().title;
        marks.push_back(std::move(mark));
    }
    std::stable_sort(marks.begin(), marks.end(),
        [](const ChartMark &a, const ChartMark &b) { return a.from < b.from; });
    return marks;
}

NodeEvents eventsOf(const Services *services, const QString &target)
{
    NodeEvents events;
    if (services == nullptr)
        return events;
    if (services->jobs != nullptr) {
        const auto jobs = services->jobs->jobs();
        for (const Job &job : jobs) {
            if (job.target == target)
                events.jobs << job;
        }
    }
    if (services->alerts != nullptr) {
        for (const Alert &alert : services->alerts->alerts()) {
            if (alert.target == target)
                events.alerts.push_back(alert);
        }
    }
    return events;
}

} // namespace pilothouse
