// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::agent {

/// SHA-256 (FIPS 180-4): names a binary's content in its version; nothing secret depends on it.
class Sha256 {
public:
    Sha256();
    void add(std::string_view bytes);
    std::string hex(); ///< 64 digits; call once, last

private:
    std::array<uint32_t, 8> m_state;
    std::array<uint8_t, 64> m_block;
    std::size_t m_filled = 0;
    uint64_t m_length = 0;
};

/// Hex digest of a file; nullopt with errno when it cannot be read.
std::optional<std::string> sha256OfFile(const std::string &path);

} // namespace pilothouse::agent
