// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alerttree.h"

#include "core/models/alertmodel.h"
#include "views/alerts/alertdelegate.h"
#include "views/common/headerstate.h"
#include "views/common/table.h"
#include "views/theme/metrics.h"

#include <QHeaderView>
#include <QMouseEvent>

namespace pilothouse {

AlertTree::AlertTree(AlertModel *model, QWidget *parent)
    : QTreeView(parent)
    , m_model(model)
{
    setModel(model);
    setItemDelegate(new AlertDelegate(this));
    setUpRows(this, header(), tr("Alerts"), [this] { return text(); });
    setRootIsDecorated(false); // the delegate paints chevrons, so that rows begin at the edge
    setIndentation(0);
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setAllColumnsShowFocus(true);
    setExpandsOnDoubleClick(false);
    setMouseTracking(true);
    setSortingEnabled(true);
    auto *head = header();
    head->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    head->setSortIndicatorClearable(true);
    head->setSortIndicator(-1, Qt::AscendingOrder); // the worst first
    head->setStretchLastSection(true);
    const int widths[] = {272, 164, 116, 62, 66};
    for (int column = 0; column < 5; ++column)
        head->resizeSection(column, widths[column]);
    keepHeaderState(head, QStringLiteral("alerts"));
}

QStringList AlertTree::selectedIds() const
{
    QStringList ids;
    const auto rows = selectionModel()->selectedRows();
    for (const auto &row : rows)
        ids << row.data(AlertModel::IdsRole).toStringList();
    ids.removeDuplicates(); // a group and one of its own
    return ids;
}

void AlertTree::select(const QString &alertId)
{
    const auto index = m_model->indexOf(alertId);
    if (!index.isValid())
        return;
    if (index.parent().isValid())
        expand(index.parent());
    // Whatever keys are held: setCurrentIndex() would add to the selection with Ctrl.
    selectionModel()->setCurrentIndex(
        index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index);
}

QString AlertTree::text() const
{
    auto rows = selectionModel()->selectedRows();
    if (rows.isEmpty()) {
        for (int i = 0; i < m_model->rowCount(); ++i) {
            const auto group = m_model->index(i, 0);
            rows << group;
            for (int child = 0; child < m_model->rowCount(group); ++child)
                rows << m_model->index(child, 0, group);
        }
    }
    return rowsText(header(), rows);
}

void AlertTree::mousePressEvent(QMouseEvent *event)
{
    const auto index = indexAt(event->position().toPoint());
    const bool onChevron = index.column() == AlertModel::What && m_model->hasChildren(index)
        && event->position().x() - visualRect(index).left() < 26;
    if (event->button() == Qt::LeftButton && onChevron) {
        setExpanded(index, !isExpanded(index));
        return;
    }
    QTreeView::mousePressEvent(event);
}

void AlertTree::drawBranches(QPainter *, const QRect &, const QModelIndex &) const { }

} // namespace pilothouse
