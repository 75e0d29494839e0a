// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/faststrip.h"

#include "core/base/units.h"
#include "views/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace pilothouse {

static constexpr qint64 gapNs = 350'000'000; // three samples that did not come

FastStrip::FastStrip(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(48);
}

QSize FastStrip::sizeHint() const
{
    return {320, 48};
}

void FastStrip::setName(const QString &name, double powerLimitWatts)
{
    m_name = name;
    m_limit = powerLimitWatts;
}

void FastStrip::add(qint64 wallNs, double busyRatio, double watts)
{
    if (!m_samples.empty() && wallNs <= m_samples.back().wallNs)
        m_samples.clear(); // the node's clock went back
    m_samples.push_back({wallNs, busyRatio, watts});
    const auto word = [](double value, const char *unit) {
        return formatValue(
            std::isnan(value) ? std::nullopt : std::optional(value), QString::fromLatin1(unit));
    };
    setAccessibleName(tr("%1, ten times a second: %2 busy, %3")
                          .arg(m_name, word(busyRatio, "ratio"), word(watts, "watts")));
    moveTo(wallNs);
}

void FastStrip::moveTo(qint64 wallNs)
{
    m_right = wallNs;
    while (!m_samples.empty() && m_samples.front().wallNs < m_right - shownNs - gapNs)
        m_samples.pop_front();
    update();
}

void FastStrip::paintCurve(QPainter &painter, const QRectF &area, double Sample::*value, double top,
    const QColor &color, bool filled) const
{
    QPainterPath line, fill;
    const Sample *before = nullptr;
    double lastX = 0;
    const auto close = [&] {
        if (before && filled)
            fill.lineTo(lastX, area.bottom());
    };
    for (const auto &sample : m_samples) {
        if (std::isnan(sample.*value)) {
            close();
            before = nullptr;
            continue;
        }
        const double x
            = area.right() - double(m_right - sample.wallNs) / double(shownNs) * area.width();
        const double y = area.bottom() - std::clamp(sample.*value / top, 0.0, 1.0) * area.height();
        if (!before || sample.wallNs - before->wallNs > gapNs) {
            close();
            line.moveTo(x, y);
            fill.moveTo(x, area.bottom());
        } else {
            line.lineTo(x, y);
        }
        fill.lineTo(x, y);
        before = &sample;
        lastX = x;
    }
    close();
    if (filled) {
        QColor weak = color;
        weak.setAlphaF(0.25F);
        painter.fillPath(fill, weak);
    }
    painter.strokePath(line, QPen(color, 1.5));
}

void FastStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area = QRectF(rect()).adjusted(1, 2, -1, -2);
    painter.setPen(QPen(themed(Token::Line), Theme::instance().lineWidth()));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.setClipRect(area);
    double top = m_limit;
    for (const auto &sample : m_samples) {
        if (sample.watts > top)
            top = sample.watts;
    }
    paintCurve(painter, area, &Sample::busyRatio, 1, Theme::instance().series(0), true);
    if (top > 0)
        paintCurve(painter, area, &Sample::watts, top, Theme::instance().series(1), false);
}

} // namespace pilothouse
