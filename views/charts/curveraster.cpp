// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/curveraster.h"

#include "views/charts/curves.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

class SpanPainter {
public:
    SpanPainter(QImage &image, const CurveStyle &style)
        : m_bits(reinterpret_cast<QRgb *>(image.bits()))
        , m_stride(image.bytesPerLine() / qsizetype(sizeof(QRgb)))
        , m_height(image.height())
        , m_color(style.color)
        , m_half(style.width / 2)
        , m_high(style.high)
        , m_offset(style.padding + 0.5)
        , m_scale(style.high > style.low
                  ? (image.height() - 1 - 2 * style.padding) / (style.high - style.low)
                  : 0)
    {
    }
    double y(double value) const { return m_offset + (m_high - value) * m_scale; }

    /// A stroke of the line's width from `a` to `b` in column `x`, its ends by coverage.
    void line(int x, double a, double b)
    {
        span(x, std::min(a, b) - m_half, std::max(a, b) + m_half, 255);
    }
    void span(int x, double top, double bottom, int alpha)
    {
        top = std::max(top, 0.0);
        bottom = std::min(bottom, double(m_height));
        if (!(top < bottom))
            return;
        const int first = int(top), last = std::min(int(std::ceil(bottom)), m_height) - 1;
        QRgb *pixel = m_bits + first * m_stride + x;
        for (int row = first; row <= last; ++row, pixel += m_stride) {
            double cover = 1;
            if (row < top)
                cover -= top - row;
            if (row + 1 > bottom)
                cover -= row + 1 - bottom;
            blend(*pixel, int(cover * alpha + 0.5));
        }
    }

private:
    void blend(QRgb &pixel, int alpha) const
    {
        if (alpha >= 255) {
            pixel = m_color.rgb() | 0xff000000;
            return;
        }
        const auto mix = [alpha](int source, int target) {
            return (source * alpha + target * (255 - alpha) + 127) / 255;
        };
        pixel = qRgba(mix(m_color.red(), qRed(pixel)), mix(m_color.green(), qGreen(pixel)),
            mix(m_color.blue(), qBlue(pixel)), mix(255, qAlpha(pixel)));
    }

    QRgb *m_bits;
    qsizetype m_stride;
    int m_height;
    QColor m_color;
    double m_half, m_high, m_offset, m_scale;
};

} // namespace

void rasterCurve(QImage &image, const Curve &curve, const CurveStyle &style)
{
    SpanPainter paint(image, style);
    const int count = std::min(int(curve.columns.size()), image.width());
    const int reach = joinDistance(curve);
    const bool band = isDecimated(curve);
    int before = -1;
    for (int x = 0; x < count; ++x) {
        const auto &column = curve.columns[std::size_t(x)];
        if (column.count == 0)
            continue;
        const double first = paint.y(band ? column.last : column.first);
        double low = band ? first : paint.y(column.max), high = band ? first : paint.y(column.min);
        if (band)
            paint.span(x, paint.y(column.max) - style.width / 2,
                paint.y(column.min) + style.width / 2, style.bandAlpha);
        if (before >= 0 && x - before <= reach) {
            // The way from the neighbour is shared by the columns it crosses.
            const double from = paint.y(curve.columns[std::size_t(before)].last);
            const double slope = (first - from) / (x - before);
            for (int between = before + 1; between < x; ++between)
                paint.line(between, from + slope * (between - before - 0.5),
                    from + slope * (between - before + 0.5));
            const double middle = first - slope / 2;
            low = std::min(low, middle);
            high = std::max(high, middle);
        }
        // Towards the next one.
        int next = x + 1;
        while (next < count && next - x <= reach && curve.columns[std::size_t(next)].count == 0)
            ++next;
        if (next < count && next - x <= reach) {
            const auto &after = curve.columns[std::size_t(next)];
            const double last = paint.y(column.last);
            const double middle
                = last + (paint.y(band ? after.last : after.first) - last) / (next - x) / 2;
            low = std::min(low, middle);
            high = std::max(high, middle);
        }
        paint.line(x, low, high);
        before = x;
    }
}

} // namespace pilothouse
