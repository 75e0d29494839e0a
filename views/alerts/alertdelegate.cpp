// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alertdelegate.h"

#include "core/models/alertmodel.h"
#include "views/common/verdictword.h"
#include "views/theme/fonts.h"
#include "views/theme/metrics.h"
#include "views/theme/shapes.h"
#include "views/theme/stylepainters.h"

namespace pilothouse {

static constexpr int chevronAt = 8, chevronWidth = 14, shapeWidth = 14, indent = 24;

QSize AlertDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {80, metrics::tableRow};
}

static int drawn(QPainter *painter, const QRect &rect, const QString &text, Token token)
{
    painter->setPen(themed(token));
    const QString shown
        = painter->fontMetrics().elidedText(text, Qt::ElideRight, std::max(0, rect.width()));
    painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft, shown);
    return painter->fontMetrics().horizontalAdvance(shown);
}

void AlertDelegate::paintWhat(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QRect &rect = option.rect;
    const bool child = index.parent().isValid();
    if (index.model()->hasChildren(index))
        painters::chevron(painter,
            QRect(rect.left() + chevronAt, rect.top(), chevronWidth, rect.height()),
            option.state & QStyle::State_Open ? Qt::DownArrow : Qt::RightArrow,
            themed(Token::Text2));
    int left = rect.left() + chevronAt + chevronWidth + (child ? indent : 4);
    paintShape(painter, QRect(left, rect.top(), shapeWidth, rect.height()),
        shapeOfName(index.data(StateRole).toString()));
    left += shapeWidth + 8;
    const QString verdict = index.data(StateRole).toString(),
                  said = index.data(AlertModel::SaidRole).toString();
    if (child) {
        painter->setFont(smallFont());
        drawn(painter, QRect(left, rect.top(), rect.right() - left - 6, rect.height()),
            said.isEmpty() ? verdictWord(verdictFromName(verdict)) : said, Token::Text3);
        return;
    }
    painter->setFont(mediumFont());
    left += drawn(painter, QRect(left, rect.top(), rect.right() - left - 6, rect.height()),
                index.data().toString(), Token::Text)
        + 8;
    const int count = index.data(AlertModel::CountRole).toInt();
    painter->setFont(smallFont());
    if (count > 1) {
        const QString text = QString::number(count);
        const int width = std::max(20, painter->fontMetrics().horizontalAdvance(text) + 12);
        if (left + width < rect.right()) {
            const QRect badge(left, rect.center().y() - 8, width, 18);
            painters::box(painter, badge, themed(Token::Hover), themed(Token::Line), 9);
            painter->setPen(themed(Token::Text2));
            painter->drawText(badge, Qt::AlignCenter, text);
        }
    } else if (!said.isEmpty() && left + 40 < rect.right()) {
        drawn(painter, QRect(left, rect.top(), rect.right() - left - 6, rect.height()), said,
            Token::Text3);
    }
}

void AlertDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    QStyleOptionViewItem row = option;
    row.backgroundBrush = Qt::NoBrush;
    painters::itemRow(&row, painter);
    if (index.column() == AlertModel::What) {
        paintWhat(painter, option, index);
    } else {
        const bool raw = index.column() == AlertModel::Line;
        painter->setFont(raw ? monoFont() : bodyFont());
        drawn(painter, option.rect.adjusted(8, 0, -8, 0), index.data().toString(),
            index.column() == AlertModel::Where ? Token::Text : Token::Text2);
    }
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
        themed(Token::Line));
    painter->restore();
}

} // namespace pilothouse
