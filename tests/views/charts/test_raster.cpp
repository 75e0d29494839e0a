// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/columnsink.h"
#include "views/charts/curves.h"
#include "views/charts/rollingraster.h"

#include <QTest>

#include <cmath>
#include <map>
#include <random>

using namespace pilothouse;

namespace {

constexpr int width = 260, height = 201; // a value of 200 is 200 pixels above one of 0
constexpr qint64 step = 1000; // ms a column

using Points = std::vector<Point>;

Curve curveFrom(const Points &points, qint64 from, int columns = width)
{
    ColumnSink sink(1, StoredKind::Gauge, {from, from + columns * step, columns});
    for (const auto &point : points)
        sink.add(point.time, point.value);
    return sink.take();
}

/// Values in 64ths, so that every position is a whole 256th of a pixel and nothing is rounded.
Points randomPoints(std::mt19937 &random, int perColumn, int columns = width)
{
    Points points;
    double value = 100;
    for (int x = 0; x < columns; ++x) {
        if (x % 60 >= 48)
            continue; // a gap
        for (int i = 0; i < perColumn; ++i) {
            value = std::clamp(value + (double(random() % 2049) - 1024) / 64, 0.0, 200.0);
            double shown = value;
            switch (random() % 40) {
            case 0:
                shown = qQNaN();
                break;
            case 1:
                shown = random() % 2 ? qInf() : -qInf();
                break;
            case 2:
                shown = double(random() % 12801) / 64; // a spike of one sample
                break;
            default:
                break;
            }
            points.push_back({x * step + i * step / perColumn, shown});
        }
    }
    return points;
}

// The reference knows nothing of columns, tiles and packed pixels: for every pixel it asks how much
// of it the line from sample to sample covers, column by column, in whole 256ths.

int heightOf(double value)
{
    if (std::isinf(value))
        return value > 0 ? -4 * 256 * height : 4 * 256 * height;
    return 128 + int((200 - value) * 256);
}

int floorDivide(int a, int b)
{
    return int(std::floor(double(a) / b));
}

struct Ink {
    int low = 1 << 28, high = -(1 << 28);
    void add(int y)
    {
        low = std::min(low, y);
        high = std::max(high, y);
    }
};

struct Expected {
    std::map<int, Ink> lines, bands;
};

Expected expectedInk(const Points &points, qint64 from, int reach, bool band)
{
    std::map<int, Points> columns;
    for (const auto &point : points)
        if (!std::isnan(point.value) && point.time >= from && point.time < from + width * step)
            columns[int((point.time - from) / step)].push_back(point);
    Expected expected;
    int before = -1;
    for (const auto &[x, inside] : columns) {
        for (const auto &point : inside)
            (band ? expected.bands : expected.lines)[x].add(heightOf(point.value));
        if (band)
            expected.lines[x].add(heightOf(inside.back().value));
        if (before >= 0 && x - before <= reach) {
            const int a = heightOf(columns[before].back().value);
            const int b = heightOf(band ? inside.back().value : inside.front().value);
            for (int border = before + 1; border <= x; ++border) {
                const int y
                    = a + floorDivide((b - a) * (2 * (border - before) - 1), 2 * (x - before));
                expected.lines[border - 1].add(y);
                expected.lines[border].add(y);
            }
        }
        before = x;
    }
    return expected;
}

void paint(QImage &image, const std::map<int, Ink> &inks, const QColor &color, int half, int alpha)
{
    for (const auto &[x, ink] : inks)
        for (int y = 0; y < height; ++y) {
            const int covered
                = std::min(ink.high + half, 256 * (y + 1)) - std::max(ink.low - half, 256 * y);
            if (covered <= 0)
                continue;
            const int a = int(std::floor(covered * alpha / 256.0 + 0.5));
            auto *pixel = reinterpret_cast<QRgb *>(image.scanLine(y)) + x;
            const auto mix = [a](int over, int below) {
                return int(std::lround((over * a + below * (255 - a)) / 255.0));
            };
            *pixel = qRgba(mix(color.red(), qRed(*pixel)), mix(color.green(), qGreen(*pixel)),
                mix(color.blue(), qBlue(*pixel)), mix(255, qAlpha(*pixel)));
        }
}

QImage blank()
{
    QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    return image;
}

QString firstDifference(const QImage &got, const QImage &wanted)
{
    for (int y = 0; y < wanted.height(); ++y)
        for (int x = 0; x < wanted.width(); ++x) {
            const auto a = reinterpret_cast<const QRgb *>(got.constScanLine(y))[x],
                       b = reinterpret_cast<const QRgb *>(wanted.constScanLine(y))[x];
            if (a != b)
                return QStringLiteral("%1,%2: %3, wanted %4")
                    .arg(x)
                    .arg(y)
                    .arg(a, 8, 16)
                    .arg(b, 8, 16);
        }
    return {};
}

RollingRaster::Drawn update(RollingRaster &raster, const std::vector<Curve> &curves,
    const std::vector<CurveStyle> &styles, const std::vector<bool> &hidden, int tall)
{
    const auto &first = curves.front();
    raster.begin({first.from, first.to, QSize(int(first.columns.size()), tall), styles, hidden});
    for (std::size_t i = 0; i < curves.size(); ++i)
        raster.add(i, curves[i]);
    return raster.finish();
}

const QColor colors[] = {QColor(0x4C9AFF), QColor(0xF2A93B), QColor(0x3FB68B)};

} // namespace

class TestRaster : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void pixelsAreTheExactMinimaAndMaxima_data()
    {
        QTest::addColumn<int>("perColumn");
        QTest::addColumn<double>("lineWidth");
        for (const int perColumn : {1, 2, 7, 60})
            for (const double lineWidth : {1.0, 1.5, 3.0})
                QTest::addRow("%d samples, %g px", perColumn, lineWidth) << perColumn << lineWidth;
    }
    void pixelsAreTheExactMinimaAndMaxima()
    {
        QFETCH(int, perColumn);
        QFETCH(double, lineWidth);
        std::mt19937 random(unsigned(perColumn * 10 + int(lineWidth)));
        for (int round = 0; round < 5; ++round) {
            QImage got = blank(), wanted = blank();
            std::vector<Curve> curves;
            for (const auto &color : colors) {
                const auto points = randomPoints(random, perColumn);
                const auto curve = curveFrom(points, 0);
                const auto shape = shapeOf(curve);
                QCOMPARE(shape.band, perColumn > 3);
                curves.push_back(curve);
                const auto expected = expectedInk(points, 0, shape.reach, shape.band);
                const int half = int(lineWidth * 128);
                // Band and line of a column lie over each other only there.
                paint(wanted, expected.bands, color, half, 72);
                paint(wanted, expected.lines, color, half, 255);
            }
            std::vector<DrawnCurve> drawn;
            for (std::size_t i = 0; i < curves.size(); ++i)
                drawn.push_back(
                    {&curves[i], {colors[i], 0, 200, lineWidth, 72, 0}, shapeOf(curves[i])});
            rasterCurves(got, drawn, 0, width);
            const auto difference = firstDifference(got, wanted);
            QVERIFY2(difference.isEmpty(), qPrintable(difference));
        }
    }

    void theReferenceSeesASpikeOfOneSample()
    {
        Points points;
        for (int i = 0; i < width * 60; ++i)
            points.push_back({i * step / 60, i == 5000 ? 190.0 : 20.0});
        QImage got = blank();
        rasterCurve(got, curveFrom(points, 0), {Qt::white, 0, 200, 1, 72, 0});
        const int x = 5000 / 60;
        QVERIFY(qAlpha(got.pixel(x, 10)) >= 70);
        QCOMPARE(qAlpha(got.pixel(x - 1, 10)), 0);
        QCOMPARE(qAlpha(got.pixel(x + 1, 10)), 0);
    }

    void summariesOfCoarseRowsAreSoft()
    {
        Curve curve{1, 0, 100 * step, std::vector<Column>(100, Column{50, 50, 50, 50, 1})};
        for (std::size_t i = 0; i < 30; ++i)
            curve.columns[i] = {10, 150, 60, 60, 1};
        QVERIFY(isSummary(curve.columns[0]));
        QVERIFY(!isSummary(curve.columns[40]));
        QVERIFY(!isSummary(Column{1, 9, 9, 1, 2}));
        QImage got = blank();
        rasterCurve(got, curve, {Qt::white, 0, 200, 1, 72, 0});
        QCOMPARE(qAlpha(got.pixel(10, 100)), 72); // 10..150, not solid
        QCOMPARE(qAlpha(got.pixel(10, 140)), 255); // the line at 60
        QCOMPARE(qAlpha(got.pixel(60, 100)), 0);
    }

    void shiftedIsAsDrawnAnew_data()
    {
        QTest::addColumn<int>("perColumn");
        for (const int perColumn : {1, 3, 20})
            QTest::addRow("%d a column", perColumn) << perColumn;
        QTest::addRow("one in four columns") << 0;
    }
    void shiftedIsAsDrawnAnew()
    {
        QFETCH(int, perColumn);
        std::mt19937 random(77);
        constexpr int all = width * 4;
        std::vector<Points> series;
        for (int i = 0; i < 3; ++i) {
            auto points = randomPoints(random, std::max(perColumn, 1), all);
            if (perColumn == 0)
                std::erase_if(
                    points, [](const Point &point) { return point.time / step % 4 != 0; });
            series.push_back(points);
        }
        std::vector<CurveStyle> styles;
        for (const auto &color : colors)
            styles.push_back({color, 0, 200, 1.5, 72, 1});
        const std::vector<bool> hidden{false, false, false};
        RollingRaster rolling;
        int at = 0, shifts = 0;
        while (at + width < all - 60) {
            // What is younger than the moment has not come yet.
            const qint64 now = (at + width) * step - qint64(random() % 3) * step / 2;
            std::vector<Curve> curves;
            for (std::size_t i = 0; i < series.size(); ++i) {
                auto known = series[i];
                std::erase_if(known, [now](const Point &point) { return point.time >= now; });
                curves.push_back(curveFrom(known, at * step));
            }
            // Now and then something older comes in.
            if (random() % 8 == 0)
                curves[1].columns[random() % width] = {20, 30, 20, 30, 2};
            const auto drawn = update(rolling, curves, styles, hidden, height);
            shifts += drawn == RollingRaster::Drawn::Columns;
            QImage anew = blank();
            std::vector<DrawnCurve> drawnCurves;
            for (std::size_t i = 0; i < curves.size(); ++i)
                drawnCurves.push_back(
                    {&curves[i], styles[i], {joinDistance(curves[i]), rolling.isBand(i)}});
            rasterCurves(anew, drawnCurves, 0, width);
            // Straight into a larger picture, before and after there is one of its own.
            QImage window(width + 40, height + 10, QImage::Format_ARGB32_Premultiplied);
            window.fill(Qt::transparent);
            rolling.paintTo(window, {13, 7});
            const auto straight = firstDifference(window.copy(13, 7, width, height), anew);
            QVERIFY2(straight.isEmpty(), qPrintable(straight));
            QCOMPARE(window.pixel(12, 20), 0u);
            QCOMPARE(window.pixel(13 + width, 20), 0u);
            if (random() % 10 == 0)
                continue; // nobody asked for the picture
            const auto difference = firstDifference(rolling.image(), anew);
            QVERIFY2(difference.isEmpty(),
                qPrintable(QStringLiteral("at %1: %2").arg(at).arg(difference)));
            at += int(random() % 9);
        }
        QVERIFY2(shifts > 20, qPrintable(QString::number(shifts)));
    }

    void onlyNewColumnsAreDrawn()
    {
        std::mt19937 random(5);
        const auto points = randomPoints(random, 1, width * 2);
        const auto at = [&](int column) { return curveFrom(points, column * step); };
        const std::vector<CurveStyle> styles{{colors[0], 0, 200, 1.5, 72, 1}};
        RollingRaster rolling;
        using Drawn = RollingRaster::Drawn;
        QCOMPARE(update(rolling, {at(0)}, styles, {false}, height), Drawn::Everything);
        QCOMPARE(rolling.drawnColumns(), width);
        QVERIFY(!rolling.image().isNull()); // what nobody asked for cannot be shifted
        QCOMPARE(update(rolling, {at(0)}, styles, {false}, height), Drawn::Nothing);
        QCOMPARE(rolling.drawnColumns(), 0);
        QCOMPARE(update(rolling, {at(2)}, styles, {false}, height), Drawn::Columns);
        QVERIFY(rolling.drawnColumns() <= 2 + 2 * joinDistance(at(2)));
        // Back in time, another scale or another size: all of it.
        QCOMPARE(update(rolling, {at(0)}, styles, {false}, height), Drawn::Everything);
        auto other = styles;
        other[0].high = 400;
        QCOMPARE(update(rolling, {at(0)}, other, {false}, height), Drawn::Everything);
        QCOMPARE(update(rolling, {at(0)}, other, {false}, 90), Drawn::Everything);
        QCOMPARE(update(rolling, {at(0)}, other, {true}, 90), Drawn::Everything);
        QVERIFY(qAlpha(rolling.image().pixel(3, 45)) == 0);
    }

    void infiniteValuesDoNotMakeTheScale()
    {
        const auto curve = curveFrom({{0, 5}, {1, qInf()}, {step, -qInf()}, {2 * step, 9}}, 0);
        const auto extent = extentOf(curve);
        QCOMPARE(extent.low, 5.0);
        QCOMPARE(extent.high, 9.0);
        QVERIFY(extentOf(curveFrom({{0, qInf()}}, 0)).empty);
    }
};

QTEST_GUILESS_MAIN(TestRaster)
#include "test_raster.moc"
