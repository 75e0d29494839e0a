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

/// The pixels of one column that a span covers, and with what alpha its ends do.
struct PixelSpan {
    quint16 first = 0, last = 0; ///< rows, both of them inside
    quint16 top = 0, bottom = 0; ///< alpha of these two; only `top` counts where they are one

    bool operator==(const PixelSpan &) const = default;
};
/// Of a column of `height` pixels. An empty span has nothing but zeros.
PixelSpan pixelSpan(YSpan span, int height, int alpha);

/// Some pixel columns of an image, each one contiguous and all of them in the second-level cache:
/// spans are written there, not across the rows of the image.
class PixelTile {
public:
    static constexpr int columns = 64;

    explicit PixelTile(int height);
    QRgb *column(int x) { return m_pixels.data() + std::size_t(x) * m_stride; }
    int height() const { return m_height; }
    std::size_t stride() const { return m_stride; } ///< from column to column

    /// `backdrop`: a colour for each row, or nothing.
    void clear(std::span<const QRgb> backdrop);
    /// The first `count` columns to `image`, their upper left corner to `at`.
    void copyTo(const QImage &image, QPoint at, int count) const;

private:
    int m_height;
    std::size_t m_stride;
    std::vector<QRgb> m_pixels;
};

/// Blends spans of one colour and alpha into a tile. Blending rounds exactly.
class SpanBrush {
public:
    SpanBrush() = default;
    SpanBrush(const QColor &color, int alpha)
        : m_color(color.rgb() | 0xff000000)
        , m_alpha(quint32(alpha))
    {
    }
    /// One span for each of the tile's first columns.
    void paint(PixelTile &tile, std::span<const PixelSpan> spans) const;

private:
    QRgb m_color = 0;
    quint32 m_alpha = 0;
};

} // namespace pilothouse
