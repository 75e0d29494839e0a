// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/curveraster.h"

#include "views/charts/curves.h"

#include <algorithm>
#include <cmath>

#ifdef __SSE2__
#include <xmmintrin.h>
#endif

namespace pilothouse {

namespace {

constexpr int one = 256; // a pixel in the raster's units
constexpr int tileColumns = 16; // a cache line of the image

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
        constexpr double positive = 1 << 26; // truncated downwards, without a call
        return int(y + (positive + 0.5)) - int(positive);
    }

private:
    double m_high, m_offset, m_scale, m_most;
};

/// Some pixel columns of the image, each one contiguous: spans are written where the cache is,
/// not across the rows of the image.
class PixelTile {
public:
    explicit PixelTile(int height)
        : m_height(height)
        , m_pixels(std::size_t(height) * tileColumns)
    {
    }
    QRgb *column(int x) { return m_pixels.data() + std::size_t(x) * std::size_t(m_height); }
    int height() const { return m_height; }

    void clear(std::span<const QRgb> backdrop)
    {
        if (backdrop.size() != std::size_t(m_height))
            return std::fill(m_pixels.begin(), m_pixels.end(), 0);
        for (int x = 0; x < tileColumns; ++x)
            std::copy(backdrop.begin(), backdrop.end(), column(x));
    }
    void copyTo(QImage &image, int left, int columns) const
    {
        auto *line = reinterpret_cast<QRgb *>(image.bits()) + left;
        const auto stride = image.bytesPerLine() / qsizetype(sizeof(QRgb));
        const auto height = std::size_t(m_height);
        int row = 0;
#ifdef __SSE2__
        // Four by four: read along the columns, written along the rows.
        for (; columns == tileColumns && row + 4 <= m_height; row += 4, line += 4 * stride)
            for (std::size_t x = 0; x < tileColumns; x += 4) {
                const float *from
                    = reinterpret_cast<const float *>(m_pixels.data()) + x * height + row;
                __m128 a = _mm_loadu_ps(from), b = _mm_loadu_ps(from + height),
                       c = _mm_loadu_ps(from + 2 * height), d = _mm_loadu_ps(from + 3 * height);
                _MM_TRANSPOSE4_PS(a, b, c, d);
                auto *to = reinterpret_cast<float *>(line + x);
                _mm_storeu_ps(to, a);
                _mm_storeu_ps(to + stride, b);
                _mm_storeu_ps(to + 2 * stride, c);
                _mm_storeu_ps(to + 3 * stride, d);
            }
#endif
        for (; row < m_height; ++row, line += stride)
            for (int x = 0; x < columns; ++x)
                line[x] = m_pixels[std::size_t(x) * height + std::size_t(row)];
    }

private:
    int m_height;
    std::vector<QRgb> m_pixels;
};

/// Blends spans of one colour into a column of pixels.
class SpanBrush {
public:
    SpanBrush(PixelTile &tile, const QColor &color)
        : m_tile(tile)
        , m_bottom(tile.height() * one)
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
        QRgb *pixel = m_tile.column(x) + first;
        if (first == last)
            return blend(*pixel, part(span.bottom - span.top, alpha));
        blend(*pixel, part((first + 1) * one - span.top, alpha));
        ++pixel;
        if (alpha == 255) {
            for (int row = first + 1; row < last; ++row)
                *pixel++ = m_solid;
        } else {
            for (int row = first + 1; row < last; ++row)
                blend(*pixel++, quint32(alpha));
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

    PixelTile &m_tile;
    int m_bottom;
    QRgb m_solid;
};

/// The spans of one curve in the columns [from, to).
class CurveSpans {
public:
    CurveSpans(const DrawnCurve &drawn, int height, int from, int to)
        : m_columns(drawn.curve->columns)
        , m_shape(drawn.shape)
        , m_heights(drawn.style, height)
        , m_half(int(std::floor(drawn.style.width * one / 2 + 0.5)))
        , m_bandAlpha(drawn.style.bandAlpha)
        , m_from(from)
        , m_to(std::min(to, int(m_columns.size())))
        , m_lines(std::size_t(std::max(m_to - m_from, 0)) + 2, none)
    {
        if (m_from < m_to)
            fill();
    }

    /// Columns [left, right) into a tile that begins at `left`.
    void paint(const SpanBrush &brush, int left, int right) const
    {
        for (int x = left; x < std::min(right, m_to); ++x) {
            if (!m_bands.empty())
                brush.paint(x - left, m_bands[std::size_t(x - m_from)], m_bandAlpha);
            auto line = m_lines[std::size_t(x - m_from + 1)];
            if (line.top > line.bottom)
                continue;
            line.top -= m_half;
            line.bottom += m_half;
            brush.paint(x - left, line, 255);
        }
    }

private:
    static constexpr YSpan none{1 << 30, -(1 << 30)};

    const Column &at(int x) const { return m_columns[std::size_t(x)]; }
    /// What lies outside of the range shares the first and the last place.
    YSpan &line(int x)
    {
        return m_lines[std::size_t(std::clamp(x - m_from + 1, 0, m_to - m_from + 1))];
    }

    void fill()
    {
        const int count = int(m_columns.size());
        int start = m_from;
        for (int i = m_from - 1; i >= 0 && i >= m_from - m_shape.reach; --i)
            if (at(i).count > 0) {
                start = i;
                break;
            }
        int before = -1, left = 0;
        for (int x = start; x < count; ++x) {
            const auto &column = at(x);
            if (column.count == 0) {
                // Only a join can still bring something into the range.
                if (x >= m_to && (before < 0 || x - before >= m_shape.reach))
                    break;
                continue;
            }
            const int last = m_heights.of(column.last);
            int first = last;
            YSpan own{last, last};
            if (m_shape.band || isSummary(column)) {
                setBand(x, {m_heights.of(column.max) - m_half, m_heights.of(column.min) + m_half});
            } else if (column.count > 1) {
                own = {m_heights.of(column.max), m_heights.of(column.min)};
                first = m_heights.of(column.first);
            }
            if (before == x - 1 && before >= 0) {
                const int middle = left + ((first - left) >> 1);
                line(before).add(middle);
                own.add(middle);
            }
            auto &mine = line(x);
            mine.add(own.top);
            mine.add(own.bottom);
            if (before >= 0 && x - before > 1 && x - before <= m_shape.reach)
                join(before, left, x, first);
            if (x >= m_to)
                break;
            before = x;
            left = last;
        }
    }

    void setBand(int x, YSpan span)
    {
        if (x < m_from || x >= m_to)
            return;
        if (m_bands.empty())
            m_bands.resize(std::size_t(m_to - m_from));
        m_bands[std::size_t(x - m_from)] = span;
    }

    /// The way between two filled columns is shared by those it crosses.
    void join(int a, int from, int b, int to)
    {
        const qint64 steps = 2 * qint64(b - a), rise = to - from;
        for (int j = std::max(m_from - a, 1); a + j <= b && a + j - 1 < m_to; ++j) {
            const qint64 part = rise * (2 * j - 1);
            // Rounded down for either sign.
            const int y = from + int(part >= 0 ? part / steps : -((steps - 1 - part) / steps));
            line(a + j - 1).add(y);
            line(a + j).add(y);
        }
    }

    const std::vector<Column> &m_columns;
    CurveShape m_shape;
    Heights m_heights;
    int m_half, m_bandAlpha, m_from, m_to;
    std::vector<YSpan> m_lines, m_bands; // lines: one more at either end; bands: only if any
};

} // namespace

CurveShape shapeOf(const Curve &curve, bool before)
{
    const auto spacing = spacingOf(curve);
    return {joinDistance(spacing), isDecimated(spacing, before)};
}

void rasterCurves(QImage &image, std::span<const DrawnCurve> curves, int from, int to,
    std::span<const QRgb> backdrop)
{
    from = std::max(from, 0);
    to = std::min(to, image.width());
    PixelTile pixels(image.height());
    std::vector<CurveSpans> spans;
    std::vector<SpanBrush> brushes;
    spans.reserve(curves.size());
    brushes.reserve(curves.size());
    for (const auto &drawn : curves) {
        spans.emplace_back(drawn, image.height(), from, to);
        brushes.emplace_back(pixels, drawn.style.color);
    }
    for (int left = from; left < to; left += tileColumns) {
        const int right = std::min(left + tileColumns, to);
        pixels.clear(backdrop);
        for (std::size_t i = 0; i < curves.size(); ++i)
            spans[i].paint(brushes[i], left, right);
        pixels.copyTo(image, left, right - left);
    }
}

void rasterCurve(QImage &image, const Curve &curve, const CurveStyle &style)
{
    const DrawnCurve drawn{&curve, style, shapeOf(curve)};
    rasterCurves(image, {&drawn, 1}, 0, image.width());
}

} // namespace pilothouse
