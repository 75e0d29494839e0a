// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/chartplot.h"

#include <QEvent>

#include <qcustomplot.h>

namespace pilothouse {

namespace {

/// Puts a finished image over the axis rectangle.
class RasterPlottable : public QCPAbstractPlottable {
public:
    using QCPAbstractPlottable::QCPAbstractPlottable;
    QImage image;

    double selectTest(const QPointF &, bool, QVariant *) const override { return -1; }
    QCPRange getKeyRange(bool &found, QCP::SignDomain) const override
    {
        found = false;
        return {};
    }
    QCPRange getValueRange(bool &found, QCP::SignDomain, const QCPRange &) const override
    {
        found = false;
        return {};
    }

protected:
    void draw(QCPPainter *painter) override
    {
        if (!image.isNull())
            painter->drawImage(clipRect().topLeft(), image);
    }
    void drawLegendIcon(QCPPainter *, const QRectF &) const override { }
};

} // namespace

class ChartPlotPrivate {
public:
    explicit ChartPlotPrivate(QWidget *parent)
        : plot(new QCustomPlot(parent))
        , values(new QCPAxisTickerText)
        , times(new QCPAxisTickerText)
    {
        plot->setAttribute(Qt::WA_TransparentForMouseEvents);
        plot->setFocusPolicy(Qt::NoFocus);
        plot->setInteractions({});
        plot->axisRect()->setAutoMargins(QCP::msNone);
        plot->addLayer(QStringLiteral("curves"), plot->layer(QStringLiteral("main")));
        plot->layer(QStringLiteral("curves"))->setMode(QCPLayer::lmBuffered);
        raster = new RasterPlottable(plot->xAxis, plot->yAxis);
        raster->setLayer(QStringLiteral("curves"));
        limit = new QCPItemStraightLine(plot);
        limit->setLayer(QStringLiteral("curves"));
        crosshair = new QCPItemStraightLine(plot);
        selection = new QCPItemRect(plot);
        for (QCPAbstractItem *item : {static_cast<QCPAbstractItem *>(crosshair),
                 static_cast<QCPAbstractItem *>(selection)}) {
            item->setLayer(QStringLiteral("overlay"));
            item->setVisible(false);
        }
        limit->setVisible(false);
        selection->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
        selection->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
        plot->xAxis->setTicker(times);
        plot->yAxis->setTicker(values);
        for (auto *axis : {plot->xAxis, plot->yAxis}) {
            axis->setBasePen(Qt::NoPen);
            axis->setTickPen(Qt::NoPen);
            axis->setSubTicks(false);
            axis->setTickLength(0);
            axis->setTickLabelPadding(6);
        }
        plot->xAxis->grid()->setVisible(false);
    }

    QFont labelFont() const
    {
        QFont font = plot->parentWidget()->font();
        if (font.pixelSize() > 0)
            font.setPixelSize(std::max(font.pixelSize() - 1, 9));
        else
            font.setPointSizeF(font.pointSizeF() * 12 / 13);
        return font;
    }

    void layOut()
    {
        const QFont font = labelFont();
        plot->xAxis->setTickLabelFont(font);
        plot->yAxis->setTickLabelFont(font);
        const QFontMetrics metrics(font);
        int widest = metrics.horizontalAdvance(QStringLiteral("100 %"));
        for (const auto &text : valueTexts)
            widest = std::max(widest, metrics.horizontalAdvance(text));
        const QMargins margins(
            16 + widest + 8, metrics.height() / 2 + 4, 16, metrics.height() + 12);
        plot->axisRect()->setMargins(margins);
        plot->axisRect()->setMinimumSize(16, 16);
        area = plot->rect().marginsRemoved(margins);
        labelTimes();
    }

    void labelTimes()
    {
        const QFontMetrics metrics(plot->xAxis->tickLabelFont());
        const int room = metrics.horizontalAdvance(QStringLiteral("00:00:00")) + 40;
        times->clear();
        for (const auto &[time, text] : timeTicks(from, to, std::max(area.width() / room, 2))) {
            const double x = area.left()
                + area.width() * double(time - from) / double(std::max<qint64>(to - from, 1));
            const double half = metrics.horizontalAdvance(text) / 2.0 + 2;
            if (x - half >= 0 && x + half <= plot->width())
                times->addTick(double(time) / 1000, text);
        }
    }

    QCustomPlot *plot;
    QSharedPointer<QCPAxisTickerText> values, times;
    RasterPlottable *raster;
    QCPItemStraightLine *limit, *crosshair;
    QCPItemRect *selection;
    QStringList valueTexts;
    QRect area;
    qint64 from = 0, to = 1000;
};

ChartPlot::ChartPlot(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<ChartPlotPrivate>(this))
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

ChartPlot::~ChartPlot() = default;

void ChartPlot::setColors(const ChartColors &colors)
{
    d->plot->setBackground(QBrush(colors.background));
    d->plot->yAxis->grid()->setPen(QPen(colors.grid, 1));
    d->plot->yAxis->grid()->setZeroLinePen(QPen(colors.grid, 1));
    d->plot->xAxis->setTickLabelColor(colors.text2);
    d->plot->yAxis->setTickLabelColor(colors.text2);
    d->limit->setPen(QPen(colors.limit, 1, Qt::DashLine));
    d->crosshair->setPen(QPen(colors.crosshair, 1, Qt::DashLine));
    QColor weak = colors.focus;
    weak.setAlpha(48);
    d->selection->setBrush(weak);
    d->selection->setPen(QPen(colors.focus, 1));
}

void ChartPlot::setScale(const ValueScale &scale, const QString &unit, bool binary)
{
    d->plot->yAxis->setRange(scale.low, scale.high);
    d->values->clear();
    d->valueTexts.clear();
    for (int i = 0; scale.low + i * scale.step <= scale.high + scale.step / 1000; ++i) {
        const double value = scale.low + i * scale.step;
        d->valueTexts << tickText(value, unit, binary);
        d->values->addTick(value, d->valueTexts.last());
    }
    d->layOut();
}

void ChartPlot::setRange(qint64 from, qint64 to)
{
    d->from = from;
    d->to = to;
    d->plot->xAxis->setRange(double(from) / 1000, double(to) / 1000);
    d->labelTimes();
}

void ChartPlot::setImage(QImage image)
{
    d->raster->image = std::move(image);
}

void ChartPlot::setLimit(std::optional<double> limit)
{
    d->limit->setVisible(limit.has_value());
    if (!limit)
        return;
    d->limit->point1->setCoords(0, *limit);
    d->limit->point2->setCoords(1, *limit);
}

void ChartPlot::setCrosshair(std::optional<qint64> time)
{
    d->crosshair->setVisible(time.has_value());
    if (!time)
        return;
    d->crosshair->point1->setCoords(double(*time) / 1000, 0);
    d->crosshair->point2->setCoords(double(*time) / 1000, 1);
}

void ChartPlot::setSelection(std::optional<std::pair<qint64, qint64>> range)
{
    d->selection->setVisible(range.has_value());
    if (!range)
        return;
    d->selection->topLeft->setCoords(double(range->first) / 1000, 0);
    d->selection->bottomRight->setCoords(double(range->second) / 1000, 1);
}

QRect ChartPlot::plotArea() const
{
    return d->area;
}
void ChartPlot::redraw()
{
    d->plot->replot(QCustomPlot::rpQueuedRefresh);
}
void ChartPlot::redrawOverlay()
{
    d->plot->layer(QStringLiteral("overlay"))->replot();
}

void ChartPlot::resizeEvent(QResizeEvent *)
{
    d->plot->setGeometry(rect());
    d->layOut();
}

void ChartPlot::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        d->layOut();
    QWidget::changeEvent(event);
}

} // namespace pilothouse
