// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storeoptions.h"
#include "views/charts/charttimeline.h"
#include "views/charts/chartview.h"
#include "views/charts/curveraster.h"
#include "views/charts/curves.h"
#include "views/charts/scale.h"
#include "views/charts/sparkline.h"

#include <QAccessible>
#include <QClipboard>
#include <QDir>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLocale>
#include <QPainter>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>

#include <cmath>
#include <random>

using namespace pilothouse;

static constexpr qint64 start = 1'700'000'000'000;

static ChartColors dark()
{
    ChartColors colors{QColor(0x1A2028), QColor(0x2A333E), QColor(0xE6EAF0), QColor(0xA9B3C0),
        QColor(0xA9B3C0), QColor(0xF0616D), QColor(0x4C9AFF), {}, 72};
    for (const auto rgb :
        {0x4C9AFF, 0xF2A93B, 0x3FB68B, 0xE56BA8, 0x9D8CFF, 0xC9D14A, 0xE5734B, 0x6FC6E8})
        colors.series.emplace_back(rgb);
    return colors;
}

static ChartColors light()
{
    ChartColors colors = dark();
    colors.background = QColor(0xFFFFFF);
    colors.grid = QColor(0xD9DFE7);
    colors.text = QColor(0x18202A);
    colors.text2 = colors.crosshair = QColor(0x4A5665);
    colors.limit = QColor(0xC9303E);
    colors.focus = QColor(0x1A5FD0);
    for (auto &color : colors.series)
        color = QColor(color.red() * 4 / 5, color.green() * 4 / 5, color.blue() * 4 / 5);
    return colors;
}

class TestCharts : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TelemetryStore> m_store;
    qint64 m_now = start;

    void openStoreWith(qint64 hotWindow = 7'200'000)
    {
        m_store.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        StoreOptions options;
        options.hotWindow = hotWindow;
        options.blockRows = 64;
        options.now = [this] { return m_now; };
        m_store = std::move(*openStore(m_folder->path(), options));
    }
    SeriesId series(
        const QString &device, const QString &metric, const QString &unit = QStringLiteral("watts"))
    {
        return m_store->series({{QStringLiteral("t"), device, metric}, unit, StoredKind::Gauge});
    }
    bool flushed() { return QCoro::waitFor(m_store->flush()).has_value(); }

    static Curve curveOf(const std::vector<double> &values)
    {
        Curve curve{1, start, start + qint64(values.size()) * 1000, {}};
        for (const double value : values)
            curve.columns.push_back(
                std::isnan(value) ? Column{} : Column{value, value, value, value, 1});
        return curve;
    }

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init()
    {
        // The offscreen platform warns when a window has a minimum size.
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_now = start + 3'600'000;
    }
    void cleanup() { m_store.reset(); }

    void gapsStayEmptyAndSparseSamplesAreJoined()
    {
        std::vector<double> values(300, qQNaN());
        for (int i = 0; i < 300; i += 5)
            if (i < 100 || i > 160)
                values[std::size_t(i)] = 50;
        const auto curve = curveOf(values);
        QCOMPARE(joinDistance(curve), 15);
        QImage image(300, 100, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        rasterCurve(image, curve, {Qt::white, 0, 100, 2, 72, 0});
        for (int x = 0; x < 300; ++x) {
            int ink = 0;
            for (int y = 0; y < 100; ++y)
                ink += qAlpha(image.pixel(x, y));
            QCOMPARE(ink > 0, x <= 95 || (x >= 165 && x <= 295));
        }
    }

    void spikeOfOneSampleIsSeenInABand()
    {
        Curve curve{1, 0, 100'000, std::vector<Column>(100, Column{10, 11, 10, 11, 60})};
        curve.columns[40].max = 90;
        QImage image(100, 101, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        rasterCurve(image, curve, {Qt::white, 0, 100, 1, 72, 0});
        QVERIFY(qAlpha(image.pixel(40, 30)) >= 70);
        QCOMPARE(qAlpha(image.pixel(39, 30)), 0);
    }

    void olderColumnsFillOnlyTheFront()
    {
        auto curve = curveOf({qQNaN(), qQNaN(), qQNaN(), 5, qQNaN(), 6});
        auto older = curveOf({1, 2, 3, 99, 99, 99});
        mergeOlder(curve, older);
        QCOMPARE(curve.columns[0].last, 1.0);
        QCOMPARE(curve.columns[2].last, 3.0);
        QCOMPARE(curve.columns[3].last, 5.0);
        QCOMPARE(curve.columns[4].count, 0u);
        auto wide = curveOf({qQNaN(), qQNaN()});
        wide.to = wide.from + 6000; // three of theirs in one of ours
        mergeOlder(wide, older);
        QCOMPARE(wide.columns[0].min, 1.0);
        QCOMPARE(wide.columns[0].max, 3.0);
        QCOMPARE(wide.columns[0].count, 3u);
    }

    void timelineFollowsPausesScrubsAndZooms()
    {
        ChartTimeline line(nullptr, [this] { return m_now; });
        QSignalSpy live(&line, &ChartTimeline::liveChanged),
            range(&line, &ChartTimeline::rangeChanged);
        line.setWindow(300'000);
        QVERIFY(line.isLive());
        QCOMPARE(line.to(), m_now);
        QCOMPARE(line.from(), m_now - 300'000);
        line.setLive(false);
        m_now += 5000;
        QCOMPARE(line.to(), m_now - 5000);
        line.scrub(-0.5);
        QCOMPARE(line.to(), m_now - 155'000);
        line.scrub(2);
        QVERIFY(line.isLive()); // past now is now
        QCOMPARE(line.to(), m_now);
        line.zoomTo(m_now - 100'000, m_now - 60'000);
        QVERIFY(!line.isLive());
        QCOMPARE(line.window(), 40'000);
        line.zoom(0.5, m_now - 70'000);
        QCOMPARE(line.window(), 20'000);
        QCOMPARE(line.to(), m_now - 65'000);
        line.zoomBack();
        QVERIFY(line.isLive());
        QCOMPARE(line.window(), 300'000);
        line.zoom(0.000001);
        QCOMPARE(line.window(), ChartTimeline::shortest);
        line.zoom(1e30);
        QCOMPARE(line.window(), ChartTimeline::longest);
        QVERIFY(!line.canZoomBack());
        QCOMPARE(live.size(), 4);
        QVERIFY(!range.isEmpty());
    }

    void framesAreCoalesced()
    {
        ChartTimeline line(nullptr, [this] { return m_now; });
        QSignalSpy frames(&line, &ChartTimeline::frame);
        for (int i = 0; i < 100; ++i)
            line.requestFrame();
        QVERIFY(frames.wait());
        QCOMPARE(frames.size(), 1);
        line.setCrosshair(5);
        line.setCrosshair(5);
        QVERIFY(frames.wait());
        QCOMPARE(frames.size(), 2);
    }

    void scalesAreRound()
    {
        QCOMPARE(niceScale(0.1, 0.97, QStringLiteral("ratio")), (ValueScale{0, 1, 0.25}));
        QCOMPARE(niceScale(520, 700, QStringLiteral("watts")), (ValueScale{0, 800, 200}));
        QCOMPARE(niceScale(58, 66, QStringLiteral("celsius")).low, 50.0);
        const auto memory = niceScale(0, 80.0 * (1 << 30), QStringLiteral("bytes"));
        QCOMPARE(memory.high, 80.0 * (1 << 30));
        QCOMPARE(tickText(memory.step, QStringLiteral("bytes"), true)
                     .replace(QChar(0xA0), QLatin1Char(' ')),
            QStringLiteral("20 GiB"));
        QCOMPARE(niceScale(0, 0, QStringLiteral("watts")), (ValueScale{0, 1, 0.25}));
        QCOMPARE(niceScale(qQNaN(), qQNaN(), QString()), (ValueScale{0, 1, 0.25}));
        for (const qint64 window :
            {2'000ll, 300'000ll, 900'000ll, 3'600'000ll, 86'400'000ll, 40 * 86'400'000ll}) {
            const auto ticks = timeTicks(start, start + window, 8);
            QVERIFY(ticks.size() >= 1 && ticks.size() <= 9);
            QVERIFY(ticks.front().first >= start && ticks.back().first <= start + window);
        }
    }

    void legendShowsTrueValuesUnderTheCrosshair()
    {
        openStoreWith();
        const auto a = series(QStringLiteral("0"), QStringLiteral("power")),
                   b = series(QStringLiteral("1"), QStringLiteral("power"));
        std::vector<StoreTick> ticks;
        for (int i = 0; i < 300; ++i)
            ticks.push_back(
                {m_now - 300'000 + i * 1000, {100.0 + i, i == 150 ? qQNaN() : 500.0 - i}});
        m_store->append({a, b}, ticks);
        QVERIFY(flushed());
        ChartTimeline line(nullptr, [this] { return m_now; });
        line.setWindow(300'000);
        ChartView chart(m_store.get(), &line);
        chart.setColors(dark());
        chart.setSpec(
            {QStringLiteral("Power"), QStringLiteral("2 devices"), QStringLiteral("watts"), true,
                {{a, QStringLiteral("GPU 0")}, {b, QStringLiteral("GPU 1")}}, 700});
        chart.resize(900, 260);
        QSignalSpy frames(&line, &ChartTimeline::frame);
        chart.show();
        QTRY_VERIFY(!chart.curves().empty());
        QCOMPARE(chart.legendValues(),
            (QStringList{QStringLiteral("399\u00a0W"), QStringLiteral("201\u00a0W")}));
        line.setCrosshair(m_now - 300'000 + 150 * 1000 + 100);
        QVERIFY(frames.wait());
        QCOMPARE(chart.legendValues().at(0), QStringLiteral("250\u00a0W"));
        line.setCrosshair({});
        QTest::keyClick(&chart, Qt::Key_Space);
        QVERIFY(!line.isLive());
        QTest::keyClick(&chart, Qt::Key_Left);
        QCOMPARE(line.to(), m_now - 30'000);
        QTest::keyClick(&chart, Qt::Key_Plus);
        QCOMPARE(line.window(), 150'000);
        QTest::keyClick(&chart, Qt::Key_Home);
        QVERIFY(line.isLive());
        const auto *spoken = QAccessible::queryAccessibleInterface(&chart);
        QVERIFY(spoken->text(QAccessible::Description).contains(QStringLiteral("GPU 0: 399")));
        QCOMPARE(chart.accessibleName(), QStringLiteral("Power"));
        line.setWindow(300'000);
        QVERIFY(frames.wait());
        QTest::keyClick(&chart, Qt::Key_C, Qt::ControlModifier);
        const auto lines
            = QGuiApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 301);
        QCOMPARE(lines.first(),
            QStringLiteral("time\tGPU 0 min\tGPU 0 max\tGPU 0 last\t"
                           "GPU 1 min\tGPU 1 max\tGPU 1 last"));
        QVERIFY(lines.last().endsWith(QStringLiteral("\t399\t399\t399\t201\t201\t201")));
    }

    void draggingZoomsAndDoubleClickGoesBack()
    {
        openStoreWith();
        const auto a = series(QStringLiteral("0"), QStringLiteral("power"));
        m_store->append({a}, {{m_now - 1000, {5}}});
        QVERIFY(flushed());
        ChartTimeline line(nullptr, [this] { return m_now; });
        ChartView chart(m_store.get(), &line);
        chart.setColors(dark());
        chart.setSpec({QStringLiteral("Power"), {}, QStringLiteral("watts"), true,
            {{a, QStringLiteral("GPU 0")}}, {}});
        chart.resize(800, 240);
        chart.show();
        QTRY_VERIFY(!chart.curves().empty());
        const QRect area = chart.plotArea();
        const QPoint from(area.left() + area.width() / 4, area.center().y()),
            to(area.left() + area.width() / 2, area.center().y());
        QTest::mousePress(&chart, Qt::LeftButton, {}, from);
        QTest::mouseMove(&chart, to);
        QTest::mouseRelease(&chart, Qt::LeftButton, {}, to);
        QVERIFY(!line.isLive());
        QVERIFY(std::abs(line.window() - 225'000) < 6000);
        QTest::mouseDClick(&chart, Qt::LeftButton, {}, to);
        QVERIFY(line.isLive());
        QCOMPARE(line.window(), 900'000);
    }

    void whatIsNotHotComesFromDisk()
    {
        openStoreWith(600'000);
        const auto a = series(QStringLiteral("0"), QStringLiteral("power"));
        std::vector<StoreTick> ticks;
        for (int i = 0; i < 3600; ++i)
            ticks.push_back({m_now - 3'600'000 + i * 1000, {double(i)}});
        m_store->append({a}, ticks);
        QVERIFY(flushed());
        QTRY_COMPARE(m_store->hot(a, m_now - 3'600'000, m_now - 2'000'000, 1).columns[0].count, 0u);
        ChartTimeline line(nullptr, [this] { return m_now; });
        line.setWindow(3'600'000);
        ChartView chart(m_store.get(), &line);
        chart.setColors(dark());
        chart.setSpec({QStringLiteral("Power"), {}, QStringLiteral("watts"), true,
            {{a, QStringLiteral("GPU 0")}}, {}});
        chart.resize(700, 240);
        chart.show();
        QTRY_VERIFY(!chart.curves().empty() && firstFilled(chart.curves()[0]) < m_now - 3'590'000);
        quint32 empty = 0;
        for (const auto &column : chart.curves()[0].columns)
            empty += column.count == 0;
        QVERIFY(empty <= 2);
    }

    void ownerDiesWhileTheStoreAnswers()
    {
        openStoreWith();
        const auto a = series(QStringLiteral("0"), QStringLiteral("power"));
        QVERIFY(flushed());
        ChartTimeline line(nullptr, [this] { return m_now; });
        auto chart = std::make_unique<ChartView>(m_store.get(), &line);
        chart->setSpec({QStringLiteral("Power"), {}, QStringLiteral("watts"), true,
            {{a, QStringLiteral("GPU 0")}}, {}});
        chart->resize(400, 200);
        QSignalSpy frames(&line, &ChartTimeline::frame);
        chart->show();
        QVERIFY(frames.wait());
        chart.reset();
        QVERIFY(flushed());
        QCoreApplication::processEvents();
        QVERIFY(frames.size() >= 1);
    }

    /// Pictures to look at, in the build folder.
    void pictures_data()
    {
        QTest::addColumn<bool>("isDark");
        QTest::newRow("dark") << true;
        QTest::newRow("light") << false;
    }
    void pictures()
    {
        QFETCH(bool, isDark);
        openStoreWith();
        const ChartColors colors = isDark ? dark() : light();
        const QStringList metrics{QStringLiteral("util"), QStringLiteral("heat"),
            QStringLiteral("memory"), QStringLiteral("power")};
        const QStringList units{QStringLiteral("ratio"), QStringLiteral("celsius"),
            QStringLiteral("bytes"), QStringLiteral("watts")};
        std::vector<SeriesId> ids;
        for (int gpu = 0; gpu < 8; ++gpu)
            for (int m = 0; m < 4; ++m)
                ids.push_back(series(QString::number(gpu), metrics[m], units[m]));
        std::mt19937 random(4);
        std::vector<double> walk(32, 0);
        std::vector<StoreTick> ticks;
        for (int i = 0; i < 3600; ++i) {
            if (i > 3100 && i < 3160)
                continue;
            StoreTick tick{m_now - 3'600'000 + i * 1000, {}};
            for (std::size_t gpu = 0; gpu < 8; ++gpu) {
                for (std::size_t m = 0; m < 4; ++m)
                    walk[gpu * 4 + m]
                        = walk[gpu * 4 + m] * 0.98 + (double(random() % 200) - 100) / 100;
                const bool dip = (i + int(gpu) * 2) % 140 < 18;
                tick.values.push_back(
                    std::clamp((dip ? 0.55 : 0.97) + walk[gpu * 4] * 0.005, 0.0, 1.0));
                tick.values.push_back((gpu == 2 ? 86 : 62) + walk[gpu * 4 + 1]);
                tick.values.push_back((74 + walk[gpu * 4 + 2] * 0.2) * (1 << 30));
                tick.values.push_back(610 + walk[gpu * 4 + 3] * 8);
            }
            ticks.push_back(tick);
        }
        m_store->append(ids, ticks);
        QVERIFY(flushed());
        ChartTimeline line(nullptr, [this] { return m_now; });
        for (const qint64 window : {900'000, 3'600'000}) {
            line.setWindow(window);
            QWidget page;
            QPalette palette;
            palette.setColor(QPalette::Window, isDark ? QColor(0x14191F) : QColor(0xF3F5F8));
            page.setPalette(palette);
            QFont font = page.font();
            font.setPixelSize(13);
            page.setFont(font);
            auto *grid = new QGridLayout(&page);
            std::vector<ChartView *> charts;
            for (int m = 0; m < 4; ++m) {
                ChartSpec spec{
                    QStringList{QStringLiteral("GPU utilisation"), QStringLiteral("Temperature"),
                        QStringLiteral("GPU memory"), QStringLiteral("Power")}[m],
                    m == 3 ? QStringLiteral("limit 700 W") : QStringLiteral("8 devices"), units[m],
                    true, {}, {}};
                if (m == 3)
                    spec.limit = 700;
                for (int gpu = 0; gpu < (m == 2 ? 3 : 8); ++gpu)
                    spec.series.push_back(
                        {ids[std::size_t(gpu * 4 + m)], QStringLiteral("GPU %1").arg(gpu)});
                auto *chart = new ChartView(m_store.get(), &line);
                chart->setColors(colors);
                chart->setSpec(spec);
                grid->addWidget(chart, m / 2, m % 2);
                charts.push_back(chart);
            }
            page.resize(1270, 560);
            QSignalSpy frames(&line, &ChartTimeline::frame);
            page.show();
            QTRY_VERIFY(std::all_of(charts.begin(), charts.end(),
                [](const auto *chart) { return !chart->curves().empty(); }));
            line.setCrosshair(m_now - window / 5);
            QVERIFY(frames.wait());
            QTest::qWait(50);
            const QString folder = QStringLiteral(PILOTHOUSE_BUILD "/pictures");
            QDir().mkpath(folder);
            const QImage image = page.grab().toImage();
            QVERIFY(image.save(
                QStringLiteral("%1/charts-%2-%3m-%4x.png")
                    .arg(folder, isDark ? QStringLiteral("dark") : QStringLiteral("light"))
                    .arg(window / 60000)
                    .arg(page.devicePixelRatioF())));
            QVERIFY(image.pixelColor(image.width() / 2, 2) == palette.color(QPalette::Window));
            line.setCrosshair({});
        }
    }

    void sparklineFillsItsCell()
    {
        std::vector<double> values;
        for (int i = 0; i < 80; ++i)
            values.push_back(i);
        QImage image(80, 20, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        {
            QPainter painter(&image);
            drawSparkline(&painter, QRectF(0, 0, 80, 20), curveOf(values), Qt::white);
        }
        QVERIFY(qAlpha(image.pixel(1, 18)) > 100);
        QVERIFY(qAlpha(image.pixel(78, 1)) > 100);
        QCOMPARE(qAlpha(image.pixel(1, 1)), 0);
    }
};

QTEST_MAIN(TestCharts)
#include "test_charts.moc"
