// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/curveraster.h"

#include "views/charts/curves.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pilothouse {

namespace {

constexpr int one = 256; // a pixel in the raster's units
constexpr int tileColumns = 64; // of all curves after each other: they stay in the cache

struct YSpan {
    int top = 0, bottom = 0; ///< empty unless top < bottom

    void add(int y)
    {
        top = std::min(top, y);
        bottom = std::max(bottom, y);
    }
};

/// Values to heights.
class Heights {
public:
    Heights(const CurveStyle &style, int height)
        : m_high(style.high)
        , m_offset((style.padding + 0.5) * one)
        , m_scale(style.high > style.low
                  ? (height - 1 - 2 * style.padding) / (style.high - style.low) * one
                  : 0)
        , m_most(4.0 * one * height)
    {
    }
    int of(double value) const
    {
        const double y = m_offset + (m_high - value) * m_scale;
        // The comparison is false for what infinity times zero gives.
        if (!(std::abs(y) <= m_most))
            return int(value > m_high ? -m_most : m_most);
        return int(std::floor(y + 0.5));
    }

private:
    double m_high, m_offset, m_scale, m_most;
};

/// Blends spans of one colour into a column of pixels.
class SpanBrush {
public:
    SpanBrush(QImage &image, const QColor &color)
        : m_bits(reinterpret_cast<QRgb *>(image.bits()))
        , m_stride(image.bytesPerLine() / qsizetype(sizeof(QRgb)))
        , m_bottom(image.height() * one)
        , m_solid(color.rgb() | 0xff000000)
    {
    }

    void paint(int x, YSpan span, int alpha) const
    {
        span.top = std::max(span.top, 0);
        span.bottom = std::min(span.bottom, m_bottom);
        if (span.top >= span.bottom)
            return;
        const int first = span.top / one, last = (span.bottom - 1) / one;
        QRgb *pixel = m_bits + first * m_stride + x;
        if (first == last)
            return blend(*pixel, part(span.bottom - span.top, alpha));
        blend(*pixel, part((first + 1) * one - span.top, alpha));
        pixel += m_stride;
        if (alpha == 255) {
            for (int row = first + 1; row < last; ++row, pixel += m_stride)
                *pixel = m_solid;
        } else {
            for (int row = first + 1; row < last; ++row, pixel += m_stride)
                blend(*pixel, quint32(alpha));
        }
        blend(*pixel, part(span.bottom - last * one, alpha));
    }

private:
    static quint32 part(int covered, int alpha)
    {
        return quint32((covered * alpha + one / 2) / one);
    }
    /// Rounded exactly: x / 255 is (x + 128 + (x + 128) / 256) / 256 up to 255 * 255.
    void blend(QRgb &pixel, quint32 alpha) const
    {
        constexpr quint32 lanes = 0x00ff00ff, half = 0x00800080;
        const quint32 rest = 255 - alpha;
        quint32 low = (m_solid & lanes) * alpha + (pixel & lanes) * rest + half;
        quint32 high = ((m_solid >> 8) & lanes) * alpha + ((pixel >> 8) & lanes) * rest + half;
        low = ((low + ((low >> 8) & lanes)) >> 8) & lanes;
        high = (high + ((high >> 8) & lanes)) & ~lanes;
        pixel = low | high;
    }

    QRgb *m_bits;
    qsizetype m_stride;
    int m_bottom;
    QRgb m_solid;
};

/// The spans of one curve in a tile.
class CurveTile {
public:
    CurveTile(const DrawnCurve &drawn, int height)
        : m_columns(drawn.curve->columns)
        , m_shape(drawn.shape)
        , m_heights(drawn.style, height)
        , m_half(int(std::floor(drawn.style.width * one / 2 + 0.5)))
    {
    }

    void fill(int from, int to)
    {
        m_from = from;
        m_to = to;
        std::fill_n(m_lines.begin(), to - from, none);
        std::fill_n(m_bands.begin(), to - from, YSpan());
        const int count = int(m_columns.size());
        int before = -1, x = from;
        for (int i = from - 1; i >= 0 && i >= from - m_shape.reach; --i)
            if (at(i).count > 0) {
                before = x = i;
                break;
            }
        int left = before >= 0 ? enter(before).last : 0;
        for (x = std::max(before + 1, from); x < count; ++x) {
            if (at(x).count == 0) {
                // Only a join can still bring something into the tile.
                if (x >= to && (before < 0 || x - before >= m_shape.reach))
                    break;
                continue;
            }
            const auto ends = enter(x);
            if (before >= 0 && x - before <= m_shape.reach)
                join(before, left, x, ends.first);
            if (x >= to)
                break;
            before = x;
            left = ends.last;
        }
    }

    void paint(const SpanBrush &brush, int bandAlpha) const
    {
        for (int x = m_from; x < m_to; ++x) {
            const auto &band = m_bands[std::size_t(x - m_from)];
            if (band.top < band.bottom)
                brush.paint(x, band, bandAlpha);
            auto line = m_lines[std::size_t(x - m_from)];
            if (line.top > line.bottom)
                continue;
            line.top -= m_half;
            line.bottom += m_half;
            brush.paint(x, line, 255);
        }
    }

private:
    static constexpr YSpan none{1 << 30, -(1 << 30)};
    struct Ends {
        int first, last;
    };

    const Column &at(int x) const { return m_columns[std::size_t(x)]; }
    void reaches(int x, int y)
    {
        if (x >= m_from && x < m_to)
            m_lines[std::size_t(x - m_from)].add(y);
    }

    /// The column's own span; where its line begins and ends.
    Ends enter(int x)
    {
        const auto &column = at(x);
        const int last = m_heights.of(column.last);
        if (m_shape.band || isSummary(column)) {
            reaches(x, last);
            if (x >= m_from && x < m_to)
                m_bands[std::size_t(x - m_from)]
                    = {m_heights.of(column.max) - m_half, m_heights.of(column.min) + m_half};
            return {last, last};
        }
        if (column.count == 1) {
            reaches(x, last);
            return {last, last};
        }
        reaches(x, m_heights.of(column.min));
        reaches(x, m_heights.of(column.max));
        return {m_heights.of(column.first), last};
    }

    /// The way between two filled columns is shared by those it crosses.
    void join(int a, int from, int b, int to)
    {
        const qint64 steps = 2 * qint64(b - a), rise = to - from;
        for (int j = std::max(m_from - a, 1); a + j <= b && a + j - 1 < m_to; ++j) {
            const qint64 part = rise * (2 * j - 1);
            // Rounded down for either sign.
            const int y = from + int(part >= 0 ? part / steps : -((steps - 1 - part) / steps));
            reaches(a + j - 1, y);
            reaches(a + j, y);
        }
    }

    const std::vector<Column> &m_columns;
    CurveShape m_shape;
    Heights m_heights;
    int m_half, m_from = 0, m_to = 0;
    std::array<YSpan, tileColumns> m_lines, m_bands;
};

} // namespace

CurveShape shapeOf(const Curve &curve)
{
    return {joinDistance(curve), isDecimated(curve)};
}

void rasterCurves(QImage &image, std::span<const DrawnCurve> curves, int from, int to)
{
    std::vector<CurveTile> tiles;
    std::vector<SpanBrush> brushes;
    tiles.reserve(curves.size());
    brushes.reserve(curves.size());
    for (const auto &drawn : curves) {
        tiles.emplace_back(drawn, image.height());
        brushes.emplace_back(image, drawn.style.color);
    }
    to = std::min(to, image.width());
    for (int left = std::max(from, 0); left < to; left += tileColumns) {
        for (std::size_t i = 0; i < curves.size(); ++i) {
            const int right
                = std::min({left + tileColumns, to, int(curves[i].curve->columns.size())});
            if (left >= right)
                continue;
            tiles[i].fill(left, right);
            tiles[i].paint(brushes[i], curves[i].style.bandAlpha);
        }
    }
}

void rasterCurve(QImage &image, const Curve &curve, const CurveStyle &style)
{
    const DrawnCurve drawn{&curve, style, shapeOf(curve)};
    rasterCurves(image, {&drawn, 1}, 0, image.width());
}

} // namespace pilothouse
