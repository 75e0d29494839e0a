// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/pixeltile.h"

#include "core/base/clones.h"

#include <algorithm>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#include <xmmintrin.h>
#endif

namespace pilothouse {

namespace {

constexpr int overshoot = 16; // pixels written behind a span and put back

/// Rounded exactly: x / 255 is (x + 128 + (x + 128) / 256) / 256 up to 255 * 255.
[[gnu::always_inline]] inline void blend(QRgb &pixel, QRgb color, quint32 alpha)
{
    constexpr quint32 lanes = 0x00ff00ff, half = 0x00800080;
    const quint32 rest = 255 - alpha;
    quint32 low = (color & lanes) * alpha + (pixel & lanes) * rest + half;
    quint32 high = ((color >> 8) & lanes) * alpha + ((pixel >> 8) & lanes) * rest + half;
    low = ((low + ((low >> 8) & lanes)) >> 8) & lanes;
    high = (high + ((high >> 8) & lanes)) & ~lanes;
    pixel = low | high;
}

/// Alpha of a pixel of which 1 / rasterUnit x `covered` is covered.
quint32 part(int covered, int alpha)
{
    return quint32((covered * alpha + rasterUnit / 2) / rasterUnit);
}

using Eight [[gnu::vector_size(32)]] = QRgb;

[[gnu::always_inline]] inline void loadEight(Eight &eight, const QRgb *from)
{
    std::memcpy(&eight, from, sizeof(eight));
}
[[gnu::always_inline]] inline void storeEight(QRgb *to, const Eight &eight)
{
    std::memcpy(to, &eight, sizeof(eight));
}

/// Mostly a few pixels: always as many are written, and those behind the end are put back, which
/// is cheaper than a loop whose length nobody can predict.
[[gnu::always_inline]] inline void fillSolid(QRgb *from, QRgb *to, QRgb color)
{
    if (to - from > overshoot)
        return std::fill(from, to, color);
    const Eight eight = Eight{} + color;
    Eight a, b;
    loadEight(a, to);
    loadEight(b, to + 8);
    storeEight(from, eight);
    storeEight(from + 8, eight);
    storeEight(to, a);
    storeEight(to + 8, b);
}

struct Ends {
    QRgb top, bottom;
};

#ifdef __SSE2__

__m128i load(const QRgb *pixels)
{
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(pixels));
}
void store(QRgb *pixels, __m128i value)
{
    _mm_storeu_si128(reinterpret_cast<__m128i *>(pixels), value);
}

/// Two pixels in 16-bit lanes, as blend() does it.
[[gnu::always_inline]] inline __m128i blendLanes(__m128i pixels, __m128i color, __m128i alpha)
{
    const __m128i rest = _mm_sub_epi16(_mm_set1_epi16(255), alpha);
    __m128i sum = _mm_add_epi16(_mm_mullo_epi16(color, alpha), _mm_mullo_epi16(pixels, rest));
    sum = _mm_add_epi16(sum, _mm_set1_epi16(128));
    return _mm_srli_epi16(_mm_add_epi16(sum, _mm_srli_epi16(sum, 8)), 8);
}

[[gnu::always_inline]] inline __m128i widened(QRgb color)
{
    return _mm_unpacklo_epi8(_mm_set1_epi32(int(color)), _mm_setzero_si128());
}

/// Both ends of a span at once.
[[gnu::always_inline]] inline Ends blendEnds(QRgb top, QRgb bottom, QRgb color, PixelSpan span)
{
    const __m128i pixels = _mm_unpacklo_epi8(
        _mm_unpacklo_epi32(_mm_cvtsi32_si128(int(top)), _mm_cvtsi32_si128(int(bottom))),
        _mm_setzero_si128());
    const __m128i both = _mm_cvtsi32_si128(span.top | (span.bottom << 16));
    const __m128i alpha = _mm_shuffle_epi32(_mm_unpacklo_epi16(both, both), 0x50);
    const __m128i mixed
        = _mm_packus_epi16(blendLanes(pixels, widened(color), alpha), _mm_setzero_si128());
    return {QRgb(_mm_cvtsi128_si32(mixed)), QRgb(_mm_cvtsi128_si32(_mm_srli_si128(mixed, 4)))};
}

void fillBlended(QRgb *from, QRgb *to, QRgb color, quint32 alpha)
{
    const __m128i wide = widened(color), alphas = _mm_set1_epi16(short(alpha)),
                  zero = _mm_setzero_si128();
    for (; from + 4 <= to; from += 4) {
        const __m128i pixels = load(from);
        store(from,
            _mm_packus_epi16(blendLanes(_mm_unpacklo_epi8(pixels, zero), wide, alphas),
                blendLanes(_mm_unpackhi_epi8(pixels, zero), wide, alphas)));
    }
    while (from < to)
        blend(*from++, color, alpha);
}

#else

Ends blendEnds(QRgb top, QRgb bottom, QRgb color, PixelSpan span)
{
    blend(top, color, span.top);
    blend(bottom, color, span.bottom);
    return {top, bottom};
}

void fillBlended(QRgb *from, QRgb *to, QRgb color, quint32 alpha)
{
    while (from < to)
        blend(*from++, color, alpha);
}

#endif

} // namespace

PixelTile::PixelTile(int height)
    : m_height(height)
    , m_stride(std::size_t(height + overshoot + 3) / 4 * 4)
    , m_pixels(m_stride * columns)
{
}

void PixelTile::clear(std::span<const QRgb> backdrop)
{
    if (backdrop.size() != std::size_t(m_height))
        return std::fill(m_pixels.begin(), m_pixels.end(), 0);
    for (int x = 0; x < columns; ++x)
        std::copy(backdrop.begin(), backdrop.end(), column(x));
}

void PixelTile::copyTo(const QImage &image, QPoint at, int count) const
{
    auto *line = pixelsOf(image, at);
    const auto stride = image.bytesPerLine() / qsizetype(sizeof(QRgb));
    int row = 0;
#ifdef __SSE2__
    // Four by four: read along the columns, written along the rows. Nothing but this tells the
    // processor which rows of a large image come next.
    constexpr int ahead = 16, cacheLine = 64 / sizeof(QRgb);
    for (; count == columns && row + 4 <= m_height; row += 4, line += 4 * stride) {
        for (int next = row + ahead; next < std::min(row + ahead + 4, m_height); ++next)
            for (int x = 0; x < columns; x += cacheLine)
                __builtin_prefetch(line + (next - row) * stride + x, 1);
        for (std::size_t x = 0; x < columns; x += 4) {
            const float *from
                = reinterpret_cast<const float *>(m_pixels.data()) + x * m_stride + row;
            __m128 a = _mm_loadu_ps(from), b = _mm_loadu_ps(from + m_stride),
                   c = _mm_loadu_ps(from + 2 * m_stride), d = _mm_loadu_ps(from + 3 * m_stride);
            _MM_TRANSPOSE4_PS(a, b, c, d);
            auto *to = reinterpret_cast<float *>(line + x);
            _mm_storeu_ps(to, a);
            _mm_storeu_ps(to + stride, b);
            _mm_storeu_ps(to + 2 * stride, c);
            _mm_storeu_ps(to + 3 * stride, d);
        }
    }
#endif
    for (; row < m_height; ++row, line += stride)
        for (int x = 0; x < count; ++x)
            line[x] = m_pixels[std::size_t(x) * m_stride + std::size_t(row)];
}

PixelSpan pixelSpan(YSpan span, int height, int alpha)
{
    const int top = std::max(span.top, 0), bottom = std::min(span.bottom, height * rasterUnit);
    if (top >= bottom)
        return {};
    const int first = top / rasterUnit, last = (bottom - 1) / rasterUnit;
    const int covered = first == last ? bottom - top : (first + 1) * rasterUnit - top;
    return {quint16(first), quint16(last), quint16(part(covered, alpha)),
        quint16(part(bottom - last * rasterUnit, alpha))};
}

/// What is read of the column is read before anything is written: a processor waits when it reads
/// what was written just before in other portions.
[[gnu::always_inline]] static inline void paintSpan(
    QRgb *column, PixelSpan span, QRgb color, quint32 alpha)
{
    QRgb *first = column + span.first, *last = column + span.last;
    if (first == last)
        return blend(*first, color, span.top);
    const auto ends = blendEnds(*first, *last, color, span);
    if (alpha == 255)
        fillSolid(first + 1, last, color);
    else
        fillBlended(first + 1, last, color, alpha);
    *first = ends.top;
    *last = ends.bottom;
}

PILOTHOUSE_CLONES static void paintSolid(
    QRgb *column, std::size_t stride, std::span<const PixelSpan> spans, QRgb color)
{
    for (const auto span : spans) {
        paintSpan(column, span, color, 255);
        column += stride;
    }
}

void SpanBrush::paint(PixelTile &tile, std::span<const PixelSpan> spans) const
{
    if (m_alpha == 255)
        return paintSolid(tile.column(0), tile.stride(), spans, m_color);
    for (std::size_t x = 0; x < spans.size(); ++x)
        paintSpan(tile.column(int(x)), spans[x], m_color, m_alpha);
}

} // namespace pilothouse
