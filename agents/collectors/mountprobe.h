// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/descriptor.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace pilothouse::agent {

/// Asks mounted file systems for their usage through a child process, since statvfs() of a dead
/// server does not return and cannot be interrupted. A child asks one path after the other; the
/// path at which it has stood for `staleNs` is stale, and another child goes on behind it. A stale
/// path is asked again only when its child is gone, so at most `mostChildren` ever hang. Nothing
/// here waits. One thread.
class MountProbe {
public:
    static constexpr int64_t staleNs = 5'000'000'000;
    static constexpr std::size_t mostChildren = 8;

    struct Usage {
        uint64_t blockBytes = 0, blocks = 0, freeBlocks = 0, files = 0, freeFiles = 0;
    };
    struct State {
        std::optional<Usage> usage; ///< as last answered
        int error = 0; ///< errno of the last answer
        bool stale = false;
        int64_t staleSinceNs = 0; ///< by the clock of poll()
        pid_t child = 0; ///< that hangs in it
    };

    /// `program` and its first arguments; the paths follow.
    explicit MountProbe(std::vector<std::string> program)
        : m_program(std::move(program))
    {
    }
    ~MountProbe();
    bool canAsk() const { return !m_program.empty(); }

    /// Begins a round over these paths, each once; what is not among them is forgotten. No effect
    /// while a round goes on.
    void ask(const std::vector<std::string> &paths);
    /// Takes what has come. `atNs` goes forward.
    void poll(int64_t atNs);
    /// By path; one that was never answered nor stale is not in it.
    const std::map<std::string, State> &states() const { return m_states; }
    bool isAsking() const { return m_child > 0 && !m_start; }
    /// The last child did not get as far as to ask: the program's own file system does not answer.
    bool startHangs() const { return m_startHangs; }

private:
    void start(int64_t atNs);
    bool hasStarted(int64_t atNs);
    void endRound();
    void take(const std::string &line);
    void giveUp(int64_t atNs);
    void reap();
    std::size_t hanging() const;

    const std::vector<std::string> m_program;
    std::map<std::string, State> m_states;
    std::deque<std::string> m_paths; ///< not answered in this round, in the order they are asked
    pid_t m_child = 0;
    pid_t m_leaving = 0; ///< killed; no other is started before it is gone
    bool m_startHangs = false;
    Descriptor m_out, m_start;
    std::string m_text;
    int64_t m_movedNs = 0; ///< when the child last answered
};

/// The child's part: for each path one line of errno and, when it is 0, the five numbers of Usage.
int runMountProbe(const std::vector<std::string> &paths);

} // namespace pilothouse::agent
