// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Our side of the store's benchmarks: figures as "name value" lines on stdout.
//   ingest FOLDER NODES TICKS BATCH        agents' streams over sockets into a store
//   source NODES TICKS BATCH BEGIN SEED    the agents' side of it, started by `ingest`
//   lines NODES TICKS BATCH BEGIN SEED [METRIC]   the same batches as /api/v1/import takes them;
//                                          each after a line with its length
//   bytes FOLDER NODES TICKS BEGIN SEED    size on disk
//   query FOLDER NODES TICKS BEGIN SEED METRIC [disk|small]   for each line on stdin: p95 of the
//                                          questions; from disk; from disk, written in small blocks
//   spike FOLDER POINTS                    a one-sample spike, looked for at every zoom
#include "tests/bench/store/parts.h"

#include <QCoreApplication>

#include <cstdio>
#include <map>

#include <sys/resource.h>

namespace pilothouse::bench {

qint64 tickTime(qint64 begin, int tick)
{
    return begin + tick * qint64(1000) + (quint32(tick) * 2654435761u >> 16) % 3;
}

SeriesDescription describe(int node, const FleetSeries &series)
{
    return {{QStringLiteral("n%1").arg(node), QString::fromStdString(series.device),
                QString::fromStdString(series.metric)},
        {}, StoredKind(int(series.kind))};
}

double cpuSeconds()
{
    rusage use{};
    ::getrusage(RUSAGE_SELF, &use);
    const auto seconds
        = [](const timeval &time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return seconds(use.ru_utime) + seconds(use.ru_stime);
}

} // namespace pilothouse::bench

int main(int argc, char **argv)
{
    using namespace pilothouse::bench;
    QCoreApplication app(argc, argv);
    const std::map<QString, int (*)(const QStringList &)> verbs{
        {QStringLiteral("source"), &serveTicks}, {QStringLiteral("ingest"), &ingest},
        {QStringLiteral("lines"), &writeLines}, {QStringLiteral("bytes"), &measureBytes},
        {QStringLiteral("query"), &answerQueries}, {QStringLiteral("spike"), &findSpike}};
    const auto arguments = QCoreApplication::arguments();
    const auto verb = verbs.find(arguments.value(1));
    if (verb == verbs.end()) {
        std::fprintf(stderr, "usage: see main.cpp\n");
        return 2;
    }
    return verb->second(arguments.mid(2));
}
