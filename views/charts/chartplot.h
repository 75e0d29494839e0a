// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/chartcolors.h"
#include "views/charts/chartmark.h"
#include "views/charts/scale.h"

#include <QColor>
#include <QWidget>

#include <memory>
#include <optional>

namespace pilothouse {

class ChartCanvas;
class RollingRaster;

/// Axes, grid, the raster of the curves, limit, marks, cross-hair and the dragged range. It takes
/// no mouse events; ChartView does. What does not move is drawn once and kept; setters have only
/// the part painted again that they change.
class ChartPlot : public QWidget {
    Q_OBJECT

public:
    explicit ChartPlot(QWidget *parent = nullptr);
    ~ChartPlot() override;

    void setColors(const ChartColors &colors);
    void setScale(const ValueScale &scale, const QStringList &ticks); ///< from the bottom
    void setRange(qint64 from, qint64 to);
    /// Its picture, as large as plotArea() times the device pixel ratio. It must outlive the last
    /// paint; it is not copied.
    void setRaster(const RollingRaster *raster);
    void rasterChanged();
    void setLimit(std::optional<double> limit);
    void setMarks(std::vector<ChartMark> marks);
    void setCrosshair(std::optional<qint64> time);
    void setSelection(std::optional<std::pair<qint64, qint64>> range);

    /// What is below the curves, an opaque colour for each row of device pixels: they can be drawn
    /// over it right away. Without vertical lines, so it is the same at any time.
    std::vector<QRgb> backdrop();

    QRect plotArea() const; ///< inside this widget, logical pixels
    /// All of it, for a picture.
    void paint(QPainter *painter);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void layOut();

    ChartCanvas *m_canvas = nullptr;
    QStringList m_texts;
    ValueScale m_scale;
    std::optional<double> m_limit;
};

} // namespace pilothouse
