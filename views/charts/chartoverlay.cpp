// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/chartoverlay.h"

#include "views/charts/scale.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace pilothouse {

static constexpr int labelGap = 6; // between the curves and the labels of the time axis

void ChartOverlay::paint(QPainter *painter) const
{
    if (area.isEmpty())
        return;
    painter->setFont(font);
    paintTimes(painter);
    paintMarks(painter);
    if (limit) {
        painter->setPen(QPen(colors.limit, 1, Qt::DashLine));
        painter->drawLine(area.left(), *limit, area.right(), *limit);
    }
    if (selection) {
        QColor weak = colors.focus;
        weak.setAlpha(48);
        const QRectF range = QRectF(QPointF(x(selection->first), area.top()),
            QPointF(x(selection->second), area.bottom() + 1))
                                 .intersected(area);
        painter->fillRect(range, weak);
        painter->setPen(QPen(colors.focus, 1));
        painter->drawLine(range.topLeft(), range.bottomLeft());
        painter->drawLine(range.topRight(), range.bottomRight());
    }
    paintCrosshair(painter);
}

QColor ChartOverlay::colorOf(MarkKind kind) const
{
    switch (kind) {
    case MarkKind::Job:
        return colors.job.isValid() ? colors.job : colors.focus;
    case MarkKind::Watch:
        return colors.watch.isValid() ? colors.watch : colors.limit;
    case MarkKind::Bad:
        return colors.bad.isValid() ? colors.bad : colors.limit;
    case MarkKind::Gap:
        break;
    }
    return colors.unknown.isValid() ? colors.unknown : colors.text2;
}

void ChartOverlay::paintMarks(QPainter *painter) const
{
    const QFontMetrics metrics(font);
    const int tall = metrics.height() + 2;
    std::vector<double> taken(2, -1e9); // where the labels of each line end
    painter->save();
    painter->setClipRect(area);
    painter->setRenderHint(QPainter::Antialiasing);
    for (const auto &mark : marks) {
        const qint64 end = mark.to.value_or(mark.from);
        if (end < from || mark.from >= to)
            continue;
        const QColor color = colorOf(mark.kind);
        const double left = std::round(x(mark.from)), right = std::round(x(end));
        if (mark.to) {
            QColor weak = color;
            weak.setAlpha(26);
            painter->fillRect(QRectF(left, area.top(), right - left, area.height()), weak);
        }
        for (const double edge : {left, right})
            painter->fillRect(QRectF(edge, area.top(), 1, area.height()), color);
        if (mark.label.isEmpty())
            continue;
        // Two lines of labels; what finds no room keeps its line only.
        const QString text = metrics.elidedText(mark.label, Qt::ElideRight, area.width() / 3);
        const double wide = metrics.horizontalAdvance(text) + 12;
        const double at = std::clamp(
            left, double(area.left()), std::max(area.right() + 1 - wide, double(area.left())));
        const auto line = std::find_if(
            taken.begin(), taken.end(), [at](double until) { return until + 2 <= at; });
        if (line == taken.end())
            continue;
        *line = at + wide;
        const QRectF chip(
            at, area.top() + 1 + double(line - taken.begin()) * (tall + 2), wide, tall);
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawRoundedRect(chip, 3, 3);
        painter->setPen(colors.onMark.isValid() ? colors.onMark : colors.background);
        painter->drawText(chip, Qt::AlignCenter, text);
    }
    painter->restore();
}

QRect ChartOverlay::timeLabel(qint64 time, const QString &text, int padding) const
{
    const QFontMetrics metrics(font);
    const int wide = metrics.horizontalAdvance(text) + 2 * padding;
    const int left = int(std::round(x(time) - wide / 2.0));
    return {left, area.bottom() + labelGap, wide, metrics.height() + 2};
}

void ChartOverlay::paintTimes(QPainter *painter) const
{
    const int room = QFontMetrics(font).horizontalAdvance(QStringLiteral("00:00:00")) + 40;
    painter->setPen(colors.text2);
    for (const auto &[time, text] : timeTicks(from, to, std::max(area.width() / room, 2))) {
        const QRect label = timeLabel(time, text, 1);
        if (label.left() >= 0 && label.right() <= area.right() + 14)
            painter->drawText(label, Qt::AlignCenter, text);
    }
}

QRect ChartOverlay::crosshairArea() const
{
    if (!crosshair)
        return {};
    const QRect label = timeLabel(*crosshair, timeText(*crosshair, to - from), 6);
    return QRect(QPoint(int(x(*crosshair)) - 2, area.top()), QSize(5, area.height()))
        .united(label.adjusted(-label.width(), -2, label.width(), 2));
}

void ChartOverlay::paintCrosshair(QPainter *painter) const
{
    if (!crosshair || *crosshair < from || *crosshair >= to)
        return;
    const double at = std::floor(x(*crosshair)) + 0.5;
    QPen pen(colors.crosshair, 1);
    pen.setDashPattern({3, 3});
    painter->setPen(pen);
    painter->drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()));
    const QString text = timeText(*crosshair, to - from);
    QRect label = timeLabel(*crosshair, text, 6);
    label.moveLeft(
        std::clamp(label.left(), area.left(), std::max(area.right() - label.width(), area.left())));
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colors.crosshair);
    painter->drawRoundedRect(label, 3, 3);
    painter->setPen(colors.background);
    painter->drawText(label, Qt::AlignCenter, text);
    painter->restore();
}

} // namespace pilothouse
