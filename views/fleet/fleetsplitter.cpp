// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/fleetsplitter.h"

#include "views/theme/theme.h"

#include <QPainter>

namespace pilothouse {

namespace {

class FleetSplitterHandle : public QSplitterHandle {
public:
    explicit FleetSplitterHandle(QSplitter *splitter)
        : QSplitterHandle(Qt::Vertical, splitter)
    {
        setAttribute(Qt::WA_Hover);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(themed(underMouse() ? Token::Text3 : Token::Line));
        painter.drawRoundedRect(QRectF(width() / 2.0 - 16, height() / 2.0 - 1.5, 32, 3), 1.5, 1.5);
    }
};

} // namespace

FleetSplitter::FleetSplitter(QWidget *parent)
    : QSplitter(Qt::Vertical, parent)
{
}

QSplitterHandle *FleetSplitter::createHandle()
{
    return new FleetSplitterHandle(this);
}

} // namespace pilothouse
