// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace pilothouse::bench {

enum class FleetKind { Gauge, Counter, State };

/// One series of a simulated node: values are integers, times 1 / `per` they are in base units.
struct FleetSeries {
    std::string device, metric;
    FleetKind kind = FleetKind::Gauge;
    int per = 1;
};

/// Telemetry of GPU nodes as NVML and /proc give it, one value a second: whole percents, degrees
/// and megahertz, milliwatts, counters of millijoules and bytes, hundredths of a load. Jobs of
/// minutes to hours with steps of seconds, checkpoints and idle times between. The same seed gives
/// the same numbers everywhere.
class GpuFleet {
public:
    static constexpr int gpus = 8;

    GpuFleet(std::uint32_t seed, int nodes);
    const std::vector<FleetSeries> &series() const { return m_series; }
    int nodes() const { return int(m_nodes.size()); }
    /// The next second of `node`; valid until its next call.
    const std::vector<std::int64_t> &next(int node);

private:
    struct Gpu {
        double watts = 70, celsius = 32, hbm = 38, pcie = 0, link = 0;
        std::int64_t energy = 0, sent = 0, received = 0, clock = 345, memory = 0;
    };
    struct Node {
        std::mt19937 random;
        int left = 0, phase = 0, step = 1; ///< seconds of the job left; of the step
        double load = 1, used = 24e9, target = 600;
        bool busy = false;
        std::int64_t counters[8] = {};
        Gpu gpu[gpus];
        std::vector<std::int64_t> values;
    };
    void advance(Node &node);
    void gpuRow(Node &node, Gpu &gpu, std::int64_t *out);
    void hostRow(Node &node, std::int64_t *out);

    std::vector<FleetSeries> m_series;
    std::vector<Node> m_nodes;
};

} // namespace pilothouse::bench
