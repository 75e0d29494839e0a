// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/fleet.h"

#include "core/base/units.h"
#include "core/types/partition.h"

#include <QCoreApplication>
#include <QHash>
#include <QMap>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <cmath>

namespace pilothouse {

static QString words(const char *text)
{
    return QCoreApplication::translate("fleet", text);
}

static std::optional<double> known(double value)
{
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

QString fleetStateName(FleetState state)
{
    static const char *const names[] = {"idle", "busy", "watch", "bad", "stale", "unknown"};
    return QString::fromLatin1(names[int(state)]);
}

QString fleetStateWord(FleetState state)
{
    switch (state) {
    case FleetState::Idle:
        return words("idle");
    case FleetState::Busy:
        return words("busy");
    case FleetState::Watch:
        return words("watch");
    case FleetState::Bad:
        return words("bad");
    case FleetState::Stale:
        return words("stale");
    case FleetState::Unknown:
        break;
    }
    return words("unknown");
}

static QString withPart(const QString &name, const QString &part)
{
    return part.isEmpty() ? name : name + QStringLiteral(" · ") + part;
}

QString gpuLabel(const Device &device, const QList<Device> &all)
{
    return withPart(words("GPU %1").arg(device.index), partitionName(device, all));
}

QString gpuNumber(const Device &device, const QList<Device> &all)
{
    return withPart(QString::number(device.index), partitionName(device, all));
}

QString FleetGpu::label() const
{
    return withPart(words("GPU %1").arg(index), part);
}

/// Its values are of now: also where utilisation is not among them.
static bool isLive(const FleetGpu &gpu)
{
    return gpu.state == FleetState::Idle || gpu.state == FleetState::Busy
        || gpu.state == FleetState::Watch
        || (gpu.state == FleetState::Unknown && gpu.sampledAt != 0);
}

/// What it did before is not what it does.
static void forgetValues(FleetGpu &gpu)
{
    gpu.util = gpu.memoryUsed = gpu.power = gpu.temperature = FleetGpu::unknown;
    gpu.idleSince = 0;
}

FleetGpu judged(FleetGpu gpu, qint64 now, bool linked)
{
    const auto is = [&gpu](FleetState state, const QString &verdict) {
        gpu.state = state;
        gpu.verdict = verdict;
    };
    const auto age = std::chrono::milliseconds(now - gpu.sampledAt);
    // A lost link never makes a GPU bad: it only ages what is shown. One that gives samples again
    // is over its trouble, whatever its node said before.
    if (!gpu.trouble.isEmpty() && linked && age.count() > staleAfterMs) {
        is(FleetState::Bad, gpu.trouble);
        forgetValues(gpu);
    } else if (gpu.sampledAt == 0)
        is(FleetState::Unknown, linked ? words("no sample yet") : words("not opened"));
    else if (age.count() > staleAfterMs)
        is(FleetState::Stale, words("stale %1").arg(formatAge(age)));
    else if (gpu.temperature >= watchCelsius)
        is(FleetState::Watch,
            words("hot, %1").arg(formatValue(gpu.temperature, QStringLiteral("celsius"))));
    else if (std::isnan(gpu.util))
        is(FleetState::Unknown,
            gpu.divided || !gpu.isWhole() ? words("MIG: utilisation not offered")
                                          : words("utilisation is not reported"));
    else if (gpu.util >= idleRatio)
        is(FleetState::Busy, words("ok"));
    else if (gpu.idleSince > 0 && now - gpu.idleSince >= 60'000)
        is(FleetState::Idle,
            (gpu.reserved() ? words("idle %1, reserved") : words("idle %1"))
                .arg(formatDuration(
                    std::chrono::milliseconds((now - gpu.idleSince) / 60'000 * 60'000))));
    else
        is(FleetState::Idle, words("ok"));
    return gpu;
}

FleetGpu withFindings(FleetGpu gpu, const QList<HealthFinding> &findings, bool heard)
{
    const bool live = isLive(gpu);
    const bool lost = heard
        && std::any_of(findings.begin(), findings.end(),
            [](const HealthFinding &one) { return one.rule == QLatin1String("lost"); });
    if (findings.isEmpty() || !(live || lost))
        return gpu;
    const HealthFinding &worst = findings.first();
    gpu.state = worst.verdict >= HealthVerdict::Reboot ? FleetState::Bad : FleetState::Watch;
    // The kernel's line stands last and says most.
    gpu.verdict = worst.words().title + QStringLiteral(" (")
        + worst.raw.section(QLatin1Char('\n'), -1) + QLatin1Char(')');
    if (!live)
        forgetValues(gpu);
    return gpu;
}

FleetFigures figuresOf(const std::vector<FleetGpu> &gpus, qint64 now)
{
    FleetFigures figures;
    QMap<QString, QHash<QString, int>> freeByModel; // whole model name, target, count
    QSet<QString> people;
    for (const auto &gpu : gpus) {
        if (!gpu.isWhole())
            continue;
        ++figures.total;
        figures.bad += gpu.state == FleetState::Bad;
        figures.watch += gpu.state == FleetState::Watch;
        figures.stale += gpu.state == FleetState::Stale;
        if (!isLive(gpu))
            continue;
        figures.known += gpu.state != FleetState::Unknown;
        figures.busy += gpu.util >= idleRatio;
        if (const auto power = known(gpu.power))
            figures.power += *power;
        if (const auto limit = known(gpu.powerLimit); limit && known(gpu.power))
            figures.powerLimit += *limit;
        if (gpu.state != FleetState::Idle)
            continue;
        if (!gpu.reserved()) {
            ++freeByModel[gpu.model][gpu.target];
        } else if (gpu.idleSince > 0 && now - gpu.idleSince >= reservedIdleMs) {
            ++figures.reservedIdle;
            figures.reservedIdleLongest
                = std::max(figures.reservedIdleLongest, now - gpu.idleSince);
            people.insert(gpu.person);
        }
    }
    figures.reservedIdlePeople = int(people.size());
    for (auto model = freeByModel.cbegin(); model != freeByModel.cend(); ++model) {
        const QString name = shortModel(model.key());
        auto free = std::find_if(figures.free.begin(), figures.free.end(),
            [&name](const FleetFigures::Free &one) { return one.model == name; });
        if (free == figures.free.end())
            free = figures.free.insert(figures.free.end(), FleetFigures::Free{name});
        for (const int count : model.value()) {
            free->count += count;
            free->largestOnOneNode = std::max(free->largestOnOneNode, count);
        }
    }
    std::stable_sort(figures.free.begin(), figures.free.end(),
        [](const auto &a, const auto &b) { return a.count > b.count; });
    return figures;
}

QString shortModel(const QString &name)
{
    // The first word with a letter and a digit after the maker's: "H100", "A100-SXM4-40GB", "L40S".
    static const QRegularExpression split(QStringLiteral("[\\s]+"));
    const auto parts = name.split(split, Qt::SkipEmptyParts);
    for (const auto &part : parts) {
        const auto head = part.section(QLatin1Char('-'), 0, 0);
        const bool digit
            = std::any_of(head.begin(), head.end(), [](QChar c) { return c.isDigit(); });
        const bool letter = !head.isEmpty() && head[0].isLetter();
        if (digit && letter)
            return head;
    }
    return name;
}

QString groupOf(const FleetGpu &gpu, FleetGrouping grouping)
{
    switch (grouping) {
    case FleetGrouping::Group:
        return gpu.group;
    case FleetGrouping::Cluster:
        return gpu.cluster;
    case FleetGrouping::Node:
        return gpu.node;
    case FleetGrouping::Job:
        return gpu.jobName.isEmpty() ? gpu.job : gpu.jobName;
    case FleetGrouping::Person:
        return gpu.person;
    }
    return {};
}

double shareOf(const FleetGpu &gpu, FleetMetric metric)
{
    switch (metric) {
    case FleetMetric::Util:
        return gpu.util;
    case FleetMetric::Memory:
        return gpu.memoryUsed / gpu.memoryTotal;
    case FleetMetric::Power:
        return gpu.power / gpu.powerLimit;
    case FleetMetric::Temperature:
        return (gpu.temperature - 30) / 60;
    }
    return FleetGpu::unknown;
}

static QString ofMost(double value, double most, const QString &unit)
{
    if (std::isnan(value) || std::isnan(most))
        return formatValue(known(value), unit);
    const auto whole = formatValue(most, unit);
    auto part = formatValue(value, unit);
    // The unit once, when both have the same.
    const auto suffix = whole.section(QChar(0x00A0), 1);
    if (part.endsWith(QChar(0x00A0) + suffix))
        part.chop(suffix.size() + 1);
    return words("%1 of %2").arg(part, whole);
}

QString valueOf(const FleetGpu &gpu, FleetMetric metric)
{
    switch (metric) {
    case FleetMetric::Util:
        return formatValue(known(gpu.util), QStringLiteral("ratio"));
    case FleetMetric::Memory:
        return ofMost(gpu.memoryUsed, gpu.memoryTotal, QStringLiteral("bytes"));
    case FleetMetric::Power:
        return ofMost(gpu.power, gpu.powerLimit, QStringLiteral("watts"));
    case FleetMetric::Temperature:
        return formatValue(known(gpu.temperature), QStringLiteral("celsius"));
    }
    return {};
}

QString fleetSentence(const FleetGpu &gpu)
{
    QStringList parts{fleetStateWord(gpu.state)};
    if (!gpu.verdict.isEmpty() && gpu.verdict != words("ok"))
        parts << gpu.verdict;
    for (const auto metric :
        {FleetMetric::Util, FleetMetric::Memory, FleetMetric::Power, FleetMetric::Temperature}) {
        const auto value = valueOf(gpu, metric);
        if (value != QStringLiteral("–"))
            parts << value;
    }
    const auto job = groupOf(gpu, FleetGrouping::Job);
    if (!job.isEmpty())
        parts << (gpu.person.isEmpty() ? job : job + QLatin1String(" · ") + gpu.person);
    return words("%1 %2: %3").arg(gpu.node, gpu.label(), parts.join(QLatin1String(", ")));
}

} // namespace pilothouse
