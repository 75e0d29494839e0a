// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/curvespans.h"

#include <optional>
#include <utility>

namespace pilothouse {

/// The picture of all curves of a chart, kept from frame to frame: when time moved on by whole
/// columns it is shifted and only the columns that differ are drawn. Always the same pixels as
/// drawn anew.
class RollingRaster {
public:
    /// What the last update() had to draw.
    enum class Drawn { Nothing, Columns, Everything };

    /// May be called for a curve of the next update() as soon as it is read: while it is in the
    /// cache, and guessing that its style stays. The curve may move then, but not change.
    void prepare(std::size_t index, const Curve &curve, int height);
    /// `styles` pairs with `curves`; all curves have the same range and number of columns, which is
    /// the image's width. `hidden` curves take no part.
    Drawn update(std::vector<Curve> curves, const std::vector<CurveStyle> &styles,
        const std::vector<bool> &hidden, int height);

    void forget() { m_known = false; } ///< the next update() draws everything
    /// An opaque colour for each row, below the curves; without it the picture is transparent.
    void setBackdrop(std::vector<QRgb> backdrop);
    bool isOpaque() const { return !m_backdrop.empty() && !m_size.isEmpty(); }

    QSize size() const { return m_size; }
    /// A picture drawn anew is made only when somebody asks for it here: paintTo() does without.
    const QImage &image() const;
    /// The same pixels into `target`, 32 bits a pixel, their left upper corner at `at`; all of it
    /// must be inside. `target` is written to even if it is shared.
    void paintTo(const QImage &target, QPoint at) const;

    const std::vector<Curve> &curves() const { return m_curves; }
    /// The curves before the last update(): their memory is worth using again.
    std::vector<Curve> takeSpare() { return std::exchange(m_spare, {}); }
    bool isBand(std::size_t curve) const { return curve < m_shapes.size() && m_shapes[curve].band; }
    int drawnColumns() const { return m_drawnColumns; } ///< by the last update()

private:
    struct Prepared {
        const Column *columns = nullptr; ///< of the curve it is of
        qint64 from = 0, to = 0;
        CurveStyle style;
        CurveShape shape;
        std::optional<CurveSpans> spans;
    };

    void draw(int from, int to);

    QSize m_size;
    mutable QImage m_image;
    mutable std::vector<CurveSpans> m_spans; ///< of a picture that nobody asked for yet
    mutable bool m_hasImage = false;
    std::vector<QRgb> m_backdrop;
    std::vector<Curve> m_curves, m_spare;
    std::vector<CurveStyle> m_styles;
    std::vector<CurveShape> m_shapes;
    std::vector<bool> m_hidden;
    std::vector<Prepared> m_prepared;
    bool m_known = false; ///< image or spans show m_curves
    int m_drawnColumns = 0;
};

} // namespace pilothouse
