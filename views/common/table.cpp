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

QString tableText(const QTableView *table)
{
    const auto *model = table->model();
    QList<int> columns, rows;
    for (int i = 0; i < model->columnCount(); ++i) {
        if (!table->isColumnHidden(i))
            columns << i;
    }
    const auto selected = table->selectionModel()->selectedRows();
    for (const auto &index : selected)
        rows << index.row();
    std::sort(rows.begin(), rows.end());
    if (rows.isEmpty()) {
        for (int i = 0; i < model->rowCount(); ++i)
            rows << i;
    }
    QStringList lines, cells;
    for (const int column : std::as_const(columns))
        cells << model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    lines << cells.join(u'\t');
    for (const int row : std::as_const(rows)) {
        cells.clear();
        for (const int column : std::as_const(columns))
            cells << model->index(row, column).data().toString();
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

void setUpTable(QTableView *table, QAbstractItemModel *model, const QString &name)
{
    table->setModel(model);
    table->setItemDelegate(new RowDelegate(table));
    table->setAccessibleName(name);
    table->setShowGrid(false);
    table->setSortingEnabled(true);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(metrics::tableRow);
    table->verticalHeader()->setMinimumSectionSize(metrics::denseRow);
    auto *header = table->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(48);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    QObject::connect(header, &QWidget::customContextMenuRequested, table, [table](QPoint place) {
        auto *menu = new QMenu(table);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        for (int i = 0; i < table->model()->columnCount(); ++i) {
            auto *action = menu->addAction(
                table->model()->headerData(i, Qt::Horizontal, Qt::DisplayRole).toString());
            action->setCheckable(true);
            action->setChecked(!table->isColumnHidden(i));
            action->setEnabled(i != 0);
            QObject::connect(action, &QAction::toggled, table,
                [table, i](bool shown) { table->setColumnHidden(i, !shown); });
        }
        menu->popup(table->horizontalHeader()->mapToGlobal(place));
    });
    auto *copy = new QAction(QObject::tr("Copy rows"), table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(copy, &QAction::triggered, table,
        [table] { QGuiApplication::clipboard()->setText(tableText(table)); });
    table->addAction(copy);
}

} // namespace pilothouse
