// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/output.h"
#include "app/ctl/samples.h"
#include "app/ctl/verbs/verbs.h"
#include "core/base/nearest.h"
#include "core/base/units.h"

#include <QJsonArray>

namespace pilothouse::ctl {

static bool wanted(const Invocation &invocation, const SeriesInfo &info)
{
    const auto metrics = invocation.values("metric"), devices = invocation.values("device");
    return (metrics.isEmpty() || metrics.contains(info.metric))
        && (devices.isEmpty() || devices.contains(info.device));
}

static QString unitOf(const SeriesInfo &info)
{
    if (info.kind != SeriesKind::Counter)
        return info.unit;
    return info.unit.isEmpty() ? QStringLiteral("per_second")
                               : info.unit + QStringLiteral("_per_second");
}

static void printSample(
    const Desk &desk, const Invocation &invocation, const QString &target, const Sample &sample)
{
    const QString time = rfc3339(sample.time());
    QJsonArray values;
    for (int i = 0; i < sample.catalogue.series.size(); ++i) {
        const auto &info = sample.catalogue.series[i];
        if (!wanted(invocation, info))
            continue;
        const auto value = sample.value(info, i);
        if (!desk.json()) {
            printLine(QStringLiteral("%1  %2  %3  %4 %5")
                          .arg(time)
                          .arg(info.metric, -32)
                          .arg(info.device.isEmpty() ? QStringLiteral("-") : info.device, -12)
                          .arg(value ? QString::number(*value, 'g', 12) : tr("unknown"), 15)
                          .arg(unitOf(info))
                          .trimmed());
            continue;
        }
        QJsonObject one;
        one.insert(QStringLiteral("metric"), info.metric);
        one.insert(QStringLiteral("device"), orNull(info.device));
        one.insert(QStringLiteral("unit"), orNull(unitOf(info)));
        one.insert(QStringLiteral("value"), value ? QJsonValue(*value) : QJsonValue());
        values.append(one);
    }
    if (!desk.json())
        return;
    QJsonObject object;
    object.insert(QStringLiteral("target"), target);
    object.insert(QStringLiteral("time"), time);
    object.insert(QStringLiteral("without_agent"), orNull(sample.without));
    object.insert(QStringLiteral("values"), values);
    printJson("sample", object);
}

static void printCatalogue(
    const Desk &desk, const Invocation &invocation, const QString &target, const Sample &sample)
{
    QJsonArray series, unsupported;
    QList<QStringList> rows;
    for (const auto &info : sample.catalogue.series) {
        if (!wanted(invocation, info))
            continue;
        QJsonObject one;
        one.insert(QStringLiteral("metric"), info.metric);
        one.insert(QStringLiteral("device"), orNull(info.device));
        one.insert(QStringLiteral("unit"), orNull(unitOf(info)));
        series.append(one);
        QStringList row;
        row << info.metric << (info.device.isEmpty() ? QStringLiteral("-") : info.device)
            << unitOf(info);
        rows << row;
    }
    for (const auto &missing : sample.catalogue.unsupported) {
        QJsonObject one;
        one.insert(QStringLiteral("metric"), missing.metric);
        one.insert(QStringLiteral("device"), orNull(missing.device));
        one.insert(QStringLiteral("reason"), missing.reason);
        unsupported.append(one);
        QStringList row;
        row << missing.metric << (missing.device.isEmpty() ? QStringLiteral("-") : missing.device)
            << tr("unsupported: %1").arg(missing.reason);
        rows << row;
    }
    if (desk.json()) {
        QJsonObject object;
        object.insert(QStringLiteral("target"), target);
        object.insert(QStringLiteral("without_agent"), orNull(sample.without));
        object.insert(QStringLiteral("metrics"), series);
        object.insert(QStringLiteral("unsupported"), unsupported);
        printJson("metrics", object);
        return;
    }
    QStringList heads;
    heads << tr("METRIC") << tr("DEVICE") << tr("UNIT");
    printTable(heads, rows);
}

/// What `missing` of --metric or --device leads to: why the node lacks it, or the nearest name.
static Error unknownName(
    const QString &missing, const QStringList &known, const QString &target, const Sample &sample)
{
    for (const auto &one : sample.catalogue.unsupported) {
        if (one.metric == missing || one.device == missing)
            return {ErrorKind::Unsupported, QStringLiteral("metrics"),
                tr("%1 does not have %2.").arg(target, missing), one.reason, {}};
    }
    if (!sample.without.isEmpty())
        return {ErrorKind::Unsupported, QStringLiteral("metrics"),
            tr("%1 does not have %2: it has no agent.").arg(target, missing), sample.without,
            tr("metrics %1 --list says what there is.").arg(target)};
    const QString nearest = nearestName(missing, known);
    return {ErrorKind::NotFound, QStringLiteral("metrics"),
        tr("%1 has nothing called “%2”.").arg(target, missing), {},
        nearest.isEmpty() ? tr("metrics %1 --list says what there is.").arg(target)
                          : tr("Did you mean “%1”?").arg(nearest)};
}

/// Of the names that were asked for one that the node does not know.
static std::optional<Error> unknownOf(
    const Invocation &invocation, const QString &target, const Sample &sample)
{
    QStringList metrics, devices;
    for (const auto &info : sample.catalogue.series) {
        metrics << info.metric;
        devices << info.device;
    }
    const auto wantedMetrics = invocation.values("metric"),
               wantedDevices = invocation.values("device");
    for (const auto &one : wantedMetrics) {
        if (!metrics.contains(one))
            return unknownName(one, metrics, target, sample);
    }
    for (const auto &one : wantedDevices) {
        if (!devices.contains(one))
            return unknownName(one, devices, target, sample);
    }
    return std::nullopt;
}

static Task<int> runMetrics(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto target = all->target(invocation.words.first());
    if (!target)
        co_return failed(*all, target.error());
    auto connecting = all->connectTo(*target);
    const auto link = co_await std::move(connecting);
    if (!link)
        co_return failed(*all, link.error());
    const bool list = invocation.has("list");
    const QString name = all->targetName(target->id);
    // An agent that has just begun knows its GPUs a moment later.
    auto patience = std::make_shared<int>(3);
    TakeSample take
        = [all, invocation, name, list, patience](const Sample &sample) -> Result<bool> {
        if (*patience > 0) {
            const auto unknown = unknownOf(invocation, name, sample);
            if (unknown && --*patience == 0)
                return fail(*unknown);
            if (unknown)
                return false;
            *patience = 0; // what was there once may go: a GPU that falls off the bus
        }
        if (list)
            printCatalogue(*all, invocation, name, sample);
        else
            printSample(*all, invocation, name, sample);
        return true;
    };
    const int count = list ? 1 : invocation.number("samples", 0);
    auto following = followSamples(*all, *link, count, std::move(take));
    const auto done = co_await std::move(following);
    co_return done ? 0 : failed(*all, done.error());
}

static QJsonObject processToJson(const Process &process, const NodeClock &clock)
{
    QJsonArray gpus;
    for (const auto &use : process.gpus) {
        QJsonObject gpu;
        gpu.insert(QStringLiteral("device"), use.device);
        gpu.insert(QStringLiteral("memory_bytes"),
            use.memoryKnown ? QJsonValue(double(use.memoryBytes)) : QJsonValue());
        gpus.append(gpu);
    }
    QJsonObject one;
    one.insert(QStringLiteral("pid"), qint64(process.pid));
    one.insert(QStringLiteral("parent"), qint64(process.parent));
    one.insert(QStringLiteral("user"), orNull(process.user));
    one.insert(QStringLiteral("command"), process.command);
    one.insert(QStringLiteral("cpu_ratio"), process.cpuRatio);
    one.insert(QStringLiteral("memory_bytes"), double(process.memoryBytes));
    one.insert(QStringLiteral("started_at"),
        orNull(rfc3339(clock.ourTime(process.startedNs / 1'000'000))));
    one.insert(QStringLiteral("job"), orNull(process.job));
    one.insert(QStringLiteral("gpus"), gpus);
    return one;
}

static Task<int> runProcesses(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto target = all->target(invocation.words.first());
    if (!target)
        co_return failed(*all, target.error());
    auto connecting = all->connectToAgent(*target);
    const auto link = co_await std::move(connecting);
    if (!link)
        co_return failed(*all, link.error());
    const int limit = invocation.number("limit", 20);
    auto asking = (*link)->agent->processes(all->context(), limit);
    const auto processes = co_await std::move(asking);
    if (!processes)
        co_return failed(*all, processes.error());
    QJsonArray array;
    QList<QStringList> rows;
    for (const auto &process : *processes) {
        array.append(processToJson(process, *(*link)->clock));
        QStringList row;
        row << QString::number(process.pid) << process.user
            << QStringLiteral("%1 %").arg(process.cpuRatio * 100, 0, 'f', 1)
            << formatBytes(double(process.memoryBytes), true) << process.command.left(100);
        rows << row;
    }
    if (all->json()) {
        QJsonObject object;
        object.insert(QStringLiteral("target"), all->targetName(target->id));
        object.insert(QStringLiteral("processes"), array);
        printJson("processes", object);
        co_return 0;
    }
    QStringList heads;
    const auto number = [](const char *head) { return QLatin1Char('>') + tr(head); };
    heads << number(QT_TRANSLATE_NOOP("ctl", "PID")) << tr("USER")
          << number(QT_TRANSLATE_NOOP("ctl", "CPU")) << number(QT_TRANSLATE_NOOP("ctl", "MEMORY"))
          << tr("COMMAND");
    printTable(heads, rows);
    co_return 0;
}

const Verb metricsVerb{"metrics", "ALIAS",
    QT_TRANSLATE_NOOP("ctl", "print live values, once a second"),
    "metrics lab --metric cpu_busy_ratio --samples 10 --json", 1, 1, false,
    {{"list", nullptr, QT_TRANSLATE_NOOP("ctl", "list what there is instead")},
        {"metric", "NAME", QT_TRANSLATE_NOOP("ctl", "only this one; may be given again")},
        {"device", "DEVICE", QT_TRANSLATE_NOOP("ctl", "only of this one; may be given again")},
        {"samples", "N", QT_TRANSLATE_NOOP("ctl", "end after so many")}},
    &runMetrics,
    QT_TRANSLATE_NOOP("ctl",
        "One line per value and second; a counter as its rate. With --json one object per second.\n"
        "“unknown” (null) is not 0: the node could not tell. Times are this machine's. A host "
        "without an\nagent gives basics by plain commands, every 2 s, and --list what they are.")};
const Verb processesVerb{"processes", "ALIAS",
    QT_TRANSLATE_NOOP("ctl", "list the busiest processes"), "processes lab --limit 5", 1, 1, false,
    {{"limit", "N", QT_TRANSLATE_NOOP("ctl", "at most so many (20)")}}, &runProcesses,
    QT_TRANSLATE_NOOP("ctl", "Busiest first. CPU is of one core: 100 % keeps one busy.")};

} // namespace pilothouse::ctl
