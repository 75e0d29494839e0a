// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QPainter>
#include <QStyleOption>
#include <QWidget>

namespace pilothouse::painters {

// The parts Style is made of. Each paints one element; none changes the painter's state.

/// A rounded rectangle with a crisp line inside `rect`; an invalid colour paints nothing.
void box(QPainter *painter, const QRectF &rect, const QColor &fill, const QColor &line,
    qreal radius, qreal width = Theme::instance().lineWidth());
void focusRing(QPainter *painter, const QRect &rect, qreal radius);
void chevron(QPainter *painter, const QRect &rect, Qt::ArrowType way, const QColor &color);

// Buttons and fields
void button(const QStyleOption *option, QPainter *painter, const QWidget *widget);
QColor buttonText(const QStyleOption *option, const QWidget *widget);
void field(const QStyleOption *option, QPainter *painter);
void checkBox(const QStyleOption *option, QPainter *painter);
void radio(const QStyleOption *option, QPainter *painter);
void toolButton(const QStyleOption *option, QPainter *painter);

// Items
void itemRow(const QStyleOptionViewItem *option, QPainter *painter);
void headerSection(const QStyleOptionHeader *option, QPainter *painter);
void headerLabel(const QStyleOptionHeader *option, QPainter *painter);
void tab(const QStyleOptionTab *option, QPainter *painter);
void menuItem(const QStyleOptionMenuItem *option, QPainter *painter);

// Bars
void scrollBar(const QStyleOptionSlider *option, const QRect &slider, QPainter *painter,
    const QWidget *widget);
void progress(const QStyleOptionProgressBar *option, QPainter *painter);

} // namespace pilothouse::painters
