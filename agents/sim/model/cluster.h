// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/model/faults.h"
#include "agents/sim/model/hardware.h"
#include "agents/sim/model/timeline.h"

#include <deque>
#include <queue>
#include <vector>

namespace pilothouse::sim {

/// What happens in one cluster: jobs are handed in, wait, get GPUs, and end; faults strike. An
/// event follows the other, so the same seed gives the same course however often it is asked.
/// Times are seconds since the course began (SimFleet shifts them). One thread at a time.
class Cluster {
public:
    Cluster(const SimOptions &options, std::size_t index, std::vector<Fault> planted);

    /// Lets everything happen up to `at`; what was is not changed.
    void advance(double at);

    std::size_t firstNode() const { return m_firstNode; }
    std::size_t nodes() const { return m_free.size(); }
    const GpuType &type() const { return m_type; }
    const std::vector<SimJob> &jobs() const { return m_jobs; }
    const std::deque<Fault> &faults() const { return m_faults; }
    /// Nodes are counted in the fleet, here and below.
    const Timeline &timeline(std::size_t node, std::size_t gpu) const;
    /// Of a device, or of the node itself with gpu = -1; by start.
    const std::vector<const Fault *> &faultsOf(std::size_t node, int gpu) const;
    /// Jobs that began, ended or were handed in on a node, in that order; grows only.
    const std::vector<std::size_t> &changes(std::size_t node) const;

    /// A person's job for one node of the fleet. Waits until the GPUs are free.
    const SimJob &submit(SimJob job, double at);
    /// Ends a job or takes it out of the queue; false when it had ended or is not known.
    bool cancel(const std::string &id, double at, const std::string &reason);

private:
    enum class What { HourBegins, FaultBegins, FaultEnds, JobEnds, Look };
    struct Event {
        double at;
        uint64_t order; ///< of two at one moment the older is first
        What what;
        std::size_t index;
        bool operator>(const Event &other) const
        {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    void happen(const Event &event);
    void schedule(double at, What what, std::size_t index = 0);
    void plantHour(std::size_t hour);
    void plantKind(const FaultKind &kind, std::size_t hour);
    void plantForJob(std::size_t job);
    bool plant(const Fault &fault);
    void withdrawFaults(const JobShare &share, double at);
    void strike(std::size_t number);
    void seekJobs();
    void place();
    bool tryPlace(std::size_t job);
    void startOn(std::size_t job, std::vector<JobShare> shares);
    void endJob(std::size_t job, double at);
    double rateOf(const FaultKind &kind) const;
    double scaled(double seconds) const { return seconds / m_options.timeFactor; }
    std::vector<const Fault *> &faultList(std::size_t node, int gpu);

    const SimOptions m_options;
    const std::size_t m_index, m_firstNode;
    const GpuType &m_type;
    Rng m_arrivals; ///< of jobs
    double m_now = 0;
    uint64_t m_order = 0;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> m_events;
    std::deque<Fault> m_faults; ///< addresses stay
    std::vector<std::vector<const Fault *>> m_faultsOf; ///< per node: itself, then its GPUs
    std::vector<SimJob> m_jobs;
    std::vector<Timeline> m_timelines;
    std::vector<uint32_t> m_free; ///< per node, bit i = GPU i
    std::vector<uint32_t> m_broken; ///< by a fault that ends jobs
    std::vector<std::vector<std::size_t>> m_changes;
    std::vector<std::size_t> m_waiting; ///< jobs, by when they were handed in
    std::size_t m_busy = 0, m_wanted = 0; ///< GPUs
};

} // namespace pilothouse::sim
