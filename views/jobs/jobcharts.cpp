// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/jobcharts.h"

#include "core/acts/services.h"
#include "core/jobs/jobparts.h"
#include "core/jobs/jobservice.h"
#include "views/charts/charttimeline.h"
#include "views/common/textlabel.h"
#include "views/node/chartgrid.h"
#include "views/node/nodemarks.h"

#include <QVBoxLayout>

namespace pilothouse {

JobCharts::JobCharts(const PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_timeline(new ChartTimeline(this, [feed = context.feed] { return feed->now(); }))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    if (context.services == nullptr || context.services->store == nullptr)
        return;
    m_charts = new ChartGrid(context.services->store, m_timeline, 1, {260, 180});
    m_none = new TextLabel({}, TextKind::Body, Token::Text2);
    m_none->setAlignment(Qt::AlignCenter);
    column->addWidget(m_none);
    column->addWidget(m_charts);
    column->addStretch(1);
}

void JobCharts::setJob(const Job &job)
{
    if (m_charts == nullptr)
        return;
    m_none->setVisible(job.startedAt == 0);
    m_charts->setVisible(job.startedAt != 0);
    if (job.startedAt == 0)
        return m_none->setText(jobEnded(job.state)
                ? tr("It never started: there is nothing to chart.")
                : tr("Charts come once it has started."));
    const auto *jobs = m_context.services->jobs;
    const bool other = job.id != m_job.id || job.endedAt != m_job.endedAt;
    m_job = job;
    m_parts = jobs != nullptr ? partsOf(job, jobs->jobs()) : QList<Job>{job};
    moveTimeline(other);
    placeCharts();
    markCharts();
}

/// All of its life, until somebody zooms. While it runs the range grows in steps, so that mostly
/// the pictures only move on.
void JobCharts::moveTimeline(bool other)
{
    const qint64 now = m_context.feed->now(), start = m_job.startedAt;
    const qint64 end = m_job.endedAt != 0 ? m_job.endedAt : now;
    const qint64 margin = std::max<qint64>(2000, (end - start) / 20);
    const bool runsOut = m_timeline->isLive() && !m_timeline->canZoomBack()
        && m_timeline->from() > start - margin / 4;
    if (m_job.endedAt != 0 && other)
        m_timeline->setRange(start - margin, end + margin);
    else if (m_job.endedAt == 0 && (other || runsOut))
        m_timeline->setRange(start - 5 * margin, now);
}

void JobCharts::moveOn()
{
    if (m_charts != nullptr && m_job.startedAt != 0)
        moveTimeline(false);
}

QList<ChartSubject> JobCharts::subjects() const
{
    QList<ChartSubject> all;
    int rank = 0;
    for (const Job &part : m_parts) {
        for (const auto &device : part.gpuUuids)
            all << ChartSubject{part.target, device, tr("rank %1").arg(rank++)};
    }
    for (const Job &part : m_parts)
        all << ChartSubject{part.target, {}, m_context.feed->targetName(part.target)};
    return all;
}

void JobCharts::placeCharts()
{
    auto wanted = comparedCharts(*m_context.services->store, subjects());
    std::erase_if(wanted, [](const NodeChart &chart) {
        return !chart.id.startsWith(QLatin1String("gpu_")) && chart.id != QLatin1String("cpu")
            && chart.id != QLatin1String("memory");
    });
    m_charts->setCharts(std::move(wanted));
}

void JobCharts::markCharts()
{
    // Of a node's alerts only those that are about the job's own devices, or all of the node.
    NodeEvents events;
    for (const Job &part : std::as_const(m_parts)) {
        auto here = eventsOf(m_context.services, part.target);
        std::erase_if(here.alerts, [&part](const Alert &alert) {
            return !alert.device.isEmpty() && !part.gpuUuids.contains(alert.device);
        });
        events.alerts.insert(events.alerts.end(), here.alerts.begin(), here.alerts.end());
    }
    events.jobs << m_job;
    const auto &charts = m_charts->charts();
    for (auto chart = charts.cbegin(); chart != charts.cend(); ++chart)
        chart.value()->setMarks(marksOf(events.jobs, events.alerts, chart.key()));
}

} // namespace pilothouse
