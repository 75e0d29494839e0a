// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// A cluster's jobs: waiting, placing, ending. Its faults are in clusterfaults.cpp.
#include "agents/sim/model/cluster.h"

#include <algorithm>
#include <bit>

namespace pilothouse::sim {

static constexpr std::size_t mostWaiting = 10;
static constexpr double lookSeconds = 45; ///< how often jobs are sought for free GPUs
static constexpr double patienceSeconds = 1200; ///< after which the first in the queue is next

Cluster::Cluster(const SimOptions &options, std::size_t index, std::vector<Fault> planted)
    : m_options(options)
    , m_index(index)
    , m_firstNode(index * options.nodesOfCluster())
    , m_type(gpuTypeOf(index))
    , m_arrivals(mixed({options.seed, index, 7}))
{
    const std::size_t count = std::min(options.nodesOfCluster(), options.nodes - m_firstNode);
    const uint32_t all = options.gpus >= 32 ? ~0u : (1u << options.gpus) - 1;
    m_free.assign(count, all);
    m_broken.assign(count, 0);
    m_changes.resize(count);
    m_timelines.resize(count * options.gpus);
    for (auto &timeline : m_timelines)
        timeline.setPower(m_type.limitWatts - m_type.idleWatts);
    m_faultsOf.resize(count * (options.gpus + 1));
    for (const auto &fault : planted)
        plant(fault);
    schedule(0, What::HourBegins, 0);
    schedule(0, What::Look);
}

const Timeline &Cluster::timeline(std::size_t node, std::size_t gpu) const
{
    return m_timelines[(node - m_firstNode) * m_options.gpus + gpu];
}

const std::vector<std::size_t> &Cluster::changes(std::size_t node) const
{
    return m_changes[node - m_firstNode];
}

void Cluster::schedule(double at, What what, std::size_t index)
{
    m_events.push({at, m_order++, what, index});
}

void Cluster::advance(double at)
{
    while (!m_events.empty() && m_events.top().at <= at) {
        const Event event = m_events.top();
        m_events.pop();
        m_now = event.at;
        happen(event);
    }
    m_now = std::max(m_now, at);
}

void Cluster::happen(const Event &event)
{
    switch (event.what) {
    case What::HourBegins:
        plantHour(event.index);
        schedule(scaled(3600.0 * double(event.index + 1)), What::HourBegins, event.index + 1);
        break;
    case What::FaultBegins:
        strike(event.index);
        break;
    case What::FaultEnds: {
        const auto &fault = m_faults[event.index];
        m_broken[fault.node - m_firstNode] &= ~(1u << fault.gpu);
        place();
        break;
    }
    case What::JobEnds:
        if (m_jobs[event.index].placed && m_jobs[event.index].end == event.at) {
            endJob(event.index, event.at);
            seekJobs();
        }
        break;
    case What::Look:
        seekJobs();
        schedule(event.at + scaled(lookSeconds), What::Look);
        break;
    }
}

/// People hand in new jobs while there are too few for the wanted occupancy.
void Cluster::seekJobs()
{
    const double goal = m_options.occupancy * double(m_free.size() * m_options.gpus);
    while (m_waiting.size() < mostWaiting && double(m_busy + m_wanted) < goal) {
        auto job = makeJob(
            m_arrivals, m_options, m_free.size(), mixed({m_options.seed, m_index, m_jobs.size()}));
        job.submitted = m_now;
        m_wanted += std::size_t(job.perNode) * job.nodeCount;
        m_waiting.push_back(m_jobs.size());
        m_jobs.push_back(std::move(job));
    }
    place();
}

void Cluster::place()
{
    for (std::size_t i = 0; i < m_waiting.size();) {
        const std::size_t job = m_waiting[i];
        if (tryPlace(job)) {
            m_waiting.erase(m_waiting.begin() + std::ptrdiff_t(i));
            continue;
        }
        if (i == 0 && m_jobs[job].wantedNode < 0
            && m_now - m_jobs[job].submitted > scaled(patienceSeconds))
            return; // a large one would never find its nodes empty
        ++i;
    }
}

static uint32_t lowestBits(uint32_t mask, unsigned count)
{
    uint32_t taken = 0;
    for (; count > 0 && mask != 0; --count) {
        taken |= mask & (0 - mask);
        mask &= mask - 1;
    }
    return taken;
}

bool Cluster::tryPlace(std::size_t index)
{
    const auto &job = m_jobs[index];
    // The fullest nodes first, so that whole ones stay free.
    std::vector<std::pair<int, std::size_t>> fit;
    for (std::size_t node = 0; node < m_free.size(); ++node) {
        const int usable = std::popcount(m_free[node] & ~m_broken[node]);
        const bool wanted = job.wantedNode < 0
            || (std::size_t(job.wantedNode) == m_firstNode + node
                && (m_free[node] & ~m_broken[node] & job.wantedGpus) == job.wantedGpus);
        if (wanted && usable >= int(job.perNode))
            fit.emplace_back(usable, node);
    }
    if (fit.size() < job.nodeCount)
        return false;
    std::sort(fit.begin(), fit.end());
    std::vector<JobShare> shares;
    for (unsigned i = 0; i < job.nodeCount; ++i) {
        const std::size_t node = fit[i].second;
        const uint32_t gpus = job.wantedGpus != 0
            ? job.wantedGpus
            : lowestBits(m_free[node] & ~m_broken[node], job.perNode);
        shares.push_back({m_firstNode + node, gpus});
    }
    std::sort(
        shares.begin(), shares.end(), [](const auto &a, const auto &b) { return a.node < b.node; });
    startOn(index, std::move(shares));
    return true;
}

void Cluster::startOn(std::size_t index, std::vector<JobShare> shares)
{
    auto &job = m_jobs[index];
    const std::size_t size = std::size_t(job.perNode) * job.nodeCount;
    m_wanted -= size;
    m_busy += size;
    job.placed = true;
    job.start = m_now;
    job.end += m_now; // it held the length
    job.shares = std::move(shares);
    for (const auto &share : job.shares) {
        const std::size_t node = share.node - m_firstNode;
        m_free[node] &= ~share.gpus;
        for (std::size_t gpu = 0; gpu < m_options.gpus; ++gpu) {
            if (share.gpus >> gpu & 1)
                m_timelines[node * m_options.gpus + gpu].begin(m_jobs, index, 1.0 / job.perNode);
        }
        m_changes[node].push_back(index);
    }
    schedule(job.end, What::JobEnds, index);
    if (m_options.randomFaults && job.wantedNode < 0)
        plantForJob(index);
}

void Cluster::endJob(std::size_t index, double at)
{
    auto &job = m_jobs[index];
    const bool early = at < job.end;
    job.end = at;
    m_busy -= std::size_t(job.perNode) * job.nodeCount;
    for (const auto &share : job.shares) {
        m_free[share.node - m_firstNode] |= share.gpus;
        m_changes[share.node - m_firstNode].push_back(index);
        if (early)
            withdrawFaults(share, at);
    }
}

const SimJob &Cluster::submit(SimJob job, double at)
{
    advance(at);
    job.submitted = at;
    m_wanted += job.perNode;
    m_changes[std::size_t(job.wantedNode) - m_firstNode].push_back(m_jobs.size());
    m_waiting.insert(m_waiting.begin(), m_jobs.size());
    m_jobs.push_back(std::move(job));
    const std::size_t index = m_jobs.size() - 1;
    place();
    return m_jobs[index];
}

bool Cluster::cancel(const std::string &id, double at, const std::string &reason)
{
    advance(at);
    const auto found = std::find_if(
        m_jobs.rbegin(), m_jobs.rend(), [&](const SimJob &job) { return job.id == id; });
    if (found == m_jobs.rend() || found->phase(at) == JobPhase::Ended)
        return false;
    const auto index = std::size_t(&*found - m_jobs.data());
    found->outcome = JobOutcome::Cancelled;
    found->exitCode = 0;
    found->reason = reason;
    if (found->placed) {
        endJob(index, at);
    } else {
        std::erase(m_waiting, index);
        m_wanted -= std::size_t(found->perNode) * found->nodeCount;
        found->placed = true;
        found->start = found->end = at;
        if (found->wantedNode >= 0)
            m_changes[std::size_t(found->wantedNode) - m_firstNode].push_back(index);
    }
    seekJobs();
    return true;
}

} // namespace pilothouse::sim
