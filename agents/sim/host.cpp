// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Handshake, catalogue and ticks of simulated nodes. Their jobs are in hostjobs.cpp.
#include "agents/sim/host.h"

#include "agents/collectors/kernelline.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace pilothouse::sim {

static constexpr int rollupSeconds = 30;

/// Lets everything up to second 0 happen, so that the clock starts when the fleet is ready.
static std::size_t warmedUp(SimFleet &fleet)
{
    for (std::size_t node = 0; node < fleet.nodes(); ++node)
        fleet.jobChanges(node, 0);
    return fleet.nodes();
}

SimHost::SimHost(const Arguments &arguments)
    : m_arguments(arguments)
    , m_fleet(arguments.options)
    , m_clock(warmedUp(m_fleet), std::min(arguments.historySeconds, m_fleet.pastSeconds() - 300))
    , m_nodes(m_fleet.nodes())
{
}

void SimHost::setNodeOfFd(int fd, std::size_t node)
{
    const std::lock_guard lock(m_mutex);
    m_nodeOfFd[fd] = node;
}

long SimHost::nodeOfPeer(const std::string &peer) const
{
    const std::string_view prefix = "fd:";
    int fd = -1;
    if (peer.starts_with(prefix))
        std::from_chars(peer.data() + prefix.size(), peer.data() + peer.size(), fd);
    const std::lock_guard lock(m_mutex);
    const auto found = m_nodeOfFd.find(fd);
    return found == m_nodeOfFd.end() ? -1 : long(found->second);
}

bool SimHost::isReachable(std::size_t node)
{
    const std::lock_guard lock(m_mutex);
    const auto state = m_fleet.nodeState(node, m_clock.second());
    return state.agentRuns && state.linkUp;
}

std::string SimHost::ringId(std::size_t node) const
{
    // Of this process: ticks of another run are other ticks.
    return "sim-"
        + uuidOf(mixed({m_arguments.options.seed, node, 51}), uint64_t(m_clock.startWallNs()));
}

std::string SimHost::bootId(std::size_t node) const
{
    const uint64_t high = mixed({m_arguments.options.seed, node, 52});
    return uuidOf(high, mix(high));
}

int64_t SimHost::boottimeNs(std::size_t node, int64_t wallNs) const
{
    const auto shape = nodeShape(m_arguments.options.seed, node, m_arguments.options.gpus);
    return wallNs - m_clock.startWallNs()
        + int64_t(1e9 * (shape.bootSeconds + m_fleet.pastSeconds()));
}

void SimHost::hello(std::size_t node, v1::HelloReply &reply)
{
    const std::lock_guard lock(m_mutex);
    const auto &options = m_fleet.options();
    const double second = m_clock.second();
    const auto shape = nodeShape(options.seed, node, options.gpus);
    const auto state = m_fleet.nodeState(node, second);
    reply.set_agent_version(PILOTHOUSE_VERSION "+simulated");
    reply.set_protocol(1);
    for (const char *capability : {"telemetry", "jobs", "files", "simulated"})
        reply.add_capabilities(capability);
    reply.add_capabilities("cluster=" + clusterName(m_fleet.clusterOf(node)));
    reply.set_host_name(nodeName(node));
    const uint64_t high = mixed({options.seed, node, 53});
    std::string machine = uuidOf(high, mix(high));
    std::erase(machine, '-');
    reply.set_machine_id(machine);
    reply.set_boot_id(bootId(node));
    reply.set_user(consolePerson(options));
    reply.set_uid(1000);
    reply.set_os("Debian GNU/Linux 12 (simulated)");
    reply.set_kernel("6.1.0-simulated");
    reply.set_arch("x86_64");
    reply.set_home("/home/demo");
    reply.add_warnings("This node is simulated: nothing runs on it and nothing is measured.");
    reply.set_cpu_count(shape.cpus);
    reply.set_cpu_model("Simulated processor");
    reply.set_memory_bytes(uint64_t(shape.memoryBytes));
    reply.set_wall_ns(m_clock.wallNs(second));
    reply.set_boottime_ns(boottimeNs(node, m_clock.wallNs(second)));
    reply.set_started_ns(m_clock.wallNs(m_fleet.toSecond(state.agentStart)));
    for (std::size_t gpu = 0; gpu < options.gpus; ++gpu) {
        const auto &type = m_fleet.gpuType(node);
        auto *device = reply.add_devices();
        device->set_uuid(m_fleet.deviceId(node, gpu));
        device->set_index(uint32_t(gpu));
        device->set_name(type.name);
        device->set_kind("nvidia");
        device->set_memory_bytes(type.memoryBytes);
        device->set_driver("570.133.20");
        device->set_power_limit_watts(type.limitWatts);
        device->set_simulated(true);
        device->set_trouble(m_fleet.deviceState(node, gpu, second).trouble);
    }
}

static v1::MetricKind kindOf(SimKind kind)
{
    return kind == SimKind::Counter ? v1::COUNTER : kind == SimKind::State ? v1::STATE : v1::GAUGE;
}

void SimHost::catalogue(std::size_t node, v1::CatalogueReply &reply)
{
    const std::lock_guard lock(m_mutex);
    reply.set_ring_id(ringId(node));
    reply.set_version(1);
    uint32_t number = 0;
    for (const auto &from : m_fleet.catalogue(node)) {
        auto *series = reply.add_series();
        series->set_number(number++);
        series->set_metric(from.metric);
        series->set_device(from.device);
        series->set_unit(from.unit);
        series->set_kind(kindOf(from.kind));
        series->set_step(from.step);
    }
    for (const auto &from : m_fleet.missing(node)) {
        auto *unsupported = reply.add_unsupported();
        unsupported->set_metric(from.metric);
        unsupported->set_device(from.device);
        unsupported->set_reason(from.reason);
    }
    auto *coverage = reply.mutable_coverage();
    const int64_t oldest = m_clock.oldestTick(), newest = m_clock.newestTick(node);
    coverage->set_first_number(m_clock.numberOf(oldest));
    coverage->set_last_number(m_clock.numberOf(newest));
    coverage->set_first_wall_ns(m_clock.tickWallNs(node, oldest));
    coverage->set_last_wall_ns(m_clock.tickWallNs(node, newest));
    const double rollups
        = std::min(m_arguments.rollupSeconds, m_fleet.pastSeconds() - 300 + double(oldest));
    if (rollups > 0)
        coverage->set_rollup_first_wall_ns(m_clock.wallNs(double(oldest) - rollups));
}

bool SimHost::tick(std::size_t node, int64_t index, wire::Tick &out)
{
    if (index < m_clock.oldestTick() || index > m_clock.newestTick(node))
        return false;
    const std::lock_guard lock(m_mutex);
    if (!m_fleet.values(node, double(index), out.values))
        return false;
    out.number = m_clock.numberOf(index);
    out.wallNs = m_clock.tickWallNs(node, index);
    out.boottimeNs = boottimeNs(node, out.wallNs);
    return true;
}

void SimHost::kernelEvents(std::size_t node, double &from, v1::Batch &batch)
{
    const std::lock_guard lock(m_mutex);
    const double now = m_clock.second();
    for (const auto &line : m_fleet.kernelLines(node, from, now)) {
        const auto read = agent::kernelLineOf(line.text);
        if (!read)
            continue;
        auto *event = batch.add_kernel_events();
        event->set_wall_ns(m_clock.wallNs(line.second));
        event->set_kernel_us(boottimeNs(node, event->wall_ns()) / 1000);
        event->set_kind(std::string(read->kind));
        event->set_device(line.gpu >= 0 && !read->device.empty()
                ? m_fleet.deviceId(node, std::size_t(line.gpu))
                : read->device);
        event->set_line(read->line);
        event->set_xid(read->xid);
        event->set_times(1);
    }
    from = now;
}

static void addRow(const std::vector<std::vector<int64_t>> &samples, v1::RollupBatch &row)
{
    for (std::size_t i = 0; i < samples.front().size(); ++i) {
        int64_t least = wire::absent, most = wire::absent, last = wire::absent;
        for (const auto &sample : samples) {
            if (sample[i] == wire::absent)
                continue;
            least = least == wire::absent ? sample[i] : std::min(least, sample[i]);
            most = most == wire::absent ? sample[i] : std::max(most, sample[i]);
            last = sample[i];
        }
        row.add_values(least);
        row.add_values(most);
        row.add_values(last);
    }
}

std::vector<v1::RollupBatch> SimHost::rollups(
    std::size_t node, int64_t fromWallNs, int64_t toWallNs)
{
    v1::CatalogueReply described;
    catalogue(node, described);
    const auto &coverage = described.coverage();
    std::vector<v1::RollupBatch> rows;
    if (coverage.rollup_first_wall_ns() == 0)
        return rows;
    const auto secondOf = [&](int64_t ns) { return double(ns - m_clock.startWallNs()) / 1e9; };
    const double from = secondOf(std::max(fromWallNs, coverage.rollup_first_wall_ns()));
    const double to = secondOf(std::min(toWallNs, coverage.last_wall_ns()));
    for (double start = std::ceil(from / rollupSeconds) * rollupSeconds; start < to;
         start += rollupSeconds) {
        std::vector<std::vector<int64_t>> samples;
        for (const int second : {0, 7, 14, 22, 29}) {
            if (start + second > to)
                break;
            const std::lock_guard lock(m_mutex);
            if (!m_fleet.values(node, start + second, samples.emplace_back()))
                samples.pop_back();
        }
        if (samples.empty())
            continue;
        v1::RollupBatch row;
        row.set_catalogue_version(1);
        row.set_start_wall_ns(m_clock.wallNs(start));
        row.set_seconds(rollupSeconds);
        addRow(samples, row);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace pilothouse::sim
