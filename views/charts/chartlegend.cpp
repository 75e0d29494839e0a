// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/chartlegend.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

namespace pilothouse {

static constexpr int side = 16, top = 12, line = 20, between = 16, swatch = 12, gap = 6;

int ChartLegend::layOut(int width, const QFont &font)
{
    m_title = font;
    m_title.setWeight(QFont::DemiBold);
    m_small = font;
    if (font.pixelSize() > 0)
        m_small.setPixelSize(std::max(font.pixelSize() - 1, 9));
    else
        m_small.setPointSizeF(font.pointSizeF() * 12 / 13);
    const QFontMetrics titles(m_title), smalls(m_small);
    m_titleArea
        = QRect(side, top, std::min(titles.horizontalAdvance(title) + 1, width - 2 * side), line);
    const int subtitleLeft = m_titleArea.right() + 9;
    m_subtitleArea = QRect(subtitleLeft, top,
        std::clamp(
            smalls.horizontalAdvance(subtitle) + 1, 0, std::max(width - side - subtitleLeft, 0)),
        line);

    m_valueWidths.resize(entries.size());
    std::vector<int> widths;
    int all = -between;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        m_valueWidths[i] = std::max(m_valueWidths[i], smalls.horizontalAdvance(entries[i].value));
        const int name
            = entries[i].name.isEmpty() ? 0 : smalls.horizontalAdvance(entries[i].name) + 2 + gap;
        widths.push_back(swatch + gap + name + m_valueWidths[i]);
        all += widths.back() + between;
    }
    m_areas.clear();
    m_hidden = 0;
    const int right = width - side;
    if (all <= right - m_subtitleArea.right() - 24) {
        int x = right - std::max(all, 0);
        for (const int one : widths) {
            m_areas.emplace_back(x, top, one, line);
            x += one + between;
        }
        return top + line + 4;
    }
    // Equal cells, so that names and values stand below each other.
    const int cell = *std::max_element(widths.begin(), widths.end()) + between;
    const int perLine = std::max((right - side + between) / cell, 1);
    const int rows = std::min((int(entries.size()) + perLine - 1) / perLine, 2);
    int shown = std::min(int(entries.size()), rows * perLine);
    if (shown < int(entries.size()))
        --shown; // room for "+3"
    m_hidden = int(entries.size()) - shown;
    for (int i = 0; i <= shown; ++i) {
        const QRect area(
            side + i % perLine * cell, top + line + 4 + i / perLine * line, cell - between, line);
        if (i < shown)
            m_areas.push_back(area);
        else
            m_moreArea = area;
    }
    return top + line + 4 + rows * line + 4;
}

void ChartLegend::paint(QPainter *painter, const ChartColors &colors, int highlighted,
    const std::vector<bool> &hidden) const
{
    painter->setFont(m_title);
    painter->setPen(colors.text);
    painter->drawText(m_titleArea, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(m_title).elidedText(title, Qt::ElideRight, m_titleArea.width()));
    painter->setFont(m_small);
    const QFontMetrics metrics(m_small);
    painter->setPen(colors.text2);
    painter->drawText(m_subtitleArea, Qt::AlignLeft | Qt::AlignVCenter,
        metrics.elidedText(subtitle, Qt::ElideRight, m_subtitleArea.width()));
    for (std::size_t i = 0; i < m_areas.size(); ++i) {
        const auto &area = m_areas[i];
        const bool faint
            = (highlighted >= 0 && highlighted != int(i)) || (i < hidden.size() && hidden[i]);
        painter->setOpacity(faint ? 0.45 : 1);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.of(i));
        painter->setRenderHint(QPainter::Antialiasing);
        painter->drawRoundedRect(QRectF(area.left(), area.center().y() - 0.5, swatch, 3), 1.5, 1.5);
        const QRect text = area.adjusted(swatch + gap, 0, 0, 0);
        const int nameRoom
            = std::max(text.width() - m_valueWidths[i] - (entries[i].name.isEmpty() ? 0 : gap), 0);
        painter->setPen(colors.text2);
        painter->drawText(QRect(text.left(), text.top(), nameRoom, text.height()),
            Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(entries[i].name, Qt::ElideMiddle, nameRoom));
        painter->setPen(entries[i].stale ? colors.text2 : colors.text);
        const int used = entries[i].name.isEmpty()
            ? 0
            : std::min(nameRoom, metrics.horizontalAdvance(entries[i].name)) + gap;
        painter->drawText(
            text.adjusted(used, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, entries[i].value);
    }
    painter->setOpacity(1);
    if (m_hidden > 0) {
        painter->setPen(colors.text2);
        painter->drawText(
            m_moreArea, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("+%1").arg(m_hidden));
    }
}

int ChartLegend::entryAt(const QPoint &position) const
{
    for (std::size_t i = 0; i < m_areas.size(); ++i)
        if (m_areas[i].contains(position))
            return int(i);
    return -1;
}

} // namespace pilothouse
