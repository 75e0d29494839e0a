// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ctime>

namespace pilothouse::sim {

/// When is what. Second 0 of the simulation is the moment this was made. Nodes take their ticks
/// spread over the second, as real ones do: node i of n at k + i/n.
class SimClock {
public:
    SimClock(std::size_t nodes, double historySeconds)
        : m_nodes(nodes)
        , m_history(int64_t(historySeconds))
        , m_wall(read(CLOCK_REALTIME))
        , m_monotonic(read(CLOCK_MONOTONIC))
    {
    }

    int64_t startWallNs() const { return m_wall; }
    double second() const { return double(read(CLOCK_MONOTONIC) - m_monotonic) / 1e9; }
    /// Wall clock of a second; goes on evenly even if the host's clock is set.
    int64_t wallNs(double second) const { return m_wall + int64_t(second * 1e9); }
    int64_t monotonicNs(double second) const { return m_monotonic + int64_t(second * 1e9); }

    double phase(std::size_t node) const { return double(node) / double(m_nodes); }
    /// The newest tick a node has taken: an index, negative ones are from before the start.
    int64_t newestTick(std::size_t node) const
    {
        return std::max(int64_t(std::floor(second() - phase(node))), oldestTick());
    }
    int64_t oldestTick() const { return -m_history - 1; }
    /// Numbers of the wire begin with 1.
    uint64_t numberOf(int64_t tick) const { return uint64_t(tick - oldestTick() + 1); }
    int64_t tickOf(uint64_t number) const { return int64_t(number) - 1 + oldestTick(); }
    int64_t tickWallNs(std::size_t node, int64_t tick) const
    {
        return wallNs(double(tick) + phase(node));
    }

private:
    static int64_t read(clockid_t clock)
    {
        timespec time{};
        ::clock_gettime(clock, &time);
        return int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
    }

    std::size_t m_nodes;
    int64_t m_history, m_wall, m_monotonic;
};

} // namespace pilothouse::sim
