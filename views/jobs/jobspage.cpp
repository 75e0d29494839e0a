// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/jobspage.h"

#include "views/common/pageheader.h"
#include "views/common/searchfield.h"
#include "views/jobs/joblist.h"

#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

JobsPage::JobsPage(const PageContext &context)
    : m_context(context)
    , m_header(new PageHeader)
    , m_search(new SearchField(tr("Filter jobs")))
    , m_list(new JobList(context, {}))
{
    m_header->setTitle(tr("Jobs"));
    m_header->setFacts(m_list->counts());
    m_search->setFixedWidth(240);
    m_header->addAction(m_search);
    auto *launch = new QPushButton(tr("Launch job"));
    setButtonKind(launch, ButtonKind::Primary);
    m_header->addAction(launch);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_list, 1);
    connect(launch, &QPushButton::clicked, this, &JobsPage::launch);
    connect(m_list, &JobList::launchWanted, this, &JobsPage::launch);
    connect(m_list, &JobList::unfilterWanted, m_search, &QLineEdit::clear);
    connect(
        m_list, &JobList::countsChanged, this, [this] { m_header->setFacts(m_list->counts()); });
    connect(m_search, &QLineEdit::textChanged, m_list, &JobList::setFilter);
    connect(m_search, &SearchField::left, m_list, &JobList::focusTable);
}

QList<ActRequest> JobsPage::selection() const
{
    return m_list->selection();
}

void JobsPage::showSubject(const QString &job)
{
    if (!m_list->select(job)) {
        m_search->clear(); // the filter hides it
        m_list->select(job);
    }
    m_list->focusTable();
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
const RailPage jobsPage{"jobs", QT_TRANSLATE_NOOP("pages", "Jobs"), "player-play", "Alt+3", false,
    [](const PageContext &context) -> QWidget * { return new JobsPage(context); }};

} // namespace pilothouse
