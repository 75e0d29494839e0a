// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// One chart of 1600x900 redrawn for SECONDS, figures as "name value" lines on stdout: milliseconds
// of CPU and of wall time a frame.
//   ours CURVES POINTS SECONDS    store to screen, everything drawn anew
//   live CURVES POINTS SECONDS    store to screen, one pixel column further in each frame
//   qcp CURVES POINTS SECONDS     the same values in QCustomPlot's own graphs, not antialiased
#include "core/telemetry/storeoptions.h"
#include "views/charts/chartplot.h"
#include "views/charts/curvesource.h"
#include "views/charts/rollingraster.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <array>
#include <cstdio>
#include <ctime>
#include <random>

#include <qcustomplot.h>

using namespace pilothouse;

namespace {

constexpr QSize size(1600, 900);
constexpr qint64 start = 1'700'000'000'000;

/// Random walks between 0 and 100, the same for both sides.
class Walks {
public:
    explicit Walks(std::size_t curves)
        : m_values(curves, 50)
    {
    }
    const std::vector<double> &next()
    {
        for (auto &value : m_values) {
            value += (double(m_random() % 2001) - 1000) / 1000;
            value = value < 0 ? -value : value > 100 ? 200 - value : value;
        }
        return m_values;
    }

private:
    std::mt19937 m_random{11};
    std::vector<double> m_values;
};

double cpuMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

template <typename Frame> void measure(int seconds, Frame frame)
{
    for (int i = 0; i < 3; ++i)
        frame();
    QElapsedTimer timer;
    timer.start();
    const double before = cpuMilliseconds();
    int frames = 0;
    while (timer.elapsed() < seconds * 1000) {
        frame();
        ++frames;
    }
    std::printf("cpu_ms %.4f\nms %.4f\nframes %d\n", (cpuMilliseconds() - before) / frames,
        double(timer.nsecsElapsed()) / 1e6 / frames, frames);
}

ChartColors colorsForBench()
{
    ChartColors colors{QColor(0x1A2028), QColor(0x2A333E), QColor(0xE6EAF0), QColor(0xA9B3C0),
        QColor(0xA9B3C0), QColor(0xF0616D), QColor(0x4C9AFF), {}};
    for (const auto rgb :
        {0x4C9AFF, 0xF2A93B, 0x3FB68B, 0xE56BA8, 0x9D8CFF, 0xC9D14A, 0xE5734B, 0x6FC6E8})
        colors.series.emplace_back(rgb);
    return colors;
}

void ours(std::size_t curves, qint64 points, int seconds, bool live)
{
    const qint64 period = points > 100'000 ? 1 : 1000;
    const qint64 extra = live ? points : 0, end = start + points * period;
    QTemporaryDir folder;
    StoreOptions options;
    options.hotWindow = (points + extra + 1000) * period;
    options.hotBytes = std::size_t(4) << 30;
    options.now = [=] { return end + extra * period; };
    auto store = std::move(*openStore(folder.path(), options));
    std::vector<SeriesId> ids;
    for (std::size_t i = 0; i < curves; ++i)
        ids.push_back(
            store->series({{QStringLiteral("t"), QString::number(i), QStringLiteral("power")},
                QStringLiteral("watts"), StoredKind::Gauge}));
    Walks walks(curves);
    for (qint64 at = 0; at < points + extra;) {
        std::vector<StoreTick> ticks;
        for (int i = 0; i < 50'000 && at < points + extra; ++i, ++at)
            ticks.push_back({start + at * period, walks.next()});
        store->append(ids, std::move(ticks));
        QCoro::waitFor(store->flush());
    }
    CurveSource source(store.get());
    source.setSeries(ids);
    RollingRaster raster;
    ChartPlot plot;
    const ChartColors colors = colorsForBench();
    plot.setColors(colors);
    plot.setRaster(&raster);
    plot.resize(size);
    plot.show();
    QApplication::processEvents();
    auto *canvas = plot.findChild<QWidget *>();
    std::vector<CurveStyle> styles;
    for (std::size_t i = 0; i < curves; ++i)
        styles.push_back({colors.of(i), 0, 100, 1.5, 72, 1});
    plot.setScale({0, 100, 25}, tickTexts({0, 100, 25}, QStringLiteral("watts"), true));
    raster.setBackdrop(plot.backdrop());
    qint64 moved = 0;
    std::array<double, 4> parts{}; // of the frame, and frames
    measure(seconds, [&] {
        const QRect area = plot.plotArea();
        const qint64 column = (points * period + area.width() - 1) / area.width();
        const qint64 window = column * area.width();
        if (live)
            moved = (moved + column) % (extra * period);
        const qint64 to = (end + moved) / column * column;
        if (!live)
            raster.forget();
        const double a = cpuMilliseconds();
        raster.begin(
            {to - window, to, area.size(), styles, std::vector<bool>(styles.size(), false)});
        source.read(to - window, to, area.width(),
            [&](std::size_t index, const Curve &curve) { raster.add(index, curve); });
        const double b = cpuMilliseconds();
        raster.finish();
        const double c = cpuMilliseconds();
        plot.setRange(to - window, to);
        canvas->repaint();
        parts[0] += b - a;
        parts[1] += c - b;
        parts[2] += cpuMilliseconds() - c;
        parts[3] += 1;
    });
    std::printf("read_ms %.4f\nraster_ms %.4f\npaint_ms %.4f\n", parts[0] / parts[3],
        parts[1] / parts[3], parts[2] / parts[3]);
}

void peer(std::size_t curves, qint64 points, int seconds)
{
    QCustomPlot plot;
    plot.resize(size);
    plot.setNotAntialiasedElements(QCP::aeAll);
    const ChartColors colors = colorsForBench();
    plot.setBackground(QBrush(colors.background));
    std::vector<QVector<QCPGraphData>> data(curves);
    Walks walks(curves);
    for (qint64 at = 0; at < points; ++at) {
        const auto &values = walks.next();
        for (std::size_t i = 0; i < curves; ++i)
            data[i].push_back({double(at), values[i]});
    }
    for (std::size_t i = 0; i < curves; ++i) {
        auto *graph = plot.addGraph();
        graph->setPen(QPen(colors.of(i), 1));
        graph->data()->set(data[i], true);
    }
    plot.xAxis->setRange(0, double(points));
    plot.yAxis->setRange(0, 100);
    plot.show();
    QApplication::processEvents();
    measure(seconds, [&] { plot.replot(QCustomPlot::rpImmediateRefresh); });
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    const auto arguments = QApplication::arguments();
    if (arguments.size() != 5)
        return 2;
    const auto curves = std::size_t(arguments[2].toInt());
    const qint64 points = arguments[3].toLongLong();
    const int seconds = arguments[4].toInt();
    if (arguments[1] == QLatin1String("qcp"))
        peer(curves, points, seconds);
    else
        ours(curves, points, seconds, arguments[1] == QLatin1String("live"));
    return 0;
}
