// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/model/fleet.h"

#include "agents/wire/tickcodec.h"

#include <algorithm>
#include <tuple>

namespace pilothouse::sim {

static SimOptions checked(SimOptions options)
{
    options.nodes = std::clamp<std::size_t>(options.nodes, 1, 9999);
    options.gpus = std::clamp<std::size_t>(options.gpus, 1, 32);
    options.timeFactor = std::clamp(options.timeFactor, 0.01, 3600.0);
    options.occupancy = std::clamp(options.occupancy, 0.0, 1.0);
    return options;
}

SimFleet::SimFleet(SimOptions options)
    : m_options(checked(std::move(options)))
    , m_past(pastHours * 3600 / m_options.timeFactor)
{
    std::vector<std::vector<Fault>> planted(m_options.clusters());
    for (const auto &want : m_options.faults) {
        const auto *kind = faultKind(want.kind);
        if (!kind || want.node >= nodes() || (kind->ofDevice && want.gpu >= m_options.gpus)
            || want.seconds <= 0 || toCourse(want.at) < 0) {
            m_problems.push_back("The fault “" + want.kind + "” at " + std::to_string(want.at)
                + " s: no such kind, node, GPU or time.");
            continue;
        }
        Fault fault;
        fault.kind = kind;
        fault.node = want.node;
        fault.gpu = kind->ofDevice ? int(want.gpu) : -1;
        fault.start = toCourse(want.at);
        fault.end = fault.start + want.seconds;
        fault.seed = mixed({m_options.seed, want.node, want.gpu, uint64_t(fault.start)});
        planted[clusterOf(want.node)].push_back(fault);
    }
    for (std::size_t i = 0; i < m_options.clusters(); ++i) {
        m_clusters.push_back(std::make_unique<Cluster>(m_options, i, planted[i]));
        if (m_clusters.back()->faults().size() < planted[i].size())
            m_problems.push_back("Faults of " + clusterName(i)
                + " that meet each other on one device are not all planted.");
    }
}

SimFleet::~SimFleet() = default;

const GpuType &SimFleet::gpuType(std::size_t node) const
{
    return m_clusters[clusterOf(node)]->type();
}

std::string SimFleet::deviceId(std::size_t node, std::size_t gpu) const
{
    return gpuUuid(m_options.seed, node, gpu);
}

std::vector<SimSeries> SimFleet::catalogue(std::size_t node) const
{
    std::vector<SimSeries> all;
    for (const auto &from : nodeMetrics())
        all.push_back({from.metric, from.device, from.unit, from.kind, from.step});
    for (const auto metrics : {deviceMetrics(), healthMetrics()}) {
        for (std::size_t gpu = 0; gpu < m_options.gpus; ++gpu) {
            for (const auto &from : metrics) {
                if (!from.needsLink || gpuType(node).linkBytesPerSecond > 0)
                    all.push_back(
                        {from.metric, deviceId(node, gpu), from.unit, from.kind, from.step});
            }
        }
    }
    if (m_options.series > 0 && all.size() > m_options.series)
        all.resize(m_options.series);
    return all;
}

std::vector<MissingSeries> SimFleet::missing(std::size_t node) const
{
    std::vector<MissingSeries> all;
    for (const auto &metric : healthMetrics()) {
        if (metric.needsLink && gpuType(node).linkBytesPerSecond <= 0)
            all.push_back({metric.metric, "", "this GPU does not offer it"});
    }
    return all;
}

Cluster &SimFleet::reach(std::size_t node, double second)
{
    auto &cluster = *m_clusters[clusterOf(node)];
    cluster.advance(toCourse(second));
    return cluster;
}

bool SimFleet::values(std::size_t node, double second, std::vector<int64_t> &out)
{
    const auto &cluster = reach(node, second);
    const double at = toCourse(second);
    const auto state = nodeAt(cluster, node, at);
    if (!state.agentRuns)
        return false;
    const auto shape = nodeShape(m_options.seed, node, m_options.gpus);
    out.clear();
    for (const auto &metric : nodeMetrics())
        out.push_back(inSteps(metric.value(state, shape, at), metric.step));
    const bool links = cluster.type().linkBytesPerSecond > 0;
    std::vector<DeviceState> devices;
    for (std::size_t gpu = 0; gpu < m_options.gpus; ++gpu)
        devices.push_back(deviceAt(cluster, node, gpu, at));
    for (const auto metrics : {deviceMetrics(), healthMetrics()}) {
        for (const auto &device : devices) {
            for (const auto &metric : metrics) {
                if (!metric.needsLink || links)
                    out.push_back(
                        device.answers ? inSteps(metric.value(device), metric.step) : wire::absent);
            }
        }
    }
    if (m_options.series > 0 && out.size() > m_options.series)
        out.resize(m_options.series);
    return true;
}

NodeState SimFleet::nodeState(std::size_t node, double second)
{
    return nodeAt(reach(node, second), node, toCourse(second));
}

DeviceState SimFleet::deviceState(std::size_t node, std::size_t gpu, double second)
{
    return deviceAt(reach(node, second), node, gpu, toCourse(second));
}

SimFleet::Taken SimFleet::taken(std::size_t node, std::size_t gpu, double from, double until) const
{
    const auto &cluster = *m_clusters[clusterOf(node)];
    const auto &timeline = cluster.timeline(node, gpu);
    const auto busy = [&](double at) { return timeline.totals(cluster.jobs(), at).busySeconds; };
    return {deviceAt(cluster, node, gpu, until).joules - deviceAt(cluster, node, gpu, from).joules,
        busy(until) - busy(from)};
}

std::vector<KernelLogLine> SimFleet::kernelLines(std::size_t node, double from, double until)
{
    const auto &cluster = reach(node, until);
    std::vector<KernelLogLine> lines;
    for (int gpu = -1; gpu < int(m_options.gpus); ++gpu) {
        for (const Fault *fault : cluster.faultsOf(node, gpu)) {
            const double second = toSecond(fault->start);
            if (!fault->kind->line || fault->end <= fault->start || second < from
                || second >= until)
                continue;
            lines.push_back(
                {second, gpu, fault->kind->line(*fault, busIdOf(std::size_t(std::max(0, gpu))))});
        }
    }
    std::sort(lines.begin(), lines.end(),
        [](const auto &a, const auto &b) { return a.second < b.second; });
    return lines;
}

const std::vector<std::size_t> &SimFleet::jobChanges(std::size_t node, double second)
{
    return reach(node, second).changes(node);
}

const SimJob &SimFleet::job(std::size_t node, std::size_t index) const
{
    return m_clusters[clusterOf(node)]->jobs()[index];
}

std::vector<SimJob> SimFleet::jobsOf(std::size_t node, double second, double forSeconds)
{
    const auto &cluster = reach(node, second);
    const double at = toCourse(second);
    std::vector<std::size_t> indexes = cluster.changes(node);
    std::sort(indexes.begin(), indexes.end());
    indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
    std::vector<SimJob> jobs;
    for (const std::size_t index : indexes) {
        const auto &job = cluster.jobs()[index];
        if (job.submitted <= at && (!job.placed || job.end > at - forSeconds))
            jobs.push_back(job);
    }
    return jobs;
}

const SimJob &SimFleet::submit(SimJob job, double second)
{
    return m_clusters[clusterOf(std::size_t(job.wantedNode))]->submit(
        std::move(job), toCourse(second));
}

bool SimFleet::cancel(
    std::size_t node, const std::string &id, double second, const std::string &reason)
{
    return m_clusters[clusterOf(node)]->cancel(id, toCourse(second), reason);
}

std::vector<TruthFault> SimFleet::truth(const SimOptions &options, double until)
{
    SimFleet fleet(options);
    std::vector<TruthFault> all;
    for (const auto &cluster : fleet.m_clusters) {
        cluster->advance(fleet.toCourse(until));
        // Ends are known when they have come: a job that fails takes its other faults with it.
        double last = fleet.toCourse(until);
        const double limit = last + 8 * 3600 / fleet.m_options.timeFactor;
        for (const auto &fault : cluster->faults()) {
            if (fault.start < fleet.toCourse(until))
                last = std::max(last, std::min(fault.end, limit));
        }
        cluster->advance(last);
        for (const auto &fault : cluster->faults()) {
            if (fault.end - fault.start < leastTruthSeconds || fault.start >= fleet.toCourse(until)
                || fault.end <= fleet.m_past)
                continue;
            TruthFault truth;
            truth.node = nodeName(fault.node);
            truth.gpu = fault.gpu;
            truth.kind = fault.kind->name;
            truth.cluster = clusterName(fleet.clusterOf(fault.node));
            truth.start = fleet.toSecond(fault.start);
            truth.end = fleet.toSecond(fault.end);
            if (fault.kind->line)
                truth.line = fault.kind->line(fault, busIdOf(std::size_t(std::max(0, fault.gpu))));
            if (fault.gpu >= 0) {
                truth.device = fleet.deviceId(fault.node, std::size_t(fault.gpu));
                const auto &timeline = cluster->timeline(fault.node, std::size_t(fault.gpu));
                const long job = timeline.jobAt(cluster->jobs(), fault.start - 1e-6);
                if (job >= 0)
                    truth.job = cluster->jobs()[std::size_t(job)].id;
            }
            all.push_back(truth);
        }
    }
    std::sort(all.begin(), all.end(), [](const auto &a, const auto &b) {
        return std::tie(a.start, a.node, a.gpu) < std::tie(b.start, b.node, b.gpu);
    });
    return all;
}

} // namespace pilothouse::sim
