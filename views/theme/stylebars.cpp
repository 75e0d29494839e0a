// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/stylepainters.h"

#include <QStyle>

namespace pilothouse::painters {

void scrollBar(
    const QStyleOptionSlider *option, const QRect &slider, QPainter *painter, const QWidget *widget)
{
    // The bar belongs to what it scrolls: no groove of its own.
    painter->fillRect(option->rect,
        widget && widget->parentWidget() ? widget->parentWidget()->palette().color(QPalette::Base)
                                         : themed(Token::Window));
    if (option->maximum <= option->minimum)
        return;
    const bool upright = option->orientation == Qt::Vertical;
    const bool active = (option->state & QStyle::State_MouseOver)
        || ((option->state & QStyle::State_Sunken)
            && (option->activeSubControls & QStyle::SC_ScrollBarSlider));
    const QColor color
        = active ? themed(Token::Text3) : blended(QColor(136, 146, 160, 110), themed(Token::Line));
    const QRectF thumb
        = upright ? QRectF(slider).adjusted(2, 2, -2, -2) : QRectF(slider).adjusted(2, 2, -2, -2);
    box(painter, thumb, color, {}, 3);
}

void progress(const QStyleOptionProgressBar *option, QPainter *painter)
{
    QRectF groove(option->rect);
    const qreal height = 4;
    groove = QRectF(groove.left(), groove.center().y() - height / 2, groove.width(), height);
    box(painter, groove, themed(Token::Hover), {}, height / 2);
    const double span = double(option->maximum) - option->minimum;
    QRectF bar = groove;
    if (span <= 0) // unknown total: a still third, since motion says nothing more
        bar = QRectF(groove.left() + groove.width() / 3, groove.top(), groove.width() / 3, height);
    else
        bar.setWidth(groove.width() * (option->progress - option->minimum) / span);
    if (bar.width() >= 1)
        box(painter, bar, themed(Token::Accent), {}, height / 2);
}

} // namespace pilothouse::painters
