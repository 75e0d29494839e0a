// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gputest/driftstrip.h"

#include "views/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace pilothouse {

DriftStrip::DriftStrip(QWidget *parent)
    : QWidget(parent)
{
    setFixedHeight(48);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void DriftStrip::show(QList<double> values, double baseline, const QString &words)
{
    m_values = std::move(values);
    m_baseline = baseline;
    setAccessibleName(words);
    setToolTip(words);
    update();
}

QSize DriftStrip::sizeHint() const
{
    return {320, 48};
}

void DriftStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    // A tenth up and down at least, so that noise does not look like a fall.
    double low = m_baseline > 0 ? m_baseline * 0.9 : INFINITY;
    double high = m_baseline > 0 ? m_baseline * 1.1 : -INFINITY;
    for (const double value : std::as_const(m_values)) {
        if (!std::isnan(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (!(high > low))
        return;
    const QRectF area = QRectF(rect()).adjusted(6, 6, -6, -6);
    const auto y = [&](double value) {
        return area.bottom() - (value - low) / (high - low) * area.height();
    };
    if (m_baseline > 0) {
        painter.setPen(QPen(themed(Token::Text3), Theme::instance().lineWidth(), Qt::DashLine));
        painter.drawLine(QPointF(area.left(), y(m_baseline)), QPointF(area.right(), y(m_baseline)));
    }
    const auto x = [&](qsizetype place) {
        return m_values.size() < 2
            ? area.center().x()
            : area.left() + area.width() * double(place) / double(m_values.size() - 1);
    };
    QPainterPath path;
    QPolygonF dots;
    bool open = false;
    for (qsizetype i = 0; i < m_values.size(); ++i) {
        if (std::isnan(m_values[i])) {
            open = false;
            continue;
        }
        const QPointF point(x(i), y(m_values[i]));
        if (open)
            path.lineTo(point);
        else
            path.moveTo(point);
        open = true;
        dots << point;
    }
    const QColor color = Theme::instance().series(0);
    painter.setPen(QPen(color, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    for (const auto &dot : std::as_const(dots))
        painter.drawEllipse(dot, 2.5, 2.5);
}

} // namespace pilothouse
