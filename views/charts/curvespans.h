// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/curveraster.h"
#include "views/charts/pixeltile.h"

namespace pilothouse {

/// What one curve covers in each of some pixel columns: from minimum to maximum, joined to its
/// neighbours' first and last value.
class CurveSpans {
public:
    /// The columns [from, to) of an image of `height` pixels.
    CurveSpans(const DrawnCurve &drawn, int height, int from, int to);

    int height() const { return m_height; }
    /// Columns [left, right) into a tile that begins at `left`.
    void paint(PixelTile &tile, int left, int right) const;

private:
    static constexpr YSpan none{1 << 30, -(1 << 30)};

    void fill(const DrawnCurve &drawn, int height);
    void join(int a, int from, int b, int to);
    void setBand(int x, YSpan span);
    /// Also of columns outside of the range, as far as joins reach.
    YSpan &line(int x) { return m_lines[std::size_t(x - m_origin)]; }

    SpanBrush m_brush;
    int m_height, m_half, m_bandAlpha, m_from, m_to, m_origin;
    std::vector<YSpan> m_lines, m_bands; // bands: only if there are any
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
