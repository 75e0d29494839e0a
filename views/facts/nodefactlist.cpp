// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/facts/nodefactlist.h"

#include "core/base/units.h"
#include "core/models/fleet.h"

#include <QCoreApplication>
#include <QStringList>

namespace pilothouse {

using std::chrono::milliseconds;

static QString tr(const char *text)
{
    return QCoreApplication::translate("facts", text);
}

static QString joined(const QStringList &parts)
{
    QStringList known = parts;
    known.removeAll(QString());
    return known.join(QStringLiteral(" · "));
}

static FactGroup system(const KnownFacts &known, const QString &silent, qint64 now)
{
    const auto &node = known.node;
    QString up;
    if (node.boottimeNs > 0)
        up = formatDuration(milliseconds(node.boottimeNs / 1'000'000 + now - known.heardAt));
    return {tr("System"),
        {{tr("Host name"), node.hostName, silent, true},
            {tr("Platform"), joined({node.os, node.arch}), silent},
            {tr("Kernel"), node.kernel, silent, true},
            {tr("Up for"), up, known.live ? silent : tr("Known while it is connected.")},
            {tr("User"),
                node.user.isEmpty() ? QString() : tr("%1, uid %2").arg(node.user).arg(node.uid),
                silent},
            {tr("Home"), node.home, silent, true},
            {tr("Machine id"), node.machineId, silent, true}}};
}

static FactGroup processors(const KnownFacts &known, const QString &silent)
{
    const auto &node = known.node;
    return {tr("Processors"),
        {{tr("CPUs"), node.cpuCount == 0 ? QString() : QString::number(node.cpuCount), silent},
            {tr("Model"), node.cpuModel, silent},
            {tr("Memory"),
                node.memoryBytes == 0 ? QString() : formatBytes(double(node.memoryBytes), true),
                silent}}};
}

static FactGroup gpus(const KnownFacts &known)
{
    FactGroup group{tr("GPUs"), {}};
    const auto &devices = known.node.devices;
    if (devices.isEmpty()) {
        group.facts << Fact{tr("Devices"), {},
            known.without.isEmpty()
                ? tr("The agent found none. They appear once the driver is loaded there; "
                     "nvidia-smi shows the same.")
                : known.without};
        return group;
    }
    QStringList drivers;
    for (const auto &device : devices)
        drivers << device.driver;
    drivers.removeDuplicates();
    group.facts << Fact{tr("Driver"), drivers.join(QStringLiteral(", ")).trimmed(),
        tr("The library there does not say.")};
    for (const auto &device : devices) {
        QStringList parts{device.name};
        if (device.memoryBytes > 0)
            parts << formatBytes(double(device.memoryBytes), true);
        if (device.powerLimitWatts > 0)
            parts
                << tr("limit %1").arg(formatValue(device.powerLimitWatts, QStringLiteral("watts")));
        if (device.simulated && !device.name.startsWith(QLatin1String("Simulated")))
            parts << tr("simulated");
        parts << device.trouble << device.uuid;
        group.facts << Fact{gpuLabel(device, devices), joined(parts), {}};
    }
    return group;
}

static FactGroup agent(const KnownFacts &known, qint64 now)
{
    const auto &node = known.node;
    const QString none = known.without.isEmpty() ? tr("Connect to ask it.") : known.without;
    QString running;
    if (node.startedNs > 0 && node.wallNs > 0)
        running = formatDuration(
            milliseconds((node.wallNs - node.startedNs) / 1'000'000 + now - known.heardAt));
    return {tr("Agent"),
        {{tr("Version"), node.agentVersion, none, true},
            {tr("Protocol"), node.protocol == 0 ? QString() : QString::number(node.protocol), none},
            {tr("Running for"), running, known.live ? none : tr("Known while it is connected.")},
            {tr("Capabilities"), node.capabilities.join(QStringLiteral(", ")), none},
            {tr("Warnings"),
                node.warnings.isEmpty() && known.without.isEmpty() ? tr("none")
                                                                   : node.warnings.join(u'\n'),
                none}}};
}

static FactGroup connection(const KnownFacts &known)
{
    const bool local = known.transport == QLatin1String("local");
    QString trip;
    if (known.roundTripNs > 0) {
        const double ms = double(known.roundTripNs) / 1e6;
        trip = tr("%1 ms").arg(ms, 0, 'f', ms < 1 ? 2 : ms < 100 ? 1 : 0);
    }
    return {tr("Connection"),
        {{tr("Route"), known.summary, tr("Connect to see it.")},
            {tr("Transport"), known.transport, tr("Connect to see it.")},
            {tr("Why this one"),
                local ? tr("This machine: the agent's own socket, without SSH.")
                      : known.transportWhy,
                tr("Connect to see it.")},
            {tr("Round trip"), trip, tr("Measured while an agent answers.")},
            {tr("Clock skew"), known.skewMs ? skewText(*known.skewMs) : QString(),
                tr("Measured while an agent answers.")}}};
}

QList<FactGroup> factGroups(const KnownFacts &facts, qint64 now)
{
    const QString silent = facts.without.isEmpty() ? tr("The node did not say.") : facts.without;
    return {system(facts, silent, now), processors(facts, silent), gpus(facts), agent(facts, now),
        connection(facts)};
}

QString factsText(const QList<FactGroup> &groups)
{
    QStringList lines;
    for (const auto &group : groups) {
        lines << group.title;
        for (const auto &fact : group.facts)
            lines << QStringLiteral("  %1: %2")
                         .arg(fact.name, fact.value.isEmpty() ? QStringLiteral("–") : fact.value);
    }
    return lines.join(u'\n');
}

} // namespace pilothouse
