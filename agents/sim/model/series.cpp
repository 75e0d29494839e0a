// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/model/series.h"

#include "agents/sim/model/rng.h"

#include <algorithm>
#include <cmath>

namespace pilothouse::sim {

static constexpr double gib = 1024.0 * 1024 * 1024;
static constexpr SimKind Gauge = SimKind::Gauge, Counter = SimKind::Counter, State = SimKind::State;

NodeShape nodeShape(uint64_t seed, std::size_t node, std::size_t gpus)
{
    NodeShape shape;
    shape.cpus = unsigned(std::max<std::size_t>(16, gpus * 24));
    shape.memoryBytes = double(std::max<std::size_t>(128, gpus * 256)) * gib;
    shape.filesystemBytes = 28e12;
    shape.bootSeconds = 86400 * (2 + 60 * unit(mixed({seed, node, 11})));
    return shape;
}

int64_t inSteps(double value, double step)
{
    return std::llround(value / step);
}

using N = const NodeState &;
using S = const NodeShape &;

static constexpr NodeMetric ofNode[] = {
    {"cpu_busy_ratio", "", "ratio", Gauge, 0.001,
        [](N n, S, double) { return n.cpuUser + n.cpuSystem; }},
    {"cpu_user_ratio", "", "ratio", Gauge, 0.001, [](N n, S, double) { return n.cpuUser; }},
    {"cpu_system_ratio", "", "ratio", Gauge, 0.001, [](N n, S, double) { return n.cpuSystem; }},
    {"cpu_iowait_ratio", "", "ratio", Gauge, 0.001, [](N n, S, double) { return n.cpuWait; }},
    {"context_switches", "", "", Counter, 1,
        [](N, S s, double t) { return 21000 * (s.bootSeconds + t); }},
    {"processes_running", "", "", Gauge, 1, [](N n, S, double) { return n.running; }},
    {"processes_blocked", "", "", Gauge, 1, [](N n, S, double) { return n.blocked; }},
    {"load1", "", "", Gauge, 0.01, [](N n, S, double) { return n.load1; }},
    {"load5", "", "", Gauge, 0.01, [](N n, S, double) { return n.load5; }},
    {"load15", "", "", Gauge, 0.01, [](N n, S, double) { return n.load15; }},
    {"memory_total_bytes", "", "bytes", Gauge, 1024, [](N, S s, double) { return s.memoryBytes; }},
    {"memory_available_bytes", "", "bytes", Gauge, 1024,
        [](N n, S s, double) { return s.memoryBytes - n.memoryUsedBytes; }},
    {"memory_used_bytes", "", "bytes", Gauge, 1024,
        [](N n, S, double) { return n.memoryUsedBytes; }},
    {"memory_free_bytes", "", "bytes", Gauge, 1024,
        [](N n, S s, double) { return s.memoryBytes - n.memoryUsedBytes - n.memoryCachedBytes; }},
    {"memory_cached_bytes", "", "bytes", Gauge, 1024,
        [](N n, S, double) { return n.memoryCachedBytes; }},
    {"swap_total_bytes", "", "bytes", Gauge, 1024, [](N, S, double) { return 0.0; }},
    {"swap_used_bytes", "", "bytes", Gauge, 1024, [](N, S, double) { return 0.0; }},
    {"pressure_cpu_some_ratio", "", "ratio", Gauge, 0.0001,
        [](N n, S, double) { return 0.05 * n.cpuUser; }},
    {"pressure_io_some_ratio", "", "ratio", Gauge, 0.0001,
        [](N n, S, double) { return n.pressureWait; }},
    {"pressure_io_full_ratio", "", "ratio", Gauge, 0.0001,
        [](N n, S, double) { return n.pressureWait * 0.8; }},
    {"pressure_memory_some_ratio", "", "ratio", Gauge, 0.0001, [](N, S, double) { return 0.0; }},
    {"disk_read_bytes", "nvme0n1", "bytes", Counter, 512,
        [](N n, S, double) { return n.diskReadBytes; }},
    {"disk_write_bytes", "nvme0n1", "bytes", Counter, 512,
        [](N n, S, double) { return n.diskWriteBytes; }},
    {"disk_busy_seconds", "nvme0n1", "seconds", Counter, 0.001,
        [](N n, S, double) { return n.diskBusySeconds; }},
    {"filesystem_size_bytes", "/scratch", "bytes", Gauge, 4096,
        [](N, S s, double) { return s.filesystemBytes; }},
    {"filesystem_free_bytes", "/scratch", "bytes", Gauge, 4096,
        [](N n, S, double) { return n.filesystemFreeBytes; }},
    {"mount_stale", "/shared", "", State, 1,
        [](N n, S, double) { return n.sharedIsStale ? 1.0 : 0.0; }},
    {"network_receive_bytes", "ib0", "bytes", Counter, 1,
        [](N n, S, double) { return n.receiveBytes; }},
    {"network_transmit_bytes", "ib0", "bytes", Counter, 1,
        [](N n, S, double) { return n.transmitBytes; }},
    {"network_receive_packets", "ib0", "", Counter, 1,
        [](N n, S, double) { return n.receiveBytes / 3900; }},
    {"network_transmit_packets", "ib0", "", Counter, 1,
        [](N n, S, double) { return n.transmitBytes / 3900; }},
    {"network_receive_errors", "ib0", "", Counter, 1,
        [](N n, S, double) { return double(n.receiveErrors); }},
    {"network_transmit_errors", "ib0", "", Counter, 1, [](N, S, double) { return 0.0; }},
    {"network_up", "ib0", "", State, 1, [](N, S, double) { return 1.0; }},
    {"network_receive_bytes", "eth0", "bytes", Counter, 1,
        [](N, S s, double t) { return 310e3 * (s.bootSeconds + t); }},
    {"network_transmit_bytes", "eth0", "bytes", Counter, 1,
        [](N, S s, double t) { return 140e3 * (s.bootSeconds + t); }},
    {"network_up", "eth0", "", State, 1, [](N, S, double) { return 1.0; }},
    {"oom_kills", "", "", Counter, 1, [](N, S, double) { return 0.0; }},
    {"uptime_seconds", "", "seconds", Gauge, 1,
        [](N, S s, double t) { return std::floor(s.bootSeconds + t); }},
    {"temperature_celsius", "coretemp Package id 0", "celsius", Gauge, 0.001,
        [](N n, S, double) { return n.celsius; }},
    {"temperature_celsius", "coretemp Package id 1", "celsius", Gauge, 0.001,
        [](N n, S, double) { return n.celsius + 1.5; }},
    {"agent_cpu_seconds", "", "seconds", Counter, 1e-5,
        [](N n, S, double t) { return 0.0008 * (t - n.agentStart); }},
    {"agent_memory_bytes", "", "bytes", Gauge, 4096, [](N, S, double) { return 11.5 * 1048576; }},
};

std::span<const NodeMetric> nodeMetrics()
{
    return ofNode;
}

using D = const DeviceState &;

static constexpr DeviceMetric live[] = {
    {"gpu_busy_ratio", "ratio", Gauge, 0.01, [](D d) { return d.busy; }},
    {"gpu_memory_busy_ratio", "ratio", Gauge, 0.01, [](D d) { return d.memoryBusy; }},
    {"gpu_memory_used_bytes", "bytes", Gauge, 4096, [](D d) { return d.memoryUsedBytes; }},
    {"gpu_memory_total_bytes", "bytes", Gauge, 4096, [](D d) { return d.memoryTotalBytes; }},
    {"gpu_power_watts", "watts", Gauge, 0.001, [](D d) { return d.watts; }},
    {"gpu_power_limit_watts", "watts", Gauge, 0.001, [](D d) { return d.limitWatts; }},
    {"gpu_temperature_celsius", "celsius", Gauge, 1, [](D d) { return d.celsius; }},
    {"gpu_sm_clock_hertz", "hertz", Gauge, 1e6, [](D d) { return d.clockHertz; }},
    {"gpu_memory_clock_hertz", "hertz", Gauge, 1e6, [](D d) { return d.memoryClockHertz; }},
};

static constexpr DeviceMetric health[] = {
    {"gpu_throttle_reasons", "", State, 1, [](D d) { return double(d.throttle); }},
    {"gpu_xid_errors", "", Counter, 1, [](D d) { return double(d.xids); }},
    {"gpu_xid_last", "", State, 1, [](D d) { return double(d.lastXid); }},
    {"gpu_ecc_uncorrected_errors", "", Counter, 1, [](D d) { return double(d.eccUncorrected); }},
    {"gpu_ecc_corrected_errors", "", Counter, 1, [](D d) { return double(d.eccCorrected); }},
    {"gpu_remap_pending", "", State, 1, [](D d) { return d.remapPending ? 1.0 : 0.0; }},
    {"gpu_remapped_rows", "", Counter, 1, [](D d) { return double(d.remappedRows); }},
    {"gpu_remapped_rows_uncorrectable", "", Counter, 1, [](D d) { return double(d.remappedRows); }},
    {"gpu_remap_failed", "", State, 1, [](D) { return 0.0; }},
    {"gpu_pcie_replays", "", Counter, 1, [](D d) { return double(d.pcieReplays); }},
    {"gpu_nvlink_errors", "", Counter, 1, [](D d) { return double(d.linkErrors); }, true},
    {"gpu_energy_joules", "joules", Counter, 0.001, [](D d) { return d.joules; }},
    {"gpu_memory_temperature_celsius", "celsius", Gauge, 1, [](D d) { return d.memoryCelsius; }},
    {"gpu_pcie_receive_bytes", "bytes", Counter, 1024, [](D d) { return d.pcieReceiveBytes; }},
    {"gpu_pcie_transmit_bytes", "bytes", Counter, 1024, [](D d) { return d.pcieTransmitBytes; }},
    {"gpu_sm_active_ratio", "ratio", Gauge, 0.001, [](D d) { return 0.88 * d.busy; }},
    {"gpu_tensor_active_ratio", "ratio", Gauge, 0.001,
        [](D d) { return 0.55 * d.busy * d.watts / d.limitWatts; }},
    {"gpu_dram_active_ratio", "ratio", Gauge, 0.001, [](D d) { return 0.8 * d.memoryBusy; }},
    {"gpu_mig_enabled", "", State, 1, [](D) { return 0.0; }},
    {"gpu_nvlink_receive_bytes", "bytes", Counter, 1024, [](D d) { return d.linkBytes; }, true},
    {"gpu_nvlink_transmit_bytes", "bytes", Counter, 1024, [](D d) { return d.linkBytes; }, true},
};

std::span<const DeviceMetric> deviceMetrics()
{
    return live;
}

std::span<const DeviceMetric> healthMetrics()
{
    return health;
}

} // namespace pilothouse::sim
