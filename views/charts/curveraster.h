// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <QColor>
#include <QImage>

namespace pilothouse {

/// How one curve is drawn into an image: one column of it for each pixel column.
struct CurveStyle {
    QColor color;
    double low = 0, high = 1; ///< values at the bottom and top pixel centre
    double width = 1.5; ///< of the line, device pixels
    int bandAlpha = 72;
    double padding = 0; ///< device pixels above and below the scale
};

/// Draws `curve` by vertical spans: minimum to maximum of each column, joined to its neighbours'
/// first and last value. Gaps stay empty. A decimated curve gets a soft band and a line of its last
/// values. `image` is ARGB32_Premultiplied; its pixel columns are the curve's from the left.
void rasterCurve(QImage &image, const Curve &curve, const CurveStyle &style);

} // namespace pilothouse
