// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/fleetdelegate.h"

#include "core/models/fleetmodel.h"
#include "core/models/rowmodel.h"
#include "views/charts/sparkline.h"
#include "views/common/fleetshape.h"
#include "views/theme/fonts.h"
#include "views/theme/stylepainters.h"

#include <algorithm>

namespace pilothouse {

static FleetState stateOfName(const QString &name)
{
    for (const auto state : {FleetState::Idle, FleetState::Busy, FleetState::Watch, FleetState::Bad,
             FleetState::Stale}) {
        if (fleetStateName(state) == name)
            return state;
    }
    return FleetState::Unknown;
}

void FleetDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    item.state.setFlag(QStyle::State_HasFocus, false); // the row is what has it
    const int column = index.column();
    if (column == FleetModel::Device) {
        QStyleOptionViewItem row = item;
        initStyleOption(&row, index);
        painters::itemRow(&row, painter);
        paintShape(painter, QRect(item.rect.left() + 4, item.rect.top(), 18, item.rect.height()),
            shapeOf(stateOfName(index.data(StateRole).toString())));
        item.rect.adjust(22, 0, 0, 0);
        item.state &= ~(QStyle::State_Selected | QStyle::State_MouseOver); // painted already
        item.font = mediumFont();
        QStyledItemDelegate::paint(painter, item, index);
    } else if (column == FleetModel::Trend) {
        QStyleOptionViewItem row = item;
        initStyleOption(&row, index);
        painters::itemRow(&row, painter);
        paintTrend(painter, item, index);
    } else {
        if (column == FleetModel::Verdict || column == FleetModel::Model
            || column == FleetModel::Group || column == FleetModel::State)
            item.palette.setColor(QPalette::Text, themed(Token::Text2));
        QStyledItemDelegate::paint(painter, item, index);
    }
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
        themed(Token::Line));
}

void FleetDelegate::paintTrend(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QRectF area(option.rect.adjusted(8, 6, -8, -7));
    const qreal scale = painter->device()->devicePixelRatioF();
    if (!m_trend || area.width() < 8)
        return;
    const auto curve = m_trend(index.data(FleetModel::TargetRole).toString(),
        index.data(FleetModel::UuidRole).toString(), int(area.width() * scale));
    if (curve.columns.empty())
        return; // not read yet
    const bool any = std::any_of(curve.columns.begin(), curve.columns.end(),
        [](const Column &column) { return column.count > 0; });
    if (any) {
        drawSparkline(painter, area, curve, Theme::instance().series(0), 0, 1);
        return;
    }
    painter->setFont(bodyFont());
    painter->setPen(themed(Token::Text3));
    painter->drawText(area, Qt::AlignVCenter | Qt::AlignLeft, tr("nothing stored"));
}

} // namespace pilothouse
