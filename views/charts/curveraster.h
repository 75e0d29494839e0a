// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <QColor>
#include <QImage>

#include <span>

namespace pilothouse {

/// How one curve is drawn into an image: one column of it for each pixel column.
struct CurveStyle {
    QColor color;
    double low = 0, high = 1; ///< values at the bottom and top pixel centre
    double width = 1.5; ///< of the line, device pixels
    int bandAlpha = 72;
    double padding = 0; ///< device pixels above and below the scale

    bool operator==(const CurveStyle &) const = default;
};

/// What a curve looks like as a whole.
struct CurveShape {
    int reach = 1; ///< columns apart that are still joined, see joinDistance()
    bool band = false; ///< a soft band from minimum to maximum and a line of the last values

    bool operator==(const CurveShape &) const = default;
};
/// `before`: it was a band already, which it stays for a little longer.
CurveShape shapeOf(const Curve &curve, bool before = false);

/// A curve and how to draw it.
struct DrawnCurve {
    const Curve *curve = nullptr;
    CurveStyle style;
    CurveShape shape;
};

/// Makes the pixel columns [from, to) anew: all curves, the first one lowest, by vertical spans:
/// minimum to maximum of each column, joined to its neighbours' first and last value. Gaps stay
/// empty; infinite values run to the edge. A column that is a coarser row's summary is a soft band
/// with a line even in a curve without one. Below is `backdrop`, an opaque colour for each row, or
/// nothing. `image` has 32 bits a pixel (ARGB32_Premultiplied without a backdrop); its pixel
/// columns are the curves' from the left. Positions are rounded to 1/256 pixel; the ends of a span
/// are drawn by coverage.
void rasterCurves(QImage &image, std::span<const DrawnCurve> curves, int from, int to,
    std::span<const QRgb> backdrop = {});

/// One curve over the whole image.
void rasterCurve(QImage &image, const Curve &curve, const CurveStyle &style);

} // namespace pilothouse
