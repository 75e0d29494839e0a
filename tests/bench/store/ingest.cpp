// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/agentchannel.h"
#include "core/transport/ioloop.h"
#include "tests/bench/store/parts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QEventLoop>
#include <QProcess>

#include <cstdio>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pilothouse::bench {

namespace {

/// One agent's stream into the store, by the same steps as the console's feed.
struct Feed {
    std::unique_ptr<AgentClient> client;
    std::unique_ptr<AgentStream> stream;
    std::vector<SeriesId> ids;
    int ticks = 0;
};

} // namespace

int ingest(const QStringList &arguments)
{
    const int nodes = arguments.value(1).toInt(), ticks = arguments.value(2).toInt();
    const qint64 begin = QDateTime::currentMSecsSinceEpoch() - ticks * qint64(1000);
    std::vector<int> ours, theirs;
    for (int i = 0; i < nodes; ++i) {
        int pair[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            return 1;
        ours.push_back(pair[0]);
        theirs.push_back(::fcntl(pair[1], F_DUPFD_CLOEXEC, 100));
        ::close(pair[1]);
    }
    QProcess source;
    source.setChildProcessModifier([theirs] {
        for (std::size_t i = 0; i < theirs.size(); ++i)
            ::dup2(theirs[i], 10 + int(i));
    });
    source.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    source.start(QCoreApplication::applicationFilePath(),
        {QStringLiteral("source"), QString::number(nodes), QString::number(ticks),
            arguments.value(3), QString::number(begin), QStringLiteral("1")});
    if (!source.waitForStarted() || !source.waitForReadyRead(120'000))
        return 1;
    std::printf("%s", source.readLine().constData());
    for (const int one : theirs)
        ::close(one);
    auto opened = openStore(arguments.value(0), {});
    if (!opened || !(*opened)->writable())
        return 1;
    auto &store = **opened;
    std::vector<Feed> feeds(static_cast<std::size_t>(nodes));
    QEventLoop loop;
    int left = nodes;
    const double before = cpuSeconds();
    const auto started = QDateTime::currentMSecsSinceEpoch();
    for (int node = 0; node < nodes; ++node) {
        auto &feed = feeds[std::size_t(node)];
        TelemetryHandlers handlers;
        handlers.catalogue = [&feed, &store, node](const AgentCatalogue &catalogue) {
            for (const auto &series : catalogue.series)
                feed.ids.push_back(
                    store.series({{QStringLiteral("n%1").arg(node), series.device, series.metric},
                        series.unit, StoredKind(int(series.kind))}));
        };
        handlers.ticks = [&, ticks](std::vector<AgentTick> batch, qint64, qint64) {
            std::vector<StoreTick> out;
            out.reserve(batch.size());
            for (auto &tick : batch)
                out.push_back({tick.wallNs / 1'000'000, std::move(tick.values)});
            feed.ticks += int(out.size());
            store.append(feed.ids, std::move(out));
            if (feed.ticks == ticks && --left == 0)
                loop.quit();
        };
        handlers.ended = [&](const Error &error) {
            if (feed.ticks < ticks) {
                std::fprintf(stderr, "%s\n", qPrintable(error.message + error.cause));
                ::_exit(1);
            }
        };
        feed.client = makeAgentClient(Descriptor(ours[std::size_t(node)]));
        TelemetryCursor cursor;
        cursor.ringId = QString::number(node);
        feed.stream = feed.client->subscribe(cursor, 0, std::move(handlers));
    }
    loop.exec();
    if (!QCoro::waitFor(store.flush()))
        return 1;
    const double spent = cpuSeconds() - before;
    const auto wall = QDateTime::currentMSecsSinceEpoch() - started;
    qint64 samples = 0;
    for (const auto &feed : feeds) {
        const auto curves = QCoro::waitFor(
            store.query({}, {feed.ids[2]}, begin - 1000, begin + (ticks + 1) * qint64(1000), 1));
        if (!curves || curves->at(0).columns[0].count != quint32(ticks)) {
            std::fprintf(stderr, "not all is queryable\n");
            return 1;
        }
        samples += qint64(feed.ids.size()) * ticks;
    }
    std::printf("samples %lld\ncpu_s %.4f\nwall_s %.3f\nper_cpu_s %.0f\n", samples, spent,
        double(wall) / 1000, double(samples) / spent);
    std::fflush(stdout);
    source.closeWriteChannel();
    feeds.clear();
    opened->reset();
    source.waitForFinished(5000);
    stopAgentThreads();
    IoLoop::instance().stop();
    return 0;
}

} // namespace pilothouse::bench
