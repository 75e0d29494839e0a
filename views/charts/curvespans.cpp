// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/curvespans.h"

#include "views/charts/curves.h"

#include <algorithm>
#include <cmath>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace pilothouse {

namespace {

/// Values to heights in 1 / rasterUnit pixels, rounded; what is far outside or infinite is four
/// pictures away.
class Heights {
public:
    struct Four {
        int least, most, first, last; ///< of these values; most is above least: a smaller number
    };

    Heights(const CurveStyle &style, int height)
        : m_high(style.high)
        , m_offset((style.padding + 0.5) * rasterUnit)
        , m_scale(style.high > style.low
                  ? (height - 1 - 2 * style.padding) / (style.high - style.low) * rasterUnit
                  : 0)
        , m_most(4.0 * rasterUnit * height)
    {
    }
    Four of(const Column &column) const
    {
#ifdef __SSE2__
        static_assert(offsetof(Column, max) == 8 && offsetof(Column, last) == 24);
        if (m_scale != 0) {
            alignas(16) int y[4];
            const __m128i low = pair(&column.min), high = pair(&column.first);
            _mm_store_si128(reinterpret_cast<__m128i *>(y), _mm_unpacklo_epi64(low, high));
            return {y[0], y[1], y[2], y[3]};
        }
#endif
        return {one(column.min), one(column.max), one(column.first), one(column.last)};
    }

private:
    static constexpr double positive = 1 << 26; // truncated downwards, without a call

    int one(double value) const
    {
        const double y = m_offset + (m_high - value) * m_scale;
        // The comparison is false for what infinity times zero gives.
        if (!(std::abs(y) <= m_most))
            return int(value > m_high ? -m_most : m_most);
        return int(y + (positive + 0.5)) - int(positive);
    }
#ifdef __SSE2__
    __m128i pair(const double *values) const
    {
        __m128d y = _mm_sub_pd(_mm_set1_pd(m_high), _mm_loadu_pd(values));
        y = _mm_add_pd(_mm_set1_pd(m_offset), _mm_mul_pd(y, _mm_set1_pd(m_scale)));
        y = _mm_max_pd(_mm_min_pd(y, _mm_set1_pd(m_most)), _mm_set1_pd(-m_most));
        return _mm_sub_epi32(_mm_cvttpd_epi32(_mm_add_pd(y, _mm_set1_pd(positive + 0.5))),
            _mm_set1_epi32(int(positive)));
    }
#endif

    double m_high, m_offset, m_scale, m_most;
};

} // namespace

CurveSpans::CurveSpans(const DrawnCurve &drawn, int height, int from, int to)
    : m_brush(height, drawn.style.color)
    , m_height(height)
    , m_half(int(std::floor(drawn.style.width * rasterUnit / 2 + 0.5)))
    , m_bandAlpha(drawn.style.bandAlpha)
    , m_from(from)
    , m_to(std::min(to, int(drawn.curve->columns.size())))
    , m_origin(from - drawn.shape.reach)
{
    if (m_from >= m_to)
        return;
    m_lines.assign(std::size_t(m_to - m_from + 2 * drawn.shape.reach), none);
    fill(drawn, height);
}

void CurveSpans::paint(PixelTile &tile, int left, int right) const
{
    right = std::min(right, m_to);
    if (!m_bands.empty())
        for (int x = left; x < right; ++x)
            m_brush.paint(tile.column(x - left), m_bands[std::size_t(x - m_from)], m_bandAlpha);
    const YSpan *lines = m_lines.data() - m_origin;
    for (int x = left; x < right; ++x)
        if (const auto line = lines[x]; line.top <= line.bottom)
            m_brush.paint(tile.column(x - left), {line.top - m_half, line.bottom + m_half}, 255);
}

void CurveSpans::fill(const DrawnCurve &drawn, int height)
{
    const auto &columns = drawn.curve->columns;
    const auto at = [&columns](int x) -> const Column & { return columns[std::size_t(x)]; };
    const int count = int(columns.size()), reach = drawn.shape.reach;
    const bool band = drawn.shape.band;
    const Heights heights(drawn.style, height);
    int start = m_from;
    for (int i = m_from - 1; i >= 0 && i >= m_from - reach; --i)
        if (at(i).count > 0) {
            start = i;
            break;
        }
    const int end = std::min(count, m_to + reach);
    int before = -1, left = 0;
    for (int x = start; x < end; ++x) {
        const auto &column = at(x);
        if (column.count == 0) {
            // Only a join can still bring something into the range.
            if (x >= m_to && (before < 0 || x - before >= reach))
                break;
            continue;
        }
        const auto y = heights.of(column);
        YSpan own{y.most, y.least};
        int first = y.first;
        if (band || isSummary(column)) {
            setBand(x, {y.most - m_half, y.least + m_half});
            own = {y.last, y.last};
            first = y.last;
        }
        if (before == x - 1 && before >= 0) {
            const int middle = left + ((first - left) >> 1);
            line(before).add(middle);
            own.add(middle);
        }
        auto &mine = line(x);
        mine.add(own.top);
        mine.add(own.bottom);
        if (before >= 0 && x - before > 1 && x - before <= reach)
            join(before, left, x, first);
        if (x >= m_to)
            break;
        before = x;
        left = y.last;
    }
}

void CurveSpans::setBand(int x, YSpan span)
{
    if (x < m_from || x >= m_to)
        return;
    if (m_bands.empty())
        m_bands.resize(std::size_t(m_to - m_from));
    m_bands[std::size_t(x - m_from)] = span;
}

/// The way between two filled columns is shared by those it crosses.
void CurveSpans::join(int a, int from, int b, int to)
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

} // namespace pilothouse
