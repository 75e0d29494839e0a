// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/store/gpufleet.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pilothouse::bench {

namespace {

using Kind = FleetKind;

struct Named {
    const char *metric;
    Kind kind;
    int per;
};

constexpr std::array gpuMetrics{Named{"gpu_busy_ratio", Kind::Gauge, 100},
    Named{"gpu_memory_busy_ratio", Kind::Gauge, 100}, Named{"gpu_power_watts", Kind::Gauge, 1000},
    Named{"gpu_temperature_celsius", Kind::Gauge, 1},
    Named{"gpu_memory_temperature_celsius", Kind::Gauge, 1},
    Named{"gpu_sm_clock_hertz", Kind::Gauge, 1}, Named{"gpu_memory_clock_hertz", Kind::Gauge, 1},
    Named{"gpu_memory_used_bytes", Kind::Gauge, 1}, Named{"gpu_energy_joules", Kind::Counter, 1000},
    Named{"gpu_pcie_sent_bytes_per_second", Kind::Gauge, 1},
    Named{"gpu_pcie_received_bytes_per_second", Kind::Gauge, 1},
    Named{"gpu_nvlink_sent_bytes", Kind::Counter, 1},
    Named{"gpu_ecc_corrected_errors", Kind::Counter, 1},
    Named{"gpu_throttle_reasons", Kind::State, 1}};
constexpr std::array hostMetrics{Named{"cpu_busy_ratio", Kind::Gauge, 10000},
    Named{"load1", Kind::Gauge, 100}, Named{"load5", Kind::Gauge, 100},
    Named{"memory_used_bytes", Kind::Gauge, 1}, Named{"memory_cached_bytes", Kind::Gauge, 1},
    Named{"network_received_bytes", Kind::Counter, 1},
    Named{"network_sent_bytes", Kind::Counter, 1}, Named{"disk_read_bytes", Kind::Counter, 1},
    Named{"disk_written_bytes", Kind::Counter, 1}, Named{"context_switches", Kind::Counter, 1},
    Named{"interrupts", Kind::Counter, 1}, Named{"processes_running", Kind::Gauge, 1},
    Named{"cpu_temperature_celsius", Kind::Gauge, 1},
    Named{"filesystem_used_bytes", Kind::Gauge, 1}, Named{"swap_used_bytes", Kind::Gauge, 1},
    Named{"uptime_seconds", Kind::Counter, 100}};

double normal(std::mt19937 &random)
{
    // Sum of four: no tail matters here, and it is the same with every library.
    double sum = 0;
    for (int i = 0; i < 4; ++i)
        sum += double(random()) / 4294967296.0 - 0.5;
    return sum * 1.732;
}

std::int64_t whole(double value)
{
    return std::int64_t(std::llround(value));
}

} // namespace

GpuFleet::GpuFleet(std::uint32_t seed, int nodes)
    : m_nodes(std::size_t(nodes))
{
    for (int gpu = 0; gpu < gpus; ++gpu)
        for (const auto &one : gpuMetrics)
            m_series.push_back({"GPU-" + std::to_string(gpu), one.metric, one.kind, one.per});
    for (const auto &one : hostMetrics)
        m_series.push_back({"", one.metric, one.kind, one.per});
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        auto &node = m_nodes[i];
        node.random.seed(seed * 7919 + std::uint32_t(i));
        node.values.resize(m_series.size());
        for (auto &counter : node.counters)
            counter = std::int64_t(node.random()) * 1000;
        for (auto &gpu : node.gpu) {
            gpu.energy = std::int64_t(node.random()) * 100;
            gpu.sent = std::int64_t(node.random()) * 4096;
        }
    }
}

void GpuFleet::advance(Node &node)
{
    if (node.left-- > 0)
        return void(++node.phase);
    node.busy = node.random() % 4 != 0;
    node.left = int(node.busy ? 600 + node.random() % 7200 : 60 + node.random() % 1800);
    node.phase = 0;
    node.step = int(3 + node.random() % 40);
    node.target = 350 + double(node.random() % 330);
    const auto pages = std::int64_t(16000 + node.random() % 23000);
    for (auto &gpu : node.gpu)
        gpu.memory = node.busy ? (pages + std::int64_t(node.random() % 8)) << 21 : 3 << 20;
}

void GpuFleet::gpuRow(Node &node, Gpu &gpu, std::int64_t *out)
{
    auto &random = node.random;
    const bool saving = node.busy && node.phase % 1800 > 1770; // a checkpoint
    const bool works = node.busy && node.phase > 20 && !saving;
    const bool dips = works && node.phase % node.step == 0;
    const double goal = works ? (dips ? node.target * 0.7 : node.target) : node.busy ? 140 : 71;
    gpu.watts += (goal - gpu.watts) * 0.6 + normal(random) * (works ? 6 : 0.4);
    gpu.celsius += (30 + gpu.watts * 0.055 - gpu.celsius) * 0.03 + normal(random) * 0.05;
    gpu.hbm += (38 + gpu.watts * 0.06 - gpu.hbm) * 0.02 + normal(random) * 0.05;
    const bool hot = gpu.watts > 660;
    gpu.clock = works ? (hot ? 1980 - 15 * std::int64_t(random() % 9) : 1980)
        : node.busy   ? 1980
                      : 345;
    gpu.energy += whole(gpu.watts * 1000);
    gpu.pcie = works ? (dips ? 9e9 : 4e8) * (1 + 0.2 * normal(random)) : 0;
    gpu.link += works ? 6e10 * (1 + 0.05 * normal(random)) : 0;
    out[0] = works ? (dips ? 60 + random() % 30 : 97 + random() % 4) : node.busy ? random() % 3 : 0;
    out[1] = works ? (dips ? 30 + random() % 10 : 55 + random() % 7) : 0;
    out[2] = whole(gpu.watts * 1000);
    out[3] = whole(gpu.celsius);
    out[4] = whole(gpu.hbm);
    out[5] = gpu.clock * 1'000'000;
    out[6] = 2'619'000'000;
    out[7] = gpu.memory;
    out[8] = gpu.energy;
    out[9] = whole(std::max(0.0, gpu.pcie) / 1000) * 1000;
    out[10] = whole(std::max(0.0, gpu.pcie * 0.8 * (1 + 0.1 * normal(random))) / 1000) * 1000;
    out[11] = gpu.sent + whole(gpu.link / 1024) * 1024;
    out[12] = 0;
    out[13] = works ? (hot ? 4 : 0) : 1;
}

void GpuFleet::hostRow(Node &node, std::int64_t *out)
{
    auto &random = node.random;
    auto &count = node.counters;
    const bool saving = node.busy && node.phase % 1800 > 1770;
    node.load += ((node.busy ? 34 : 0.4) - node.load) / 60 + normal(random) * 0.1;
    node.used += normal(random) * 4e6 + ((node.busy ? 240e9 : 24e9) - node.used) * 0.002;
    count[0] += whole(std::max(0.0, (node.busy ? 2e9 : 2e4) * (1 + 0.3 * normal(random))));
    count[1] += whole(std::max(0.0, (node.busy ? 3e8 : 1e4) * (1 + 0.3 * normal(random))));
    count[2]
        += node.phase % node.step == 0 && node.busy ? std::int64_t(random() % 30000) * 4096 : 0;
    count[3] += saving ? std::int64_t(400'000 + random() % 100'000) * 4096
                       : std::int64_t(random() % 4 == 0 ? random() % 40 : 0) * 4096;
    count[4] += whole(std::max(0.0, (node.busy ? 180e3 : 4e3) * (1 + 0.05 * normal(random))));
    count[5] += whole(std::max(0.0, (node.busy ? 140e3 : 3e3) * (1 + 0.05 * normal(random))));
    count[6] += saving ? 262144 * 20 : random() % 30 == 0 ? 1 : 0;
    count[7] += 100;
    out[0]
        = std::clamp<std::int64_t>(whole((node.busy ? 3100 : 40) + normal(random) * 60), 0, 10000);
    out[1] = whole(std::max(0.0, node.load) * 100);
    out[2] = whole(std::max(0.0, node.load * 0.9 + 0.3) * 100);
    out[3] = whole(node.used / 4096) * 4096;
    out[4] = (std::int64_t(90) << 30) + (count[3] % (1 << 30));
    for (int i = 0; i < 6; ++i)
        out[5 + i] = count[i];
    out[11] = node.busy ? 8 + std::int64_t(random() % 4) : 1;
    out[12] = whole(38 + node.load * 0.6 + normal(random) * 0.5);
    out[13] = count[6] * 4096;
    out[14] = 0;
    out[15] = count[7];
}

const std::vector<std::int64_t> &GpuFleet::next(int index)
{
    auto &node = m_nodes[std::size_t(index)];
    advance(node);
    auto *out = node.values.data();
    for (auto &gpu : node.gpu) {
        gpuRow(node, gpu, out);
        out += gpuMetrics.size();
    }
    hostRow(node, out);
    return node.values;
}

} // namespace pilothouse::bench
