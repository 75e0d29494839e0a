// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/jobspage.h"

#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/models/jobmodel.h"
#include "views/common/emptystate.h"
#include "views/common/pageheader.h"
#include "views/common/searchfield.h"
#include "views/common/table.h"
#include "views/jobs/jobdetail.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"

#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>
#include <QTimer>

namespace pilothouse {

static const QStringList rowActs{QStringLiteral("job.cancel"), QStringLiteral("job.signal"),
    QStringLiteral("job.rerun"), QStringLiteral("job.resubmit"), QStringLiteral("job.forget")};

JobsPage::JobsPage(const PageContext &context)
    : m_context(context)
    , m_header(new PageHeader)
    , m_search(new SearchField(tr("Filter jobs")))
    , m_model(new JobModel(
          [feed = context.feed](const QString &id) { return feed->targetName(id); }, this))
    , m_table(new QTableView)
    , m_detail(new JobDetail(context))
    , m_splitter(new QSplitter(Qt::Vertical))
    , m_empty(new EmptyState(QStringLiteral("run")))
{
    m_header->setTitle(tr("Jobs"));
    m_search->setFixedWidth(240);
    m_header->addAction(m_search);
    auto *launch = new QPushButton(tr("Launch job"));
    setButtonKind(launch, ButtonKind::Primary);
    connect(launch, &QPushButton::clicked, this, &JobsPage::launch);
    m_header->addAction(launch);

    setUpTable(m_table, m_model, tr("Jobs"));
    const int widths[] = {140, 260, 180, 80, 130, 120, 140, 250};
    for (int column = 0; column < 8; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->horizontalHeader()->setSectionResizeMode(JobModel::Name, QHeaderView::Stretch);
    m_table->sortByColumn(JobModel::Submitted, Qt::DescendingOrder);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        m_context.acts->fill(menu, rowActs, selected());
        menu->popup(m_table->viewport()->mapToGlobal(at));
    });

    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setChildrenCollapsible(false);
    m_detail->hide();
    auto *content = new QWidget;
    m_stack = new QStackedLayout(content);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(content, 1);

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_model->setText(text);
        settle();
    });
    connect(m_search, &SearchField::left, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_empty, &EmptyState::activated, this, [this] {
        if (m_search->text().isEmpty())
            this->launch();
        else
            m_search->clear();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
        &JobsPage::showSelected);
    if (context.services != nullptr && context.services->jobs != nullptr) {
        auto *jobs = context.services->jobs;
        connect(jobs, &JobService::jobChanged, this, [this](const Job &job) {
            m_model->applyOne(job);
            settle();
            if (job.id == m_detail->jobId())
                m_detail->setJob(job);
        });
        connect(jobs, &JobService::jobForgotten, this, [this](const QString &id) {
            m_model->removeKey(id);
            settle();
        });
    }
    auto *ages = new QTimer(this);
    connect(ages, &QTimer::timeout, this, [this] {
        if (!isVisible())
            return;
        m_table->viewport()->update();
        m_detail->refreshFacts();
    });
    ages->start(1000);
    refresh();
}

void JobsPage::refresh()
{
    if (m_context.services != nullptr && m_context.services->jobs != nullptr) {
        const auto jobs = m_context.services->jobs->jobs();
        m_model->apply(std::vector<Job>(jobs.begin(), jobs.end()));
    }
    settle();
    if (m_model->rowCount() > 0 && !m_table->currentIndex().isValid())
        m_table->selectRow(0);
}

void JobsPage::settle()
{
    const int shown = m_model->rowCount(), hidden = m_model->hiddenCount();
    m_stack->setCurrentIndex(shown > 0 ? 0 : 1);
    int running = 0;
    for (int row = 0; row < shown; ++row)
        running += m_model->at(row).state == JobState::Running ? 1 : 0;
    m_header->setFacts(tr("%1 shown · %2 running").arg(shown).arg(running)
        + (hidden > 0 ? tr(" · %1 hidden by the filter").arg(hidden) : QString()));
    if (hidden > 0) {
        m_empty->setText(tr("The filter hides all %1 jobs").arg(hidden),
            tr("No name, target, state or id has “%1”.").arg(m_search->text()));
        m_empty->setAction(tr("Clear the filter"));
    } else {
        m_empty->setText(tr("No jobs yet"),
            tr("Jobs that are launched here, or by ctl, are listed with their state, log and exit "
               "code."));
        m_empty->setAction(tr("Launch job"));
    }
}

QList<ActRequest> JobsPage::selected() const
{
    QList<ActRequest> requests;
    const auto rows = m_table->selectionModel()->selectedRows();
    for (const auto &row : rows) {
        ActRequest request;
        request.target = m_model->at(row.row()).target;
        request.subject = row.data(KeyRole).toString();
        requests << request;
    }
    return requests;
}

void JobsPage::showSelected()
{
    const auto rows = m_table->selectionModel()->selectedRows();
    if (rows.size() == 1)
        m_detail->setJob(m_model->at(rows.first().row()));
    m_detail->setVisible(rows.size() == 1);
}

void JobsPage::launch()
{
    // A menu of what is connected; one target needs no question.
    QList<TargetStatus> live;
    const auto all = m_context.feed->targets();
    for (const auto &status : all) {
        if (status.state == TargetState::Connected)
            live << status;
    }
    if (live.size() <= 1) {
        m_context.openTarget(live.isEmpty() ? QStringLiteral("local") : live.first().target.id,
            QStringLiteral("launch"));
        return;
    }
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const auto &status : std::as_const(live))
        menu->addAction(status.target.name, this,
            [this, id = status.target.id] { m_context.openTarget(id, QStringLiteral("launch")); });
    menu->popup(m_header->mapToGlobal(QPoint(m_header->width() - 200, m_header->height())));
}

extern const RailPage jobsPage;
const RailPage jobsPage{"jobs", QT_TRANSLATE_NOOP("pages", "Jobs"), "player-play", "Alt+2", false,
    [](const PageContext &context) -> QWidget * { return new JobsPage(context); }};

} // namespace pilothouse
