// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/livepage.h"

#include "core/acts/services.h"
#include "core/session/healthmonitor.h"
#include "core/session/nodeclock.h"
#include "core/session/telemetryservice.h"
#include "views/common/card.h"
#include "views/common/emptystate.h"
#include "views/common/scrolled.h"
#include "views/common/textlabel.h"
#include "views/gputest/gputestdialog.h"
#include "views/node/chartbridge.h"
#include "views/node/chartgrid.h"
#include "views/node/fastpanel.h"
#include "views/node/gpucard.h"
#include "views/node/gpureading.h"
#include "views/node/nodemarks.h"
#include "views/node/processpanel.h"
#include "views/theme/metrics.h"
#include "views/theme/theme.h"

#include <QAbstractItemModel>
#include <QCoroTask>
#include <QGridLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTableView>
#include <QTimer>

namespace pilothouse {

LivePage::LivePage(const PageContext &context, const QString &target)
    : m_context(context)
    , m_target(target)
    , m_content(new QWidget)
    , m_empty(new EmptyState(QStringLiteral("chart-line")))
    , m_banner(new Card)
    , m_bannerText(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_gpuRow(new QWidget)
    , m_gpuGrid(new QGridLayout(m_gpuRow))
    , m_fast(new FastPanel)
    , m_processes(new ProcessPanel(
          context, target, [this](const QString &device) { return deviceName(device); }))
    , m_noProcesses(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_second(new QTimer(this))
{
    m_banner->setEdge(Token::Watch);
    m_bannerText->setWordWrap(true);
    m_banner->body()->addWidget(m_bannerText);
    m_banner->hide();
    m_gpuGrid->setContentsMargins(0, 0, 0, 0);
    m_gpuGrid->setSpacing(metrics::gap);

    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    column->setSpacing(metrics::gap);
    column->addWidget(m_banner);
    column->addWidget(m_gpuRow);
    m_fast->hide();
    column->addWidget(m_fast);
    m_noProcesses->setWordWrap(true);
    m_noProcesses->hide();
    column->addWidget(m_processes);
    column->addWidget(m_noProcesses);
    column->addStretch(1);
    auto *stack = new QStackedLayout(this);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->addWidget(m_empty);
    stack->addWidget(scrolled(m_content));
    connect(m_empty, &EmptyState::activated, this, [this] {
        ActRequest request;
        request.target = m_target;
        m_context.acts->trigger(QStringLiteral("target.connect"), {request});
    });

    if (context.services != nullptr && context.services->store != nullptr) {
        m_charts = new ChartGrid(context.services->store,
            timelineOf(context.range, [feed = context.feed] { return feed->now(); }), 2,
            {260, 190});
        column->insertWidget(column->indexOf(m_fast) + 1, m_charts);
        if (auto *telemetry = context.services->telemetry) {
            connect(
                telemetry, &TelemetryService::catalogueChanged, this, [this](const QString &id) {
                    if (id == m_target)
                        rebuildCharts();
                });
        }
    }
    connect(m_second, &QTimer::timeout, this, &LivePage::tick);
    m_second->start(1000);
    if (const auto status = context.feed->status(target))
        refresh(*status);
}

QString LivePage::deviceName(const QString &device) const
{
    for (const auto &known : m_devices) {
        if (known.uuid == device)
            return gpuLabel(known, m_devices);
    }
    return device;
}

QList<QWidget *> LivePage::headerActions()
{
    auto *launch = new QPushButton(tr("Launch job here"));
    setButtonKind(launch, ButtonKind::Primary);
    connect(launch, &QPushButton::clicked, this,
        [this] { m_context.openTarget(m_target, QStringLiteral("launch")); });
    if (m_devices.isEmpty())
        return {launch};
    auto *fast = new QPushButton(tr("10 Hz"));
    fast->setCheckable(true);
    fast->setChecked(m_wantsFast);
    fast->setToolTip(tr("The GPUs ten times a second, as long as you look"));
    connect(fast, &QPushButton::toggled, this, &LivePage::showFast);
    return {fast, launch};
}

void LivePage::showFast(bool wanted)
{
    m_wantsFast = wanted;
    m_fast->setDevices(m_devices);
    m_fast->setLink(m_context.feed->link(m_target));
    m_fast->setVisible(wanted && !m_devices.isEmpty());
}

void LivePage::takeFacts()
{
    const auto known = m_context.feed->facts(m_target);
    if (!known)
        return;
    const bool none = m_devices.isEmpty();
    m_devices = known->node.devices;
    if (none != m_devices.isEmpty())
        Q_EMIT headerActionsChanged();
    m_warnings = known->node.warnings;
    if (!known->without.isEmpty())
        m_warnings.prepend(known->without + QLatin1Char(' ')
            + tr("Live basics come by plain commands, at lower fidelity."));
    if (std::any_of(m_devices.begin(), m_devices.end(),
            [](const Device &device) { return device.simulated; }))
        m_warnings.prepend(tr(
            "These GPUs are simulated: the node runs a labelled stand-in of the NVIDIA library."));
}

void LivePage::refresh(const TargetStatus &status)
{
    takeFacts();
    if (status.skewMs)
        m_warnings.prepend(skewSentence(status.target.name, *status.skewMs));
    m_bannerText->setText(m_warnings.join(QLatin1Char('\n')));
    m_banner->setVisible(!m_warnings.isEmpty());
    rebuildCharts(); // what is stored is shown before anything is contacted
    const bool any = hasCharts();
    if (!any) {
        const bool connected = status.state == TargetState::Connected;
        m_empty->setText(connected ? tr("The first samples are on their way")
                                   : tr("Nothing is known of %1 yet").arg(status.target.name),
            !connected ? tr("Charts of CPU, memory, disks, network and GPUs come within "
                            "seconds of connecting.")
                : !status.without.isEmpty() ? status.without + QLatin1Char(' ')
                    + tr("Live basics come by plain commands, at lower fidelity.")
                                            : tr("A node samples once a second."));
        m_empty->setAction(
            connected || status.state == TargetState::Connecting ? QString() : tr("Connect"));
    }
    static_cast<QStackedLayout *>(layout())->setCurrentIndex(any ? 1 : 0);
}

void LivePage::rebuildCharts()
{
    if (m_charts == nullptr)
        return;
    auto charts = nodeCharts(*m_context.services->store, m_target, [this](const QString &device) {
        // In the legend of a GPU chart the number says enough.
        for (const auto &known : m_devices) {
            if (known.uuid == device)
                return gpuNumber(known, m_devices);
        }
        return device;
    });
    for (auto &chart : charts) {
        if (chart.id == QLatin1String("gpu_power") && !m_devices.isEmpty()
            && m_devices.first().powerLimitWatts > 0)
            chart.spec.limit = m_devices.first().powerLimitWatts;
    }
    m_charts->setCharts(std::move(charts));
    if (hasCharts())
        static_cast<QStackedLayout *>(layout())->setCurrentIndex(1);
}

bool LivePage::hasCharts() const
{
    return m_charts != nullptr && !m_charts->charts().isEmpty();
}

void LivePage::placeGpus()
{
    // Eight in a row where their figures fit, else four, else two.
    const int room = width() / 172;
    const int perRow = room >= 8 ? 8 : room >= 4 ? 4 : 2;
    for (qsizetype i = 0; i < m_gpus.size(); ++i)
        m_gpuGrid->addWidget(m_gpus[i], int(i) / perRow, int(i) % perRow);
}

void LivePage::resizeEvent(QResizeEvent *event)
{
    TargetPage::resizeEvent(event);
    placeGpus();
}

void LivePage::showEvent(QShowEvent *event)
{
    TargetPage::showEvent(event);
    m_seconds = 0;
    tick(); // not a second later
}

void LivePage::tick()
{
    if (!isVisible() || m_charts == nullptr)
        return;
    while (m_gpus.size() > m_devices.size())
        delete m_gpus.takeLast();
    while (m_gpus.size() < m_devices.size()) {
        const auto place = m_gpus.size();
        m_gpus << new GpuCard(int(place));
        connect(m_gpus.last(), &GpuCard::findingWanted, this, [this](const QString &uuid) {
            if (m_context.openAlert)
                m_context.openAlert(m_target + QLatin1Char('/') + uuid);
        });
        connect(m_gpus.last(), &GpuCard::deviceWanted, this, [this](const QString &uuid) {
            if (m_context.openDevice)
                m_context.openDevice(m_target + QLatin1Char('/') + uuid);
        });
        connect(m_gpus.last(), &GpuCard::checkWanted, this, [this, place] {
            if (place < m_devices.size())
                (new GpuTestDialog(m_context.services->gpuTests, m_context.acts, m_target,
                     m_devices[place], window()))
                    ->show(); // other pages stay at hand: the test is a job
        });
        placeGpus();
    }
    m_processes->setDevices(m_devices);
    m_gpuRow->setVisible(!m_gpus.isEmpty());
    if (m_wantsFast)
        showFast(true);
    for (qsizetype i = 0; i < m_gpus.size(); ++i)
        showGpu(m_gpus[i], m_devices[i]);
    const auto events = eventsOf(m_context.services, m_target);
    const auto &charts = m_charts->charts();
    for (auto chart = charts.cbegin(); chart != charts.cend(); ++chart)
        chart.value()->setMarks(marksOf(events.jobs, events.alerts, chart.key()));
    if (m_seconds++ % 2 == 0)
        askProcesses();
}

void LivePage::showGpu(GpuCard *card, const Device &device)
{
    const auto *health = m_context.services->health;
    const auto findings
        = health != nullptr ? health->findings(m_target, device.uuid) : QList<HealthFinding>();
    const bool linked = m_context.feed->link(m_target) != nullptr;
    const qint64 now = m_context.feed->now();
    const auto gpu = gpuReading(
        *m_context.services->store, m_target, device, m_devices, now, linked, findings);
    card->show(gpu, findings);
    if (linked && gpu.sampledAt > 0 && now - gpu.sampledAt >= staleAfterMs)
        m_context.feed->askWhyQuiet(m_target, now - gpu.sampledAt);
}

void LivePage::askProcesses()
{
    if (m_asking)
        return;
    m_asking = true;
    auto task = m_context.feed->processes(Context().within(std::chrono::seconds(10)), m_target);
    QCoro::connect(std::move(task), this, [this](const Result<QList<Process>> &processes) {
        m_asking = false;
        if (processes)
            m_processes->setProcesses(*processes);
        else
            m_noProcesses->setText(processes.error().message);
        const bool any = m_processes->table()->model()->rowCount() > 0;
        m_noProcesses->setVisible(!processes && !any);
        m_processes->table()->setVisible(processes || any);
    });
}

extern const TargetTab liveTab;
const TargetTab liveTab{"live", QT_TRANSLATE_NOOP("pages", "Live"),
    [](const PageContext &context, const QString &target) -> TargetPage * {
        return new LivePage(context, target);
    }};

} // namespace pilothouse
