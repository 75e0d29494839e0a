// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/curveraster.h"
#include "views/charts/pixeltile.h"

namespace pilothouse {

/// What one curve covers in each pixel column of a picture: from minimum to maximum, joined to its
/// neighbours' first and last value. Equal spans are equal pixels.
class CurveSpans {
public:
    /// The columns [from, to) of a picture of `height` pixels; what was here before only gives its
    /// memory.
    void make(const DrawnCurve &drawn, int height, int from, int to);
    void clear();

    /// Columns [left, right) into a tile that begins at `left`.
    void paint(PixelTile &tile, int left, int right) const;
    /// The first column from `from` on that does not look like the one of `before` that is `shift`
    /// columns further right; the number of columns if all do.
    int firstChange(const CurveSpans &before, int shift, int from) const;

private:
    SpanBrush m_lineBrush, m_bandBrush;
    int m_from = 0;
    std::vector<PixelSpan> m_lines, m_bands; // bands: only if there are any
};

/// The part of a picture that is to be made: its columns [from, to).
struct RasterPart {
    int from = 0, to = 0;
    int height = 0; ///< of the picture
    std::span<const QRgb> backdrop; ///< see rasterCurves()
};
/// The same as rasterCurves() for curves whose spans are known. The picture's left upper corner is
/// at `at` of `target`, which is written to even if it is shared.
void rasterSpans(
    const QImage &target, QPoint at, std::span<const CurveSpans> curves, const RasterPart &part);

} // namespace pilothouse
