// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/targetview.h"

#include "core/models/targetmodel.h"
#include "core/session/nodeclock.h"
#include "views/common/pageheader.h"

#include <QCoreApplication>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace pilothouse {

TargetView::TargetView(const PageContext &context, const QList<const TargetTab *> &tabs,
    const QString &target, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_tabs(tabs)
    , m_target(target)
    , m_header(new PageHeader)
    , m_stack(new QStackedWidget)
    , m_pages(tabs.size(), nullptr)
{
    for (const auto *tab : tabs)
        m_header->tabs()->addTab(QCoreApplication::translate("pages", tab->title));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_stack, 1);
    connect(m_header->tabs(), &QTabBar::currentChanged, this, &TargetView::showIndex);
    connect(context.feed, &TargetFeed::statusChanged, this, [this](const QString &id) {
        if (id == m_target)
            refresh();
    });
    connect(context.feed, &TargetFeed::targetsChanged, this, &TargetView::refresh);
    refresh();
}

QString TargetView::tab() const
{
    return QString::fromLatin1(m_tabs[m_header->tabs()->currentIndex()]->id);
}

QWidget *TargetView::currentPage() const
{
    return m_stack->currentWidget();
}

void TargetView::showTab(const QString &id)
{
    int index = 0;
    const auto status = m_context.feed->status(m_target);
    if (id.isEmpty() && status && status->state == TargetState::Connected && m_tabs.size() > 1)
        index = 1;
    for (int i = 0; i < m_tabs.size(); ++i) {
        if (id == QLatin1String(m_tabs[i]->id))
            index = i;
    }
    m_header->tabs()->setCurrentIndex(index);
    showIndex(index);
}

void TargetView::showIndex(int index)
{
    if (!m_pages[index]) {
        auto *page = m_pages[index] = m_tabs[index]->make(m_context, m_target);
        m_stack->addWidget(page);
        connect(page, &TargetPage::headerActionsChanged, this, &TargetView::showActions);
        if (const auto status = m_context.feed->status(m_target))
            page->refresh(*status);
    }
    m_stack->setCurrentWidget(m_pages[index]);
    showActions();
}

void TargetView::showActions()
{
    auto *page = static_cast<TargetPage *>(m_stack->currentWidget());
    if (sender() && qobject_cast<TargetPage *>(sender()) && sender() != page)
        return;
    m_header->clearActions();
    const auto actions = page->headerActions();
    for (auto *action : actions)
        m_header->addAction(action);
}

void TargetView::refresh()
{
    const auto status = m_context.feed->status(m_target);
    if (!status)
        return;
    m_header->setShape(shapeOf(status->state), targetStateWord(status->state));
    m_header->setTitle(status->target.name);
    m_header->setTag(status->target.kind == TargetKind::Local ? QString() : status->target.origin);
    m_header->setFacts(status->summary);
    // Whoever watched the stages wants the node once it is there.
    const bool cameUp
        = m_before == TargetState::Connecting && status->state == TargetState::Connected;
    m_before = status->state;
    if (cameUp && tab() == QLatin1String("connection") && isVisible())
        showTab(QStringLiteral("live"));
    const auto protection = status->target.protection;
    m_header->setBadge(
        protection == Protection::Open ? QString() : protectionWord(protection), Token::Watch);
    if (status->skewMs)
        m_header->setNotice(
            skewWord(*status->skewMs), skewSentence(status->target.name, *status->skewMs));
    else
        m_header->setNotice({}, {});
    for (auto *page : std::as_const(m_pages)) {
        if (page)
            page->refresh(*status);
    }
}

} // namespace pilothouse
