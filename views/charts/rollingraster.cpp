// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/rollingraster.h"

#include "views/charts/curves.h"
#include "views/charts/curvespans.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

#include <sys/mman.h>

namespace pilothouse {

namespace {

/// By how many whole columns `now` is later than `before`; nothing when they do not match.
std::optional<int> shiftBetween(const Curve &before, const Curve &now)
{
    const auto count = qint64(now.columns.size());
    const qint64 window = now.to - now.from, moved = now.from - before.from;
    if (before.to - before.from != window || qint64(before.columns.size()) != count || count == 0
        || window <= 0 || moved < 0 || moved >= window || __int128(moved) * count % window != 0)
        return {};
    return int(__int128(moved) * count / window);
}

bool same(const Column &a, const Column &b)
{
    return a.count == b.count
        && (a.count == 0
            || (a.last == b.last && a.min == b.min && a.max == b.max && a.first == b.first));
}

/// The first column of `now` that is not the shifted one of `before`.
int firstChange(const Curve &before, const Curve &now, int shift)
{
    const int count = int(now.columns.size());
    for (int i = 0; i < count - shift; ++i)
        if (!same(now.columns[std::size_t(i)], before.columns[std::size_t(i + shift)]))
            return i;
    return shift == 0 ? count : count - shift;
}

/// Columns of tiles are whole cache lines of it, and it has few pages: tiles are written down the
/// picture, a row after the other.
QImage imageForTiles(const QSize &size, QImage::Format format)
{
    constexpr std::size_t line = 64, hugePage = std::size_t(2) << 20;
    // An odd number of cache lines: rows spread over all sets of a cache.
    const auto lines = std::size_t(size.width()) * sizeof(QRgb) / line + 1;
    const auto stride = (lines | 1) * line, bytes = stride * std::size_t(size.height());
    const auto whole = (bytes + hugePage - 1) / hugePage * hugePage;
    auto *memory = bytes > hugePage / 2 ? static_cast<uchar *>(std::aligned_alloc(hugePage, whole))
                                        : static_cast<uchar *>(std::aligned_alloc(line, bytes));
    if (memory == nullptr)
        return QImage(size, format);
#ifdef MADV_HUGEPAGE
    if (bytes > hugePage / 2)
        ::madvise(memory, whole, MADV_HUGEPAGE);
#endif
    return QImage(
        memory, size.width(), size.height(), qsizetype(stride), format, &std::free, memory);
}

void shiftLeft(QImage &image, int columns)
{
    const auto bytes = std::size_t(image.width() - columns) * sizeof(QRgb);
    for (int row = 0; row < image.height(); ++row) {
        auto *line = image.scanLine(row);
        std::memmove(line, line + std::size_t(columns) * sizeof(QRgb), bytes);
    }
}

} // namespace

void RollingRaster::setBackdrop(std::vector<QRgb> backdrop)
{
    if (backdrop == m_backdrop)
        return;
    m_backdrop = std::move(backdrop);
    forget();
}

void RollingRaster::draw(int from, int to)
{
    from = std::max(from, 0);
    to = std::min(to, m_size.width());
    if (from >= to)
        return;
    std::vector<DrawnCurve> drawn;
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        if (!m_hidden[i])
            drawn.push_back({&m_curves[i], m_styles[i], m_shapes[i]});
    rasterCurves(m_image, drawn, from, to, m_backdrop);
    m_drawnColumns += to - from;
}

const QImage &RollingRaster::image() const
{
    if (m_size.isEmpty())
        m_image = {};
    else if (!m_hasImage) {
        const auto format = isOpaque() ? QImage::Format_RGB32 : QImage::Format_ARGB32_Premultiplied;
        if (m_image.size() != m_size || m_image.format() != format)
            m_image = imageForTiles(m_size, format);
        m_image.detach();
        rasterSpans(m_image, {}, m_spans, {0, m_size.width(), m_size.height(), m_backdrop});
        m_spans.clear();
        m_hasImage = true;
    }
    return m_image;
}

void RollingRaster::paintTo(const QImage &target, QPoint at) const
{
    if (!m_hasImage)
        return rasterSpans(target, at, m_spans, {0, m_size.width(), m_size.height(), m_backdrop});
    const auto bytes = std::size_t(m_size.width()) * sizeof(QRgb);
    for (int row = 0; row < m_size.height(); ++row)
        std::memcpy(pixelsOf(target, at + QPoint(0, row)), m_image.constScanLine(row), bytes);
}

void RollingRaster::prepare(std::size_t index, const Curve &curve, int height)
{
    if (index >= m_styles.size() || m_hidden[index])
        return;
    m_prepared.resize(m_styles.size());
    auto &prepared = m_prepared[index];
    prepared.columns = curve.columns.data();
    prepared.from = curve.from;
    prepared.to = curve.to;
    prepared.style = m_styles[index];
    prepared.shape = shapeOf(curve, isBand(index));
    prepared.spans.reset();
    const QSize size(int(curve.columns.size()), height);
    const bool shifts = m_known && m_hasImage && size == m_size && index < m_curves.size()
        && shiftBetween(m_curves[index], curve);
    if (!shifts)
        prepared.spans.emplace(
            DrawnCurve{&curve, prepared.style, prepared.shape}, height, 0, size.width());
}

RollingRaster::Drawn RollingRaster::update(std::vector<Curve> curves,
    const std::vector<CurveStyle> &styles, const std::vector<bool> &hidden, int height)
{
    m_drawnColumns = 0;
    const QSize size(curves.empty() ? 0 : int(curves.front().columns.size()), height);
    const int width = size.width();
    std::optional<int> shift;
    if (m_known && curves.size() == m_curves.size() && m_size == size && styles == m_styles
        && hidden == m_hidden && width > 0)
        shift = shiftBetween(m_curves.front(), curves.front());
    int changed = width;
    if (shift)
        for (std::size_t i = 0; i < curves.size(); ++i)
            if (!hidden[i])
                changed = std::min(changed, firstChange(m_curves[i], curves[i], *shift));
    m_spare = std::exchange(m_curves, std::move(curves));
    m_known = true;
    // A curve at the edge of being decimated must not flicker between both looks.
    std::vector<CurveShape> shapes;
    shapes.reserve(m_curves.size());
    int reach = 1;
    m_prepared.resize(m_curves.size());
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        const auto &curve = m_curves[i];
        auto &ready = m_prepared[i];
        if (ready.columns != curve.columns.data() || ready.from != curve.from
            || ready.to != curve.to) {
            ready = {};
            ready.shape = shapeOf(curve, isBand(i));
        }
        shapes.push_back(ready.shape);
        reach = std::max(reach, ready.shape.reach);
    }
    auto prepared = std::exchange(m_prepared, {});
    const bool same = shift && shapes == m_shapes;
    m_shapes = std::move(shapes);
    m_styles = styles;
    m_hidden = hidden;
    m_size = size;
    if (same && *shift == 0 && changed == width)
        return Drawn::Nothing;
    if (same && m_hasImage) {
        m_image.detach();
        if (*shift > 0)
            shiftLeft(m_image, *shift);
        // What left the picture was joined to what is now at its left edge.
        const int left = *shift > 0 ? reach : 0, right = std::max(changed - reach, left);
        draw(0, left);
        draw(right, width);
        return Drawn::Columns;
    }
    m_spans.clear();
    m_spans.reserve(m_curves.size());
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        auto &ready = prepared[i];
        if (hidden[i])
            continue;
        if (ready.spans && ready.style == styles[i] && ready.spans->height() == height)
            m_spans.push_back(std::move(*ready.spans));
        else
            m_spans.emplace_back(
                DrawnCurve{&m_curves[i], styles[i], ready.shape}, height, 0, width);
    }
    m_hasImage = false;
    m_drawnColumns = width;
    if (shift) // time moves on: the next picture is this one, shifted
        image();
    return Drawn::Everything;
}

} // namespace pilothouse
