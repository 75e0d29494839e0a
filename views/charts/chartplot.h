// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/chartcolors.h"
#include "views/charts/scale.h"

#include <QImage>
#include <QWidget>

#include <memory>
#include <optional>

namespace pilothouse {

class ChartPlotPrivate;

/// Axes, grid, the raster of the curves, limit, cross-hair and the dragged range. It takes no mouse
/// events; ChartView does. Curves and cross-hair have layers of their own.
class ChartPlot : public QWidget {
    Q_OBJECT

public:
    explicit ChartPlot(QWidget *parent = nullptr);
    ~ChartPlot() override;

    void setColors(const ChartColors &colors);
    void setScale(const ValueScale &scale, const QString &unit, bool binary);
    void setRange(qint64 from, qint64 to);
    void setImage(QImage image); ///< as large as plotArea() times the device pixel ratio
    void setLimit(std::optional<double> limit);
    void setCrosshair(std::optional<qint64> time);
    void setSelection(std::optional<std::pair<qint64, qint64>> range);

    QRect plotArea() const; ///< inside this widget, logical pixels
    void redraw(); ///< everything
    void redrawOverlay(); ///< cross-hair and selection only

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    std::unique_ptr<ChartPlotPrivate> d;
};

} // namespace pilothouse
