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
    struct alignas(16) Four {
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
            Four y;
            const __m128i low = pair(&column.min), high = pair(&column.first);
            _mm_store_si128(reinterpret_cast<__m128i *>(&y), _mm_unpacklo_epi64(low, high));
            return y;
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

int halfWidth(const CurveStyle &style)
{
    return int(std::floor(style.width * rasterUnit / 2 + 0.5));
}

/// The spans of a curve in heights, before its line has a width.
class HeightSpans {
public:
    static constexpr YSpan none{1 << 30, -(1 << 30)};

    std::vector<YSpan> lines, bands; ///< of columns from `from`() - reach on; bands may be empty
    int from = 0, to = 0, origin = 0;

    void fill(const DrawnCurve &drawn, int height, int firstColumn, int endColumn);
    YSpan &line(int x) { return lines[std::size_t(x - origin)]; }

private:
    void join(int a, int start, int b, int end);
    void setBand(int x, YSpan span);
};

void HeightSpans::fill(const DrawnCurve &drawn, int height, int firstColumn, int endColumn)
{
    const auto &columns = drawn.curve->columns;
    const auto at = [&columns](int x) -> const Column & { return columns[std::size_t(x)]; };
    const int count = int(columns.size()), reach = drawn.shape.reach;
    const bool band = drawn.shape.band;
    const Heights heights(drawn.style, height);
    from = firstColumn;
    to = endColumn;
    origin = from - reach;
    lines.assign(std::size_t(to - from + 2 * reach), none);
    bands.clear();
    int start = from;
    for (int i = from - 1; i >= 0 && i >= from - reach; --i)
        if (at(i).count > 0) {
            start = i;
            break;
        }
    const int end = std::min(count, to + reach);
    int before = -1, left = 0;
    for (int x = start; x < end; ++x) {
        const auto &column = at(x);
        if (column.count == 0) {
            // Only a join can still bring something into the range.
            if (x >= to && (before < 0 || x - before >= reach))
                break;
            continue;
        }
        const auto y = heights.of(column);
        YSpan own{y.most, y.least};
        int first = y.first;
        if (band || isSummary(column)) {
            setBand(x, own);
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
        if (x >= to)
            break;
        before = x;
        left = y.last;
    }
}

void HeightSpans::setBand(int x, YSpan span)
{
    if (x < from || x >= to)
        return;
    if (bands.empty())
        bands.resize(lines.size(), none);
    bands[std::size_t(x - origin)] = span;
}

/// The way between two filled columns is shared by those it crosses.
void HeightSpans::join(int a, int start, int b, int end)
{
    const qint64 steps = 2 * qint64(b - a), rise = end - start;
    for (int j = std::max(from - a, 1); a + j <= b && a + j - 1 < to; ++j) {
        const qint64 part = rise * (2 * j - 1);
        // Rounded down for either sign.
        const int y = start + int(part >= 0 ? part / steps : -((steps - 1 - part) / steps));
        line(a + j - 1).add(y);
        line(a + j).add(y);
    }
}

#ifdef __SSE2__

/// The spans of a curve without gaps, bands and summaries, as most are, four columns at a time.
class FullSpans {
public:
    /// False when it is no such curve there.
    bool make(const DrawnCurve &drawn, int height, int from, int to, std::vector<PixelSpan> &spans);

private:
    struct Lanes { // of four columns
        __m128i least, most, middle; ///< middle: of the way from the column before
    };

    static __m128i lower(__m128i a, __m128i b) // the smaller number
    {
        const __m128i less = _mm_cmplt_epi32(a, b);
        return _mm_or_si128(_mm_and_si128(less, a), _mm_andnot_si128(less, b));
    }
    static __m128i upper(__m128i a, __m128i b)
    {
        const __m128i more = _mm_cmpgt_epi32(a, b);
        return _mm_or_si128(_mm_and_si128(more, a), _mm_andnot_si128(more, b));
    }
    bool readHeights(const DrawnCurve &drawn, int height, int begin, int end);
    Lanes join(const Heights::Four *four, __m128i &before) const;
    void store(PixelSpan *to, const Lanes &lanes, __m128i next) const;

    std::vector<Heights::Four> m_heights;
    __m128i m_half{}, m_bottom{};
};

bool FullSpans::readHeights(const DrawnCurve &drawn, int height, int begin, int end)
{
    const Heights heights(drawn.style, height);
    const auto &columns = drawn.curve->columns;
    const auto count = std::size_t(end - begin), whole = (count + 3) / 4 * 4;
    m_heights.resize(whole);
    unsigned special = drawn.shape.band ? 1 : 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto &column = columns[std::size_t(begin) + i];
        special |= unsigned(column.count == 0) | unsigned(isSummary(column));
        m_heights[i] = heights.of(column);
    }
    const int last = m_heights[count - 1].last;
    std::fill(m_heights.begin() + std::ptrdiff_t(count), m_heights.end(),
        Heights::Four{last, last, last, last});
    return special == 0;
}

/// `before`: the last heights of the four columns before, and then of these.
FullSpans::Lanes FullSpans::join(const Heights::Four *four, __m128i &before) const
{
    const auto load
        = [four](int i) { return _mm_load_si128(reinterpret_cast<const __m128i *>(four + i)); };
    const __m128i a = load(0), b = load(1), c = load(2), d = load(3);
    const __m128i leastMost = _mm_unpacklo_epi32(a, b), leastMost2 = _mm_unpacklo_epi32(c, d),
                  ends = _mm_unpackhi_epi32(a, b), ends2 = _mm_unpackhi_epi32(c, d);
    const __m128i first = _mm_unpacklo_epi64(ends, ends2), last = _mm_unpackhi_epi64(ends, ends2);
    const __m128i left = _mm_or_si128(_mm_slli_si128(last, 4), _mm_srli_si128(before, 12));
    before = last;
    return {_mm_unpacklo_epi64(leastMost, leastMost2), _mm_unpackhi_epi64(leastMost, leastMost2),
        _mm_add_epi32(left, _mm_srai_epi32(_mm_sub_epi32(first, left), 1))};
}

/// As pixelSpan() does it; `next`: the middles of the four columns behind these.
void FullSpans::store(PixelSpan *to, const Lanes &lanes, __m128i next) const
{
    const __m128i right = _mm_or_si128(_mm_srli_si128(lanes.middle, 4), _mm_slli_si128(next, 12));
    __m128i top = lower(lanes.most, lower(lanes.middle, right)),
            bottom = upper(lanes.least, upper(lanes.middle, right));
    top = _mm_sub_epi32(top, m_half);
    top = _mm_andnot_si128(_mm_srai_epi32(top, 31), top);
    bottom = lower(_mm_add_epi32(bottom, m_half), m_bottom);
    const __m128i any = _mm_cmplt_epi32(top, bottom);
    const __m128i first = _mm_srli_epi32(top, 8),
                  last = _mm_srli_epi32(_mm_sub_epi32(bottom, _mm_set1_epi32(1)), 8);
    const __m128i one = _mm_cmpeq_epi32(first, last);
    const __m128i inTop = _mm_or_si128(_mm_and_si128(one, _mm_sub_epi32(bottom, top)),
        _mm_andnot_si128(one,
            _mm_sub_epi32(_mm_set1_epi32(rasterUnit), _mm_and_si128(top, _mm_set1_epi32(255)))));
    const __m128i inBottom = _mm_sub_epi32(bottom, _mm_slli_epi32(last, 8));
    const auto alpha = [](__m128i covered) { // times 255 / rasterUnit, rounded
        return _mm_srli_epi32(_mm_add_epi32(_mm_sub_epi32(_mm_slli_epi32(covered, 8), covered),
                                  _mm_set1_epi32(rasterUnit / 2)),
            8);
    };
    const __m128i rows = _mm_and_si128(any, _mm_or_si128(first, _mm_slli_epi32(last, 16))),
                  alphas
        = _mm_and_si128(any, _mm_or_si128(alpha(inTop), _mm_slli_epi32(alpha(inBottom), 16)));
    static_assert(rasterUnit == 256 && offsetof(PixelSpan, top) == 4);
    auto *pairs = reinterpret_cast<__m128i *>(to);
    _mm_storeu_si128(pairs, _mm_unpacklo_epi32(rows, alphas));
    _mm_storeu_si128(pairs + 1, _mm_unpackhi_epi32(rows, alphas));
}

bool FullSpans::make(
    const DrawnCurve &drawn, int height, int from, int to, std::vector<PixelSpan> &spans)
{
    // With their neighbours, which they are joined to.
    const int begin = std::max(from - 1, 0),
              end = std::min(to + 1, int(drawn.curve->columns.size()));
    if (!readHeights(drawn, height, begin, end))
        return false;
    m_half = _mm_set1_epi32(halfWidth(drawn.style));
    m_bottom = _mm_set1_epi32(height * rasterUnit);
    spans.resize(m_heights.size());
    __m128i before = _mm_set1_epi32(m_heights.front().first);
    auto lanes = join(m_heights.data(), before);
    for (std::size_t i = 4; i < m_heights.size(); i += 4) {
        const auto next = join(m_heights.data() + i, before);
        store(spans.data() + i - 4, lanes, next.middle);
        lanes = next;
    }
    store(spans.data() + m_heights.size() - 4, lanes, _mm_srli_si128(before, 12));
    spans.erase(spans.begin(), spans.begin() + (from - begin));
    spans.resize(std::size_t(to - from));
    return true;
}

#endif

} // namespace

void CurveSpans::clear()
{
    m_lines.clear();
    m_bands.clear();
}

void CurveSpans::make(const DrawnCurve &drawn, int height, int from, int to)
{
    const auto &style = drawn.style;
    to = std::min(to, int(drawn.curve->columns.size()));
    m_lineBrush = SpanBrush(style.color, 255);
    m_bandBrush = SpanBrush(style.color, style.bandAlpha);
    m_from = from;
    m_bands.clear();
    if (from >= to)
        return m_lines.clear();
#ifdef __SSE2__
    thread_local FullSpans full; // for its memory
    if (full.make(drawn, height, from, to, m_lines))
        return;
#endif
    thread_local HeightSpans spans;
    spans.fill(drawn, height, from, to);
    const int half = halfWidth(style);
    const auto intoPixels
        = [&](const std::vector<YSpan> &all, std::vector<PixelSpan> &pixels, int alpha) {
              pixels.resize(std::size_t(to - from));
              const YSpan *span = all.data() + (from - spans.origin);
              for (auto &one : pixels) {
                  one = pixelSpan({span->top - half, span->bottom + half}, height, alpha);
                  ++span;
              }
          };
    intoPixels(spans.lines, m_lines, 255);
    if (!spans.bands.empty())
        intoPixels(spans.bands, m_bands, style.bandAlpha);
}

void CurveSpans::paint(PixelTile &tile, int left, int right) const
{
    const auto all = [&](const SpanBrush &brush, const std::vector<PixelSpan> &spans) {
        const int end = std::min(right, m_from + int(spans.size()));
        if (left < end)
            brush.paint(tile, {spans.data() + (left - m_from), std::size_t(end - left)});
    };
    all(m_bandBrush, m_bands);
    all(m_lineBrush, m_lines);
}

static int firstDifference(const std::vector<PixelSpan> &before, const std::vector<PixelSpan> &now,
    int shift, int from, int count)
{
    const auto at = [](const std::vector<PixelSpan> &spans, int i) {
        return i < int(spans.size()) ? spans[std::size_t(i)] : PixelSpan();
    };
    while (from < count && at(now, from) == at(before, from + shift))
        ++from;
    return from;
}

int CurveSpans::firstChange(const CurveSpans &before, int shift, int from) const
{
    const int count = int(m_lines.size());
    const int same = std::max(count - shift, from); // behind it comes what was not there
    const int line = firstDifference(before.m_lines, m_lines, shift, from, same);
    return m_bands.empty() && before.m_bands.empty()
        ? line
        : firstDifference(before.m_bands, m_bands, shift, from, line);
}

} // namespace pilothouse
