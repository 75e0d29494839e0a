// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/model/timeline.h"

#include <algorithm>

namespace pilothouse::sim {

void Timeline::begin(const std::vector<SimJob> &jobs, std::size_t job, double shareOfWrites)
{
    const double start = jobs[job].start;
    m_entries.push_back({job, start, shareOfWrites, totals(jobs, start)});
}

const Timeline::Entry *Timeline::entryAt(double at) const
{
    if (m_entries.empty() || at < m_entries.front().start)
        return nullptr;
    if (at >= m_entries.back().start) // live values
        return &m_entries.back();
    const auto after = std::upper_bound(m_entries.begin(), m_entries.end(), at,
        [](double value, const Entry &entry) { return value < entry.start; });
    return &*(after - 1);
}

long Timeline::jobAt(const std::vector<SimJob> &jobs, double at) const
{
    const auto *entry = entryAt(at);
    return entry && at < jobs[entry->job].end ? long(entry->job) : -1;
}

void Timeline::addOwn(const SimJob &job, const Entry &entry, double at, WorkTotals &totals) const
{
    const double x = std::min(at, job.end) - entry.start;
    const double busy = job.work.levelSeconds(x);
    totals.joules += m_watts * job.work.powerRatio * busy;
    totals.busySeconds += busy;
    if (job.perNode > 1)
        totals.linkSeconds += busy;
    if (job.nodeCount > 1)
        totals.fabricSeconds += busy;
    if (job.work.checkpointBytes > 0)
        totals.writtenBytes += entry.shareOfWrites * job.work.checkpointBytes * job.work.pauses(x);
}

WorkTotals Timeline::totals(const std::vector<SimJob> &jobs, double at) const
{
    const auto *entry = entryAt(at);
    if (!entry)
        return {};
    WorkTotals totals = entry->before;
    addOwn(jobs[entry->job], *entry, at, totals);
    return totals;
}

double Timeline::joules(const std::vector<SimJob> &jobs, double at) const
{
    const auto *entry = entryAt(at);
    if (!entry)
        return 0;
    const auto &job = jobs[entry->job];
    return entry->before.joules
        + m_watts * job.work.powerRatio
        * job.work.levelSeconds(std::min(at, job.end) - entry->start);
}

} // namespace pilothouse::sim
