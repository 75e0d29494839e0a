// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"
#include "views/charts/chartcolors.h"
#include "views/charts/charttimeline.h"

#include <QPointer>
#include <QWidget>

#include <memory>
#include <stop_token>

namespace pilothouse {

struct ChartSpec {
    struct Series {
        SeriesId id = 0;
        QString name; ///< "GPU 0"
    };
    QString title, subtitle; ///< "Power", "limit 700 W"
    QString unit; ///< base unit as formatValue takes it
    bool binary = true;
    std::vector<Series> series;
    std::optional<double> limit;
};

class ChartViewPrivate;

/// One group of metrics over the shared time range: legend with values, axes, curves, cross-hair.
/// Asks the store for exactly its pixels, once a frame, and only while it is visible.
/// Left, Right scrub; + and - zoom; Space pauses; Home is live; Ctrl+C copies the table;
/// dragging zooms, a double click zooms back.
class ChartView : public QWidget {
    Q_OBJECT

public:
    ChartView(TelemetryStore *store, ChartTimeline *timeline, QWidget *parent = nullptr);
    ~ChartView() override;

    void setSpec(ChartSpec spec);
    const ChartSpec &spec() const;
    void setColors(const ChartColors &colors);

    const std::vector<Curve> &curves() const; ///< as last drawn, one column a device pixel
    QStringList legendValues() const; ///< under the cross-hair, or the newest
    QRect plotArea() const; ///< where curves are drawn
    /// The columns in view: time, then the last value of each series.
    QString table() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void copyTable() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void draw();
    void readCurves(int columns);
    void askOlder(int columns);
    std::optional<LatestValue> newest(std::size_t index) const;
    void updateLegend();
    void describe();
    void layOut();
    void highlight(int index);
    qint64 timeAt(double x) const;

    std::unique_ptr<ChartViewPrivate> d;
};

} // namespace pilothouse
