// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/agentlink.

#include "core/base/error.h"

#include <chrono>
#include <cstddef>
#include <mutex>

namespace pilothouse {

/// How much one agent may send: a bucket that fills with what comes and runs out at the rate of an
/// agent that is busy. It has room for all that a ring holds (two hours), which comes at once after
/// a gap. Two units a sample on the wire and two for what it unfolds to. Any thread.
class FloodGate {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr double room = 64e6, perSecond = 1e6; ///< units, whatever is sampled
    static constexpr double perSample = 4, ringSeconds = 7200, samplesPerSecond = 10;

    /// A catalogue names so many series: the room and the rate grow with them.
    void expect(std::size_t series);
    /// False once it is full, and from then on.
    bool take(std::size_t units, Clock::time_point now = Clock::now());

private:
    std::mutex m_mutex;
    double m_series = 0, m_held = 0;
    Clock::time_point m_at;
    bool m_closed = false;
};

/// What an agent that floods is left with: Denied, since only a person can mend it.
Error flooding();

} // namespace pilothouse
