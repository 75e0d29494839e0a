// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Keys and mouse of a ChartView.
#include "views/charts/chartview_p.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>

namespace pilothouse {

qint64 ChartView::timeAt(double x) const
{
    const QRect area = plotArea();
    const double share
        = (std::clamp(x, double(area.left()), double(area.right() + 1)) - area.left())
        / std::max(area.width(), 1);
    return std::min(d->from + qint64(share * double(d->to - d->from)), d->to - 1);
}

void ChartView::keyPressEvent(QKeyEvent *event)
{
    if (!d->timeline)
        return;
    if (event->matches(QKeySequence::Copy))
        return copyTable();
    if (event->matches(QKeySequence::Save))
        return exportTable();
    const int key = event->key();
    if (key >= Qt::Key_0 && key <= Qt::Key_9 && !(event->modifiers() & Qt::ControlModifier))
        return compare(key - Qt::Key_1, true);
    switch (key) {
    case Qt::Key_Left:
        return d->timeline->scrub(-0.1);
    case Qt::Key_Right:
        return d->timeline->scrub(0.1);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return d->timeline->zoom(0.5, d->timeline->crosshair());
    case Qt::Key_Minus:
        return d->timeline->zoom(2, d->timeline->crosshair());
    case Qt::Key_Space:
        return d->timeline->setLive(!d->timeline->isLive());
    case Qt::Key_Home:
        return d->timeline->goLive();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return showData();
    case Qt::Key_Escape:
        if (d->timeline->canZoomBack())
            return d->timeline->zoomBack();
        [[fallthrough]];
    default:
        QWidget::keyPressEvent(event);
    }
}

void ChartView::contextMenuEvent(QContextMenuEvent *event)
{
    if (!d->timeline)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [this, menu](const QString &text, auto slot, const QKeySequence &keys = {}) {
        auto *action = menu->addAction(text, this, slot);
        action->setShortcut(keys);
        action->setShortcutVisibleInContextMenu(true);
        return action;
    };
    add(tr("Show data"), &ChartView::showData, Qt::Key_Return);
    menu->addSeparator();
    add(tr("Copy data"), &ChartView::copyTable, QKeySequence::Copy);
    add(tr("Copy picture"), &ChartView::copyPicture);
    add(tr("Export data (CSV)…"), &ChartView::exportTable, QKeySequence::Save);
    add(tr("Export picture (PNG)…"), &ChartView::exportPicture);
    menu->addSeparator();
    add(
        tr("Show all devices"), [this] { compare(-1, false); }, Qt::Key_0)
        ->setEnabled(!d->timeline->compared().isEmpty());
    add(
        tr("Zoom back"), [this] { d->timeline->zoomBack(); }, Qt::Key_Escape)
        ->setEnabled(d->timeline->canZoomBack());
    add(
        d->timeline->isLive() ? tr("Pause") : tr("Go live"),
        [this] { d->timeline->setLive(!d->timeline->isLive()); }, Qt::Key_Space);
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    menu->popup(byKey ? mapToGlobal(plotArea().center()) : event->globalPos());
}

void ChartView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (plotArea().contains(event->pos()))
        d->pressed = event->pos();
    else if (const int entry = d->legend.entryAt(event->pos()); entry >= 0)
        compare(entry, event->modifiers() & Qt::ControlModifier);
}

void ChartView::mouseMoveEvent(QMouseEvent *event)
{
    if (!d->timeline)
        return;
    const QPoint at = event->pos();
    const bool inside = plotArea().contains(at) || d->pressed;
    d->timeline->setCrosshair(inside ? std::optional(timeAt(at.x())) : std::nullopt);
    constexpr int slack = 4;
    if (d->pressed && std::abs(at.x() - d->pressed->x()) > slack) {
        const qint64 a = timeAt(d->pressed->x()), b = timeAt(at.x());
        d->dragged = std::minmax(a, b);
        d->timeline->requestFrame();
    }
    highlight(d->legend.entryAt(at));
}

void ChartView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    d->pressed.reset();
    const auto range = std::exchange(d->dragged, {});
    if (range && d->timeline)
        d->timeline->zoomTo(range->first, range->second);
}

void ChartView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (d->timeline && plotArea().contains(event->pos()))
        d->timeline->zoomBack();
}

void ChartView::leaveEvent(QEvent *)
{
    highlight(-1);
    if (d->timeline)
        d->timeline->setCrosshair({});
}

} // namespace pilothouse
