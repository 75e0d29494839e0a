// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/inventoryview.h"

#include "core/models/inventorymodel.h"
#include "views/common/searchfield.h"
#include "views/frame/inventorydelegate.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/theme.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QTimer>
#include <QTreeView>
#include <QVBoxLayout>

namespace pilothouse {

InventoryView::InventoryView(TargetFeed *feed, ActMenu *acts, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_acts(acts)
    , m_model(new InventoryModel([feed] { return feed->now(); }, this))
    , m_search(new SearchField(tr("Filter inventory")))
    , m_tree(new QTreeView)
{
    setMinimumWidth(180);
    m_tree->setModel(m_model);
    m_tree->setItemDelegate(new InventoryDelegate(m_tree));
    m_tree->setAccessibleName(tr("Inventory"));
    m_tree->setHeaderHidden(true);
    m_tree->setRootIsDecorated(false);
    m_tree->setItemsExpandable(false);
    m_tree->setIndentation(0);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setMouseTracking(true);
    QPalette panel = m_tree->palette();
    panel.setBrush(QPalette::Base, Qt::transparent);
    m_tree->setPalette(panel);
    m_tree->viewport()->setAutoFillBackground(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 10, 1, 0);
    column->setSpacing(6);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(metrics::gap, 0, metrics::gap, 0);
    top->setSpacing(6);
    top->addWidget(m_search);
    auto *add = new QPushButton(icon(QStringLiteral("plus")), {});
    setButtonKind(add, ButtonKind::Flat);
    add->setFixedWidth(metrics::control);
    add->setAccessibleName(tr("Add host"));
    add->setToolTip(tr("Add host"));
    top->addWidget(add);
    connect(add, &QPushButton::clicked, this, &InventoryView::addWanted);
    column->addLayout(top);
    column->addWidget(m_tree, 1);

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_model->setFilter(text);
        m_tree->expandAll();
    });
    connect(m_search, &SearchField::left, m_tree, qOverload<>(&QWidget::setFocus));
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
        [this](const QModelIndex &current) {
            if (!m_selecting && m_model->status(current))
                Q_EMIT chosen(current.data(KeyRole).toString());
        });
    connect(m_tree, &QWidget::customContextMenuRequested, this, &InventoryView::contextMenu);
    connect(m_feed, &TargetFeed::targetsChanged, this, &InventoryView::refresh);
    connect(m_feed, &TargetFeed::statusChanged, this, &InventoryView::refresh);
    auto *ages = new QTimer(this);
    connect(ages, &QTimer::timeout, m_model, &InventoryModel::refreshAges);
    ages->start(5000);
    refresh();
}

void InventoryView::refresh()
{
    m_model->apply(m_feed->targets());
    m_tree->expandAll();
}

void InventoryView::select(const QString &target)
{
    m_selecting = true;
    const auto index = m_model->indexOf(target);
    m_tree->selectionModel()->setCurrentIndex(
        index, index.isValid() ? QItemSelectionModel::ClearAndSelect : QItemSelectionModel::Clear);
    m_selecting = false;
}

void InventoryView::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void InventoryView::focusList()
{
    m_tree->setFocus();
}

void InventoryView::contextMenu(const QPoint &place)
{
    const auto *status = m_model->status(m_tree->indexAt(place));
    if (!status)
        return;
    ActRequest request;
    request.target = status->target.id;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    ActRequest favourite = request;
    favourite.parameters.insert(QStringLiteral("favourite"), !status->target.favourite);
    auto *mark = menu->addAction(
        status->target.favourite ? tr("Unmark as favourite") : tr("Mark as favourite"), this,
        [this, favourite] { m_acts->trigger(QStringLiteral("target.favourite"), {favourite}); });
    mark->setEnabled(m_acts->canAll(QStringLiteral("target.favourite"), {favourite}).ok());
    menu->addSeparator();
    m_acts->fill(menu,
        {QStringLiteral("target.connect"), QStringLiteral("target.disconnect"),
            QStringLiteral("target.test"), {}, QStringLiteral("agent.remove"),
            QStringLiteral("target.remove")},
        {request});
    menu->popup(m_tree->viewport()->mapToGlobal(place));
}

void InventoryView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), themed(Token::Panel));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), themed(Token::Line));
}

} // namespace pilothouse
