// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/device/devicepage.h"

#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/session/healthmonitor.h"
#include "core/session/telemetryservice.h"
#include "views/common/emptystate.h"
#include "views/common/fleetshape.h"
#include "views/common/pageheader.h"
#include "views/common/scrolled.h"
#include "views/device/devicefigures.h"
#include "views/device/devicetestcard.h"
#include "views/device/deviceverdict.h"
#include "views/gputest/gputestdialog.h"
#include "views/node/chartbridge.h"
#include "views/node/chartgrid.h"
#include "views/node/gpureading.h"
#include "views/node/nodemarks.h"
#include "views/node/processpanel.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"

#include <QCoroTask>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedLayout>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {

DevicePage::DevicePage(const PageContext &context)
    : m_context(context)
    , m_header(new PageHeader)
    , m_openJob(new QPushButton)
    , m_openNode(new QPushButton(tr("Open node")))
    , m_check(new QPushButton(tr("Check this GPU")))
    , m_verdict(new DeviceVerdict)
    , m_figures(new DeviceFigures)
    , m_test(new DeviceTestCard(context.services != nullptr ? context.services->gpuTests : nullptr))
    , m_stack(new QStackedLayout)
{
    m_header->setTitle(tr("GPU"));
    addActions();
    auto *empty = new EmptyState(QStringLiteral("cpu"));
    empty->setText(tr("No GPU is chosen"),
        tr("This page shows one GPU: its verdict, charts, test and processes. Open one from the "
           "fleet page."));
    empty->setAction(tr("Show the fleet"));
    connect(empty, &EmptyState::activated, this,
        [this] { m_context.openPage(QStringLiteral("fleet")); });
    m_stack->addWidget(empty);
    m_area = scrolled(content());
    m_stack->addWidget(m_area);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addLayout(m_stack, 1);

    connect(m_verdict, &DeviceVerdict::alertWanted, this, [this] {
        if (m_context.openAlert)
            m_context.openAlert(m_target + u'/' + m_uuid);
    });
    connect(m_context.feed, &TargetFeed::statusChanged, this, [this](const QString &target) {
        if (target == m_target)
            rebuild();
    });
    if (m_context.services != nullptr && m_context.services->telemetry != nullptr)
        connect(m_context.services->telemetry, &TelemetryService::catalogueChanged, this,
            [this](const QString &target) {
                if (target == m_target)
                    rebuild();
            });
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &DevicePage::second);
    timer->start(1000);
}

void DevicePage::addActions()
{
    connect(m_openJob, &QPushButton::clicked, this, [this] {
        if (m_context.openJob)
            m_context.openJob(m_job);
    });
    connect(m_openNode, &QPushButton::clicked, this,
        [this] { m_context.openTarget(m_target, QStringLiteral("live")); });
    setButtonKind(m_check, ButtonKind::Primary);
    connect(m_check, &QPushButton::clicked, this, &DevicePage::check);
    for (auto *action : {m_openJob, m_openNode, m_check}) {
        m_header->addAction(action);
        action->hide();
    }
}

QWidget *DevicePage::content()
{
    auto *content = new QWidget;
    m_rows = new QVBoxLayout(content);
    m_rows->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    m_rows->setSpacing(metrics::gap);
    m_rows->addWidget(m_verdict);
    m_rows->addWidget(m_figures);
    if (m_context.services != nullptr && m_context.services->store != nullptr) {
        m_charts = new ChartGrid(m_context.services->store,
            timelineOf(m_context.range, [feed = m_context.feed] { return feed->now(); }), 2,
            {260, 190});
        m_rows->addWidget(m_charts);
    }
    m_rows->addWidget(m_test);
    m_rows->addStretch(1);
    return content;
}

void DevicePage::showSubject(const QString &key)
{
    // An id of a target may have slashes of its own, a UUID has none.
    const QString target = key.section(u'/', 0, -2);
    m_uuid = key.section(u'/', -1);
    if (target != m_target || m_processes == nullptr) {
        delete m_processes;
        m_target = target;
        m_processes = new ProcessPanel(m_context, target, [this](const QString &uuid) {
            const auto all = devices();
            for (const auto &one : all)
                if (one.uuid == uuid)
                    return gpuLabel(one, all);
            return uuid;
        });
        m_rows->insertWidget(m_rows->count() - 1, m_processes);
    }
    m_test->showDevice(m_uuid);
    m_area->verticalScrollBar()->setValue(0);
    m_seconds = 0;
    rebuild();
}

QList<Device> DevicePage::devices() const
{
    const auto known = m_context.feed->facts(m_target);
    return known ? known->node.devices : QList<Device>();
}

Device DevicePage::device() const
{
    const auto all = devices();
    const auto found = std::find_if(
        all.begin(), all.end(), [this](const Device &one) { return one.uuid == m_uuid; });
    if (found != all.end())
        return *found;
    Device unknown;
    unknown.uuid = m_uuid;
    return unknown;
}

void DevicePage::rebuild()
{
    if (m_uuid.isEmpty())
        return;
    m_stack->setCurrentIndex(1);
    m_openNode->show();
    m_check->show();
    const auto all = devices();
    const auto one = device();
    m_header->setTitle(m_context.feed->targetName(m_target) + QStringLiteral(" · ")
        + (one.name.isEmpty() ? m_uuid : gpuLabel(one, all)));
    QStringList facts{one.name, one.driver.isEmpty() ? QString() : tr("driver %1").arg(one.driver)};
    facts.removeAll(QString());
    m_header->setToolTip(m_uuid);
    m_header->setFacts(facts.join(QStringLiteral(" · ")));
    m_header->setBadge(
        one.simulated || m_context.feed->simulated() ? tr("simulated") : QString(), Token::Watch);
    QStringList mine{m_uuid}; // with its partitions
    for (const auto &other : all)
        if (other.parent == m_uuid)
            mine << other.uuid;
    m_processes->showOnly(mine);
    if (m_charts != nullptr)
        m_charts->setCharts(deviceCharts(*m_context.services->store, m_target, m_uuid));
    second();
}

void DevicePage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_seconds = 0;
    second();
}

void DevicePage::second()
{
    if (!isVisible() || m_uuid.isEmpty() || m_charts == nullptr)
        return;
    const auto *services = m_context.services;
    const auto findings = services->health != nullptr ? services->health->findings(m_target, m_uuid)
                                                      : QList<HealthFinding>();
    const bool linked = m_context.feed->link(m_target) != nullptr;
    const qint64 now = m_context.feed->now();
    const auto gpu
        = gpuReading(*services->store, m_target, device(), devices(), now, linked, findings);
    if (linked && gpu.sampledAt > 0 && now - gpu.sampledAt >= staleAfterMs)
        m_context.feed->askWhyQuiet(m_target, now - gpu.sampledAt);
    m_header->setShape(shapeOf(gpu.state), fleetStateWord(gpu.state));
    m_verdict->show(gpu, findings);
    const auto latest = [&](const char *metric) {
        return latestOf(*services->store, m_target, m_uuid, metric, now);
    };
    m_figures->show(gpu,
        {latest("gpu_memory_temperature_celsius"), latest("gpu_sm_clock_hertz"),
            latest("gpu_throttle_reasons")});
    showEvents();
    if (m_seconds++ % 2 == 0)
        askProcesses();
}

/// The job on it and what happened to it.
void DevicePage::showEvents()
{
    auto events = eventsOf(m_context.services, m_target);
    events.jobs.removeIf([this](const Job &job) { return !job.gpuUuids.contains(m_uuid); });
    std::erase_if(events.alerts,
        [this](const Alert &alert) { return !alert.device.isEmpty() && alert.device != m_uuid; });
    const auto &charts = m_charts->charts();
    for (auto chart = charts.cbegin(); chart != charts.cend(); ++chart)
        chart.value()->setMarks(marksOf(events.jobs, events.alerts, chart.key()));
    const auto running = std::find_if(events.jobs.begin(), events.jobs.end(),
        [](const Job &job) { return job.state == JobState::Running; });
    m_openJob->setVisible(running != events.jobs.end());
    m_job = running != events.jobs.end() ? running->id : QString();
    if (m_job.isEmpty())
        return;
    const auto name
        = m_openJob->fontMetrics().elidedText(running->shownName(), Qt::ElideRight, 160);
    m_openJob->setText(
        tr("Job %1").arg(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&"))));
    m_openJob->setToolTip(tr("What runs on it"));
}

void DevicePage::askProcesses()
{
    if (m_asking)
        return;
    m_asking = true;
    auto task = m_context.feed->processes(Context().within(std::chrono::seconds(10)), m_target);
    QCoro::connect(
        std::move(task), this, [this, target = m_target](const Result<QList<Process>> &processes) {
            m_asking = false;
            if (processes && target == m_target)
                m_processes->setProcesses(*processes);
        });
}

void DevicePage::check()
{
    if (m_context.services != nullptr)
        (new GpuTestDialog(
             m_context.services->gpuTests, m_context.acts, m_target, device(), window()))
            ->show(); // other pages stay at hand: the test is a job
}

extern const RailPage devicePage;
const RailPage devicePage{"device", QT_TRANSLATE_NOOP("pages", "GPU"), "", "", false,
    [](const PageContext &context) -> QWidget * { return new DevicePage(context); }};

} // namespace pilothouse
