// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/segment.h"

#include <deque>
#include <mutex>

namespace pilothouse::agent {

struct TickLogOptions {
    std::filesystem::path folder; ///< empty: in memory only
    std::string name; ///< files are called NAME-00, NAME-01, ...
    uint32_t segmentBytes = 1024 * 1024;
    uint32_t segments = 24; ///< at most so many files
    uint64_t keep = 7200; ///< newest ticks to keep at least, room permitting
    uint32_t keyEvery = 60;
};

/// Numbered ticks in a ring of segment files. One thread appends, any thread reads.
class TickLog {
public:
    /// Opens what is there of this ring; files of another ring are used again when room is needed.
    TickLog(TickLogOptions options, const Id &ring, const Id &boot);

    /// Always succeeds: without room the oldest segment goes, without any the memory serves.
    void append(const wire::Tick &tick);
    /// Ticks with number > after, oldest first. All are of the same boot.
    std::vector<wire::Tick> after(uint64_t number, std::size_t limit) const;
    /// Ticks whose wall time is in [from, to), in the order they were written.
    std::vector<wire::Tick> between(int64_t fromWallNs, int64_t toWallNs) const;

    struct Ends {
        uint64_t firstNumber = 0, lastNumber = 0; ///< 0: empty
        int64_t firstWallNs = 0, lastWallNs = 0, lastBoottimeNs = 0;
        Id lastBoot{};
    };
    Ends ends() const;
    /// The boot in which a tick was taken; of the newest when it is unknown.
    Id bootOf(uint64_t number) const;
    bool isOnDisk() const;
    /// Why ticks are not on disk now; empty when they are.
    std::string trouble() const;
    /// Writes out what the kernel still holds. May block for long: from a thread of its own.
    void sync() const;

private:
    struct Slice { ///< what a reader needs of a segment, taken under the lock
        std::shared_ptr<const Segment> segment;
        uint32_t offset, tail;
    };
    void openNext(bool mayStay);
    bool openOnDisk(int &error);
    std::filesystem::path fileName(uint32_t slot) const;
    bool appendTo(Segment &segment, const wire::Tick &tick, int &error);

    const TickLogOptions m_options;
    Segment::Identity m_identity;
    mutable std::mutex m_mutex;
    std::deque<std::shared_ptr<Segment>> m_segments; ///< oldest first; the last one is written
    wire::TickEncoder m_encoder;
    uint32_t m_sinceKey = 0;
    uint64_t m_lastNumber = 0;
    int m_error = 0;
};

} // namespace pilothouse::agent
