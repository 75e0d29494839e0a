// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/heatlegend.h"

#include "views/fleet/heatcells.h"
#include "views/theme/fonts.h"
#include "views/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

namespace pilothouse {

static constexpr int rampWidth = 160, cell = 14;

HeatLegend::HeatLegend(QWidget *parent)
    : QWidget(parent)
{
    setFont(smallFont());
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setMetric(FleetMetric::Util);
}

void HeatLegend::setMetric(FleetMetric metric)
{
    const bool heat = metric == FleetMetric::Temperature;
    m_least = heat ? QStringLiteral("30\u00a0°C") : QStringLiteral("0\u00a0%");
    m_most = heat ? QStringLiteral("90\u00a0°C") : QStringLiteral("100\u00a0%");
    setAccessibleName(tr("Dark blue is %1, yellow is %2. A triangle is watch, a diamond bad, "
                         "hatched is stale, an empty frame unknown.")
                          .arg(m_least, m_most));
    update();
}

QSize HeatLegend::sizeHint() const
{
    int width = rampWidth + 110;
    for (const auto &word : {tr("watch"), tr("bad"), tr("stale"), tr("unknown")})
        width += fontMetrics().horizontalAdvance(word) + cell + 20;
    return {width, 26};
}

void HeatLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int middle = height() / 2;
    int x = 0;
    const auto say = [&](const QString &text, Token token) {
        const int width = fontMetrics().horizontalAdvance(text);
        painter.setPen(themed(token));
        painter.drawText(QRect(x, 0, width, height()), Qt::AlignVCenter | Qt::AlignLeft, text);
        x += width;
    };
    say(m_least, Token::Text3);
    x += 8;
    QLinearGradient ramp(x, 0, x + rampWidth, 0);
    for (int i = 0; i <= 10; ++i)
        ramp.setColorAt(i / 10.0, heatColor(i / 10.0));
    painter.setPen(Qt::NoPen);
    painter.setBrush(ramp);
    painter.drawRoundedRect(QRectF(x, middle - 4, rampWidth, 8), 3, 3);
    x += rampWidth + 8;
    say(m_most, Token::Text3);
    x += 24;
    CellSprites sprites;
    sprites.prepare(cell, devicePixelRatioF());
    const auto entry = [&](const QString &word, int mark, CellLook::Fill fill) {
        if (mark != 0) {
            paintShape(&painter, QRectF(x, 0, cell, height()),
                mark == 1 ? shapeOf(FleetState::Watch) : shapeOf(FleetState::Bad));
        } else {
            CellLook look;
            look.fill = fill;
            painter.drawPixmap(QPointF(x, middle - cell / 2), sprites.sprite(look));
        }
        x += cell + 6;
        say(word, Token::Text2);
        x += 14;
    };
    entry(tr("watch"), 1, CellLook::Fill::Frame);
    entry(tr("bad"), 2, CellLook::Fill::Frame);
    entry(tr("stale"), 0, CellLook::Fill::Hatched);
    entry(tr("unknown"), 0, CellLook::Fill::Frame);
}

} // namespace pilothouse
