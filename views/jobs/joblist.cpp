// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/joblist.h"

#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/models/jobmodel.h"
#include "views/common/emptystate.h"
#include "views/common/table.h"
#include "views/jobs/jobdetail.h"
#include "views/jobs/signalmenu.h"

#include <QHeaderView>
#include <QMenu>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>
#include <QTimer>

namespace pilothouse {

JobList::JobList(const PageContext &context, QString target, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_target(std::move(target))
    , m_model(
          new JobModel([feed = context.feed](const QString &id) { return feed->targetName(id); },
              this, [feed = context.feed] { return feed->now(); }))
    , m_table(new QTableView)
    , m_detail(new JobDetail(context))
    , m_splitter(new QSplitter(Qt::Vertical))
    , m_empty(new EmptyState(QStringLiteral("run")))
    , m_stack(new QStackedLayout(this))
{
    setUpTable(m_table, m_model, tr("Jobs"));
    const int widths[] = {140, 260, 180, 80, 130, 120, 140, 110, 100, 220};
    for (int column = 0; column < 10; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->setColumnHidden(JobModel::Target, !m_target.isEmpty());
    m_table->horizontalHeader()->setSectionResizeMode(JobModel::Name, QHeaderView::Stretch);
    m_table->sortByColumn(JobModel::Submitted, Qt::DescendingOrder);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &JobList::contextMenu);

    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setChildrenCollapsible(false);
    m_detail->hide();
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);
    connect(m_empty, &EmptyState::activated, this, [this] {
        if (m_filter.isEmpty())
            Q_EMIT launchWanted();
        else
            Q_EMIT unfilterWanted();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
        &JobList::showSelected);
    if (context.services != nullptr && context.services->jobs != nullptr) {
        auto *jobs = context.services->jobs;
        connect(jobs, &JobService::jobChanged, this, [this](const Job &job) {
            if (!ours(job))
                return;
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

bool JobList::ours(const Job &job) const
{
    return m_target.isEmpty() || job.target == m_target;
}

void JobList::refresh()
{
    if (m_context.services != nullptr && m_context.services->jobs != nullptr) {
        std::vector<Job> jobs;
        const auto all = m_context.services->jobs->jobs();
        for (const auto &job : all) {
            if (ours(job))
                jobs.push_back(job);
        }
        m_model->apply(jobs);
    }
    settle();
    if (m_model->rowCount() > 0 && !m_table->currentIndex().isValid())
        m_table->selectRow(0);
}

void JobList::setFilter(const QString &text)
{
    m_filter = text;
    m_model->setText(text);
    settle();
}

void JobList::settle()
{
    const int shown = m_model->rowCount(), hidden = m_model->hiddenCount();
    m_stack->setCurrentIndex(shown > 0 ? 0 : 1);
    int running = 0;
    for (int row = 0; row < shown; ++row)
        running += m_model->at(row).state == JobState::Running ? 1 : 0;
    m_counts = tr("%1 shown · %2 running").arg(shown).arg(running)
        + (hidden > 0 ? tr(" · %1 hidden by the filter").arg(hidden) : QString());
    Q_EMIT countsChanged();
    if (hidden > 0) {
        m_empty->setText(tr("The filter hides all %1 jobs").arg(hidden),
            tr("No name, target, state or id has “%1”.").arg(m_filter));
        m_empty->setAction(tr("Clear the filter"));
        return;
    }
    m_empty->setText(m_target.isEmpty()
            ? tr("No jobs yet")
            : tr("No jobs on %1 yet").arg(m_context.feed->targetName(m_target)),
        tr("Jobs that are launched here, or by ctl, are listed with their state, log and exit "
           "code."));
    m_empty->setAction(tr("Launch job"));
}

QList<ActRequest> JobList::selection() const
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

bool JobList::select(const QString &job)
{
    const int row = m_model->rowOf(job);
    if (row < 0)
        return false;
    m_table->selectRow(row);
    m_table->scrollTo(m_model->index(row, 0));
    return true;
}

void JobList::focusTable()
{
    m_table->setFocus();
}

void JobList::showSelected()
{
    const auto rows = m_table->selectionModel()->selectedRows();
    if (rows.size() == 1)
        m_detail->setJob(m_model->at(rows.first().row()));
    m_detail->setVisible(rows.size() == 1);
}

void JobList::contextMenu(const QPoint &at)
{
    const auto requests = selection();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_context.acts->fill(menu,
        {QStringLiteral("job.cancel"), QStringLiteral("job.rerun"), QStringLiteral("job.resubmit"),
            QStringLiteral("job.forget")},
        requests);
    insertSignals(menu, m_context.acts, requests);
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

} // namespace pilothouse
