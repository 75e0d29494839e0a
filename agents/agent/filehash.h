// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace pilothouse::agent {

struct FileHash {
    std::string xxh3; ///< XXH3-128, canonical hex as `xxhsum -H2` prints it
    uint64_t size = 0; ///< bytes that were hashed
};

/// nullopt with errno; ECANCELED when `stopped` said so. `length` 0 = to the end.
std::optional<FileHash> hashFile(
    int fd, uint64_t offset, uint64_t length, const std::function<bool()> &stopped);

} // namespace pilothouse::agent
