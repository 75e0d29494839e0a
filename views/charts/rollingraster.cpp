// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/rollingraster.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace pilothouse {

static void shiftLeft(QImage &image, int columns)
{
    const auto bytes = std::size_t(image.width() - columns) * sizeof(QRgb);
    for (int row = 0; row < image.height(); ++row) {
        auto *line = image.scanLine(row);
        std::memmove(line, line + std::size_t(columns) * sizeof(QRgb), bytes);
    }
}

void RollingRaster::setBackdrop(std::vector<QRgb> backdrop)
{
    if (backdrop == m_backdrop)
        return;
    m_backdrop = std::move(backdrop);
    forget();
}

void RollingRaster::begin(Plan plan)
{
    m_next.plan = std::move(plan);
    m_next.shapes.resize(m_next.plan.styles.size());
    m_next.spans.resize(m_next.plan.styles.size());
}

void RollingRaster::add(std::size_t index, const Curve &curve)
{
    const auto &plan = m_next.plan;
    // A curve at the edge of being decimated must not flicker between both looks.
    const auto shape = m_next.shapes[index] = shapeOf(curve, isBand(index));
    if (plan.hidden[index])
        m_next.spans[index].clear();
    else
        m_next.spans[index].make(
            {&curve, plan.styles[index], shape}, plan.size.height(), 0, plan.size.width());
}

/// By how many whole columns the next picture is later than this one; nothing when they do not
/// match.
std::optional<int> RollingRaster::shift() const
{
    const auto &before = m_now.plan, &next = m_next.plan;
    const qint64 window = next.to - next.from, moved = next.from - before.from,
                 width = next.size.width();
    if (!m_known || next.size != before.size || next.styles != before.styles
        || next.hidden != before.hidden || next.size.isEmpty() || before.to - before.from != window
        || window <= 0 || moved < 0 || moved >= window || __int128(moved) * width % window != 0)
        return {};
    return int(__int128(moved) * width / window);
}

RollingRaster::Drawn RollingRaster::finish()
{
    const auto moved = shift();
    const int width = m_next.plan.size.width();
    // What left the picture was joined to what is now at its left edge.
    int left = 0, changed = width;
    if (moved.value_or(0) > 0) {
        for (const auto &shape : m_next.shapes)
            left = std::max(left, shape.reach);
        left = std::min(left, width);
    }
    if (moved)
        for (std::size_t i = 0; i < m_next.spans.size(); ++i)
            if (!m_next.plan.hidden[i])
                changed
                    = std::min(changed, m_next.spans[i].firstChange(m_now.spans[i], *moved, left));
    std::swap(m_now, m_next);
    m_known = true;
    m_drawnColumns = 0;
    if (moved == 0 && changed == width)
        return Drawn::Nothing;
    if (moved && m_hasImage) {
        m_image.detach();
        if (*moved > 0)
            shiftLeft(m_image, *moved);
        draw(0, left);
        draw(changed, width);
        return Drawn::Columns;
    }
    m_hasImage = false;
    m_drawnColumns = width;
    if (moved) // time moves on: the next picture is this one, shifted
        image();
    return Drawn::Everything;
}

RasterPart RollingRaster::part(int from, int to) const
{
    return {from, to, size().height(), m_backdrop};
}

void RollingRaster::draw(int from, int to)
{
    if (from >= to)
        return;
    rasterSpans(m_image, {}, m_now.spans, part(from, to));
    m_drawnColumns += to - from;
}

const QImage &RollingRaster::image() const
{
    if (size().isEmpty())
        m_image = {};
    else if (!m_hasImage) {
        const auto format = isOpaque() ? QImage::Format_RGB32 : QImage::Format_ARGB32_Premultiplied;
        if (m_image.size() != size() || m_image.format() != format)
            m_image = QImage(size(), format);
        m_image.detach();
        rasterSpans(m_image, {}, m_now.spans, part(0, size().width()));
        m_hasImage = true;
    }
    return m_image;
}

void RollingRaster::paintTo(const QImage &target, QPoint at) const
{
    if (!m_hasImage)
        return rasterSpans(target, at, m_now.spans, part(0, size().width()));
    const auto bytes = std::size_t(size().width()) * sizeof(QRgb);
    for (int row = 0; row < size().height(); ++row)
        std::memcpy(pixelsOf(target, at + QPoint(0, row)), m_image.constScanLine(row), bytes);
}

} // namespace pilothouse
