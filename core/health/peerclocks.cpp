// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/peerclocks.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace pilothouse {

static constexpr qint64 freshMs = 2500; // two periods and some way
static constexpr std::size_t leastNeighbours = 3;
static constexpr std::size_t mostAsked = 32; // a median needs no more, and jobs have thousands

void PeerClocks::setRanks(const QList<JobRank> &ranks)
{
    if (ranks == m_ranks)
        return;
    m_ranks = ranks;
    assignRanks();
}

void PeerClocks::assignRanks()
{
    for (auto &[target, gpus] : m_nodes) {
        for (auto &[device, gpu] : gpus)
            gpu.ranks = nullptr;
    }
    m_jobs.clear();
    for (const JobRank &rank : std::as_const(m_ranks)) {
        Gpu &gpu = m_nodes[rank.target][rank.device];
        auto &ranks = m_jobs[rank.job];
        gpu.ranks = &ranks;
        gpu.place = ranks.size();
        ranks.push_back(&gpu);
    }
}

void PeerClocks::setModel(const QString &target, const QString &device, const QString &model)
{
    m_nodes[target][device].model = model;
}

void PeerClocks::keepOnly(const QSet<QString> &targets)
{
    m_ranks.removeIf([&](const JobRank &rank) { return !targets.contains(rank.target); });
    std::erase_if(m_nodes, [&](const auto &node) { return !targets.contains(node.first); });
    assignRanks();
}

void PeerClocks::report(const QString &target, const QString &device, double hertz, qint64 time)
{
    Gpu &gpu = m_nodes[target][device];
    gpu.hertz = hertz;
    gpu.at = time;
}

bool PeerClocks::compares(const Gpu &gpu, const Gpu &other, qint64 time)
{
    const bool same = gpu.model.isEmpty() || other.model.isEmpty() || gpu.model == other.model;
    return &gpu != &other && same && other.hertz > 0 && std::llabs(time - other.at) <= freshMs;
}

static double medianOf(std::vector<double> &values)
{
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double PeerClocks::peersOf(const QString &target, const QString &device, qint64 time) const
{
    const auto node = m_nodes.find(target);
    if (node == m_nodes.end())
        return nothing;
    const auto found = node->second.find(device);
    if (found == node->second.end())
        return nothing;
    const Gpu &gpu = found->second;
    std::vector<double> clocks;
    if (gpu.ranks != nullptr) {
        const auto &ranks = *gpu.ranks;
        for (std::size_t i = 1; i < ranks.size() && clocks.size() < mostAsked; ++i) {
            const Gpu &other = *ranks[(gpu.place + i) % ranks.size()];
            if (compares(gpu, other, time))
                clocks.push_back(other.hertz);
        }
        return clocks.empty() ? nothing : medianOf(clocks);
    }
    for (const auto &[name, other] : node->second) { // other jobs' load says nothing
        if (other.ranks == nullptr && compares(gpu, other, time))
            clocks.push_back(other.hertz);
    }
    return clocks.size() >= leastNeighbours ? medianOf(clocks) : nothing;
}

} // namespace pilothouse
