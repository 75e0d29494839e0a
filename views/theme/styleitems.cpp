// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/fonts.h"
#include "views/theme/metrics.h"
#include "views/theme/stylepainters.h"

#include <QStyle>

namespace pilothouse::painters {

void itemRow(const QStyleOptionViewItem *option, QPainter *painter)
{
    if (option->state & QStyle::State_Selected)
        painter->fillRect(option->rect, themed(Token::AccentWeak));
    else if (option->state & QStyle::State_MouseOver)
        painter->fillRect(option->rect, themed(Token::Hover));
    else if (option->backgroundBrush.style() != Qt::NoBrush)
        painter->fillRect(option->rect, option->backgroundBrush);
}

void headerSection(const QStyleOptionHeader *option, QPainter *painter)
{
    const QRect rect = option->rect;
    const bool hover = option->state & QStyle::State_MouseOver;
    painter->fillRect(rect, themed(hover ? Token::Hover : Token::Panel));
    const int width = int(Theme::instance().lineWidth());
    painter->fillRect(
        QRect(rect.left(), rect.bottom() - width + 1, rect.width(), width), themed(Token::Line));
}

void headerLabel(const QStyleOptionHeader *option, QPainter *painter)
{
    // QCommonStyle has taken the header margin of 4 off already.
    QRect rect = option->rect.adjusted(4, 0, -4, 0);
    painter->save();
    painter->setFont(smallFont());
    const QFontMetrics metrics(painter->font());
    const bool sorted = option->sortIndicator != QStyleOptionHeader::None;
    if (sorted)
        rect.adjust(0, 0, -14, 0);
    const bool right = option->textAlignment & Qt::AlignRight;
    const QString text = metrics.elidedText(option->text, Qt::ElideRight, rect.width());
    painter->setPen(themed(sorted ? Token::Text : Token::Text2));
    painter->drawText(rect, int(Qt::AlignVCenter | (right ? Qt::AlignRight : Qt::AlignLeft)), text);
    if (sorted) {
        const int end = right ? rect.right() : rect.left() + metrics.horizontalAdvance(text);
        // Qt names the arrow by where it points, not by the order.
        chevron(painter, QRect(end + 3, rect.top(), 12, rect.height()),
            option->sortIndicator == QStyleOptionHeader::SortUp ? Qt::UpArrow : Qt::DownArrow,
            themed(Token::Text2));
    }
    painter->restore();
}

void tab(const QStyleOptionTab *option, QPainter *painter)
{
    const bool selected = option->state & QStyle::State_Selected;
    const bool hover
        = (option->state & QStyle::State_MouseOver) && (option->state & QStyle::State_Enabled);
    painter->save();
    painter->setPen(themed(!(option->state & QStyle::State_Enabled) ? Token::Text3
            : selected || hover                                     ? Token::Text
                                                                    : Token::Text2));
    painter->setFont(selected ? mediumFont() : bodyFont());
    painter->drawText(option->rect.adjusted(0, 0, 0, -2), Qt::AlignCenter, option->text);
    const QRect line(
        option->rect.left() + 9, option->rect.bottom() - 1, option->rect.width() - 18, 2);
    if (selected)
        painter->fillRect(line, themed(Token::Accent));
    if ((option->state & QStyle::State_HasFocus)
        && (option->state & QStyle::State_KeyboardFocusChange))
        focusRing(painter, option->rect.adjusted(2, 4, -2, -6), 4);
    painter->restore();
}

void menuItem(const QStyleOptionMenuItem *option, QPainter *painter)
{
    const QRect rect = option->rect;
    if (option->menuItemType == QStyleOptionMenuItem::Separator) {
        if (option->text.isEmpty()) {
            painter->fillRect(QRect(rect.left() + 4, rect.center().y(), rect.width() - 8, 1),
                themed(Token::Line));
            return;
        }
        painter->save();
        painter->setFont(sectionFont());
        painter->setPen(themed(Token::Text3));
        painter->drawText(
            rect.adjusted(12, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft, option->text);
        painter->restore();
        return;
    }
    const bool enabled = option->state & QStyle::State_Enabled;
    if ((option->state & QStyle::State_Selected) && enabled)
        box(painter, rect.adjusted(4, 1, -4, -1), themed(Token::AccentWeak), {}, 5);
    painter->save();
    painter->setFont(option->font);
    const QRect mark(rect.left() + 12, rect.top(), 16, rect.height());
    if (option->checkType != QStyleOptionMenuItem::NotCheckable) {
        if (option->checked) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(QPen(themed(enabled ? Token::Accent : Token::Text3), 1.8, Qt::SolidLine,
                Qt::RoundCap, Qt::RoundJoin));
            const QPointF c = QRectF(mark).center();
            painter->drawPolyline(
                QPolygonF({c + QPointF(-4, 0.2), c + QPointF(-1, 3), c + QPointF(4, -3)}));
        }
    } else if (!option->icon.isNull()) {
        QRect square(0, 0, mark.width(), mark.width());
        square.moveCenter(mark.center());
        option->icon.paint(
            painter, square, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    }
    const auto parts = option->text.split(QLatin1Char('\t'));
    const QRect text = rect.adjusted(36, 0, -14, 0);
    painter->setPen(themed(enabled ? Token::Text : Token::Text3));
    painter->drawText(
        text, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextHideMnemonic, parts.value(0));
    painter->setPen(themed(Token::Text3));
    if (option->menuItemType == QStyleOptionMenuItem::SubMenu)
        chevron(painter, QRect(text.right() - 8, rect.top(), 12, rect.height()), Qt::RightArrow,
            themed(Token::Text3));
    else if (parts.size() > 1)
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignRight, parts.value(1));
    painter->restore();
}

} // namespace pilothouse::painters
