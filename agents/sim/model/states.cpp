// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// From jobs and faults to what a GPU and a node measure.
#include "agents/sim/model/fleet.h"

#include <algorithm>
#include <cmath>

namespace pilothouse::sim {

static constexpr double gib = 1024.0 * 1024 * 1024;
static constexpr double riseCelsius = 46; ///< of a GPU at its power limit over its inlet

namespace {

/// -0.5 .. 0.5, another one each second.
double noise(uint64_t what, std::size_t node, std::size_t gpu, double at)
{
    return unit(mixed({what, node, gpu, uint64_t(std::max(0.0, at))})) - 0.5;
}

/// Energy of a GPU since the course began, what faults took off included.
double joulesOf(const Cluster &cluster, std::size_t node, std::size_t gpu, double at)
{
    const auto &timeline = cluster.timeline(node, gpu);
    const auto work = [&](double moment) { return timeline.joules(cluster.jobs(), moment); };
    double joules = cluster.type().idleWatts * at + work(at);
    for (const auto *fault : cluster.faultsOf(node, int(gpu))) {
        if (fault->start >= at)
            break;
        if (fault->kind->powerFactor != 1)
            joules += (fault->kind->powerFactor - 1)
                * (work(std::min(at, fault->end)) - work(fault->start));
    }
    return joules;
}

void setWork(const GpuType &type, const SimJob *job, double at, uint64_t device, DeviceState &state)
{
    state.memoryTotalBytes = double(type.memoryBytes);
    state.limitWatts = type.limitWatts;
    state.memoryUsedBytes = 4.0 * 1048576;
    const double x = job ? at - job->start : 0;
    const double level = job ? job->work.level(x) : 0;
    const double wave = job ? job->work.wave(x, device) : 1;
    state.busy = std::clamp(level * wave, 0.0, 1.0);
    if (job) {
        state.memoryUsedBytes = 520.0 * 1048576
            + job->work.memoryFill(x) * job->work.memoryRatio * 0.98 * double(type.memoryBytes);
        const bool moves = job->work.kind == WorkKind::Inference;
        state.memoryBusy = state.busy * (moves ? 0.75 : 0.45);
        state.watts = (type.limitWatts - type.idleWatts) * job->work.powerRatio * level * wave;
    }
    const bool active = level > 0.005;
    if (!active)
        state.throttle |= GpuIdle;
    const double load = job ? level * job->work.powerRatio : 0;
    state.clockHertz = active ? type.clockHertz * (1 - 0.13 * load) : type.idleClockHertz;
    state.memoryClockHertz = active ? type.memoryClockHertz : type.idleMemoryClockHertz;
}

} // namespace

DeviceState SimFleet::deviceAt(
    const Cluster &cluster, std::size_t node, std::size_t gpu, double at) const
{
    DeviceState state;
    const auto &type = cluster.type();
    const auto &jobs = cluster.jobs();
    const auto &timeline = cluster.timeline(node, gpu);
    const long index = timeline.jobAt(jobs, at);
    setWork(type, index < 0 ? nullptr : &jobs[std::size_t(index)], at, node * m_options.gpus + gpu,
        state);

    state.joules = joulesOf(cluster, node, gpu, at);
    const auto mean = [&](double seconds) {
        return (state.joules - joulesOf(cluster, node, gpu, at - seconds)) / seconds;
    };
    // A heat sink follows its power within half a minute, and the air around it within minutes.
    const double inlet = 23 + 4 * unit(mixed({m_options.seed, node, 21}))
        + 5 * unit(mixed({m_options.seed, node, gpu, 22}));
    state.celsius = inlet + riseCelsius * (0.55 * mean(25) + 0.45 * mean(110)) / type.limitWatts;
    state.memoryCelsius = state.celsius + 7;

    const auto totals = timeline.totals(jobs, at);
    state.linkBytes = type.linkBytesPerSecond * totals.linkSeconds;
    state.pcieReceiveBytes = 1.3e9 * totals.busySeconds + 2e4 * at;
    state.pcieTransmitBytes = 0.4e9 * totals.busySeconds + 1e4 * at + totals.writtenBytes;
    state.eccCorrected = int64_t(at / 40000 * unit(mixed({m_options.seed, node, gpu, 23})));

    double powerFactor = 1;
    for (const auto *fault : cluster.faultsOf(node, int(gpu))) {
        if (fault->start > at)
            break;
        if (lasts(*fault, at))
            powerFactor *= fault->kind->powerFactor;
        if (fault->kind->device)
            fault->kind->device(*fault, at, state);
    }
    state.watts = std::min(type.limitWatts * 1.004,
        type.idleWatts + state.watts * powerFactor
            + noise(31, node, gpu, at) * (2 + 0.02 * state.watts));
    if (state.watts > 0.97 * type.limitWatts)
        state.throttle |= SwPowerCap;
    state.clockHertz = std::max(type.idleClockHertz,
        state.clockHertz * state.clockFactor * (1 + 0.008 * noise(32, node, gpu, at)));
    return state;
}

NodeState SimFleet::nodeAt(const Cluster &cluster, std::size_t node, double at) const
{
    NodeState state;
    const auto shape = nodeShape(m_options.seed, node, m_options.gpus);
    const auto gpus = double(m_options.gpus);
    const auto &jobs = cluster.jobs();
    double level = 0, fill = 0, busySeconds = 0, fabric = 0, written = 0;
    double past1 = 0, past5 = 0, past15 = 0;
    bool pausing = false;
    for (std::size_t gpu = 0; gpu < m_options.gpus; ++gpu) {
        const auto &timeline = cluster.timeline(node, gpu);
        const auto totals = timeline.totals(jobs, at);
        const auto busyIn = [&](double seconds) {
            return (totals.busySeconds - timeline.totals(jobs, at - seconds).busySeconds) / seconds;
        };
        past1 += busyIn(60);
        past5 += busyIn(300);
        past15 += busyIn(900);
        busySeconds += totals.busySeconds;
        fabric += totals.fabricSeconds;
        written += totals.writtenBytes;
        if (const long index = timeline.jobAt(jobs, at); index >= 0) {
            const auto &job = jobs[std::size_t(index)];
            level += job.work.level(at - job.start);
            fill += job.work.memoryFill(at - job.start);
            pausing |= job.work.checkpointBytes > 0 && job.work.pausing(at - job.start);
        }
    }
    const double perGpu = 0.22 / gpus; // of all processors, for feeding one GPU
    state.cpuUser = std::max(0.0, 0.012 + perGpu * level + 0.01 * noise(41, node, 0, at));
    state.cpuSystem = 0.004 + 0.12 * state.cpuUser;
    state.cpuWait = pausing ? 0.03 : 0.0005;
    state.pressureWait = pausing ? 0.08 : 0.001;
    state.blocked = pausing ? 2 : 0;
    state.running = 1 + std::round(state.cpuUser * shape.cpus);
    state.load1 = shape.cpus * (0.012 + perGpu * past1) + 0.3 * (noise(42, node, 0, at) + 0.5);
    state.load5 = shape.cpus * (0.012 + perGpu * past5);
    state.load15 = shape.cpus * (0.012 + perGpu * past15);
    state.memoryUsedBytes = 22 * gib + 78 * gib * fill + 0.2 * gib * noise(43, node, 0, at);
    state.memoryCachedBytes = 0.25 * shape.memoryBytes;
    state.diskReadBytes = 55e6 * busySeconds + 3e4 * at;
    state.diskWriteBytes = written + 4e5 * at;
    state.diskBusySeconds = state.diskReadBytes / 6e9 + state.diskWriteBytes / 2.5e9;
    state.receiveBytes = 6e9 * fabric + 2e5 * at;
    state.transmitBytes = 6e9 * fabric + 1.8e5 * at;
    state.filesystemFreeBytes = shape.filesystemBytes
        * (0.35 + 0.4 * unit(mixed({m_options.seed, node, 44}))
            - 0.3 * std::fmod(written / shape.filesystemBytes, 1));
    state.celsius = 36 + 90 * state.cpuUser;
    state.agentStart = -3 * 86400;
    for (const auto *fault : cluster.faultsOf(node, -1)) {
        if (fault->start > at)
            break;
        if (fault->kind->node)
            fault->kind->node(*fault, at, state);
    }
    return state;
}

} // namespace pilothouse::sim
