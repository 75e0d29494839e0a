// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/chartview.h"

#include "core/base/units.h"
#include "views/charts/chartlegend.h"
#include "views/charts/chartplot.h"
#include "views/charts/curveraster.h"
#include "views/charts/curves.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>

#include <cmath>

namespace pilothouse {

class ChartViewPrivate {
public:
    QPointer<TelemetryStore> store;
    QPointer<ChartTimeline> timeline;
    ChartPlot *plot = nullptr;
    ChartSpec spec;
    ChartColors colors;
    ChartLegend legend;
    std::vector<Curve> curves;
    int highlighted = -1;
    bool stale = true; ///< curves must be read again
    std::optional<QPoint> pressed;
    std::optional<std::pair<qint64, qint64>> dragged;
    qint64 from = 0, to = 0; ///< of the columns: the timeline's range on whole columns
    // From disk, for what is older than the hot rows:
    std::vector<Curve> older;
    std::stop_source asking;
    bool asked = false;

    std::vector<SeriesId> ids() const
    {
        std::vector<SeriesId> ids;
        for (const auto &one : spec.series)
            ids.push_back(one.id);
        return ids;
    }
};

ChartView::ChartView(TelemetryStore *store, ChartTimeline *timeline, QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<ChartViewPrivate>())
{
    d->store = store;
    d->timeline = timeline;
    d->plot = new ChartPlot(this);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(timeline, &ChartTimeline::frame, this, &ChartView::draw);
    connect(timeline, &ChartTimeline::rangeChanged, this, [this] { d->stale = true; });
    connect(store, &TelemetryStore::appended, this, [this] { d->stale = true; });
}

ChartView::~ChartView()
{
    d->asking.request_stop();
    if (d->timeline)
        d->timeline->setVisible(this, false);
}

void ChartView::setSpec(ChartSpec spec)
{
    if (d->spec.series.size() != spec.series.size())
        d->legend = {};
    d->spec = std::move(spec);
    d->legend.title = d->spec.title;
    d->legend.subtitle = d->spec.subtitle;
    d->plot->setLimit(d->spec.limit);
    d->older.clear();
    d->asking.request_stop();
    d->asking = {};
    d->asked = false;
    d->stale = true;
    setAccessibleName(d->spec.title);
    updateLegend();
    layOut();
    if (d->timeline)
        d->timeline->requestFrame();
}

const ChartSpec &ChartView::spec() const
{
    return d->spec;
}
const std::vector<Curve> &ChartView::curves() const
{
    return d->curves;
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
    d->stale = true;
    update();
    if (d->timeline)
        d->timeline->requestFrame();
}

void ChartView::layOut()
{
    const int above = d->legend.layOut(width(), font());
    d->plot->setGeometry(0, above, width(), std::max(height() - above, 0));
    update();
}

void ChartView::draw()
{
    if (!isVisible() || !d->store || !d->timeline)
        return;
    d->plot->setCrosshair(d->timeline->crosshair());
    d->plot->setSelection(d->dragged);
    if (std::exchange(d->stale, false)) {
        const double ratio = devicePixelRatioF();
        const QSize pixels(int(std::round(d->plot->plotArea().width() * ratio)),
            int(std::round(d->plot->plotArea().height() * ratio)));
        if (pixels.width() < 2 || pixels.height() < 2)
            return;
        readCurves(pixels.width());
        askOlder(pixels.width());
        Extent extent;
        for (const auto &curve : d->curves)
            if (const auto one = extentOf(curve); !one.empty)
                extent.add(extent.empty ? one.low : std::min(extent.low, one.low),
                    extent.empty ? one.high : std::max(extent.high, one.high));
        if (d->spec.limit)
            extent.add(extent.empty ? 0 : std::min(extent.low, *d->spec.limit),
                extent.empty ? *d->spec.limit : std::max(extent.high, *d->spec.limit));
        const QRect before = d->plot->plotArea();
        const auto scale = extent.empty ? niceScale(0, 1, d->spec.unit)
                                        : niceScale(extent.low, extent.high, d->spec.unit);
        d->plot->setScale(scale, d->spec.unit, d->spec.binary);
        if (d->plot->plotArea() != before) { // wider labels: other pixels
            d->stale = true;
            return d->timeline->requestFrame();
        }
        d->plot->setRange(d->from, d->to);
        QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
        image.setDevicePixelRatio(ratio);
        image.fill(Qt::transparent);
        for (std::size_t i = 0; i < d->curves.size(); ++i) {
            CurveStyle style{
                d->colors.of(i), scale.low, scale.high, 1.5 * ratio, d->colors.bandAlpha, ratio};
            if (d->highlighted >= 0 && d->highlighted != int(i)) {
                const auto mix = [](int a, int b) { return (a + 3 * b) / 4; };
                const QColor &back = d->colors.background;
                style.color.setRgb(mix(style.color.red(), back.red()),
                    mix(style.color.green(), back.green()), mix(style.color.blue(), back.blue()));
            }
            rasterCurve(image, d->curves[i], style);
        }
        d->plot->setImage(std::move(image));
        d->plot->redraw();
        describe();
    } else {
        d->plot->redrawOverlay();
    }
    updateLegend();
}

void ChartView::readCurves(int columns)
{
    // On whole columns, so that a live picture moves and does not shimmer.
    const qint64 window = d->timeline->window();
    const qint64 last = qint64((__int128(d->timeline->to()) * columns + window - 1) / window);
    d->to = qint64((__int128(last) * window + columns - 1) / columns);
    d->from = d->to - window;
    d->curves.clear();
    for (std::size_t i = 0; i < d->spec.series.size(); ++i) {
        d->curves.push_back(d->store->hot(d->spec.series[i].id, d->from, d->to, columns));
        if (i < d->older.size())
            mergeOlder(d->curves.back(), d->older[i]);
    }
}

void ChartView::askOlder(int columns)
{
    qint64 first = d->from;
    for (const auto &one : d->spec.series)
        if (const auto newest = d->store->hot(one.id, d->from, d->to, columns);
            !newest.columns.empty())
            first = std::max(first, firstFilled(newest));
    const qint64 column = (d->to - d->from) / columns;
    const bool needed = first > d->from + 2 * column;
    if (!needed || d->asked)
        return;
    if (!d->older.empty()) {
        const auto &there = d->older.front();
        const double coarser = double(there.to - there.from) / double(there.columns.size())
            / double(std::max<qint64>(column, 1));
        if (there.from <= d->from && there.to >= first && coarser < 1.5)
            return;
    }
    d->asked = true;
    const Context context(d->asking.get_token(), QDeadlineTimer(std::chrono::seconds(30)));
    auto answer = d->store->query(context, d->ids(), d->from, d->to, columns);
    QCoro::connect(std::move(answer), this, [this, context](Result<std::vector<Curve>> curves) {
        if (context.stopped())
            return;
        d->asked = false;
        if (!curves)
            return;
        d->older = std::move(*curves);
        d->stale = true;
        if (d->timeline)
            d->timeline->requestFrame();
    });
}

/// "584–592 W": a unit both share is said once.
static QString rangeText(QString low, const QString &high)
{
    const QChar space(0x00A0);
    const auto unit = low.lastIndexOf(space);
    if (unit > 0 && high.endsWith(low.mid(unit)))
        low.truncate(unit);
    return low + QStringLiteral("–") + high;
}

/// The newest value of a series; of a counter the newest rate, which only its curve tells.
std::optional<LatestValue> ChartView::newest(std::size_t index) const
{
    const SeriesId id = d->spec.series[index].id;
    const auto description = d->store->describe(id);
    if (!description || description->kind != StoredKind::Counter)
        return d->store->latest(id);
    if (index >= d->curves.size())
        return std::nullopt;
    const auto &curve = d->curves[index];
    for (std::size_t i = curve.columns.size(); i-- > 0;) {
        if (curve.columns[i].count > 0) {
            const qint64 step = (curve.to - curve.from) / qint64(curve.columns.size());
            return LatestValue{curve.from + qint64(i + 1) * step, curve.columns[i].last};
        }
    }
    return std::nullopt;
}

void ChartView::updateLegend()
{
    if (!d->store || !d->timeline)
        return;
    const auto text
        = [this](double value) { return formatValue(value, d->spec.unit, d->spec.binary); };
    const auto crosshair = d->timeline->crosshair();
    d->legend.entries.resize(d->spec.series.size());
    for (std::size_t i = 0; i < d->spec.series.size(); ++i) {
        auto &entry = d->legend.entries[i];
        entry = {d->spec.series[i].name, formatValue({}, d->spec.unit), false};
        if (crosshair) {
            if (i >= d->curves.size())
                continue;
            if (const auto column = columnAt(d->curves[i], *crosshair)) {
                const bool range
                    = isDecimated(d->curves[i]) && text(column->min) != text(column->max);
                entry.value
                    = range ? rangeText(text(column->min), text(column->max)) : text(column->last);
            }
        } else if (const auto latest = newest(i)) {
            constexpr qint64 old = 10'000;
            const qint64 age = d->timeline->isLive() ? d->timeline->to() - latest->time : 0;
            entry.stale = age > old;
            entry.value = text(latest->value);
            if (entry.stale)
                entry.value += QStringLiteral(" · ") + formatAge(std::chrono::milliseconds(age));
        }
    }
    layOut();
}

QStringList ChartView::legendValues() const
{
    QStringList values;
    for (const auto &entry : d->legend.entries)
        values << entry.value;
    return values;
}

void ChartView::describe()
{
    const auto text
        = [this](double value) { return formatValue(value, d->spec.unit, d->spec.binary); };
    QStringList sentences;
    for (std::size_t i = 0; i < d->curves.size(); ++i) {
        const auto extent = extentOf(d->curves[i]);
        const auto latest = newest(i);
        sentences << (extent.empty ? tr("%1: no values").arg(d->spec.series[i].name)
                                   : tr("%1: %2, minimum %3, maximum %4")
                                         .arg(d->spec.series[i].name,
                                             latest ? text(latest->value) : QStringLiteral("–"),
                                             text(extent.low), text(extent.high)));
    }
    const QString all = sentences.join(QStringLiteral("; "));
    if (all != accessibleDescription())
        setAccessibleDescription(all);
}

QString ChartView::table() const
{
    QStringList lines, cells{QStringLiteral("time")};
    for (const auto &one : d->spec.series)
        cells << one.name;
    lines << cells.join(QLatin1Char('\t'));
    const std::size_t count = d->curves.empty() ? 0 : d->curves.front().columns.size();
    for (std::size_t i = 0; i < count; ++i) {
        bool any = false;
        cells = {rfc3339(d->from + (d->to - d->from) * qint64(i) / qint64(count))};
        for (const auto &curve : d->curves) {
            const auto &column = curve.columns[i];
            any |= column.count > 0;
            cells << (column.count > 0 ? QString::number(column.last, 'g', 12) : QString());
        }
        if (any)
            lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

void ChartView::copyTable() const
{
    QGuiApplication::clipboard()->setText(table());
}

void ChartView::highlight(int index)
{
    if (index == d->highlighted)
        return;
    d->highlighted = index;
    d->stale = true;
    d->timeline->requestFrame();
}

qint64 ChartView::timeAt(double x) const
{
    const QRect area = plotArea();
    const double share
        = (std::clamp(x, double(area.left()), double(area.right() + 1)) - area.left())
        / std::max(area.width(), 1);
    return std::min(d->from + qint64(share * double(d->to - d->from)), d->to - 1);
}

void ChartView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), d->colors.background);
    d->legend.paint(&painter, d->colors, d->highlighted);
    if (hasFocus() && d->colors.focus.isValid()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(d->colors.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(plotArea()).adjusted(-3, -3, 3, 3), 4, 4);
    }
}

void ChartView::resizeEvent(QResizeEvent *)
{
    d->stale = true;
    layOut();
    if (d->timeline)
        d->timeline->requestFrame();
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
    if (event->type() == QEvent::FontChange)
        layOut();
    QWidget::changeEvent(event);
}

void ChartView::keyPressEvent(QKeyEvent *event)
{
    if (!d->timeline)
        return;
    if (event->matches(QKeySequence::Copy))
        return copyTable();
    switch (event->key()) {
    case Qt::Key_Left:
        return d->timeline->scrub(-0.1);
    case Qt::Key_Right:
        return d->timeline->scrub(0.1);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return d->timeline->zoom(0.5, d->timeline->crosshair());
    case Qt::Key_Minus:
        return d->timeline->zoom(2, d->timeline->crosshair());
    case Qt::Key_Space:
        return d->timeline->setLive(!d->timeline->isLive());
    case Qt::Key_Home:
        return d->timeline->goLive();
    case Qt::Key_Escape:
        if (d->timeline->canZoomBack())
            return d->timeline->zoomBack();
        [[fallthrough]];
    default:
        QWidget::keyPressEvent(event);
    }
}

void ChartView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && plotArea().contains(event->pos()))
        d->pressed = event->pos();
}

void ChartView::mouseMoveEvent(QMouseEvent *event)
{
    if (!d->timeline)
        return;
    const QPoint at = event->pos();
    const bool inside = plotArea().contains(at) || d->pressed;
    d->timeline->setCrosshair(inside ? std::optional(timeAt(at.x())) : std::nullopt);
    constexpr int slack = 4;
    if (d->pressed && std::abs(at.x() - d->pressed->x()) > slack) {
        const qint64 a = timeAt(d->pressed->x()), b = timeAt(at.x());
        d->dragged = std::minmax(a, b);
    }
    highlight(d->legend.entryAt(at));
}

void ChartView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    d->pressed.reset();
    const auto range = std::exchange(d->dragged, {});
    if (range && d->timeline)
        d->timeline->zoomTo(range->first, range->second);
}

void ChartView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (d->timeline && plotArea().contains(event->pos()))
        d->timeline->zoomBack();
}

void ChartView::leaveEvent(QEvent *)
{
    highlight(-1);
    if (d->timeline)
        d->timeline->setCrosshair({});
}

} // namespace pilothouse
