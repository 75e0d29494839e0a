// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/host.h"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::sim {

/// The few files of a simulated node: /home/demo with README.txt and the logs of its jobs.
class VirtualFiles {
public:
    VirtualFiles(SimHost &host, std::size_t node)
        : m_host(host)
        , m_node(node)
    {
    }

    /// The path without "~" and doubled slashes; kind empty when there is no such file.
    v1::FileInfo look(const std::string &path) const;
    /// What is in a folder that look() has found.
    std::vector<v1::FileInfo> list(const std::string &folder) const;
    /// Nullopt when it is no file.
    std::optional<std::string> read(
        const std::string &path, uint64_t offset, std::size_t limit) const;

private:
    SimHost &m_host;
    std::size_t m_node;
};

} // namespace pilothouse::sim
