// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/inventoryview.h"

#include "core/models/inventorymodel.h"
#include "views/common/searchfield.h"
#include "views/frame/demoentry.h"
#include "views/frame/inventorydelegate.h"
#include "views/frame/inventorymenu.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/theme.h"

#include <QDockWidget>
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
    , m_menu(new InventoryMenu(feed, acts, this))
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
    auto *more = new QPushButton(icon(QStringLiteral("dots-vertical")), {});
    setButtonKind(more, ButtonKind::Flat);
    more->setFixedWidth(metrics::control);
    more->setAccessibleName(tr("Inventory menu"));
    more->setToolTip(tr("Groups, and where this list stands"));
    top->addWidget(more);
    connect(more, &QPushButton::clicked, this, [this, more] {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillMore(menu);
        menu->popup(more->mapToGlobal(QPoint(0, more->height() + 2)));
    });
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
    connect(m_feed, &TargetFeed::statusesChanged, this, &InventoryView::refresh);
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

void InventoryView::fillFor(QMenu *menu, const QModelIndex &index)
{
    if (const auto *status = m_model->status(index))
        m_menu->fillTarget(menu, *status);
    else if (index.isValid() && index.data(KeyRole).toString().startsWith(u'1')) // a group's key
        m_menu->fillGroup(menu, index.data().toString());
}

void InventoryView::fillMore(QMenu *menu)
{
    const auto current = m_tree->currentIndex();
    if (current.isValid()) {
        menu->addAction(current.data().toString())->setEnabled(false); // whose menu it is
        fillFor(menu, current);
    }
    const auto groups = m_menu->groups();
    if (!groups.isEmpty()) {
        auto *all = menu->addMenu(tr("Groups"));
        for (const auto &group : groups)
            m_menu->fillGroup(all->addMenu(group), group);
    }
    menu->addSeparator();
    if (canStartDemo(*m_feed))
        menu->addAction(icon(QStringLiteral("player-play"), Token::Text3),
            tr("Open the demo fleet"), this, [this] { startDemo(window()); });
    const bool floats = window()->isWindow() && qobject_cast<QDockWidget *>(window());
    menu->addAction(icon(QStringLiteral("external-link"), Token::Text3),
            floats ? tr("Dock the inventory") : tr("Float the inventory"), this,
            &InventoryView::floatWanted)
        ->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B));
    menu->addAction(icon(QStringLiteral("eye-off"), Token::Text3), tr("Hide the inventory"), this,
            &InventoryView::hideWanted)
        ->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_B));
}

void InventoryView::contextMenu(const QPoint &place)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillFor(menu, m_tree->indexAt(place));
    if (menu->isEmpty())
        delete menu;
    else
        menu->popup(m_tree->viewport()->mapToGlobal(place));
}

void InventoryView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), themed(Token::Panel));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), themed(Token::Line));
}

} // namespace pilothouse
