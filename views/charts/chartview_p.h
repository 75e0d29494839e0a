// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/chartlegend.h"
#include "views/charts/chartplot.h"
#include "views/charts/chartview.h"
#include "views/charts/curvesource.h"
#include "views/charts/rollingraster.h"

#include <QPointer>

namespace pilothouse {

/// What the files that make up ChartView share.
struct ChartViewPrivate {
    QPointer<ChartTimeline> timeline;
    std::unique_ptr<CurveSource> source;
    ChartPlot *plot = nullptr;
    ChartSpec spec;
    ChartColors colors;
    ChartLegend legend;
    RollingRaster raster;
    std::vector<bool> hidden; ///< by series
    int highlighted = -1;
    bool stale = true; ///< curves must be read again
    std::optional<QPoint> pressed;
    std::optional<std::pair<qint64, qint64>> dragged;
    qint64 from = 0, to = 0; ///< of the columns: the timeline's range on whole columns
    ValueScale scale; ///< that was needed last
    std::vector<Curve> curves; ///< of the picture, once somebody asked for them
    bool hasCurves = false;
    QPointer<QWidget> data; ///< the open table

    std::vector<SeriesId> ids() const;
    QString text(double value) const; ///< with the chart's unit
    QStringList ticks() const; ///< of the scale, from the bottom
    const std::vector<Curve> &shownCurves();
    /// Prepares the raster and returns the scale that the curves need.
    ValueScale readCurves(QSize size, double ratio);
    std::vector<CurveStyle> styles(double ratio) const;
    /// The timeline's range on whole columns, so that a live picture moves and does not shimmer.
    void alignRange(int columns);
};

} // namespace pilothouse
