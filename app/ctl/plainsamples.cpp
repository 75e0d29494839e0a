// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Live basics of a host without an agent, in the shape of the agent's samples.
#include "app/ctl/output.h"
#include "app/ctl/samples.h"
#include "core/session/plainbasics.h"
#include "core/transport/bounded.h"

#include <QDateTime>

#include <cmath>

namespace pilothouse::ctl {

static constexpr std::chrono::seconds period(2);

/// A catalogue of gauges and their values; the first is how busy the processors are.
static void fill(AgentCatalogue &catalogue, AgentTick &tick, const PlainSample &sample,
    std::optional<double> busy)
{
    catalogue.series = {SeriesInfo{
        QStringLiteral("cpu_busy_ratio"), {}, QStringLiteral("ratio"), SeriesKind::Gauge, 1}};
    tick.values = {busy.value_or(std::nan(""))};
    for (const auto &value : sample.values) {
        catalogue.series << SeriesInfo{
            value.metric, value.device, value.unit, SeriesKind::Gauge, 1};
        tick.values.push_back(value.value);
    }
}

Task<Result<>> followPlain(Desk &desk, std::shared_ptr<const Link> link, int count, TakeSample take)
{
    const Context context = desk.context();
    if (!desk.json())
        printNote(
            tr("Basics by plain commands, every %1 s: %2").arg(period.count()).arg(link->without));
    std::optional<PlainSample> before;
    for (int left = count; count == 0 || left > 0;) {
        const Command command(
            QStringLiteral("/bin/sh"), QStringList{QStringLiteral("-s")}, plainScript());
        auto asking = link->transport->run(context, command);
        const auto output = printed(co_await std::move(asking), QStringLiteral("samples"));
        if (!output)
            co_return fail(output.error());
        const auto plain = parsePlain(*output);
        if (before) { // as with an agent, the first only gives ratios something to stand on
            AgentCatalogue catalogue;
            AgentTick tick;
            tick.wallNs = QDateTime::currentMSecsSinceEpoch() * 1'000'000 + link->clock->offsetNs();
            fill(catalogue, tick, plain, cpuBusyRatio(before->cpu, plain.cpu));
            const Sample sample{catalogue, tick, nullptr, *link->clock, link->without};
            const auto taken = take(sample);
            if (!taken)
                co_return fail(taken.error());
            left -= *taken ? 1 : 0;
        }
        before = plain;
        if (count != 0 && left == 0)
            break;
        auto pausing = bounded(context.within(period), Reply<>(), QStringLiteral("samples"), {});
        const auto paused = co_await std::move(pausing);
        if (context.stopped() || context.expired())
            co_return paused;
    }
    co_return Result<>();
}

} // namespace pilothouse::ctl
