// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/shapes.h"

#include "views/theme/metrics.h"
#include "views/theme/theme.h"

#include <QHash>

namespace pilothouse {

ShapeStyle shapeOf(TargetState state)
{
    switch (state) {
    case TargetState::Connected:
        return {Shape::Disc, Token::Ok};
    case TargetState::Connecting:
        return {Shape::Arc, Token::Accent};
    case TargetState::Failed:
        return {Shape::Diamond, Token::Bad};
    case TargetState::Stale:
    case TargetState::NotOpened:
        break;
    }
    return {Shape::Ring, Token::Unknown};
}

ShapeStyle shapeOf(StageState state)
{
    switch (state) {
    case StageState::Done:
        return {Shape::Disc, Token::Ok};
    case StageState::Running:
        return {Shape::Arc, Token::Accent};
    case StageState::Failed:
        return {Shape::Diamond, Token::Bad};
    case StageState::Skipped:
        return {Shape::Dash, Token::Unknown};
    case StageState::Waiting:
        break;
    }
    return {Shape::Ring, Token::Unknown};
}

ShapeStyle shapeOf(JobState state)
{
    switch (state) {
    case JobState::Succeeded:
        return {Shape::Disc, Token::Ok};
    case JobState::Running:
        return {Shape::Arc, Token::Accent};
    case JobState::Failed:
        return {Shape::Diamond, Token::Bad};
    case JobState::Lost:
        return {Shape::Triangle, Token::Watch};
    case JobState::Cancelled:
        return {Shape::Dash, Token::Unknown};
    case JobState::Queued:
    case JobState::Unknown:
        break;
    }
    return {Shape::Ring, Token::Unknown};
}

ShapeStyle shapeOfName(const QString &state)
{
    static const QHash<QString, ShapeStyle> known = [] {
        QHash<QString, ShapeStyle> map;
        for (const auto one : {TargetState::NotOpened, TargetState::Connecting,
                 TargetState::Connected, TargetState::Stale, TargetState::Failed})
            map.insert(targetStateName(one), shapeOf(one));
        for (const auto one : {JobState::Queued, JobState::Running, JobState::Succeeded,
                 JobState::Failed, JobState::Cancelled, JobState::Lost})
            map.insert(jobStateName(one), shapeOf(one));
        // Verdicts on devices (core/health).
        map.insert(QStringLiteral("ok"), {Shape::Disc, Token::Ok});
        map.insert(QStringLiteral("watch"), {Shape::Triangle, Token::Watch});
        map.insert(QStringLiteral("reboot"), {Shape::Diamond, Token::Bad});
        map.insert(QStringLiteral("replace"), {Shape::Diamond, Token::Bad});
        return map;
    }();
    return known.value(state);
}

void paintShape(QPainter *painter, const QRectF &rect, ShapeStyle style, double turn)
{
    const QColor color = themed(style.token);
    const qreal size = qMin<qreal>(qMin(rect.width(), rect.height()), metrics::shape);
    QRectF box(0, 0, size, size);
    box.moveCenter(rect.center());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    const QPointF middle = box.center();
    const qreal half = size / 2;
    switch (style.shape) {
    case Shape::Disc:
        painter->drawEllipse(middle, half, half);
        break;
    case Shape::Triangle:
        painter->drawPolygon(QPolygonF(
            {{middle.x(), box.top()}, {box.right(), box.bottom()}, {box.left(), box.bottom()}}));
        break;
    case Shape::Diamond:
        painter->drawPolygon(
            QPolygonF({{middle.x(), box.top() - 0.5}, {box.right() + 0.5, middle.y()},
                {middle.x(), box.bottom() + 0.5}, {box.left() - 0.5, middle.y()}}));
        break;
    case Shape::Ring:
    case Shape::Arc: {
        painter->setBrush(Qt::NoBrush);
        const QRectF inner = box.adjusted(0.75, 0.75, -0.75, -0.75);
        const bool arc = style.shape == Shape::Arc;
        painter->setPen(QPen(arc ? themed(Token::Hover) : color, 1.5));
        painter->drawEllipse(inner);
        if (arc) {
            painter->setPen(QPen(color, 2, Qt::SolidLine, Qt::RoundCap));
            painter->drawArc(inner, int((90 - turn * 360) * 16), -110 * 16);
        }
        break;
    }
    case Shape::Dash:
        painter->drawRoundedRect(QRectF(box.left() + 1, middle.y() - 1, size - 2, 2), 1, 1);
        break;
    }
    painter->restore();
}

ShapeWidget::ShapeWidget(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ShapeWidget::setShape(ShapeStyle style, const QString &word)
{
    m_style = style;
    setAccessibleName(word);
    setToolTip(word);
    update();
}

QSize ShapeWidget::sizeHint() const
{
    return {metrics::shape + 4, metrics::shape + 4};
}

void ShapeWidget::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintShape(&painter, rect(), m_style);
}

} // namespace pilothouse
