// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>

#include <span>
#include <vector>

namespace pilothouse {

/// To write to an image that is not shared, or that is a painter's target now: it is not copied.
inline QRgb *pixelsOf(const QImage &image, QPoint at)
{
    const auto *line = reinterpret_cast<const QRgb *>(image.constScanLine(at.y()));
    return const_cast<QRgb *>(line) + at.x();
}

/// A pixel in the raster's units of height.
constexpr int rasterUnit = 256;

/// From top (inside) to bottom (outside), in 1 / rasterUnit pixels; empty unless top < bottom.
struct YSpan {
    int top = 0, bottom = 0;

    void add(int y)
    {
        top = y < top ? y : top;
        bottom = y > bottom ? y : bottom;
    }
};

/// Some pixel columns of an image, each one contiguous and all of them in the first-level cache:
/// spans are written there, not across the rows of the image.
class PixelTile {
public:
    static constexpr int columns = 16;

    explicit PixelTile(int height);
    QRgb *column(int x) { return m_pixels.data() + std::size_t(x) * m_stride; }
    int height() const { return m_height; }

    /// `backdrop`: a colour for each row, or nothing.
    void clear(std::span<const QRgb> backdrop);
    /// The first `count` columns to `image`, their upper left corner to `at`.
    void copyTo(const QImage &image, QPoint at, int count) const;

private:
    int m_height;
    std::size_t m_stride;
    std::vector<QRgb> m_pixels;
};

/// Blends spans of one colour into a column of a tile, whose ends are drawn by coverage. Blending
/// rounds exactly.
class SpanBrush {
public:
    SpanBrush(int height, const QColor &color)
        : m_bottom(height * rasterUnit)
        , m_solid(color.rgb() | 0xff000000)
    {
    }
    void paint(QRgb *column, YSpan span, int alpha) const;

private:
    int m_bottom;
    QRgb m_solid;
};

} // namespace pilothouse
