// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/store/parts.h"

#include <QDir>
#include <QElapsedTimer>
#include <QThread>

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace pilothouse::bench {

namespace {

double p95(std::vector<double> times)
{
    std::sort(times.begin(), times.end());
    return times[times.size() * 95 / 100];
}

template <typename Ask> double p95Of(int rounds, Ask ask)
{
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        QElapsedTimer timer;
        timer.start();
        ask();
        times.push_back(double(timer.nsecsElapsed()) / 1000);
    }
    return p95(std::move(times));
}

[[noreturn]] void wrong(const char *what)
{
    std::fprintf(stderr, "wrong answer: %s\n", what);
    std::exit(1);
}

} // namespace

namespace {

/// The ids of one metric's series, by node.
using NodeIds = std::vector<std::vector<SeriesId>>;

bool fill(TelemetryStore &store, const QStringList &arguments, const NodeIds &ids)
{
    const int nodes = arguments.value(1).toInt(), ticks = arguments.value(2).toInt();
    const qint64 begin = arguments.value(3).toLongLong();
    const auto metric = arguments.value(5).toStdString();
    GpuFleet fleet(arguments.value(4).toUInt(), nodes);
    for (int node = 0; node < nodes; ++node) {
        for (int tick = 0; tick < ticks; tick += 400) {
            std::vector<StoreTick> out;
            for (int i = tick; i < std::min(ticks, tick + 400); ++i) {
                const auto &row = fleet.next(node);
                StoreTick one{tickTime(begin, i), {}};
                for (std::size_t at = 0; at < row.size(); ++at)
                    if (fleet.series()[at].metric == metric)
                        one.values.push_back(double(row[at]) / fleet.series()[at].per);
                out.push_back(std::move(one));
            }
            store.append(ids[std::size_t(node)], std::move(out));
        }
        if (!QCoro::waitFor(store.flush()))
            return false;
    }
    return true;
}

NodeIds idsIn(TelemetryStore &store, const QStringList &arguments)
{
    const auto metric = arguments.value(5).toStdString();
    const GpuFleet fleet(1, 1);
    NodeIds ids(std::size_t(arguments.value(1).toInt()));
    for (std::size_t node = 0; node < ids.size(); ++node)
        for (const auto &series : fleet.series())
            if (series.metric == metric)
                ids[node].push_back(store.series(describe(int(node), series)));
    return ids;
}

void askHour(TelemetryStore &store, const std::vector<SeriesId> &ids, qint64 to)
{
    constexpr int columns = 360;
    const auto curves = QCoro::waitFor(store.query({}, ids, to - 3'600'000, to, columns));
    if (!curves || curves->size() != 8 || curves->at(7).columns[columns / 2].count == 0)
        wrong("hour");
}

void askLatest(const TelemetryStore &store, const NodeIds &ids)
{
    double sum = 0;
    for (const auto &node : ids) {
        const auto value = store.latest(node[0]);
        if (!value)
            wrong("latest");
        sum += value->value;
    }
    if (sum <= 0)
        wrong("latest");
}

} // namespace

/// With memory for almost nothing, so that all is on disk only.
static bool startAnew(const QString &folder, Result<std::unique_ptr<TelemetryStore>> &store)
{
    StoreOptions options;
    store->reset();
    openStore(folder, options)->reset(); // what the journal still holds goes into a segment
    options.hotBytes = 1 << 20;
    store = openStore(folder, options);
    const auto segments
        = [&] { return QDir(folder).entryList({QStringLiteral("*.seg")}, QDir::Files).size(); };
    for (auto before = segments();;) { // until small blocks are put together
        QThread::sleep(3);
        const auto now = segments();
        if (std::exchange(before, now) == now
            && !QFile::exists(folder + QStringLiteral("/packed.part")))
            return store.has_value();
    }
}

int answerQueries(const QStringList &arguments)
{
    const qint64 to = arguments.value(3).toLongLong() + arguments.value(2).toInt() * qint64(1000);
    constexpr int rounds = 200;
    const auto mode = arguments.value(6);
    StoreOptions options;
    if (mode == QLatin1String("small"))
        options.hotBytes = 1 << 20; // blocks of a few rows, which are put together later
    auto opened = openStore(arguments.value(0), options);
    if (!opened || !fill(**opened, arguments, idsIn(**opened, arguments)))
        return 1;
    if (!mode.isEmpty() && !startAnew(arguments.value(0), opened))
        return 1;
    auto &store = **opened;
    const auto ids = idsIn(store, arguments);
    std::printf("ready 1\n");
    std::fflush(stdout);
    std::size_t next = 0;
    for (std::string line; std::getline(std::cin, line);) {
        const double hour = p95Of(rounds, [&] { askHour(store, ids[0], to); });
        // More than the cache of decoded rows holds until the first one comes again.
        const double other = p95Of(rounds, [&] { askHour(store, ids[++next % ids.size()], to); });
        const double latest = p95Of(rounds, [&] { askLatest(store, ids); });
        std::printf("hour_us %.1f other_us %.1f latest_us %.1f\n", hour, other, latest);
        std::fflush(stdout);
    }
    return 0;
}

int findSpike(const QStringList &arguments)
{
    const qint64 points = arguments.value(1).toLongLong(), spike = points * 6543 / 10000 + 217;
    constexpr qint64 batch = 100'000, begin = 1'000'000'000'000;
    StoreOptions options;
    options.keepTime = 100 * 365 * 86'400'000ll;
    auto opened = openStore(arguments.value(0), options);
    if (!opened)
        return 1;
    auto &store = **opened;
    const auto id = store.series({{QStringLiteral("n0"), {}, QStringLiteral("spiked")}, {}, {}});
    for (qint64 i = 0; i < points; i += batch) {
        std::vector<StoreTick> ticks;
        ticks.reserve(batch);
        for (qint64 j = i; j < std::min(points, i + batch); ++j)
            ticks.push_back({begin + j * 1000, {j == spike ? 9999.0 : double(j * 7919 % 50)}});
        store.append({id}, std::move(ticks));
        if (!QCoro::waitFor(store.flush()))
            return 1;
    }
    const qint64 at = begin + spike * 1000;
    double worst = 0;
    for (qint64 span = 2000; span < points * 2000; span *= 2) {
        QElapsedTimer timer;
        timer.start();
        const auto curves
            = QCoro::waitFor(store.query({}, {id}, at - span / 2, at + span / 2, 1500));
        const double ms = double(timer.nsecsElapsed()) / 1e6;
        double most = 0;
        if (!curves)
            return 1;
        for (const auto &column : curves->front().columns)
            most = std::max(most, column.count > 0 ? column.max : 0);
        if (most != 9999.0)
            wrong("spike");
        worst = std::max(worst, ms);
        std::printf("zoom_%llds_ms %.2f\n", span / 1000, ms);
    }
    std::printf("points %lld\nworst_ms %.2f\n", points, worst);
    return 0;
}

} // namespace pilothouse::bench
