// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/samples.h"

#include "app/ctl/outputwatch.h"
#include "core/transport/bounded.h"

#include <QDateTime>

#include <cmath>

namespace pilothouse::ctl {

qint64 Sample::time() const
{
    return clock.ourTime(tick.wallNs / 1'000'000);
}

std::optional<double> Sample::value(const SeriesInfo &info, int number) const
{
    const auto at = std::size_t(number);
    if (at >= tick.values.size() || std::isnan(tick.values[at]))
        return std::nullopt;
    if (info.kind != SeriesKind::Counter)
        return tick.values[at];
    if (!before || at >= before->values.size() || std::isnan(before->values[at]))
        return std::nullopt;
    const double seconds = double(tick.boottimeNs - before->boottimeNs) / 1e9;
    const double change = tick.values[at] - before->values[at];
    if (seconds <= 0 || change < 0) // a counter that began anew
        return std::nullopt;
    return change / seconds;
}

std::optional<double> Sample::value(const char *metric, const QString &device) const
{
    for (int i = 0; i < catalogue.series.size(); ++i) {
        const auto &info = catalogue.series[i];
        if (info.metric == QLatin1String(metric) && info.device == device)
            return value(info, i);
    }
    return std::nullopt;
}

Task<Result<>> followSamples(
    Desk &desk, std::shared_ptr<const Link> link, int count, TakeSample take)
{
    const auto watch = std::make_unique<OutputWatch>();
    if (!link->agent) {
        auto plainly = followPlain(desk, link, count, std::move(take));
        co_return co_await std::move(plainly);
    }
    const Context context = desk.context();
    struct State {
        AgentCatalogue catalogue;
        std::optional<AgentTick> before;
        int left = 0;
        bool endless = false, over = false;
    };
    auto state = std::make_shared<State>();
    state->left = count;
    state->endless = count == 0;
    Reply<> reply;
    TelemetryHandlers handlers;
    handlers.catalogue = [state](const AgentCatalogue &catalogue) {
        if (catalogue.ringId != state->catalogue.ringId)
            state->before.reset();
        state->catalogue = catalogue;
    };
    handlers.ticks = [state, take, reply, link](
                         const std::vector<AgentTick> &ticks, qint64 sentWallNs, qint64) {
        if (sentWallNs != 0)
            link->clock->follow(sentWallNs, QDateTime::currentMSecsSinceEpoch() * 1'000'000);
        for (const auto &tick : ticks) {
            // The first only gives rates something to stand on.
            if (state->before && !state->over) {
                const Sample sample{
                    state->catalogue, tick, &*state->before, *link->clock, link->without};
                const auto taken = take(sample);
                if (!taken)
                    reply.finish(fail(taken.error()));
                const bool counts = taken && *taken && !state->endless;
                state->over = !taken || (counts && --state->left == 0);
            }
            state->before = tick;
        }
        if (state->over)
            reply.finish({});
    };
    handlers.ended = [reply](const Error &error) { reply.finish(fail(error)); };
    const auto stream = link->agent->subscribe(TelemetryCursor(), 1, std::move(handlers));
    auto waiting = bounded(context, reply, QStringLiteral("samples"), {});
    co_return co_await std::move(waiting);
}

} // namespace pilothouse::ctl
