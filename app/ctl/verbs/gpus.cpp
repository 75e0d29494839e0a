// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// GPUs several times a second, for what a value each second hides.
#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "app/ctl/outputwatch.h"
#include "app/ctl/verbs/verbs.h"
#include "core/base/units.h"
#include "core/transport/bounded.h"

#include <QDateTime>
#include <QJsonArray>

#include <cmath>

namespace pilothouse::ctl {

static QJsonValue orNull(double value)
{
    return std::isnan(value) ? QJsonValue() : QJsonValue(value);
}

static QString orDash(double value, const QString &unit, int digits = 0)
{
    return std::isnan(value) ? QStringLiteral("–")
                             : QString::number(value, 'f', digits) + QLatin1Char(' ') + unit;
}

static QJsonObject toJson(const QString &target, qint64 timeMs, const QList<GpuInstant> &gpus)
{
    QJsonArray array;
    for (const auto &gpu : gpus)
        array.append(QJsonObject{{QStringLiteral("uuid"), gpu.uuid},
            {QStringLiteral("busy_ratio"), orNull(gpu.busyRatio)},
            {QStringLiteral("memory_used_bytes"), orNull(gpu.memoryBytes)},
            {QStringLiteral("power_watts"), orNull(gpu.watts)},
            {QStringLiteral("temperature_celsius"), orNull(gpu.celsius)},
            {QStringLiteral("sm_clock_hertz"), orNull(gpu.smHertz)}});
    return {{QStringLiteral("target"), target}, {QStringLiteral("time"), rfc3339(timeMs)},
        {QStringLiteral("gpus"), array}};
}

/// One line a moment: time, then load and power of each GPU in the driver's order.
static void printInstant(qint64 timeMs, const QList<GpuInstant> &gpus)
{
    QStringList words{
        QDateTime::fromMSecsSinceEpoch(timeMs).time().toString(QStringLiteral("HH:mm:ss.zzz"))};
    for (const auto &gpu : gpus)
        words << QStringLiteral("%1 %2").arg(orDash(gpu.busyRatio * 100, QStringLiteral("%")),
            orDash(gpu.watts, QStringLiteral("W")));
    printLine(words.join(QStringLiteral("  ")));
}

static Task<int> runGpus(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto target = all->target(invocation.words.first());
    if (!target)
        co_return failed(*all, target.error());
    auto connecting = all->connectToAgent(*target);
    const auto link = co_await std::move(connecting);
    if (!link)
        co_return failed(*all, link.error());
    const auto watch = std::make_unique<OutputWatch>();
    const QString name = all->targetName(target->id);
    const int samples = invocation.number("samples", 0);
    Reply<> reply;
    GpuHandlers handlers;
    auto seen = std::make_shared<int>(0);
    const auto clock = (*link)->clock;
    handlers.now = [=](qint64 wallNs, const QList<GpuInstant> &gpus) {
        if (gpus.isEmpty() && *seen == 0) {
            reply.finish(fail(
                {ErrorKind::NotFound, QStringLiteral("gpus"), tr("No GPU of %1 answers.").arg(name),
                    {}, tr("What its driver says: pilothousectl metrics %1 --list").arg(name)}));
            return;
        }
        if (samples > 0 && *seen >= samples)
            return;
        const qint64 time = clock->ourTime(wallNs / 1'000'000);
        if (all->json())
            printJson("gpus", toJson(name, time, gpus));
        else
            printInstant(time, gpus);
        if (++*seen == samples)
            reply.finish({});
    };
    handlers.ended = [reply](const Error &error) { reply.finish(fail(error)); };
    const auto stream = (*link)->agent->watchGpus(invocation.number("hz", 10), std::move(handlers));
    auto waiting = bounded(all->context(), reply, QStringLiteral("gpus"), {});
    const auto done = co_await std::move(waiting);
    co_return done ? 0 : failed(*all, done.error());
}

const Verb gpusVerb{"gpus", "ALIAS",
    QT_TRANSLATE_NOOP("ctl", "watch the GPUs of a host ten times a second"),
    "gpus lab --samples 50", 1, 1, false,
    {{"hz", "N", QT_TRANSLATE_NOOP("ctl", "so many times a second, 1 to 20")},
        {"samples", "N", QT_TRANSLATE_NOOP("ctl", "end after so many")}},
    &runGpus,
    QT_TRANSLATE_NOOP("ctl",
        "Load and power of each GPU in the driver's order; with --json also memory, temperature "
        "and clock.\nAsked out of turn: what is stored each second does not change by it.")};

} // namespace pilothouse::ctl
