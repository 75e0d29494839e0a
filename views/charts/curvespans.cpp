// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/curvespans.h"

#include "core/base/clones.h"
#include "views/charts/curves.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

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
    [[gnu::always_inline]] inline Four of(const Column &column) const
    {
        static_assert(offsetof(Column, max) == 8 && offsetof(Column, last) == 24);
        if (m_scale == 0)
            return {one(column.min), one(column.max), one(column.first), one(column.last)};
        using Values [[gnu::vector_size(32)]] = double;
        using Rounded [[gnu::vector_size(16)]] = int;
        Values y;
        std::memcpy(&y, &column.min, sizeof(y));
        y = m_offset + (m_high - y) * m_scale;
        y = y < m_most ? y : m_most;
        y = y > -m_most ? y : -m_most;
        const Rounded rounded
            = __builtin_convertvector(y + (positive + 0.5), Rounded) - int(positive);
        Four four;
        std::memcpy(&four, &rounded, sizeof(four));
        return four;
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

/// The spans of a curve without gaps, bands and summaries, as most are, four columns at a time.
class FullSpans {
public:
    /// False when it is no such curve there.
    PILOTHOUSE_CLONES bool make(
        const DrawnCurve &drawn, int height, int from, int to, std::vector<PixelSpan> &spans);

private:
    using Four [[gnu::vector_size(16)]] = int; // of four columns

    [[gnu::always_inline]] inline bool readHeights(
        const DrawnCurve &drawn, int height, int begin, int end);

    std::vector<Heights::Four> m_heights; // whole fours
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

bool FullSpans::make(
    const DrawnCurve &drawn, int height, int from, int to, std::vector<PixelSpan> &spans)
{
    // With their neighbours, which they are joined to.
    const int begin = std::max(from - 1, 0),
              end = std::min(to + 1, int(drawn.curve->columns.size()));
    if (!readHeights(drawn, height, begin, end))
        return false;
    spans.resize(m_heights.size());
    const int half = halfWidth(drawn.style), edge = height * rasterUnit;
    Four least{}, most{}, middle{}, before = Four{} + m_heights.front().first;
    for (std::size_t i = 0; i <= m_heights.size(); i += 4) {
        // Of these four columns, and the middle of the way from the one before to each.
        Four nextLeast{}, nextMost{}, nextMiddle = before;
        if (i < m_heights.size()) {
            Four four[4];
            std::memcpy(four, m_heights.data() + i, sizeof(four));
            const Four ab = __builtin_shufflevector(four[0], four[1], 0, 4, 1, 5),
                       cd = __builtin_shufflevector(four[2], four[3], 0, 4, 1, 5),
                       abEnds = __builtin_shufflevector(four[0], four[1], 2, 6, 3, 7),
                       cdEnds = __builtin_shufflevector(four[2], four[3], 2, 6, 3, 7);
            nextLeast = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
            nextMost = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
            const Four first = __builtin_shufflevector(abEnds, cdEnds, 0, 1, 4, 5),
                       last = __builtin_shufflevector(abEnds, cdEnds, 2, 3, 6, 7);
            const Four left = __builtin_shufflevector(before, last, 3, 4, 5, 6);
            nextMiddle = left + ((first - left) >> 1);
            before = last;
        } else {
            nextMiddle = __builtin_shufflevector(before, before, 3, 3, 3, 3);
        }
        if (i > 0) {
            // As pixelSpan() does it.
            const Four right = __builtin_shufflevector(middle, nextMiddle, 1, 2, 3, 4);
            Four top = middle < right ? middle : right, bottom = middle > right ? middle : right;
            top = (most < top ? most : top) - half;
            top = top > 0 ? top : 0;
            bottom = (least > bottom ? least : bottom) + half;
            bottom = bottom < edge ? bottom : edge;
            const Four any = top < bottom, first = top >> 8, last = (bottom - 1) >> 8;
            const Four inTop = first == last ? bottom - top : rasterUnit - (top & 255),
                       inBottom = bottom - (last << 8);
            const Four topAlpha = ((inTop << 8) - inTop + rasterUnit / 2) >> 8,
                       bottomAlpha = ((inBottom << 8) - inBottom + rasterUnit / 2) >> 8;
            const Four rows = any & (first | last << 16),
                       alphas = any & (topAlpha | bottomAlpha << 16);
            const Four pairs[] = {__builtin_shufflevector(rows, alphas, 0, 4, 1, 5),
                __builtin_shufflevector(rows, alphas, 2, 6, 3, 7)};
            static_assert(sizeof(pairs) == 4 * sizeof(PixelSpan) && rasterUnit == 256
                && offsetof(PixelSpan, top) == 4);
            std::memcpy(spans.data() + i - 4, pairs, sizeof(pairs));
        }
        least = nextLeast;
        most = nextMost;
        middle = nextMiddle;
    }
    spans.erase(spans.begin(), spans.begin() + (from - begin));
    spans.resize(std::size_t(to - from));
    return true;
}

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
    thread_local FullSpans full; // for its memory
    if (full.make(drawn, height, from, to, m_lines))
        return;
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
