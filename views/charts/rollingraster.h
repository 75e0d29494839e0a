// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/curveraster.h"

namespace pilothouse {

/// The picture of all curves of a chart, kept from frame to frame: when time moved on by whole
/// columns it is shifted and only the columns that differ are drawn. Always the same pixels as
/// drawn anew.
class RollingRaster {
public:
    /// What the last update() had to draw.
    enum class Drawn { Nothing, Columns, Everything };

    /// `styles` pairs with `curves`; all curves have the same range and number of columns, which is
    /// the image's width. `hidden` curves take no part.
    Drawn update(std::vector<Curve> curves, const std::vector<CurveStyle> &styles,
        const std::vector<bool> &hidden, int height);

    void forget() { m_curves.clear(); } ///< the next update() draws everything
    /// An opaque colour for each row, below the curves; without it the picture is transparent.
    void setBackdrop(std::vector<QRgb> backdrop);

    const QImage &image() const { return m_image; }
    const std::vector<Curve> &curves() const { return m_curves; }
    bool isBand(std::size_t curve) const { return curve < m_shapes.size() && m_shapes[curve].band; }
    int drawnColumns() const { return m_drawnColumns; } ///< by the last update()

private:
    void draw(int from, int to);

    QImage m_image;
    std::vector<QRgb> m_backdrop;
    std::vector<Curve> m_curves;
    std::vector<CurveStyle> m_styles;
    std::vector<CurveShape> m_shapes;
    std::vector<bool> m_hidden;
    int m_drawnColumns = 0;
};

} // namespace pilothouse
