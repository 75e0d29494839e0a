// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/fleetsource.h"

#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/session/healthmonitor.h"
#include "core/session/telemetryservice.h"

#include <QCoroTask>

#include <algorithm>
#include <cmath>

namespace pilothouse {

static constexpr const char *metricNames[]
    = {"gpu_busy_ratio", "gpu_memory_used_bytes", "gpu_memory_total_bytes", "gpu_power_watts",
        "gpu_power_limit_watts", "gpu_temperature_celsius"};

FleetSource::FleetSource(const PageContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{
    if (context.services != nullptr && context.services->telemetry != nullptr)
        connect(context.services->telemetry, &TelemetryService::catalogueChanged, this,
            [this](const QString &target) {
                auto &node = m_nodes[target];
                node.outdated = true;
                node.asked = false;
            });
}

QString FleetSource::me() const
{
    return qEnvironmentVariable("USER");
}

void FleetSource::findSeries(Node &node, const QString &target)
{
    node.outdated = false;
    node.series.clear();
    const auto *store = m_context.services->store;
    for (const auto id : store->seriesOf(target)) {
        const auto series = store->describe(id);
        if (!series || series->key.device.isEmpty())
            continue;
        for (std::size_t metric = 0; metric < MetricCount; ++metric) {
            if (series->key.metric == QLatin1String(metricNames[metric])) {
                auto &known = node.series[series->key.device];
                known.ids[metric] = id;
                known.known[metric] = true;
            }
        }
    }
}

/// Since when the GPU has been idle: the first look goes back over what the store has in memory.
qint64 FleetSource::idleSince(const QString &key, const Series &series, double util, qint64 now)
{
    if (!(util < idleRatio)) {
        m_idleSince.insert(key, 0);
        return 0;
    }
    const auto known = m_idleSince.constFind(key);
    if (known != m_idleSince.constEnd() && *known != 0)
        return *known;
    qint64 since = now;
    if (known == m_idleSince.constEnd() && series.known[Busy]) {
        constexpr int columns = 120;
        constexpr qint64 back = 60 * 60'000;
        const auto curve
            = m_context.services->store->hot(series.ids[Busy], now - back, now, columns);
        for (int i = columns - 1; i >= 0; --i) {
            const auto &column = curve.columns[std::size_t(i)];
            if (column.count > 0 && column.max >= idleRatio)
                break;
            if (column.count > 0)
                since = now - back + i * back / columns;
        }
    }
    m_idleSince.insert(key, since);
    return since;
}

/// GPUs that a node found after the handshake are in its samples, but their names are not: it is
/// asked once more.
void FleetSource::askDevices(const QString &target, Node &node)
{
    const auto unnamed = [&node](const QString &uuid) {
        return std::none_of(node.devices.begin(), node.devices.end(),
            [&uuid](const Device &device) { return device.uuid == uuid; });
    };
    const auto uuids = node.series.keys();
    const bool any = std::any_of(uuids.begin(), uuids.end(),
        [&](const QString &uuid) { return node.series[uuid].known[Busy] && unnamed(uuid); });
    auto *session = m_context.services->workspace->session(target);
    const auto link = session != nullptr ? session->current() : nullptr;
    if (!any || node.asked || !link || !link->agent)
        return;
    node.asked = true;
    auto task = link->agent->hello(Context().within(std::chrono::seconds(10)));
    QCoro::connect(std::move(task), this, [this, target](const Result<NodeFacts> &facts) {
        if (facts)
            m_nodes[target].devices = facts->devices;
    });
}

FleetGpu FleetSource::reading(
    const Node &node, const Target &target, const Device &device, qint64 now)
{
    FleetGpu gpu;
    gpu.target = target.id;
    gpu.uuid = device.uuid;
    gpu.node = target.name;
    // "slurm-alpha / rack a1" is a group within a cluster.
    if (target.group.isEmpty()) {
        gpu.cluster = gpu.group = target.origin;
    } else {
        gpu.cluster = target.group.section(QLatin1Char('/'), 0, 0).trimmed();
        const auto rest = target.group.section(QLatin1Char('/'), 1).trimmed();
        gpu.group = rest.isEmpty() ? gpu.cluster : rest;
    }
    gpu.model = device.name;
    gpu.index = device.index;
    gpu.trouble = device.trouble;
    gpu.simulated = device.simulated;
    const auto series = node.series.value(device.uuid);
    const auto latest = [&](Metric metric) {
        if (!series.known[metric])
            return FleetGpu::unknown;
        const auto value = m_context.services->store->latest(series.ids[metric]);
        if (!value)
            return FleetGpu::unknown;
        gpu.sampledAt = std::max(gpu.sampledAt, value->time);
        return value->value;
    };
    gpu.util = latest(Busy);
    gpu.memoryUsed = latest(MemoryUsed);
    gpu.memoryTotal = latest(MemoryTotal);
    if (std::isnan(gpu.memoryTotal) && device.memoryBytes > 0)
        gpu.memoryTotal = double(device.memoryBytes);
    gpu.power = latest(Power);
    gpu.powerLimit = latest(PowerLimit);
    if (std::isnan(gpu.powerLimit) && device.powerLimitWatts > 0)
        gpu.powerLimit = device.powerLimitWatts;
    gpu.temperature = latest(Heat);
    gpu.idleSince = idleSince(gpu.key(), series, gpu.util, now);
    return gpu;
}

// What the rules found, where the GPU is heard of now; or it is not, and that is what they found.
static void addHealth(FleetGpu *gpu, const QList<HealthFinding> &findings, bool nodeIsHeard)
{
    const bool live = gpu->state == FleetState::Idle || gpu->state == FleetState::Busy
        || gpu->state == FleetState::Watch;
    const bool lost = nodeIsHeard
        && std::any_of(findings.begin(), findings.end(),
            [](const HealthFinding &one) { return one.rule == QLatin1String("lost"); });
    if (findings.isEmpty() || !(live || lost))
        return;
    const HealthFinding &worst = findings.first();
    gpu->state = worst.verdict >= HealthVerdict::Reboot ? FleetState::Bad : FleetState::Watch;
    // The kernel's line stands last and says most.
    gpu->verdict = worst.words().title + QStringLiteral(" (")
        + worst.raw.section(QLatin1Char('\n'), -1) + QLatin1Char(')');
}

std::vector<FleetGpu> FleetSource::read(qint64 now)
{
    std::vector<FleetGpu> gpus;
    const auto *services = m_context.services;
    if (services == nullptr || services->workspace == nullptr || services->store == nullptr)
        return gpus;
    struct Hold {
        QString id, name;
    };
    QHash<QString, Hold> holds;
    if (services->jobs != nullptr) {
        const auto jobs = services->jobs->jobs();
        for (const auto &job : jobs) {
            if (job.state != JobState::Running)
                continue;
            for (const auto &uuid : job.gpuUuids)
                holds.insert(job.target + QLatin1Char('/') + uuid, {job.id, job.spec.name});
        }
    }
    const auto opened = services->workspace->openedSessions();
    for (const auto &id : opened) {
        const auto target = services->workspace->target(id);
        auto *session = services->workspace->session(id);
        if (!target || session == nullptr)
            continue;
        auto &node = m_nodes[id];
        const auto link = session->current();
        if (link) {
            if (link->facts.devices.size() >= node.devices.size())
                node.devices = link->facts.devices;
            node.user = link->facts.user;
        }
        if (node.outdated) {
            findSeries(node, id);
            askDevices(id, node);
        }
        for (const auto &device : std::as_const(node.devices)) {
            auto gpu = reading(node, *target, device, now);
            const auto hold = holds.constFind(gpu.key());
            if (hold != holds.constEnd()) {
                gpu.job = hold->id;
                gpu.jobName = hold->name;
                gpu.person = node.user;
            }
            auto shown = judged(std::move(gpu), now, link != nullptr);
            if (services->health != nullptr)
                addHealth(&shown, services->health->findings(id, device.uuid), link != nullptr);
            gpus.push_back(std::move(shown));
        }
    }
    return gpus;
}

Curve FleetSource::trend(const QString &target, const QString &uuid, int columns) const
{
    const auto node = m_nodes.constFind(target);
    if (node == m_nodes.constEnd())
        return {};
    const auto series = node->series.constFind(uuid);
    if (series == node->series.constEnd() || !series->known[Busy])
        return {};
    const qint64 now = m_context.feed->now();
    return m_context.services->store->hot(
        series->ids[Busy], m_context.range->begin(now), m_context.range->end(now), columns);
}

} // namespace pilothouse
