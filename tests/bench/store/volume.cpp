// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/store/parts.h"

#include <QDir>

#include <charconv>
#include <cstdio>

namespace pilothouse::bench {

namespace {

/// Batches of one node's ticks as lines of /api/v1/import, shortest decimals.
class LineWriter {
public:
    void begin(int node, const FleetSeries &series)
    {
        m_out += "{\"metric\":{\"__name__\":\"" + series.metric + "\",\"node\":\"n"
            + std::to_string(node) + '"';
        if (!series.device.empty())
            m_out += ",\"device\":\"" + series.device + '"';
        m_out += "},\"values\":[";
    }
    template <typename Number> void number(Number value)
    {
        char text[32];
        m_out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
        m_out += ',';
    }
    void next(const char *text) { m_out.back() = ']', m_out += text; }
    void send()
    {
        std::printf("%zu\n", m_out.size());
        std::fwrite(m_out.data(), 1, m_out.size(), stdout);
        m_out.clear();
    }

private:
    std::string m_out;
};

} // namespace

int writeLines(const QStringList &arguments)
{
    const int nodes = arguments.value(0).toInt(), ticks = arguments.value(1).toInt(),
              batch = arguments.value(2).toInt();
    const qint64 begin = arguments.value(3).toLongLong();
    const auto only = arguments.value(5).toStdString();
    GpuFleet fleet(arguments.value(4).toUInt(), nodes);
    LineWriter lines;
    std::vector<std::vector<std::int64_t>> rows;
    for (int node = 0; node < nodes; ++node)
        for (int tick = 0; tick < ticks; tick += batch) {
            rows.clear();
            for (int i = tick; i < std::min(ticks, tick + batch); ++i)
                rows.push_back(fleet.next(node));
            for (std::size_t column = 0; column < fleet.series().size(); ++column) {
                const auto &series = fleet.series()[column];
                if (!only.empty() && series.metric != only)
                    continue;
                lines.begin(node, series);
                for (const auto &row : rows)
                    lines.number(double(row[column]) / series.per);
                lines.next(",\"timestamps\":[");
                for (std::size_t i = 0; i < rows.size(); ++i)
                    lines.number(tickTime(begin, tick + int(i)));
                lines.next("}\n");
            }
            lines.send();
        }
    return 0;
}

int measureBytes(const QStringList &arguments)
{
    const QString folder = arguments.value(0);
    const int nodes = arguments.value(1).toInt(), ticks = arguments.value(2).toInt();
    const qint64 begin = arguments.value(3).toLongLong();
    GpuFleet fleet(arguments.value(4).toUInt(), nodes);
    double spent = 0;
    qint64 samples = 0;
    {
        auto opened = openStore(folder, {});
        if (!opened)
            return 1;
        auto &store = **opened;
        for (int node = 0; node < nodes; ++node) {
            std::vector<SeriesId> ids;
            for (const auto &series : fleet.series())
                ids.push_back(store.series(describe(node, series)));
            for (int tick = 0; tick < ticks; tick += 64) {
                std::vector<StoreTick> out;
                for (int i = tick; i < std::min(ticks, tick + 64); ++i) {
                    const auto &row = fleet.next(node);
                    StoreTick one{tickTime(begin, i), {}};
                    for (std::size_t k = 0; k < row.size(); ++k)
                        one.values.push_back(double(row[k]) / fleet.series()[k].per);
                    out.push_back(std::move(one));
                }
                samples += qint64(out.size() * ids.size());
                store.append(ids, std::move(out));
            }
            if (!QCoro::waitFor(store.flush()))
                return 1;
        }
        spent = cpuSeconds();
    }
    openStore(folder, {})->reset(); // what the journal still holds goes into a segment
    qint64 bytes = 0;
    for (const auto &file : QDir(folder).entryInfoList(QDir::Files))
        bytes += file.size();
    std::printf("samples %lld\nbytes %lld\nper_sample %.4f\ncpu_s %.3f\n", samples, bytes,
        double(bytes) / double(samples), spent);
    return 0;
}

} // namespace pilothouse::bench
