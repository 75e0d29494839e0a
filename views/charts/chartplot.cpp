// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/chartplot.h"

#include "views/charts/chartoverlay.h"
#include "views/charts/rollingraster.h"

#include <QEvent>

#include <cmath>

#include <qcustomplot.h>

namespace pilothouse {

namespace {

/// Where a picture of `area` lies, in device pixels.
QRect devicePixels(const QRect &area, double ratio)
{
    const auto pixels = [ratio](int logical) { return int(std::round(logical * ratio)); };
    return {pixels(area.left()), pixels(area.top()), pixels(area.width()), pixels(area.height())};
}

/// `image` onto device pixels, which is much faster than through a scaling painter, but for what
/// would lie in `covered`. An image of another size (a resize, not yet drawn again) is stretched.
void blitPixels(
    QPainter *painter, const QRect &area, const QImage &image, const QRect &covered = {})
{
    if (image.isNull())
        return;
    const double ratio = painter->device()->devicePixelRatioF();
    const QRect pixels = devicePixels(area, ratio);
    if (image.size() != pixels.size() || painter->worldTransform().isScaling())
        return painter->drawImage(QRectF(area), image, QRectF(image.rect()));
    painter->save();
    painter->scale(1 / ratio, 1 / ratio);
    // Rectangles and no clip: Qt would fill a clipped image from several threads.
    for (const QRect &part : QRegion(pixels).subtracted(devicePixels(covered, ratio)))
        painter->drawImage(part.topLeft(), image, part.translated(-pixels.topLeft()));
    painter->restore();
}

/// Puts the finished raster over the axis rectangle.
class RasterPlottable : public QCPAbstractPlottable {
public:
    using QCPAbstractPlottable::QCPAbstractPlottable;
    const RollingRaster *raster = nullptr;

    void blit(QPainter *painter) const
    {
        if (raster != nullptr && !paintStraight(painter))
            blitPixels(painter, clipRect(), raster->image());
    }
    bool isOpaque() const { return raster != nullptr && raster->isOpaque(); }
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

private:
    /// Into the window's own pixels, when they can be reached and all of the picture is to be
    /// painted: a picture of that size costs more to copy than to make.
    bool paintStraight(QPainter *painter) const
    {
        const auto *engine = painter->paintEngine();
        const auto *device = engine != nullptr ? engine->paintDevice() : nullptr;
        if (!raster->isOpaque() || device == nullptr || device->devType() != QInternal::Image
            || engine->type() != QPaintEngine::Raster || painter->hasClipping())
            return false;
        const auto &target = *static_cast<const QImage *>(device);
        const auto move = painter->deviceTransform();
        const QRect area = move.mapRect(clipRect());
        const bool plain = move.type() <= QTransform::TxTranslate
            || (move.type() == QTransform::TxScale && move.m11() > 0 && move.m22() > 0);
        if (!plain || area.size() != raster->size() || !target.rect().contains(area)
            || (target.format() != QImage::Format_RGB32
                && target.format() != QImage::Format_ARGB32_Premultiplied)
            || !QRegion(area).subtracted(engine->systemClip()).isEmpty())
            return false;
        raster->paintTo(target, area.topLeft());
        return true;
    }

protected:
    void draw(QCPPainter *painter) override { blit(painter); }
    void drawLegendIcon(QCPPainter *, const QRectF &) const override { }
};

} // namespace

/// The plot itself. QCustomPlot would keep a transparent picture for each layer and blend all of
/// them for every frame; here grid and axes are one opaque picture, the raster is blended over it
/// once, straight onto the screen, and what moves is painted on top.
class ChartCanvas : public QCustomPlot {
public:
    explicit ChartCanvas(QWidget *parent)
        : QCustomPlot(parent)
        , values(new QCPAxisTickerText)
    {
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setAttribute(Qt::WA_OpaquePaintEvent);
        setFocusPolicy(Qt::NoFocus);
        setInteractions({});
        axisRect()->setAutoMargins(QCP::msNone);
        axisRect()->setMinimumSize(16, 16);
        raster = new RasterPlottable(xAxis, yAxis);
        yAxis->setTicker(values);
        for (auto *axis : {xAxis, yAxis}) {
            axis->setBasePen(Qt::NoPen);
            axis->setTickPen(Qt::NoPen);
            axis->setSubTicks(false);
            axis->setTickLength(0);
            axis->setTickLabelPadding(6);
        }
        xAxis->setTickLabels(false);
        xAxis->grid()->setVisible(false);
    }

    void staticChanged()
    {
        m_static = {};
        update();
    }
    void paintAll(QPainter *painter)
    {
        drawStatic();
        // The raster has its backdrop from here: what it covers need not be painted twice.
        blitPixels(painter, rect(), m_static, raster->isOpaque() ? overlay.area : QRect());
        raster->blit(painter);
        overlay.paint(painter);
    }

    std::vector<QRgb> backdrop()
    {
        drawStatic();
        const double ratio = devicePixelRatioF();
        const int x = int(std::round(overlay.area.center().x() * ratio)),
                  top = int(std::round(overlay.area.top() * ratio)),
                  rows = int(std::round(overlay.area.height() * ratio));
        std::vector<QRgb> colors;
        for (int row = 0; row < rows; ++row)
            colors.push_back(m_static.valid(x, top + row) ? m_static.pixel(x, top + row)
                                                          : overlay.colors.background.rgb());
        return colors;
    }

    ChartOverlay overlay;
    QSharedPointer<QCPAxisTickerText> values;
    RasterPlottable *raster;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintAll(&painter);
    }
    void resizeEvent(QResizeEvent *) override { setViewport(rect()); }

private:
    void drawStatic()
    {
        const double ratio = devicePixelRatioF();
        const QSize pixels = size() * ratio;
        if (!m_static.isNull() && m_static.size() == pixels)
            return;
        m_static = QImage(pixels, QImage::Format_RGB32);
        m_static.fill(overlay.colors.background);
        m_static.setDevicePixelRatio(ratio);
        raster->setVisible(false);
        {
            QCPPainter painter(&m_static);
            toPainter(&painter, width(), height());
        }
        raster->setVisible(true);
        m_static.setDevicePixelRatio(1);
    }

    QImage m_static;
};

ChartPlot::ChartPlot(QWidget *parent)
    : QWidget(parent)
    , m_canvas(new ChartCanvas(this))
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

ChartPlot::~ChartPlot() = default;

void ChartPlot::setColors(const ChartColors &colors)
{
    m_canvas->overlay.colors = colors;
    m_canvas->setBackground(QBrush(colors.background));
    m_canvas->yAxis->grid()->setPen(QPen(colors.grid, 1));
    m_canvas->yAxis->grid()->setZeroLinePen(QPen(colors.grid, 1));
    m_canvas->yAxis->setTickLabelColor(colors.text2);
    m_canvas->staticChanged();
}

void ChartPlot::setScale(const ValueScale &scale, const QStringList &ticks)
{
    if (ticks == m_texts && scale == m_scale)
        return;
    m_texts = ticks;
    m_scale = scale;
    m_canvas->yAxis->setRange(scale.low, scale.high);
    m_canvas->values->clear();
    for (int i = 0; i < int(ticks.size()); ++i)
        m_canvas->values->addTick(scale.low + i * scale.step, ticks[i]);
    layOut();
}

void ChartPlot::layOut()
{
    QFont small = font();
    if (small.pixelSize() > 0)
        small.setPixelSize(std::max(small.pixelSize() - 1, 9));
    else
        small.setPointSizeF(small.pointSizeF() * 12 / 13);
    m_canvas->yAxis->setTickLabelFont(small);
    const QFontMetrics metrics(small);
    int widest = metrics.horizontalAdvance(QStringLiteral("100 %"));
    for (const auto &text : m_texts)
        widest = std::max(widest, metrics.horizontalAdvance(text));
    const QMargins margins(15 + widest + 8, metrics.height() / 2 + 4, 15, metrics.height() + 10);
    m_canvas->axisRect()->setMargins(margins);
    m_canvas->overlay.font = small;
    m_canvas->overlay.area = rect().marginsRemoved(margins);
    setLimit(m_limit);
    m_canvas->staticChanged();
}

void ChartPlot::setRange(qint64 from, qint64 to)
{
    auto &overlay = m_canvas->overlay;
    if (overlay.from == from && overlay.to == to)
        return;
    overlay.from = from;
    overlay.to = to;
    m_canvas->xAxis->setRange(double(from) / 1000, double(to) / 1000);
    m_canvas->update();
}

void ChartPlot::setRaster(const RollingRaster *raster)
{
    m_canvas->raster->raster = raster;
}

void ChartPlot::rasterChanged()
{
    m_canvas->update(plotArea());
}

void ChartPlot::setLimit(std::optional<double> limit)
{
    m_limit = limit;
    std::optional<int> at;
    const QRect area = plotArea();
    if (limit && m_scale.high > m_scale.low)
        at = area.bottom()
            - int(std::lround(
                (*limit - m_scale.low) / (m_scale.high - m_scale.low) * (area.height() - 1)));
    if (at == m_canvas->overlay.limit)
        return;
    m_canvas->overlay.limit = at;
    m_canvas->update();
}

void ChartPlot::setMarks(std::vector<ChartMark> marks)
{
    if (marks == m_canvas->overlay.marks)
        return;
    m_canvas->overlay.marks = std::move(marks);
    m_canvas->update(plotArea());
}

void ChartPlot::setCrosshair(std::optional<qint64> time)
{
    auto &overlay = m_canvas->overlay;
    if (time == overlay.crosshair)
        return;
    m_canvas->update(overlay.crosshairArea());
    overlay.crosshair = time;
    m_canvas->update(overlay.crosshairArea());
}

void ChartPlot::setSelection(std::optional<std::pair<qint64, qint64>> range)
{
    if (range == m_canvas->overlay.selection)
        return;
    m_canvas->overlay.selection = range;
    m_canvas->update(plotArea());
}

std::vector<QRgb> ChartPlot::backdrop()
{
    return m_canvas->backdrop();
}

QRect ChartPlot::plotArea() const
{
    return m_canvas->overlay.area;
}

void ChartPlot::paint(QPainter *painter)
{
    m_canvas->paintAll(painter);
}

void ChartPlot::resizeEvent(QResizeEvent *)
{
    m_canvas->setGeometry(rect());
    layOut();
}

void ChartPlot::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        layOut();
    QWidget::changeEvent(event);
}

} // namespace pilothouse
