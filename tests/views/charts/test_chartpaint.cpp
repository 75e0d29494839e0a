// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Curves that are drawn straight into the window's pixels are the same as those that come through a
// painter. The programme runs at several QT_SCALE_FACTORs.
#include "core/telemetry/columnsink.h"
#include "views/charts/chartplot.h"
#include "views/charts/rollingraster.h"

#include <QPainter>
#include <QTest>

#include <cmath>

using namespace pilothouse;

class TestChartPaint : public QObject {
    Q_OBJECT

    RollingRaster m_raster;
    std::unique_ptr<ChartPlot> m_plot;

    void drawCurves(double ratio)
    {
        const QRect area = m_plot->plotArea();
        const QSize size(
            int(std::round(area.width() * ratio)), int(std::round(area.height() * ratio)));
        const qint64 to = size.width() * qint64(1000);
        m_raster.setBackdrop(m_plot->backdrop());
        m_raster.begin({0, to, size,
            {{QColor(0x4C9AFF), 0, 100, 1.5 * ratio, 72, ratio},
                {QColor(0xF2A93B), 0, 100, 1.5 * ratio, 72, ratio}},
            {false, false}});
        for (std::size_t i = 0; i < 2; ++i) {
            ColumnSink sink(SeriesId(i + 1), StoredKind::Gauge, {0, to, size.width()});
            for (qint64 time = 0; time < to; time += 700)
                sink.add(time, 50 + 45 * std::sin(double(time) / (9000 + 5000 * double(i))));
            m_raster.add(i, sink.take());
        }
        m_raster.finish();
        m_plot->setRange(0, to);
    }
    /// All of the plot; with a clip that changes nothing, but forbids to paint straight.
    QImage painted(double ratio, bool clipped)
    {
        QImage image(m_plot->size() * ratio, QImage::Format_RGB32);
        image.setDevicePixelRatio(ratio);
        image.fill(Qt::magenta);
        QPainter painter(&image);
        if (clipped)
            painter.setClipRect(m_plot->rect());
        m_plot->paint(&painter);
        return image;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_plot = std::make_unique<ChartPlot>();
        ChartColors colors{QColor(0x1A2028), QColor(0x2A333E), QColor(0xE6EAF0), QColor(0xA9B3C0),
            QColor(0xA9B3C0), QColor(0xF0616D), QColor(0x4C9AFF), {}};
        m_plot->setColors(colors);
        m_plot->setScale({0, 100, 25}, tickTexts({0, 100, 25}, QStringLiteral("watts"), true));
        m_plot->setRaster(&m_raster);
        m_plot->resize(613, 287);
        m_plot->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
    }
    void cleanup() { m_plot.reset(); }

    void straightIsAsThroughAPainter()
    {
        const double ratio = m_plot->devicePixelRatioF();
        QVERIFY(std::abs(ratio - qEnvironmentVariable("QT_SCALE_FACTOR", "1").toDouble()) < 0.01);
        drawCurves(ratio);
        const QImage straight = painted(ratio, false), through = painted(ratio, true);
        QCOMPARE(straight, through);
        // Every pixel was painted, at the seam between curves and axes as well.
        int unpainted = 0;
        for (int y = 0; y < straight.height(); ++y)
            for (int x = 0; x < straight.width(); ++x)
                unpainted += straight.pixelColor(x, y) == QColor(Qt::magenta);
        QCOMPARE(unpainted, 0);
        // The curves are there, at their place.
        const QRect area = m_plot->plotArea();
        const int y = int((area.top() + area.height() * 0.5) * ratio), x = int(area.left() * ratio);
        QVERIFY(straight.pixelColor(x, y) != QColor(0x1A2028));
    }

    void aWindowShowsTheSame()
    {
        const double ratio = m_plot->devicePixelRatioF();
        drawCurves(ratio);
        m_plot->rasterChanged();
        QTest::qWait(50);
        const QImage grabbed = m_plot->grab().toImage().convertToFormat(QImage::Format_RGB32);
        QCOMPARE(grabbed, painted(ratio, false));
    }
};

QTEST_MAIN(TestChartPaint)
#include "test_chartpaint.moc"
