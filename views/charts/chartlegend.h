// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/chartcolors.h"

#include <QFont>
#include <QRect>
#include <QString>

class QPainter;

namespace pilothouse {

/// Title, what it counts, and the series with their values, above a chart: on one line when there
/// is room, else the series below the title in at most two lines.
class ChartLegend {
public:
    struct Entry {
        QString name, value;
        bool stale = false;
        bool operator==(const Entry &) const = default;
    };

    QString title, subtitle;
    std::vector<Entry> entries;

    /// Places everything into `width`; returns the height it takes.
    int layOut(int width, const QFont &font);
    void paint(QPainter *painter, const ChartColors &colors, int highlighted,
        const std::vector<bool> &hidden) const;
    int entryAt(const QPoint &position) const; ///< -1: none

private:
    QFont m_title, m_small;
    QRect m_titleArea, m_subtitleArea, m_moreArea;
    std::vector<QRect> m_areas;
    std::vector<int> m_valueWidths; // never shrink while the names stay, so that nothing jumps
    int m_hidden = 0;
};

} // namespace pilothouse
