// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/table.h"

#include "core/models/rowmodel.h"
#include "views/theme/metrics.h"
#include "views/theme/shapes.h"
#include "views/theme/stylepainters.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QMenu>
#include <QStyledItemDelegate>
#include <QTableView>

namespace pilothouse {

/// A line under each row, a shape before a state.
class RowDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override
    {
        QStyleOptionViewItem item = option;
        item.state.setFlag(QStyle::State_HasFocus, false); // the row is what has it
        const QString state = index.data(StateRole).toString();
        if (!state.isEmpty()) {
            QStyleOptionViewItem background = item;
            initStyleOption(&background, index);
            painters::itemRow(&background, painter);
            // The row is weak colour over the card: once, or the cell stands out.
            item.state &= ~(QStyle::State_Selected | QStyle::State_MouseOver);
            paintShape(painter,
                QRect(item.rect.left() + 4, item.rect.top(), 18, item.rect.height()),
                shapeOfName(state));
            item.rect.adjust(20, 0, 0, 0);
        }
        QStyledItemDelegate::paint(painter, item, index);
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
            themed(Token::Line));
    }
};

QString rowsText(const QHeaderView *header, const QModelIndexList &rows)
{
    QList<int> columns;
    for (int i = 0; i < header->count(); ++i) {
        if (!header->isSectionHidden(i))
            columns << i;
    }
    QStringList lines, cells;
    for (const int column : std::as_const(columns))
        cells << header->model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    lines << cells.join(u'\t');
    for (const auto &row : rows) {
        cells.clear();
        for (const int column : std::as_const(columns))
            cells << row.siblingAtColumn(column).data().toString();
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

QString tableText(const QTableView *table)
{
    auto rows = table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    if (rows.isEmpty()) {
        for (int i = 0; i < table->model()->rowCount(); ++i)
            rows << table->model()->index(i, 0);
    }
    return rowsText(table->horizontalHeader(), rows);
}

static void chooseColumns(QAbstractItemView *view, QHeaderView *header, QPoint place)
{
    auto *menu = new QMenu(view);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int i = 0; i < header->count(); ++i) {
        auto *action = menu->addAction(
            header->model()->headerData(i, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(i));
        action->setEnabled(i != 0);
        QObject::connect(action, &QAction::toggled, header,
            [header, i](bool shown) { header->setSectionHidden(i, !shown); });
    }
    menu->popup(header->mapToGlobal(place));
}

void setUpRows(QAbstractItemView *view, QHeaderView *header, const QString &name,
    const std::function<QString()> &text)
{
    view->setAccessibleName(name);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(48);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    QObject::connect(header, &QWidget::customContextMenuRequested, view,
        [view, header](QPoint place) { chooseColumns(view, header, place); });
    auto *copy = new QAction(QObject::tr("Copy rows"), view);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(
        copy, &QAction::triggered, view, [text] { QGuiApplication::clipboard()->setText(text()); });
    view->addAction(copy);
}

void setUpTable(QTableView *table, QAbstractItemModel *model, const QString &name)
{
    table->setModel(model);
    table->setItemDelegate(new RowDelegate(table));
    setUpRows(table, table->horizontalHeader(), name, [table] { return tableText(table); });
    table->setShowGrid(false);
    table->setSortingEnabled(true);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(metrics::tableRow);
    table->verticalHeader()->setMinimumSectionSize(metrics::denseRow);
}

} // namespace pilothouse
