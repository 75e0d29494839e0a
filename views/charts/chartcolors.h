// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include <vector>

namespace pilothouse {

/// All colours of a chart; the theme fills them in.
struct ChartColors {
    QColor background, grid, text, text2, crosshair, limit, focus;
    std::vector<QColor> series; ///< by place in the legend, then from the start again
    int bandAlpha = 72; ///< of the min/max band, 0..255
    QColor job = focus, watch = limit, bad = limit, unknown = text2; ///< of marks
    QColor onMark = background; ///< text on them
    QColor page; ///< around the card's corners; invalid: as the parent is painted

    QColor of(std::size_t index) const
    {
        return series.empty() ? text : series[index % series.size()];
    }
};

} // namespace pilothouse
