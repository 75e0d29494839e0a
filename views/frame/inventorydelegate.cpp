// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/inventorydelegate.h"

#include "core/models/inventorymodel.h"
#include "views/theme/fonts.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/shapes.h"
#include "views/theme/stylepainters.h"

#include <QStyle>

namespace pilothouse {

QSize InventoryDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {180, metrics::inventoryRow};
}

void InventoryDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QRect rect = option.rect;
    const auto seen = [&](const QRect &part) { // mirrored where lines run right to left
        return QStyle::visualRect(option.direction, rect, part);
    };
    painter->save();
    if (index.data(InventoryModel::SectionRole).toBool()) {
        painter->setFont(sectionFont());
        painter->setPen(themed(Token::Text3));
        painter->drawText(seen(rect.adjusted(14, 4, -12, 0)), Qt::AlignVCenter,
            painter->fontMetrics().elidedText(
                index.data().toString(), Qt::ElideRight, rect.width() - 26));
        if ((option.state & QStyle::State_HasFocus)
            && (option.state & QStyle::State_KeyboardFocusChange))
            painters::focusRing(painter, rect.adjusted(5, 3, -6, -1), 4);
        painter->restore();
        return;
    }
    const bool selected = option.state & QStyle::State_Selected;
    if (selected) {
        painter->fillRect(rect, themed(Token::AccentWeak));
        painter->fillRect(
            seen(QRect(rect.left(), rect.top(), 2, rect.height())), themed(Token::Accent));
    } else if (option.state & QStyle::State_MouseOver) {
        painter->fillRect(rect, themed(Token::Hover));
    }
    paintShape(painter, seen(QRect(rect.left() + 13, rect.top(), 12, rect.height())),
        shapeOfName(index.data(StateRole).toString()));
    painter->setFont(smallFont());
    const QString detail = index.data(InventoryModel::DetailRole).toString();
    const int detailWidth = painter->fontMetrics().horizontalAdvance(detail);
    painter->setPen(themed(Token::Text3));
    painter->drawText(seen(rect.adjusted(0, 0, -14, 0)), Qt::AlignVCenter | Qt::AlignRight, detail);
    QRect name = rect.adjusted(34, 0, -14 - detailWidth - 10, 0);
    const bool guarded = !index.data(InventoryModel::ProtectionRole).toString().isEmpty();
    if (guarded)
        name.adjust(0, 0, -18, 0);
    painter->setFont(bodyFont());
    painter->setPen(themed(Token::Text));
    const QString text
        = painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, name.width());
    painter->drawText(seen(name), Qt::AlignVCenter, text);
    if (guarded) {
        const int end = name.left() + painter->fontMetrics().horizontalAdvance(text);
        icon(index.data(InventoryModel::ProtectionRole).toString() == QStringLiteral("read_only")
                ? QStringLiteral("lock")
                : QStringLiteral("shield"),
            Token::Watch)
            .paint(painter, seen(QRect(end + 5, rect.top() + (rect.height() - 14) / 2, 14, 14)));
    }
    if ((option.state & QStyle::State_HasFocus)
        && (option.state & QStyle::State_KeyboardFocusChange))
        painters::focusRing(painter, rect.adjusted(1, 1, -2, -1), 4);
    painter->restore();
}

} // namespace pilothouse
