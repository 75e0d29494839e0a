// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// HeatMap's keys, mouse and tool tips.
#include "views/fleet/heatmap.h"

#include "core/models/fleetmodel.h"
#include "views/common/plaintip.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace pilothouse {

void HeatMap::showCell(int cell)
{
    const QRect rect = m_layout.cells[std::size_t(cell)].rect;
    auto *bar = verticalScrollBar();
    if (rect.top() - 40 < bar->value())
        bar->setValue(rect.top() - 40);
    else if (rect.bottom() + 14 > bar->value() + viewport()->height())
        bar->setValue(rect.bottom() + 14 - viewport()->height());
    setCurrent(m_keys[std::size_t(cell)]);
}

/// The cell that lies next in the direction of the key; sideways also over to the next node.
int HeatMap::neighbour(int cell, int key) const
{
    const int count = int(m_layout.cells.size());
    if (key == Qt::Key_Left || key == Qt::Key_Right)
        return std::clamp(cell + (key == Qt::Key_Right ? 1 : -1), 0, count - 1);
    const QPoint from = m_layout.cells[std::size_t(cell)].rect.center();
    int best = cell;
    qint64 nearest = std::numeric_limits<qint64>::max();
    for (int i = 0; i < count; ++i) {
        const QPoint way = m_layout.cells[std::size_t(i)].rect.center() - from;
        const int forward = key == Qt::Key_Down ? way.y() : -way.y();
        const qint64 far = qint64(forward) + 4 * std::abs(way.x());
        if (forward > 0 && far < nearest) {
            nearest = far;
            best = i;
        }
    }
    return best;
}

void HeatMap::keyPressEvent(QKeyEvent *event)
{
    const int count = int(m_layout.cells.size());
    if (count == 0) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    const int cell = currentCell();
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        showCell(cell < 0 ? 0 : neighbour(cell, event->key()));
        break;
    case Qt::Key_Home:
        showCell(0);
        break;
    case Qt::Key_End:
        showCell(count - 1);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (cell >= 0)
            Q_EMIT activated(m_current);
        break;
    case Qt::Key_Escape:
        setCurrent({});
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void HeatMap::mousePressEvent(QMouseEvent *event)
{
    const int cell = cellAt(event->pos());
    setCurrent(cell >= 0 ? m_keys[std::size_t(cell)] : QString());
}

void HeatMap::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int cell = cellAt(event->pos());
    if (cell >= 0)
        Q_EMIT activated(m_keys[std::size_t(cell)]);
}

void HeatMap::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    if (m_current.isEmpty() && event->reason() != Qt::MouseFocusReason && !m_keys.empty())
        showCell(0);
    viewport()->update();
}

void HeatMap::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

/// Title and note of the card whose head is there: they may be cut short.
QString HeatMap::headTip(const QPoint &viewportPlace) const
{
    const QPoint here = viewportPlace + QPoint(0, verticalScrollBar()->value());
    for (std::size_t g = 0; g < m_layout.groups.size() && g < m_notes.size(); ++g) {
        const auto &group = m_layout.groups[g];
        if (QRect(group.rect.topLeft(), QSize(group.rect.width(), headHeight)).contains(here))
            return group.title + QLatin1Char('\n') + m_notes[g];
    }
    return {};
}

bool HeatMap::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int cell = cellAt(help->pos());
        const auto text = cell < 0 ? headTip(help->pos()) : sentenceOfCell(cell);
        if (text.isEmpty()) {
            QToolTip::hideText();
            event->ignore();
        } else {
            QToolTip::showText(help->globalPos(), plainToolTip(text), viewport(),
                cell < 0 ? QRect() : cellRect(cell));
        }
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace pilothouse
