// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/metrics.h"
#include "views/theme/style.h"
#include "views/theme/stylepainters.h"

#include <QAbstractButton>
#include <QPainterPath>

namespace pilothouse {

static constexpr const char *kindProperty = "pilothouseKind";
static constexpr const char *smallProperty = "pilothouseSmall";

void setButtonKind(QAbstractButton *button, ButtonKind kind)
{
    button->setProperty(kindProperty, int(kind));
    button->update();
}

void setSmall(QAbstractButton *button)
{
    button->setProperty(smallProperty, true);
    button->updateGeometry();
}

static ButtonKind kindOf(const QWidget *widget)
{
    return widget ? ButtonKind(widget->property(kindProperty).toInt()) : ButtonKind::Normal;
}

namespace painters {

void box(QPainter *painter, const QRectF &rect, const QColor &fill, const QColor &line,
    qreal radius, qreal width)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const qreal half = line.isValid() ? width / 2 : 0;
    painter->setPen(line.isValid() ? QPen(line, width) : QPen(Qt::NoPen));
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter->drawRoundedRect(rect.adjusted(half, half, -half, -half), radius - half, radius - half);
    painter->restore();
}

void focusRing(QPainter *painter, const QRect &rect, qreal radius)
{
    box(painter, rect, {}, themed(Token::Accent), radius, 2);
}

void chevron(QPainter *painter, const QRect &rect, Qt::ArrowType way, const QColor &color)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(QRectF(rect).center());
    switch (way) {
    case Qt::UpArrow:
        painter->rotate(180);
        break;
    case Qt::LeftArrow:
        painter->rotate(90);
        break;
    case Qt::RightArrow:
        painter->rotate(-90);
        break;
    default:
        break;
    }
    painter->setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPolyline(QPolygonF({{-3.5, -1.75}, {0, 1.75}, {3.5, -1.75}}));
    painter->restore();
}

QColor buttonText(const QStyleOption *option, const QWidget *widget)
{
    if (!(option->state & QStyle::State_Enabled))
        return themed(Token::Text3);
    switch (kindOf(widget)) {
    case ButtonKind::Primary:
        return themed(Token::OnPrimary);
    case ButtonKind::Danger:
        return themed(Token::Bad);
    default:
        return themed(Token::Text);
    }
}

void button(const QStyleOption *option, QPainter *painter, const QWidget *widget)
{
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool hover = enabled && (option->state & QStyle::State_MouseOver);
    const bool down = option->state & (QStyle::State_Sunken | QStyle::State_On);
    const auto kind = kindOf(widget);
    QColor fill = themed(down || hover ? Token::Hover : Token::Card), line = themed(Token::Line);
    if (kind == ButtonKind::Flat) {
        line = QColor();
        if (!hover && !down)
            fill = QColor();
    } else if (kind == ButtonKind::Primary && enabled) {
        fill = themed(Token::Accent);
        if (hover || down)
            fill = blended(QColor(255, 255, 255, down ? 0 : 24), fill);
        if (down)
            fill = fill.darker(108);
        line = QColor();
    }
    const QRect rect = option->rect;
    box(painter, rect, fill, line, metrics::controlRadius);
    if ((option->state & QStyle::State_HasFocus)
        && (option->state & QStyle::State_KeyboardFocusChange)) {
        // On the accent a ring of the same colour would not be seen: leave a gap.
        if (kind == ButtonKind::Primary)
            box(painter, rect.adjusted(2, 2, -2, -2), {}, themed(Token::OnPrimary), 4, 1.5);
        else
            focusRing(painter, rect, metrics::controlRadius);
    }
}

void field(const QStyleOption *option, QPainter *painter)
{
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool focus = option->state & QStyle::State_HasFocus;
    const bool hover = enabled && (option->state & QStyle::State_MouseOver);
    const bool light = Theme::instance().scheme() == Scheme::Light;
    const Token fill = !enabled ? Token::Panel : light ? Token::Card : Token::Window;
    box(painter, option->rect, themed(fill), themed(hover && !focus ? Token::Text3 : Token::Line),
        metrics::controlRadius);
    if (focus)
        focusRing(painter, option->rect, metrics::controlRadius);
}

static QRectF indicator(const QStyleOption *option)
{
    QRectF rect(0, 0, 16, 16);
    rect.moveCenter(QRectF(option->rect).center());
    return rect;
}

void checkBox(const QStyleOption *option, QPainter *painter)
{
    const QRectF rect = indicator(option);
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool set = option->state & (QStyle::State_On | QStyle::State_NoChange);
    const QColor mark = themed(enabled ? Token::Accent : Token::Text3);
    const QColor line = set
        ? mark
        : themed(option->state & QStyle::State_MouseOver ? Token::Text2 : Token::Text3);
    box(painter, rect, set ? mark : QColor(), line, 4, 1.4);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(
        QPen(themed(Token::OnPrimary), 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF c = rect.center();
    if (option->state & QStyle::State_On)
        painter->drawPolyline(
            QPolygonF({c + QPointF(-3.5, 0.2), c + QPointF(-1, 2.7), c + QPointF(3.7, -2.6)}));
    else if (option->state & QStyle::State_NoChange)
        painter->drawLine(c + QPointF(-3.5, 0), c + QPointF(3.5, 0));
    painter->restore();
}

void radio(const QStyleOption *option, QPainter *painter)
{
    const QRectF rect = indicator(option);
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool on = option->state & QStyle::State_On;
    const QColor mark = themed(enabled ? Token::Accent : Token::Text3);
    const QColor line
        = on ? mark : themed(option->state & QStyle::State_MouseOver ? Token::Text2 : Token::Text3);
    box(painter, rect, {}, line, 8, 1.4);
    if (on)
        box(painter, rect.adjusted(4, 4, -4, -4), mark, {}, 4);
}

void toolButton(const QStyleOption *option, QPainter *painter)
{
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool hover = enabled && (option->state & QStyle::State_MouseOver);
    if (option->state & QStyle::State_On)
        box(painter, option->rect, themed(Token::AccentWeak), {}, metrics::controlRadius);
    else if (hover || (option->state & QStyle::State_Sunken))
        box(painter, option->rect, themed(Token::Hover), {}, metrics::controlRadius);
    if ((option->state & QStyle::State_HasFocus)
        && (option->state & QStyle::State_KeyboardFocusChange))
        focusRing(painter, option->rect, metrics::controlRadius);
}

} // namespace painters
} // namespace pilothouse
