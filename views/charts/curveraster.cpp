// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/curveraster.h"

#include "views/charts/curves.h"
#include "views/charts/curvespans.h"

#include <algorithm>
#include <utility>

namespace pilothouse {

CurveShape shapeOf(const Curve &curve, bool before)
{
    const auto spacing = spacingOf(curve);
    return {joinDistance(spacing), isDecimated(spacing, before)};
}

void rasterSpans(
    const QImage &target, QPoint at, std::span<const CurveSpans> curves, const RasterPart &part)
{
    PixelTile tile(part.height);
    // Whole cache lines of the target, if its rows begin at one.
    constexpr int columns = PixelTile::columns;
    int right = part.from + columns - (at.x() + part.from) % columns;
    for (int left = part.from; left < part.to; left = std::exchange(right, right + columns)) {
        const int end = std::min(right, part.to);
        tile.clear(part.backdrop);
        for (const auto &curve : curves)
            curve.paint(tile, left, end);
        tile.copyTo(target, at + QPoint(left, 0), end - left);
    }
}

void rasterCurves(QImage &image, std::span<const DrawnCurve> curves, int from, int to,
    std::span<const QRgb> backdrop)
{
    const RasterPart part{std::max(from, 0), std::min(to, image.width()), image.height(), backdrop};
    std::vector<CurveSpans> spans(curves.size());
    for (std::size_t i = 0; i < curves.size(); ++i)
        spans[i].make(curves[i], image.height(), part.from, part.to);
    image.detach();
    rasterSpans(image, {}, spans, part);
}

void rasterCurve(QImage &image, const Curve &curve, const CurveStyle &style)
{
    const DrawnCurve drawn{&curve, style, shapeOf(curve)};
    rasterCurves(image, {&drawn, 1}, 0, image.width());
}

} // namespace pilothouse
