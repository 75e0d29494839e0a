// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/fd.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace pilothouse::sim {

/// A unix socket for each node, some of them closed for a while. One thread.
class NodeSockets {
public:
    /// `accepted(node, descriptor)` owns the descriptor; it was greeted with the agent's magic
    /// line.
    NodeSockets(std::filesystem::path folder, std::size_t nodes,
        std::function<void(std::size_t, int)> accepted);
    ~NodeSockets();

    static std::filesystem::path pathOf(const std::filesystem::path &folder, std::size_t node);
    /// A sentence when one cannot be opened.
    std::string openAll();
    /// Closed: nobody connects, and those who are connected are cut off.
    void setOpen(std::size_t node, bool open);
    /// Takes what has come since the last time. Never waits.
    void poll();

private:
    std::string openOne(std::size_t node);
    void accept(std::size_t node);
    void watch(int fd, uint32_t events, uint64_t what);

    const std::filesystem::path m_folder;
    std::function<void(std::size_t, int)> m_accepted;
    agent::Fd m_epoll;
    std::vector<agent::Fd> m_listening; ///< by node; invalid = closed
    struct Client {
        agent::Fd copy; ///< of what gRPC owns: to cut it off, and to see it go
        std::size_t node;
    };
    std::map<uint64_t, Client> m_clients; ///< by a number that is never used again
    uint64_t m_nextClient;
};

/// Lets this process open as many files as it may; how many that is.
std::size_t raiseFileLimit();

} // namespace pilothouse::sim
