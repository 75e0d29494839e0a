// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/node/nodecharts.h"

#include <QHash>
#include <QWidget>

class QGridLayout;

namespace pilothouse {

class ChartTimeline;

/// The linked charts of a page: made, kept and dropped by their ids as what there is to show
/// changes, in the theme's colours.
class ChartGrid : public QWidget {
    Q_OBJECT

public:
    /// `least`: the smallest size of a chart.
    ChartGrid(TelemetryStore *store, ChartTimeline *timeline, int columns, QSize least,
        QWidget *parent = nullptr);
    void setCharts(std::vector<NodeChart> charts);
    const QHash<QString, ChartView *> &charts() const { return m_charts; } ///< by id

private:
    TelemetryStore *m_store;
    ChartTimeline *m_timeline;
    int m_columns;
    QSize m_least;
    QGridLayout *m_grid;
    QHash<QString, ChartView *> m_charts;
};

} // namespace pilothouse
