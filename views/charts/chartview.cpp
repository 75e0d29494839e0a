// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/chartview.h"

#include "views/charts/chartaccessible.h"
#include "views/charts/chartview_p.h"
#include "views/charts/curves.h"

#include <QPainter>

#include <cmath>

namespace pilothouse {

static constexpr int cardRadius = 8, below = 6; // nothing square in the card's corners

ChartView::ChartView(TelemetryStore *store, ChartTimeline *timeline, QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<ChartViewPrivate>())
{
    installChartAccessibility();
    d->timeline = timeline;
    d->source = std::make_unique<CurveSource>(store);
    d->plot = new ChartPlot(this);
    d->plot->setRaster(&d->raster);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(timeline, &ChartTimeline::frame, this, &ChartView::draw);
    connect(timeline, &ChartTimeline::rangeChanged, this, [this] { d->stale = true; });
    connect(timeline, &ChartTimeline::comparedChanged, this, &ChartView::updateHidden);
    connect(d->source.get(), &CurveSource::changed, this, &ChartView::requestCurves);
}

ChartView::~ChartView()
{
    if (d->timeline)
        d->timeline->setVisible(this, false);
}

void ChartView::setSpec(ChartSpec spec)
{
    if (d->spec.series.size() != spec.series.size())
        d->legend = {};
    d->spec = std::move(spec);
    d->hasCurves = false;
    d->legend.title = d->spec.title;
    d->legend.subtitle = d->spec.subtitle;
    d->plot->setLimit(d->spec.limit);
    d->source->setSeries(d->ids());
    setAccessibleName(d->spec.title);
    updateHidden();
    updateLegend();
    layOut();
    requestCurves();
}

void ChartView::requestCurves()
{
    d->stale = true;
    if (d->timeline && isVisible())
        d->timeline->requestFrame();
}

const ChartSpec &ChartView::spec() const
{
    return d->spec;
}
const std::vector<Curve> &ChartView::curves() const
{
    return d->shownCurves();
}
QRect ChartView::plotArea() const
{
    return d->plot->plotArea().translated(d->plot->pos());
}
QSize ChartView::sizeHint() const
{
    return {480, 220};
}
QSize ChartView::minimumSizeHint() const
{
    return {240, 140};
}

void ChartView::setColors(const ChartColors &colors)
{
    d->colors = colors;
    d->plot->setColors(colors);
    update();
    requestCurves();
}

void ChartView::setMarks(std::vector<ChartMark> marks)
{
    d->plot->setMarks(std::move(marks));
}

void ChartView::layOut()
{
    const int above = d->legend.layOut(width(), font());
    const QRect place(2, above, std::max(width() - 4, 0), std::max(height() - above - below, 0));
    if (place == d->plot->geometry())
        return;
    d->plot->setGeometry(place);
    update();
}

/// Whom the timeline's comparison leaves out here. A chart that has none of them shows all.
void ChartView::updateHidden()
{
    std::vector<bool> hidden;
    const QStringList names = d->timeline ? d->timeline->compared() : QStringList();
    for (const auto &one : d->spec.series)
        hidden.push_back(!names.isEmpty() && !names.contains(one.name));
    if (std::find(hidden.begin(), hidden.end(), false) == hidden.end())
        hidden.assign(hidden.size(), false);
    if (hidden == d->hidden)
        return;
    d->hidden = std::move(hidden);
    update();
    requestCurves();
}

void ChartView::compare(int index, bool add)
{
    if (!d->timeline || index >= int(d->spec.series.size()))
        return;
    const QString name = index < 0 ? QString() : d->spec.series[std::size_t(index)].name;
    QStringList names = d->timeline->compared();
    if (index < 0 || (!add && names == QStringList(name)))
        names.clear();
    else if (!add)
        names = {name};
    else if (!names.removeOne(name))
        names << name;
    d->timeline->setCompared(names);
}

void ChartView::draw()
{
    if (!isVisible() || !d->timeline || !d->source->isThere())
        return;
    d->plot->setCrosshair(d->timeline->crosshair());
    d->plot->setSelection(d->dragged);
    if (std::exchange(d->stale, false))
        drawCurves();
    updateLegend();
}

std::vector<CurveStyle> ChartViewPrivate::styles(double ratio) const
{
    std::vector<CurveStyle> styles;
    for (std::size_t i = 0; i < spec.series.size(); ++i) {
        CurveStyle style{colors.of(i), scale.low, scale.high, 1.5 * ratio, colors.bandAlpha, ratio};
        if (highlighted >= 0 && highlighted != int(i)) {
            const auto mix = [](int a, int b) { return (a + 3 * b) / 4; };
            const QColor &back = colors.background;
            style.color.setRgb(mix(style.color.red(), back.red()),
                mix(style.color.green(), back.green()), mix(style.color.blue(), back.blue()));
        }
        styles.push_back(style);
    }
    return styles;
}

ValueScale ChartViewPrivate::readCurves(QSize size, double ratio)
{
    raster.begin({from, to, size, styles(ratio), hidden});
    Extent extent;
    source->read(from, to, size.width(), [&](std::size_t index, const Curve &curve) {
        if (spec.lanes)
            return raster.add(index, laneOf(curve, *spec.lanes, index, spec.series.size()));
        raster.add(index, curve);
        if (hidden[index])
            return;
        if (const auto one = extentOf(curve); !one.empty)
            extent.add(one.low, one.high);
    });
    if (spec.lanes)
        return laneScale(spec.series.size());
    if (spec.limit)
        extent.add(*spec.limit, *spec.limit);
    return extent.empty ? niceScale(0, 0, spec.unit)
                        : niceScale(extent.low, extent.high, spec.unit);
}

void ChartView::drawCurves()
{
    const double ratio = devicePixelRatioF();
    const QRect area = d->plot->plotArea();
    const QSize size(int(std::round(area.width() * ratio)), int(std::round(area.height() * ratio)));
    if (size.width() < 2 || size.height() < 2)
        return;
    d->alignRange(size.width());
    // Mostly the scale stays, and the curves are made into pixels while they are read.
    auto needed = d->readCurves(size, ratio);
    if (needed != d->scale) {
        d->scale = needed;
        needed = d->readCurves(size, ratio);
    }
    d->plot->setScale(d->scale, d->ticks());
    if (needed != d->scale // a value came in between
        || d->plot->plotArea() != area) // wider labels: other pixels
        return requestCurves();
    d->plot->setRange(d->from, d->to);
    d->raster.setBackdrop(d->plot->backdrop());
    d->hasCurves = false;
    if (d->raster.finish() != RollingRaster::Drawn::Nothing)
        d->plot->rasterChanged();
    Q_EMIT drawn();
}

void ChartView::highlight(int index)
{
    if (index == d->highlighted)
        return;
    d->highlighted = index;
    update();
    requestCurves();
}

void ChartView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(d->colors.grid, 1));
    painter.setBrush(d->colors.background);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), cardRadius, cardRadius);
    d->legend.paint(&painter, d->colors, d->highlighted, d->hidden);
    if (hasFocus() && d->colors.focus.isValid()) {
        painter.setPen(QPen(d->colors.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), cardRadius, cardRadius);
    }
}

void ChartView::resizeEvent(QResizeEvent *)
{
    layOut();
    requestCurves();
}

void ChartView::showEvent(QShowEvent *)
{
    d->stale = true;
    if (d->timeline)
        d->timeline->setVisible(this, true);
}

void ChartView::hideEvent(QHideEvent *)
{
    if (d->timeline)
        d->timeline->setVisible(this, false);
}

void ChartView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange) {
        layOut();
        requestCurves();
    }
    QWidget::changeEvent(event);
}

} // namespace pilothouse
