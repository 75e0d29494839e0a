// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/rollingraster.h"

#include "views/charts/curves.h"

#include <algorithm>
#include <cstring>
#include <optional>

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
    to = std::min(to, m_image.width());
    if (from >= to)
        return;
    std::vector<DrawnCurve> drawn;
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        if (!m_hidden[i])
            drawn.push_back({&m_curves[i], m_styles[i], m_shapes[i]});
    rasterCurves(m_image, drawn, from, to, m_backdrop);
    m_drawnColumns += to - from;
}

RollingRaster::Drawn RollingRaster::update(std::vector<Curve> curves,
    const std::vector<CurveStyle> &styles, const std::vector<bool> &hidden, int height)
{
    m_drawnColumns = 0;
    const int width = curves.empty() ? 0 : int(curves.front().columns.size());
    std::optional<int> shift;
    if (curves.size() == m_curves.size() && m_image.size() == QSize(width, height)
        && styles == m_styles && hidden == m_hidden && width > 0)
        shift = shiftBetween(m_curves.front(), curves.front());
    int changed = width;
    if (shift)
        for (std::size_t i = 0; i < curves.size(); ++i)
            if (!hidden[i])
                changed = std::min(changed, firstChange(m_curves[i], curves[i], *shift));
    m_curves = std::move(curves);
    std::vector<CurveShape> shapes;
    int reach = 1;
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        // A curve at the edge of being decimated must not flicker between both looks.
        shapes.push_back(shapeOf(m_curves[i], isBand(i)));
        reach = std::max(reach, shapes.back().reach);
    }
    const bool sameShapes = shapes == m_shapes;
    m_shapes = std::move(shapes);
    m_styles = styles;
    m_hidden = hidden;
    if (!shift || !sameShapes) {
        const auto format
            = m_backdrop.empty() ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32;
        if (m_image.size() != QSize(width, height) || m_image.format() != format)
            m_image = QImage(width, height, format);
        draw(0, width);
        return Drawn::Everything;
    }
    if (*shift == 0 && changed == width)
        return Drawn::Nothing;
    if (*shift > 0)
        shiftLeft(m_image, *shift);
    // What left the picture was joined to what is now at its left edge.
    const int left = *shift > 0 ? reach : 0, right = std::max(changed - reach, left);
    draw(0, left);
    draw(right, width);
    return Drawn::Columns;
}

} // namespace pilothouse
