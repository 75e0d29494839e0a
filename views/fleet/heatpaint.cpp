// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// HeatMap's painting: what is asked for and no more, ten times a second for thousands of cells.
#include "views/fleet/heatmap.h"
#include "views/theme/fonts.h"
#include "views/theme/metrics.h"
#include "views/theme/stylepainters.h"

#include <QPaintEvent>
#include <QScrollBar>

namespace pilothouse {

static constexpr int fewRects = 16; // then each cell is looked at; else whole nodes are painted

/// The card below the cells; its edge only where it is asked for.
static void paintCard(QPainter &painter, const QRect &card, const QRegion &region)
{
    const QRegion mine = region & card;
    const int edge = metrics::cardRadius;
    if (!(mine - card.adjusted(edge, edge, -edge, -edge)).isEmpty()) {
        painters::box(&painter, card, themed(Token::Card), themed(Token::Line), edge);
        return;
    }
    for (const QRect &rect : mine)
        painter.fillRect(rect, themed(Token::Card));
}

void HeatMap::paintHead(QPainter &painter, const HeatLayout::Group &group, const QString &said)
{
    const QFont title = strongFont(), note = smallFont();
    const QRect head = group.rect.adjusted(metrics::cardMargin, 8, -metrics::cardMargin, 0);
    // Where both do not fit, the title keeps two fifths.
    const QFontMetrics titleMetrics(title), noteMetrics(note);
    const int least = std::min(titleMetrics.horizontalAdvance(group.title), head.width() * 2 / 5);
    const auto shown = noteMetrics.elidedText(said, Qt::ElideRight, head.width() - least - headGap);
    painter.setFont(note);
    painter.setPen(themed(Token::Text3));
    painter.drawText(head, Qt::AlignRight | Qt::AlignTop, shown);
    const int room = head.width() - noteMetrics.horizontalAdvance(shown) - headGap;
    painter.setFont(title);
    painter.setPen(themed(Token::Text));
    painter.drawText(head, Qt::AlignLeft | Qt::AlignTop,
        titleMetrics.elidedText(group.title, Qt::ElideRight, room));
}

void HeatMap::paintCells(QPainter &painter, const HeatLayout::Node &node, const QRegion &region)
{
    const bool exact = region.rectCount() <= fewRects;
    for (int i = node.first; i < node.first + node.count; ++i) {
        const QRect rect = m_layout.cells[std::size_t(i)].rect;
        if (exact && !region.intersects(rect))
            continue;
        painter.drawPixmap(rect.topLeft(), m_sprites.sprite(m_looks[std::size_t(i)]));
        ++m_painted;
    }
}

void HeatMap::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    const int shift = verticalScrollBar()->value();
    painter.translate(0, -shift);
    const QRegion region = event->region().translated(0, shift);
    m_sprites.prepare(m_layout.cellSize, devicePixelRatioF());
    const QFont label = nodeFont();
    const QFontMetrics labelMetrics(label);
    for (std::size_t g = 0; g < m_layout.groups.size(); ++g) {
        const auto &group = m_layout.groups[g];
        if (!region.intersects(group.rect))
            continue;
        paintCard(painter, group.rect, region);
        if (region.intersects(QRect(group.rect.topLeft(), QSize(group.rect.width(), headHeight))))
            paintHead(painter, group, g < m_notes.size() ? m_notes[g] : QString());
        painter.setFont(label);
        painter.setPen(themed(Token::Text3));
        for (int n = 0; n < group.nodes; ++n) {
            const auto &node = m_layout.nodes[std::size_t(group.firstNode + n)];
            if (!node.labelRect.isEmpty() && region.intersects(node.labelRect))
                painter.drawText(node.labelRect, Qt::AlignVCenter | Qt::AlignLeft,
                    labelMetrics.elidedText(node.label, Qt::ElideMiddle, node.labelRect.width()));
            if (region.intersects(node.rect))
                paintCells(painter, node, region);
        }
    }
    const int cell = currentCell();
    if (cell >= 0) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(themed(hasFocus() ? Token::Accent : Token::Text2), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(
            QRectF(m_layout.cells[std::size_t(cell)].rect).adjusted(-1, -1, 1, 1), 4, 4);
    }
}

} // namespace pilothouse
