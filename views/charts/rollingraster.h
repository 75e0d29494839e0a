// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/curvespans.h"

#include <optional>

namespace pilothouse {

/// The picture of all curves of a chart, kept from frame to frame: when time moved on by whole
/// columns it is shifted and only the columns that differ are drawn. Always the same pixels as
/// drawn anew. Curves are only looked at, one after the other, as they are read.
class RollingRaster {
public:
    /// What the last finish() had to draw.
    enum class Drawn { Nothing, Columns, Everything };

    /// What the next picture is of: curves over [from, to), Unix ms, drawn in `styles`. `hidden`
    /// ones take no part.
    struct Plan {
        qint64 from = 0, to = 0;
        QSize size; ///< a pixel for each column of the curves
        std::vector<CurveStyle> styles;
        std::vector<bool> hidden; ///< by curve, as `styles`
    };

    /// May be called again before finish(), for another scale.
    void begin(Plan plan);
    /// Each curve of the plan.
    void add(std::size_t index, const Curve &curve);
    Drawn finish();

    void forget() { m_known = false; } ///< the next picture is drawn anew
    /// An opaque colour for each row, below the curves; without it the picture is transparent.
    void setBackdrop(std::vector<QRgb> backdrop);
    bool isOpaque() const { return !m_backdrop.empty() && !size().isEmpty(); }

    const Plan &plan() const { return m_now.plan; } ///< of the picture there is
    QSize size() const { return plan().size; }
    /// A picture drawn anew is made only when somebody asks for it here: paintTo() does without.
    const QImage &image() const;
    /// The same pixels into `target`, 32 bits a pixel, their left upper corner at `at`; all of it
    /// must be inside. `target` is written to even if it is shared.
    void paintTo(const QImage &target, QPoint at) const;

    bool isBand(std::size_t curve) const
    {
        return curve < m_now.shapes.size() && m_now.shapes[curve].band;
    }
    int drawnColumns() const { return m_drawnColumns; } ///< by the last finish()

private:
    struct Picture {
        Plan plan;
        std::vector<CurveShape> shapes;
        std::vector<CurveSpans> spans;
    };

    std::optional<int> shift() const;
    RasterPart part(int from, int to) const;
    void draw(int from, int to);

    Picture m_now, m_next;
    std::vector<QRgb> m_backdrop;
    mutable QImage m_image;
    mutable bool m_hasImage = false;
    bool m_known = false; ///< there is an m_now, and it may be shifted
    int m_drawnColumns = 0;
};

} // namespace pilothouse
