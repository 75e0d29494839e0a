// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"
#include "views/charts/chartcolors.h"
#include "views/charts/chartlanes.h"
#include "views/charts/chartmark.h"
#include "views/charts/charttimeline.h"

#include <QWidget>

#include <memory>

namespace pilothouse {

struct ChartSpec {
    struct Series {
        SeriesId id = 0;
        QString name; ///< "GPU 0"

        bool operator==(const Series &) const = default;
    };
    QString title, subtitle; ///< "Power", "limit 700 W"
    QString unit; ///< base unit as formatValue takes it
    bool binary = true;
    std::vector<Series> series;
    std::optional<double> limit;
    std::optional<ChartLanes> lanes = {}; ///< the series are states
};

/// What is known of one curve in the range shown.
struct SeriesSummary {
    QString name, latest, minimum, maximum; ///< as shown; "–": unknown
    bool hidden = false;
};

struct ChartViewPrivate;

/// One group of metrics over the shared time range: a card with a legend with values, axes, curves,
/// marks and a cross-hair. Asks the store for exactly its pixels, once a frame, only while it is
/// visible, and paints only what differs.
/// Mouse: dragging zooms, a double click zooms back; a click in the legend looks at that series
/// alone (in all charts), with Ctrl adds it; the right button opens the menu.
/// Keys: Left, Right scrub; + and - zoom; Space pauses; Home is live; 1 to 9 as a click with Ctrl,
/// 0 shows all; Return shows the data; Ctrl+C copies it; Ctrl+S exports; Menu opens the menu.
class ChartView : public QWidget {
    Q_OBJECT

public:
    ChartView(TelemetryStore *store, ChartTimeline *timeline, QWidget *parent = nullptr);
    ~ChartView() override;

    void setSpec(ChartSpec spec);
    const ChartSpec &spec() const;
    void setColors(const ChartColors &colors);
    void setMarks(std::vector<ChartMark> marks); ///< jobs, alerts, gaps; by time

    const std::vector<Curve> &curves() const; ///< as last drawn, one column a device pixel
    QStringList legendValues() const; ///< under the cross-hair, or the newest
    QRect plotArea() const; ///< where curves are drawn
    std::vector<SeriesSummary> summary() const;
    QString summaryText() const; ///< "GPU 0: 399 W, minimum 100 W, maximum 399 W; ..."
    /// The columns in view: time, then minimum, maximum and last value of each series, as numbers;
    /// `separator` '\t' or ','.
    QString table(QChar separator = QLatin1Char('\t')) const;
    QImage picture(); ///< as on the screen, without cross-hair and focus

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void copyTable() const;
    void copyPicture();
    void exportPicture(); ///< asks where to; PNG
    void exportTable(); ///< asks where to; CSV
    void showData();
    void compare(int index, bool add); ///< looks at one series alone, or at one more or less

Q_SIGNALS:
    void drawn(); ///< curves() may be new
    void failed(const QString &sentence); ///< an export could not be written

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void draw();
    void drawCurves();
    void updateLegend();
    void updateHidden();
    void requestCurves();
    void layOut();
    void highlight(int index);
    void exportTo(const QString &suffix, std::function<QByteArray()> content);
    qint64 timeAt(double x) const;

    std::unique_ptr<ChartViewPrivate> d;
};

} // namespace pilothouse
