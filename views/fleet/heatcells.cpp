// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/heatcells.h"

#include "views/theme/theme.h"

#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace pilothouse {

CellLook lookOf(const FleetGpu &gpu, FleetMetric metric, bool dim)
{
    CellLook look;
    look.dim = dim;
    look.mark = gpu.state == FleetState::Watch ? 1 : gpu.state == FleetState::Bad ? 2 : 0;
    if (gpu.state == FleetState::Stale) {
        look.fill = CellLook::Fill::Hatched;
        return look;
    }
    const double share = shareOf(gpu, metric);
    if (gpu.state == FleetState::Bad || std::isnan(share))
        return look;
    look.fill = CellLook::Fill::Heat;
    look.level = quint8(std::lround(std::clamp(share, 0.0, 1.0) * 63));
    return look;
}

void CellSprites::prepare(int size, qreal scale)
{
    if (size == m_size && scale == m_scale)
        return;
    m_size = size;
    m_scale = scale;
    clear();
}

const QPixmap &CellSprites::sprite(const CellLook &look)
{
    auto found = m_sprites.find(look.key());
    if (found == m_sprites.end())
        found = m_sprites.insert(look.key(), painted(look));
    return *found;
}

static void paintMark(QPainter &painter, const QRectF &cell, bool bad, const QColor &halo)
{
    const qreal reach = std::clamp(cell.width() * 0.26, 2.5, 5.0);
    const QPointF middle = cell.center();
    QPolygonF shape;
    if (bad)
        shape << QPointF(middle.x(), middle.y() - reach) << QPointF(middle.x() + reach, middle.y())
              << QPointF(middle.x(), middle.y() + reach) << QPointF(middle.x() - reach, middle.y());
    else
        shape << QPointF(middle.x(), middle.y() - reach)
              << QPointF(middle.x() + reach, middle.y() + reach * 0.85)
              << QPointF(middle.x() - reach, middle.y() + reach * 0.85);
    // A halo keeps it apart from any heat below it.
    const qreal width = cell.width() < 12 ? 1.5 : 3;
    painter.setPen(QPen(halo, width, Qt::SolidLine, Qt::SquareCap, Qt::RoundJoin));
    painter.setBrush(themed(bad ? Token::Bad : Token::Watch));
    painter.drawPolygon(shape);
    painter.setPen(Qt::NoPen);
    painter.drawPolygon(shape);
}

QPixmap CellSprites::painted(const CellLook &look) const
{
    QPixmap pixmap(QSize(m_size, m_size) * m_scale);
    pixmap.setDevicePixelRatio(m_scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    if (look.dim)
        painter.setOpacity(0.22);
    const QRectF cell(0, 0, m_size, m_size);
    const qreal radius = m_size >= 16 ? 3 : m_size >= 12 ? 2 : 1;
    const QColor line = themed(Token::Line);
    switch (look.fill) {
    case CellLook::Fill::Heat:
        painter.setPen(Qt::NoPen);
        painter.setBrush(heatColor(look.level / 63.0));
        painter.drawRoundedRect(cell, radius, radius);
        break;
    case CellLook::Fill::Hatched: {
        QPainterPath path;
        path.addRoundedRect(cell, radius, radius);
        painter.setClipPath(path);
        painter.fillRect(cell, themed(Token::Hover));
        painter.setPen(
            QPen(blended(QColor(themed(Token::Unknown).red(), themed(Token::Unknown).green(),
                             themed(Token::Unknown).blue(), 110),
                     themed(Token::Hover)),
                1.25));
        for (int x = -m_size; x < m_size; x += 5)
            painter.drawLine(QPointF(x, -1), QPointF(x + m_size + 2, m_size + 1));
        painter.setClipping(false);
        break;
    }
    case CellLook::Fill::Frame:
        painter.setPen(QPen(look.mark == 2 ? themed(Token::Bad) : line, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        break;
    }
    if (look.mark != 0)
        paintMark(painter, cell, look.mark == 2, themed(Token::Card));
    return pixmap;
}

} // namespace pilothouse
