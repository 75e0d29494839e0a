// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/chartcolors.h"
#include "views/charts/chartmark.h"

#include <QFont>
#include <QRect>

#include <vector>

class QPainter;

namespace pilothouse {

/// What lies over the curves of a chart and moves with time: marks, limit, cross-hair, the dragged
/// range and the labels of the time axis. Plain values; paint() draws them.
class ChartOverlay {
public:
    ChartColors colors;
    QRect area; ///< of the curves, logical pixels
    QFont font; ///< of all labels
    qint64 from = 0, to = 1; ///< Unix ms at the left and right edge of `area`
    std::vector<ChartMark> marks;
    std::optional<int> limit; ///< its height, inside `area`
    std::optional<qint64> crosshair;
    std::optional<std::pair<qint64, qint64>> selection;

    double x(qint64 time) const
    {
        return area.left()
            + area.width() * double(time - from) / double(std::max<qint64>(to - from, 1));
    }
    void paint(QPainter *painter) const;
    /// What must be painted again when the cross-hair leaves or comes.
    QRect crosshairArea() const;

private:
    void paintMarks(QPainter *painter) const;
    void paintTimes(QPainter *painter) const;
    void paintCrosshair(QPainter *painter) const;
    QRect timeLabel(qint64 time, const QString &text, int padding) const;
    QColor colorOf(MarkKind kind) const;
};

} // namespace pilothouse
