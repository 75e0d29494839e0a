// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/jobdetail.h"

#include "core/acts/services.h"
#include "core/agentlink/agentclient.h"
#include "core/base/units.h"
#include "core/jobs/jobjson.h"
#include "core/jobs/jobservice.h"
#include "core/models/jobmodel.h"
#include "core/session/workspace.h"
#include "views/common/searchfield.h"
#include "views/common/segmentedcontrol.h"
#include "views/common/textlabel.h"
#include "views/jobs/jobcharts.h"
#include "views/launch/launchdraft.h"
#include "views/logs/logview.h"
#include "views/theme/metrics.h"
#include "views/theme/shapes.h"
#include "views/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

namespace pilothouse {

JobDetail::JobDetail(const PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_shape(new ShapeWidget)
    , m_title(new TextLabel({}, TextKind::Subheading))
    , m_facts(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_command(new TextLabel({}, TextKind::Mono, Token::Text2))
    , m_logNote(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_tabs(new SegmentedControl(tr("Show"), {tr("Log"), tr("Charts")}))
    , m_stack(new QStackedWidget)
    , m_filter(new SearchField(tr("Filter lines")))
    , m_follow(new QPushButton(tr("Follow")))
    , m_log(new LogView)
    , m_charts(new JobCharts(context))
{
    m_facts->setElide(Qt::ElideRight);
    m_command->setElide(Qt::ElideRight);
    m_tabs->setCurrent(0);
    m_filter->setFixedWidth(200);
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    auto *error = new QPushButton(tr("First error"));
    error->setToolTip(tr("Jumps to the next line that looks like an error"));
    auto *copy = new QPushButton(tr("Copy"));
    copy->setToolTip(tr("Copies the selected lines, or all that are shown"));
    m_log->setFont(fontOf(TextKind::Mono));
    applyLogColors();

    auto *top = new QHBoxLayout;
    top->addWidget(m_shape);
    top->addWidget(m_title);
    top->addStretch(1);
    const auto selection = [this] {
        ActRequest request;
        request.target = m_job.target;
        request.subject = m_job.id;
        return m_job.id.isEmpty() ? QList<ActRequest>() : QList<ActRequest>{request};
    };
    auto *again = new QPushButton(tr("Run again with edits"));
    connect(again, &QPushButton::clicked, this, &JobDetail::editAndRun);
    top->addWidget(again);
    for (const char *act : {"job.rerun", "job.forget", "job.cancel"}) {
        if (auto *button = context.acts->button(QLatin1String(act), selection)) {
            button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
            top->addWidget(button);
        }
    }
    for (auto *button : {again, error, copy, m_follow})
        button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto *tools = new QHBoxLayout;
    tools->addWidget(m_tabs);
    tools->addWidget(m_logNote);
    tools->addStretch(1);
    for (auto *tool : std::initializer_list<QWidget *>{m_filter, error, m_follow, copy})
        tools->addWidget(tool);
    auto *scroll = new QScrollArea;
    scroll->setWidget(m_charts);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_stack->addWidget(m_log);
    m_stack->addWidget(scroll);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::margin, metrics::gap, metrics::margin, metrics::margin);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_facts);
    column->addWidget(m_command);
    column->addLayout(tools);
    column->addWidget(m_stack, 1);

    connect(m_tabs, &SegmentedControl::chosen, this, [this](int index) {
        m_stack->setCurrentIndex(index);
        if (index == 1)
            m_charts->setJob(m_job);
    });
    connect(m_filter, &QLineEdit::textChanged, m_log, &LogView::setFilter);
    connect(error, &QPushButton::clicked, this, [this] {
        if (!m_log->jumpToFirstError())
            m_logNote->setText(tr("No line looks like an error"));
    });
    connect(m_follow, &QPushButton::toggled, m_log, &LogView::setFollowing);
    connect(m_log, &LogView::followingChanged, m_follow, &QPushButton::setChecked);
    connect(copy, &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(m_log->selectedText()); });
    connect(&Theme::instance(), &Theme::changed, this, &JobDetail::applyLogColors);
    if (context.services != nullptr && context.services->workspace != nullptr) {
        // A link that comes back goes on where the log stopped.
        connect(context.services->workspace, &Workspace::sessionChanged, this,
            [this](const QString &id) {
                if (id == m_job.target && !m_stream && !m_logComplete)
                    startLog();
            });
    }
}

JobDetail::~JobDetail() = default;

void JobDetail::applyLogColors()
{
    LogColors colors;
    colors.background = themed(Token::Panel);
    colors.text = themed(Token::Text);
    colors.faint = themed(Token::Text3);
    colors.marks = themed(Token::Watch);
    colors.match = Theme::instance().weak(Token::Watch);
    colors.selection = themed(Token::AccentWeak);
    colors.error = themed(Token::Bad);
    const QColor base[8] = {themed(Token::Text3), themed(Token::Bad), themed(Token::Ok),
        themed(Token::Watch), themed(Token::Accent), Theme::instance().series(3),
        Theme::instance().series(7), themed(Token::Text2)};
    for (std::size_t i = 0; i < 8; ++i) {
        colors.palette[i] = base[i];
        colors.palette[i + 8] = base[i];
    }
    colors.palette[15] = themed(Token::Text);
    m_log->setColors(colors);
}

void JobDetail::setJob(const Job &job)
{
    const bool other = job.id != m_job.id;
    const bool back = job.target != m_job.target || (m_job.stale && !job.stale);
    m_job = job;
    m_shape->setShape(shapeOf(job.state), jobOutcome(job));
    m_title->setText(job.spec.name.isEmpty() ? job.id : job.spec.name);
    refreshFacts();
    m_command->setText(commandText(job.spec));
    m_command->setToolTip(m_command->text());
    m_context.acts->refresh();
    if (other) {
        m_log->clear();
        m_logComplete = false;
        startLog();
    } else if (back && !m_stream && !m_logComplete) {
        startLog();
    }
    if (m_stack->currentIndex() == 1)
        m_charts->setJob(m_job);
}

void JobDetail::refreshFacts()
{
    const Job &job = m_job;
    QStringList facts{jobOutcome(job)};
    facts << (m_context.feed->targetName(job.target));
    if (job.startedAt != 0)
        facts << formatDuration(jobDuration(job, m_context.feed->now()));
    if (job.stale && job.seenAt != 0)
        facts << tr("heard %1")
                     .arg(formatAge(std::chrono::milliseconds(m_context.feed->now() - job.seenAt)));
    if (job.peakMemoryBytes)
        facts << tr("peak %1").arg(formatBytes(double(*job.peakMemoryBytes), true));
    if (!job.gpuUuids.isEmpty())
        facts << (job.gpuUuids.size() == 1 ? tr("1 GPU") : tr("%1 GPUs").arg(job.gpuUuids.size()));
    if (job.gpuSeconds)
        facts << tr("%1 of GPU time").arg(formatValue(job.gpuSeconds, QStringLiteral("seconds")));
    if (job.busyGpuSeconds && job.gpuSeconds.value_or(0) > 0)
        facts << tr("%1 busy").arg(
            formatValue(*job.busyGpuSeconds / *job.gpuSeconds, QStringLiteral("ratio")));
    if (job.energyJoules)
        facts << formatValue(job.energyJoules, QStringLiteral("joules"));
    if (!job.reason.isEmpty())
        facts << job.reason;
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    if (m_stack->currentIndex() == 1)
        m_charts->moveOn();
}

void JobDetail::startLog()
{
    m_stream.reset();
    if (m_context.services == nullptr || m_context.services->jobs == nullptr || m_job.id.isEmpty())
        return;
    LogHandlers handlers;
    handlers.data = [this](quint64 offset, const QByteArray &data) { m_log->append(offset, data); };
    handlers.ended
        = [this](bool complete, std::optional<Error> error) { logEnded(complete, error); };
    m_stream = m_context.services->jobs->readLog(
        m_job.id, m_log->buffer().endOffset(), true, std::move(handlers));
    m_logNote->setText(m_stream ? tr("live") : tr("Not connected: what is shown may be old"));
}

void JobDetail::logEnded(bool complete, const std::optional<Error> &error)
{
    m_logComplete = complete;
    m_logNote->setText(complete
            ? tr("complete, %1").arg(formatBytes(double(m_log->buffer().endOffset()), false))
            : error ? error->message
                    : QString());
    // We are inside the stream's own handler.
    QMetaObject::invokeMethod(
        this, [this] { m_stream.reset(); }, Qt::QueuedConnection);
}

void JobDetail::editAndRun()
{
    setLaunchDraft(m_job.target, m_job.spec);
    m_context.openTarget(m_job.target, QStringLiteral("launch"));
}

} // namespace pilothouse
