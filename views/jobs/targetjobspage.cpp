// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/targetjobspage.h"

#include "views/common/searchfield.h"
#include "views/common/textlabel.h"
#include "views/jobs/joblist.h"
#include "views/theme/metrics.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

TargetJobsPage::TargetJobsPage(const PageContext &context, const QString &target)
    : m_context(context)
    , m_target(target)
    , m_search(new SearchField(tr("Filter jobs")))
    , m_counts(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_list(new JobList(context, target))
{
    m_search->setFixedWidth(240);
    m_counts->setText(m_list->counts());
    auto *top = new QHBoxLayout;
    top->setContentsMargins(metrics::margin, metrics::gap, metrics::margin, metrics::gap);
    top->addWidget(m_search);
    top->addSpacing(8);
    top->addWidget(m_counts);
    top->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_list, 1);
    connect(m_list, &JobList::launchWanted, this,
        [this] { m_context.openTarget(m_target, QStringLiteral("launch")); });
    connect(m_list, &JobList::unfilterWanted, m_search, &QLineEdit::clear);
    connect(m_list, &JobList::countsChanged, this, [this] { m_counts->setText(m_list->counts()); });
    connect(m_search, &QLineEdit::textChanged, m_list, &JobList::setFilter);
    connect(m_search, &SearchField::left, m_list, &JobList::focusTable);
}

QList<QWidget *> TargetJobsPage::headerActions()
{
    auto *launch = new QPushButton(tr("Launch job here"));
    setButtonKind(launch, ButtonKind::Primary);
    connect(launch, &QPushButton::clicked, this,
        [this] { m_context.openTarget(m_target, QStringLiteral("launch")); });
    return {launch};
}

QList<ActRequest> TargetJobsPage::selection() const
{
    return m_list->selection();
}

void TargetJobsPage::showSubject(const QString &job)
{
    if (!m_list->select(job)) {
        m_search->clear(); // the filter hides it
        m_list->select(job);
    }
    m_list->focusTable();
}

extern const TargetTab jobsTab;
const TargetTab jobsTab{"jobs", QT_TRANSLATE_NOOP("pages", "Jobs"),
    [](const PageContext &context, const QString &target) -> TargetPage * {
        return new TargetJobsPage(context, target);
    }};

} // namespace pilothouse
