// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/store/parts.h"

#include <QElapsedTimer>

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

int answerQueries(const QStringList &arguments)
{
    const int nodes = arguments.value(1).toInt(), ticks = arguments.value(2).toInt();
    const qint64 begin = arguments.value(3).toLongLong();
    const auto metric = arguments.value(5).toStdString();
    constexpr int rounds = 200, columns = 360;
    GpuFleet fleet(arguments.value(4).toUInt(), nodes);
    StoreOptions options;
    if (arguments.value(6) == QLatin1String("cold"))
        options.hotBytes = 1 << 20; // all but the newest rows is read from disk
    auto opened = openStore(arguments.value(0), options);
    if (!opened)
        return 1;
    auto &store = **opened;
    std::vector<std::vector<SeriesId>> ids(static_cast<std::size_t>(nodes));
    for (int node = 0; node < nodes; ++node) {
        std::vector<std::size_t> which;
        for (std::size_t i = 0; i < fleet.series().size(); ++i)
            if (fleet.series()[i].metric == metric) {
                which.push_back(i);
                ids[std::size_t(node)].push_back(store.series(describe(node, fleet.series()[i])));
            }
        for (int tick = 0; tick < ticks; tick += 400) {
            std::vector<StoreTick> out;
            for (int i = tick; i < std::min(ticks, tick + 400); ++i) {
                const auto &row = fleet.next(node);
                StoreTick one{tickTime(begin, i), {}};
                for (const auto at : which)
                    one.values.push_back(double(row[at]) / fleet.series()[at].per);
                out.push_back(std::move(one));
            }
            store.append(ids[std::size_t(node)], std::move(out));
        }
        if (!QCoro::waitFor(store.flush()))
            return 1;
    }
    std::printf("ready 1\n");
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) {
        const qint64 to = begin + ticks * qint64(1000);
        const double hour = p95Of(rounds, [&] {
            const auto curves
                = QCoro::waitFor(store.query({}, ids[0], to - 3'600'000, to, columns));
            if (!curves || curves->size() != 8 || curves->at(7).columns[columns / 2].count == 0)
                wrong("hour");
        });
        const double latest = p95Of(rounds, [&] {
            double sum = 0;
            for (const auto &node : ids) {
                const auto value = store.latest(node[0]);
                if (!value)
                    wrong("latest");
                sum += value->value;
            }
            if (sum <= 0)
                wrong("latest");
        });
        std::printf("hour_us %.1f latest_us %.1f\n", hour, latest);
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
