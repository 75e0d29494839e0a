// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/model/cluster.h"
#include "agents/sim/model/series.h"

#include <memory>
#include <string>
#include <vector>

namespace pilothouse::sim {

/// One fault of the truth file.
struct TruthFault {
    std::string node, device, kind, cluster, line; ///< device: UUID, empty = of the node
    int gpu = -1;
    double start = 0, end = 0; ///< seconds of the simulation
    std::string job; ///< that ran on the device when it began; empty = none
};

/// A line in a node's kernel log. `gpu`: that it is about, -1 = none.
struct KernelLogLine {
    double second = 0;
    int gpu = -1;
    std::string text;
};

/// A fault that the end of its job cut shorter than this is not in the truth: nobody could see it.
inline constexpr double leastTruthSeconds = 5;

/// A whole fleet: clusters of nodes with GPUs, their jobs, people and faults. Everything is a
/// function of the options and a moment: values can be asked for in any order, past ones too, and
/// the same options give the same ones. Seconds count from the simulation's start; jobs and faults
/// have gone on for `pastSeconds()` before. One thread at a time.
class SimFleet {
public:
    explicit SimFleet(SimOptions options);
    ~SimFleet();

    const SimOptions &options() const { return m_options; }
    std::size_t nodes() const { return m_options.nodes; }
    double pastSeconds() const { return m_past; }
    /// Sentences on faults of the options that are not planted, and why.
    const std::vector<std::string> &problems() const { return m_problems; }

    std::size_t clusterOf(std::size_t node) const { return node / m_options.nodesOfCluster(); }
    const GpuType &gpuType(std::size_t node) const;
    /// What a node can give; the same as long as the fleet lives. Shared by a cluster's nodes but
    /// for the GPUs' UUIDs.
    std::vector<SimSeries> catalogue(std::size_t node) const;
    std::vector<MissingSeries> missing(std::size_t node) const;
    std::string deviceId(std::size_t node, std::size_t gpu) const;

    /// A node's values in catalogue order, in steps of the series, wire::absent where there is
    /// none. False (and nothing else) while its agent does not run.
    bool values(std::size_t node, double second, std::vector<int64_t> &out);
    /// Calls `each(node, values)` for all nodes whose agent runs.
    template <typename Each> void tick(double second, Each each);

    NodeState nodeState(std::size_t node, double second);
    /// What a GPU took between two moments of jobs and faults that have come already.
    struct Taken {
        double joules = 0, busySeconds = 0;
    };
    Taken taken(std::size_t node, std::size_t gpu, double from, double until) const;
    DeviceState deviceState(std::size_t node, std::size_t gpu, double second);

    /// Lines that faults of a node left in its kernel's log from a second on, before another; by
    /// time.
    std::vector<KernelLogLine> kernelLines(std::size_t node, double from, double until);

    /// Jobs that a node has had; grows only. `positions` are into jobChanges().
    const std::vector<std::size_t> &jobChanges(std::size_t node, double second);
    const SimJob &job(std::size_t node, std::size_t index) const;
    /// Copies of those that wait or run on a node, or ended in the `forSeconds` before.
    std::vector<SimJob> jobsOf(std::size_t node, double second, double forSeconds);
    const SimJob &submit(SimJob job, double second);
    bool cancel(std::size_t node, const std::string &id, double second, const std::string &reason);
    /// Turns a moment of SimJob or Fault into seconds of the simulation, and back.
    double toSecond(double at) const { return at - m_past; }
    double toCourse(double second) const { return second + m_past; }

    /// Every fault that begins before `until` or is under way at 0, by start. Looks ahead in a
    /// fleet of its own: what people do here later is not in it.
    static std::vector<TruthFault> truth(const SimOptions &options, double until);

private:
    Cluster &reach(std::size_t node, double second);
    DeviceState deviceAt(
        const Cluster &cluster, std::size_t node, std::size_t gpu, double at) const;
    NodeState nodeAt(const Cluster &cluster, std::size_t node, double at) const;

    const SimOptions m_options;
    const double m_past;
    std::vector<std::string> m_problems;
    std::vector<std::unique_ptr<Cluster>> m_clusters;
    std::vector<int64_t> m_buffer;
};

template <typename Each> void SimFleet::tick(double second, Each each)
{
    for (std::size_t node = 0; node < nodes(); ++node) {
        if (values(node, second, m_buffer))
            each(node, m_buffer);
    }
}

} // namespace pilothouse::sim
