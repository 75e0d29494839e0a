// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// A cluster's faults: where and when they are planted, and which jobs they end.
#include "agents/sim/model/cluster.h"

#include <algorithm>
#include <string_view>

namespace pilothouse::sim {

static constexpr double leastSeconds = 15; ///< one that is shorter could not be seen
static constexpr double apartSeconds = 90; ///< between two of one device
static constexpr double heardSeconds = 30; ///< from second 0 on every node is heard, for so long

static uint64_t hashOf(std::string_view text)
{
    uint64_t value = 0;
    for (const char c : text)
        value = mix(value ^ uint8_t(c));
    return value;
}

std::vector<const Fault *> &Cluster::faultList(std::size_t node, int gpu)
{
    return m_faultsOf[(node - m_firstNode) * (m_options.gpus + 1) + std::size_t(gpu + 1)];
}

const std::vector<const Fault *> &Cluster::faultsOf(std::size_t node, int gpu) const
{
    return m_faultsOf[(node - m_firstNode) * (m_options.gpus + 1) + std::size_t(gpu + 1)];
}

double Cluster::rateOf(const FaultKind &kind) const
{
    const auto set = m_options.rates.find(kind.name);
    return kind.per1000Hours / 1000 * (set == m_options.rates.end() ? 1 : set->second);
}

/// False when it would meet another one of the device or node: what the truth file says should be
/// what can be seen.
bool Cluster::plant(const Fault &fault)
{
    const auto meets = [&](const Fault *other) {
        const double apart = scaled(apartSeconds);
        return fault.start < other->end + apart && other->start < fault.end + apart;
    };
    for (int gpu = -1; gpu < int(m_options.gpus); ++gpu) {
        const auto &others = faultList(fault.node, gpu);
        if ((fault.gpu < 0 || gpu < 0 || gpu == fault.gpu)
            && std::any_of(others.begin(), others.end(), meets))
            return false;
    }
    m_faults.push_back(fault);
    auto &list = faultList(fault.node, fault.gpu);
    list.insert(std::upper_bound(list.begin(), list.end(), &m_faults.back(),
                    [](const Fault *a, const Fault *b) { return a->start < b->start; }),
        &m_faults.back());
    if (fault.kind->endsJobs)
        schedule(fault.start, What::FaultBegins, m_faults.size() - 1);
    return true;
}

/// Faults that come at any time, an hour's at once. Each kind has numbers of its own, so that a new
/// kind leaves the others where they are.
void Cluster::plantHour(std::size_t hour)
{
    if (!m_options.randomFaults)
        return;
    for (const auto *kind : faultKinds()) {
        if (!kind->needsLoad && (!kind->needsLink || m_type.linkBytesPerSecond > 0))
            plantKind(*kind, hour);
    }
}

void Cluster::plantKind(const FaultKind &kind, std::size_t hour)
{
    Rng rng(mixed({m_options.seed, m_index, hour, hashOf(kind.name)}));
    const std::size_t places = m_free.size() * (kind.ofDevice ? m_options.gpus : 1);
    const unsigned count = rng.poisson(std::min(100.0, rateOf(kind) * double(places)));
    for (unsigned i = 0; i < count; ++i) {
        Fault fault;
        fault.kind = &kind;
        fault.node = m_firstNode + rng.below(m_free.size());
        fault.gpu = kind.ofDevice ? int(rng.below(m_options.gpus)) : -1;
        fault.start = scaled(3600 * (double(hour) + rng.uniform()));
        fault.end = fault.start
            + std::max(leastSeconds, scaled(60 * rng.uniform(kind.leastMinutes, kind.mostMinutes)));
        fault.seed = rng.next();
        // What a console has never heard of it cannot show: not even that there are GPUs.
        const double begin = scaled(pastHours * 3600);
        if (!kind.silences || fault.start >= begin + heardSeconds || fault.end <= begin)
            plant(fault);
    }
}

/// Those that show only under load, for a job that begins.
void Cluster::plantForJob(std::size_t index)
{
    const auto &job = m_jobs[index];
    const double hours = (job.end - job.start) * m_options.timeFactor / 3600;
    const double size = double(job.perNode) * job.nodeCount;
    const bool steady = job.work.kind == WorkKind::Training || job.work.kind == WorkKind::Finetune;
    if (!steady || size < 2)
        return;
    for (const auto *kind : faultKinds()) {
        if (!kind->needsLoad)
            continue;
        Rng rng(mixed({m_options.seed, m_index, job.work.seed, hashOf(kind->name)}));
        const unsigned count = rng.poisson(std::min(3.0, rateOf(*kind) * hours * size));
        for (unsigned i = 0; i < count; ++i) {
            const auto &share = job.shares[rng.below(job.shares.size())];
            std::vector<int> gpus;
            for (int gpu = 0; gpu < int(m_options.gpus); ++gpu) {
                if (share.gpus >> gpu & 1)
                    gpus.push_back(gpu);
            }
            Fault fault;
            fault.kind = kind;
            fault.node = share.node;
            fault.gpu = gpus[rng.below(gpus.size())];
            fault.start = rng.uniform(std::min(job.start + job.work.warmSeconds, job.end), job.end);
            const double length = scaled(60 * rng.uniform(kind->leastMinutes, kind->mostMinutes));
            fault.end = fault.start + std::max(leastSeconds, length);
            if (!kind->endsJobs)
                fault.end = std::min(fault.end, job.end);
            fault.seed = rng.next();
            fault.ofJob = true;
            if (fault.end - fault.start >= leastSeconds)
                plant(fault);
        }
    }
}

/// A job ends before its time: what was planted for the rest of it does not come.
void Cluster::withdrawFaults(const JobShare &share, double at)
{
    for (int gpu = 0; gpu < int(m_options.gpus); ++gpu) {
        if (!(share.gpus >> gpu & 1))
            continue;
        auto &list = faultList(share.node, gpu);
        for (auto &fault : m_faults) {
            if (!fault.ofJob || fault.node != share.node || fault.gpu != gpu || fault.end <= at)
                continue;
            if (fault.start > at) {
                fault.end = fault.start;
                std::erase(list, &fault);
            } else if (!fault.kind->endsJobs) {
                fault.end = at;
            }
        }
    }
}

/// A fault that ends jobs begins.
void Cluster::strike(std::size_t number)
{
    const auto &fault = m_faults[number];
    if (fault.end <= fault.start) // withdrawn
        return;
    const std::size_t node = fault.node - m_firstNode;
    m_broken[node] |= 1u << fault.gpu;
    schedule(fault.end, What::FaultEnds, number);
    const auto &timeline = m_timelines[node * m_options.gpus + std::size_t(fault.gpu)];
    const long index = timeline.jobAt(m_jobs, fault.start);
    if (index < 0)
        return;
    auto &job = m_jobs[std::size_t(index)];
    job.outcome = JobOutcome::Failed;
    job.exitCode = 1;
    const auto line = fault.kind->line ? fault.kind->line(fault, busIdOf(std::size_t(fault.gpu)))
                                       : std::string();
    job.reason = nodeName(fault.node) + " GPU " + std::to_string(fault.gpu) + ": " + line;
    endJob(std::size_t(index), fault.start);
    seekJobs();
}

} // namespace pilothouse::sim
