// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/fleetsource.h"

#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/session/healthmonitor.h"
#include "core/session/telemetryservice.h"
#include "core/types/partition.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace pilothouse {

static constexpr qint64 aSecond = 1000;
static constexpr const char *metricNames[]
    = {"gpu_busy_ratio", "gpu_memory_used_bytes", "gpu_memory_total_bytes", "gpu_power_watts",
        "gpu_power_limit_watts", "gpu_temperature_celsius"};

FleetSource::FleetSource(const PageContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_holders(new FleetHolders(
          qEnvironmentVariable("USER"),
          [this](const QString &target) { return m_context.feed->processes(Context(), target); },
          this))
{
    const auto *services = context.services;
    if (services == nullptr || services->workspace == nullptr)
        return;
    const auto hear = [this](const QString &target) {
        if (m_fresh.isEmpty())
            Q_EMIT sampled();
        m_fresh.insert(target);
    };
    connect(services->workspace, &Workspace::targetsChanged, this,
        [this] { m_otherTargets = m_otherGpus = true; });
    connect(
        services->workspace, &Workspace::sessionChanged, this, [this, hear](const QString &target) {
            m_otherTargets = m_otherTargets || !m_nodes.contains(target);
            hear(target);
        });
    connect(m_holders, &FleetHolders::answered, this, hear);
    if (services->store != nullptr) {
        m_trends = new FleetTrends(
            services->store,
            [this] {
                const qint64 now = m_context.feed->now();
                return std::pair(m_context.range->begin(now), m_context.range->end(now));
            },
            this);
        connect(m_trends, &FleetTrends::changed, this, &FleetSource::trendsChanged);
    }
    if (services->telemetry != nullptr) {
        connect(services->telemetry, &TelemetryService::sampleArrived, this, hear);
        connect(services->telemetry, &TelemetryService::catalogueChanged, this,
            [this](const QString &target) { m_nodes[target].outdated = true; });
    }
    // What a node says of its GPUs may be newer than the handshake.
    if (context.feed != nullptr)
        connect(
            context.feed, &TargetFeed::statusChanged, this, [this, hear](const QString &target) {
                if (const auto node = m_nodes.find(target); node != m_nodes.end()) {
                    node->told = true;
                    hear(target);
                }
            });
    if (services->jobs != nullptr) {
        const auto look = [this] { m_otherJobs = true; };
        connect(services->jobs, &JobService::jobChanged, this, look);
        connect(services->jobs, &JobService::jobForgotten, this, look);
    }
}

void FleetSource::findSeries(Node &node, const QString &target)
{
    node.outdated = false;
    const auto before = std::exchange(node.series, {});
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
                known.idleSince = before.value(series->key.device).idleSince;
            }
        }
    }
}

/// Since when the GPU has been idle: the first look goes back over what the store has.
qint64 FleetSource::idleSince(Series &series, const FleetGpu &gpu, qint64 now)
{
    const bool first = series.idleSince < 0;
    if (!(gpu.util < idleRatio))
        return series.idleSince = 0;
    if (series.idleSince > 0)
        return series.idleSince;
    series.idleSince = now;
    if (first && series.known[Busy])
        m_trends->findIdle(
            series.ids[Busy], now, [this, target = gpu.target, uuid = gpu.uuid](qint64 since) {
                auto &found = m_nodes[target].series[uuid].idleSince;
                if (found > since) // still idle
                    found = since;
            });
    return series.idleSince;
}

/// GPUs of before stay when it names fewer: one that is lost is to be seen. Partitions do go.
void FleetSource::takeDevices(const QString &target, Node &node)
{
    if (!std::exchange(node.told, false))
        return;
    const auto wholes = [](const QList<Device> &devices) {
        return std::count_if(devices.begin(), devices.end(),
            [](const Device &device) { return device.parent.isEmpty(); });
    };
    const auto facts = m_context.feed->facts(target);
    if (facts && wholes(facts->node.devices) >= wholes(node.devices))
        node.devices = facts->node.devices;
}

FleetGpu FleetSource::reading(Node &node, const Target &target, const Device &device, qint64 now)
{
    FleetGpu gpu;
    gpu.target = target.id;
    gpu.uuid = device.uuid;
    gpu.node = target.name;
    gpu.cluster = node.cluster;
    gpu.group = node.group;
    gpu.model = device.name;
    gpu.index = device.index;
    gpu.part = partitionName(device, node.devices);
    gpu.divided = std::any_of(node.devices.cbegin(), node.devices.cend(),
        [&device](const Device &other) { return other.parent == device.uuid; });
    gpu.trouble = device.trouble;
    gpu.simulated = device.simulated;
    Series none;
    const auto known = node.series.find(device.uuid);
    Series &series = known != node.series.end() ? *known : none;
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
    gpu.idleSince = idleSince(series, gpu, now);
    return gpu;
}

/// "slurm-alpha / rack a1" is a group within a cluster.
static std::pair<QString, QString> placeOf(const Target &target)
{
    if (target.group.isEmpty())
        return {target.origin, target.origin};
    const QString cluster = target.group.section(QLatin1Char('/'), 0, 0).trimmed();
    const QString rest = target.group.section(QLatin1Char('/'), 1).trimmed();
    return {cluster, rest.isEmpty() ? cluster : rest};
}

void FleetSource::findTargets()
{
    m_otherTargets = false;
    m_targets = m_context.services->workspace->openedSessions();
    for (const auto &id : std::as_const(m_targets)) {
        if (const auto target = m_context.services->workspace->target(id))
            std::tie(m_nodes[id].cluster, m_nodes[id].group) = placeOf(*target);
    }
}

void FleetSource::findJobs(qint64 now)
{
    const auto *jobs = m_context.services->jobs;
    if (jobs == nullptr || !m_otherJobs || (now >= m_jobsAt && now - m_jobsAt < aSecond))
        return;
    m_otherJobs = false;
    m_jobsAt = now;
    m_holders->setJobs(jobs->unended());
}

/// False when it has other GPUs than before.
bool FleetSource::readNode(const QString &id, qint64 now)
{
    const auto *services = m_context.services;
    auto &node = m_nodes[id];
    node.readAt = now;
    const auto target = services->workspace->target(id);
    const auto *session = services->workspace->session(id);
    const auto before = node.gpus.size();
    node.gpus.clear();
    if (!target || session == nullptr)
        return before == 0;
    const auto link = session->current();
    if (link) {
        takeDevices(id, node);
        node.user = link->facts.user;
    }
    if (node.outdated)
        findSeries(node, id);
    for (const auto &device : std::as_const(node.devices)) {
        auto gpu = reading(node, *target, device, now);
        m_holders->give(&gpu, node.user, now);
        const qint64 age = now - gpu.sampledAt;
        if (link && gpu.sampledAt > 0 && age >= staleAfterMs)
            m_context.feed->askWhyQuiet(id, age);
        auto shown = judged(std::move(gpu), now, link != nullptr);
        if (services->health != nullptr)
            shown = withFindings(
                std::move(shown), services->health->findings(id, device.uuid), link != nullptr);
        node.gpus.push_back(std::move(shown));
    }
    return node.gpus.size() == before;
}

std::vector<FleetGpu> FleetSource::read(qint64 now)
{
    std::vector<FleetGpu> gpus;
    const auto *services = m_context.services;
    if (services == nullptr || services->workspace == nullptr || services->store == nullptr)
        return gpus;
    findTargets();
    findJobs(now);
    for (const auto &id : std::as_const(m_targets)) {
        auto &node = m_nodes[id];
        if (m_fresh.contains(id) || now < node.readAt || now - node.readAt >= aSecond)
            readNode(id, now);
        gpus.insert(gpus.end(), node.gpus.begin(), node.gpus.end());
    }
    m_fresh.clear();
    m_otherGpus = false;
    return gpus;
}

std::optional<std::vector<FleetGpu>> FleetSource::readSome(qint64 now, qsizetype aged)
{
    std::vector<FleetGpu> gpus;
    const auto *services = m_context.services;
    if (services == nullptr || services->workspace == nullptr || services->store == nullptr)
        return gpus;
    if (m_otherTargets)
        findTargets();
    findJobs(now);
    auto some = std::exchange(m_fresh, {});
    for (qsizetype i = 0; i < std::min(m_targets.size(), aged); ++i, ++m_next) {
        const auto &id = m_targets[m_next % m_targets.size()];
        const qint64 readAt = m_nodes[id].readAt;
        if (now < readAt || now - readAt >= aSecond)
            some.insert(id);
    }
    for (const auto &id : std::as_const(some)) {
        if (!readNode(id, now))
            m_otherGpus = true;
        const auto &read = m_nodes[id].gpus;
        gpus.insert(gpus.end(), read.begin(), read.end());
    }
    if (m_otherGpus)
        return std::nullopt;
    return gpus;
}

Curve FleetSource::trend(const QString &target, const QString &uuid, int columns) const
{
    const auto node = m_nodes.constFind(target);
    const auto series = node == m_nodes.constEnd() ? Series() : node->series.value(uuid);
    if (series.known[Busy])
        return m_trends->trend(series.ids[Busy], columns);
    Curve nothing;
    nothing.columns.resize(std::size_t(columns));
    return nothing;
}

} // namespace pilothouse
