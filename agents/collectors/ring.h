// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/telemetrysource.h"
#include "agents/collectors/ticklog.h"

#include <condition_variable>
#include <thread>

namespace pilothouse::agent {

/// The clocks of one moment.
struct Moment {
    int64_t boottimeNs = 0, wallNs = 0;
};

struct RingOptions {
    std::filesystem::path folder; ///< made when missing; empty: memory only
    int64_t periodNs = 1000000000;
    uint32_t rollupSeconds = 30;
    TickLogOptions ticks{{}, "ticks", 1024 * 1024, 24, 7200, 60};
    TickLogOptions rollups{{}, "rollups", 1024 * 1024, 32, 2880, 20};
    Id boot{};
    int64_t syncEveryMs = 4000;
};

/// What the agent remembers: ticks of the newest hours, rows of 30 s for a day, and the catalogue.
/// Survives the agent; after a power cut at most `syncEveryMs` and a tick are missing. One ring per
/// folder: while another agent holds it, this one remembers in memory only and trouble() says so.
/// append() belongs to the sampling thread, the rest is thread-safe.
class Ring {
public:
    Ring(RingOptions options, Moment now);
    ~Ring();

    /// As stored; with a new ring id when nothing was readable.
    const Catalogue &known() const { return m_known; }
    /// The number for the first tick of this run. Numbers jump by the periods that passed since the
    /// last stored tick, so that none is given twice even if the last ones were lost.
    uint64_t firstNumber() const { return m_firstNumber; }

    /// `catalogue` is stored before the tick when it changed, else null.
    void append(const wire::Tick &tick, const Catalogue *catalogue);
    std::vector<wire::Tick> ticksAfter(uint64_t after, std::size_t limit) const;
    std::vector<Rollup> rollups(int64_t fromWallNs, int64_t toWallNs) const;
    RingCoverage coverage() const;
    std::string bootIdOf(uint64_t number) const;
    std::string trouble() const;

private:
    void open(Moment now);
    void addToRollup(const wire::Tick &tick);
    void syncLoop();

    RingOptions m_options;
    Descriptor m_lock;
    std::string m_lockTrouble;
    Catalogue m_known;
    std::optional<Catalogue> m_unstored; ///< newer than the file
    std::size_t m_storedSeries = 0;
    int m_untilRetry = 0;
    uint64_t m_firstNumber = 1;
    std::unique_ptr<TickLog> m_ticks, m_rollups;
    wire::Tick m_row; ///< the rollup that is being filled: min, max, last per series

    mutable std::mutex m_mutex;
    std::deque<wire::Tick> m_newest; ///< what live subscribers ask for, without the disk
    std::condition_variable m_wake;
    bool m_stop = false;
    std::thread m_syncer;
};

} // namespace pilothouse::agent
