// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/targets/targetspage.h"

#include "core/models/targetmodel.h"
#include "views/common/emptystate.h"
#include "views/common/pageheader.h"
#include "views/common/searchfield.h"
#include "views/common/table.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"

#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QStackedLayout>
#include <QTableView>
#include <QTimer>

namespace pilothouse {

TargetsPage::TargetsPage(const PageContext &context)
    : m_context(context)
    , m_header(new PageHeader)
    , m_search(new SearchField(tr("Filter targets")))
    , m_model(new TargetModel([feed = context.feed] { return feed->now(); }, this))
    , m_table(new QTableView)
    , m_empty(new EmptyState(QStringLiteral("server")))
{
    m_header->setTitle(tr("Targets"));
    m_search->setFixedWidth(240);
    m_header->addAction(m_search);
    auto *add = new QPushButton(icon(QStringLiteral("plus")), tr("Add host"));
    setButtonKind(add, ButtonKind::Primary);
    connect(
        add, &QPushButton::clicked, this, [this] { m_context.openPage(QStringLiteral("add")); });
    m_header->addAction(add);

    setUpTable(m_table, m_model, tr("Targets"));
    const int widths[] = {130, 220, 160, 300, 90, 110, 120};
    for (int column = 0; column < 7; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->horizontalHeader()->setSectionResizeMode(TargetModel::Address, QHeaderView::Stretch);
    m_table->sortByColumn(TargetModel::Name, Qt::AscendingOrder);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);

    auto *content = new QVBoxLayout;
    content->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    m_stack = new QStackedLayout;
    content->addLayout(m_stack);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addLayout(content, 1);

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_model->setText(text);
        settle();
    });
    connect(m_search, &SearchField::left, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_empty, &EmptyState::activated, this, [this] {
        if (m_search->text().isEmpty())
            m_context.openPage(QStringLiteral("add"));
        else
            m_search->clear();
    });
    connect(m_table, &QTableView::activated, this, &TargetsPage::open);
    connect(m_table, &QWidget::customContextMenuRequested, this, &TargetsPage::contextMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, m_context.acts,
        &ActMenu::refresh);
    connect(m_context.feed, &TargetFeed::targetsChanged, this, &TargetsPage::refresh);
    connect(m_context.feed, &TargetFeed::statusesChanged, this, &TargetsPage::refresh);
    auto *ages = new QTimer(this);
    connect(ages, &QTimer::timeout, this, [this] {
        if (isVisible())
            refresh();
    });
    ages->start(2000);
    refresh();
}

void TargetsPage::refresh()
{
    m_model->apply(m_context.feed->targets());
    settle();
}

void TargetsPage::settle()
{
    const int shown = m_model->rowCount(), hidden = m_model->hiddenCount();
    m_stack->setCurrentWidget(shown > 0 ? static_cast<QWidget *>(m_table) : m_empty);
    int live = 0;
    for (int row = 0; row < shown; ++row)
        live += m_model->at(row).status.state == TargetState::Connected ? 1 : 0;
    m_header->setFacts(tr("%1 shown · %2 live").arg(shown).arg(live)
        + (hidden > 0 ? tr(" · %1 hidden by the filter").arg(hidden) : QString()));
    if (hidden > 0) {
        m_empty->setText(tr("The filter hides all %1 targets").arg(hidden),
            tr("No name, origin, address or state has “%1”.").arg(m_search->text()));
        m_empty->setAction(tr("Clear the filter"));
    } else {
        m_empty->setText(tr("No targets yet"),
            tr("Targets are this machine, the Host aliases of ~/.ssh/config, and hosts added "
               "here."));
        m_empty->setAction(tr("Add host"));
    }
}

void TargetsPage::showSubject(const QString &target)
{
    const auto found = m_model->match(m_model->index(0, 0), KeyRole, target, 1, Qt::MatchExactly);
    if (!found.isEmpty())
        m_table->setCurrentIndex(found.first());
}

QList<ActRequest> TargetsPage::selection() const
{
    QList<ActRequest> requests;
    const auto rows = m_table->selectionModel()->selectedRows();
    for (const auto &row : rows) {
        ActRequest request;
        request.target = row.data(KeyRole).toString();
        requests << request;
    }
    return requests;
}

void TargetsPage::open()
{
    const auto index = m_table->currentIndex();
    if (index.isValid())
        m_context.openTarget(index.data(KeyRole).toString(), {});
}

void TargetsPage::contextMenu(const QPoint &place)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_context.acts->fill(menu,
        {QStringLiteral("target.connect"), QStringLiteral("target.disconnect"),
            QStringLiteral("target.test"), {}, QStringLiteral("target.favourite"),
            QStringLiteral("target.remove")},
        selection());
    menu->popup(m_table->viewport()->mapToGlobal(place));
}

extern const RailPage targetsPage;
const RailPage targetsPage{"targets", QT_TRANSLATE_NOOP("pages", "Targets"), "layout-grid", "Alt+2",
    false, [](const PageContext &context) -> QWidget * { return new TargetsPage(context); }};

} // namespace pilothouse
