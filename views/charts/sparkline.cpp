// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/sparkline.h"

#include "views/charts/curveraster.h"
#include "views/charts/curves.h"

#include <QPainter>

#include <cmath>

namespace pilothouse {

void drawSparkline(QPainter *painter, const QRectF &area, const Curve &curve, const QColor &color,
    double low, double high)
{
    const double ratio = painter->device()->devicePixelRatioF();
    const QSize size(int(curve.columns.size()), int(std::round(area.height() * ratio)));
    if (size.isEmpty())
        return;
    if (low == high) {
        const auto extent = extentOf(curve);
        if (extent.empty)
            return;
        low = extent.low;
        high = extent.high > extent.low ? extent.high : extent.low + 1;
    }
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    rasterCurve(image, curve, {color, low, high, 1.25 * ratio, 72, ratio});
    painter->drawImage(area, image);
}

} // namespace pilothouse
