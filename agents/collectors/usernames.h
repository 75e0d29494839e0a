// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pilothouse::agent {

/// Names of user ids: from etc/passwd, else asked of `getent` (directory services), then kept.
/// No getpw*(): the agent is static and loads nothing. A user nobody knows is its number.
class UserNames {
public:
    explicit UserNames(std::filesystem::path root)
        : m_root(std::move(root))
    {
    }
    /// Resolves all of these at once; at most `getentSeconds` are spent on the directory.
    void learn(const std::vector<uint32_t> &uids);
    std::string name(uint32_t uid) const;

    static constexpr int getentSeconds = 2;

private:
    void take(std::string_view passwdLines);

    std::filesystem::path m_root;
    std::map<uint32_t, std::string> m_names;
};

} // namespace pilothouse::agent
