// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/filehash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <vector>

#include <unistd.h>

namespace pilothouse::agent {

std::optional<FileHash> hashFile(
    int fd, uint64_t offset, uint64_t length, const std::function<bool()> &stopped)
{
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(
        XXH3_createState(), &XXH3_freeState);
    if (!state) {
        errno = ENOMEM;
        return std::nullopt;
    }
    XXH3_128bits_reset(state.get());
    std::vector<char> buffer(512 * 1024);
    FileHash result;
    while (length == 0 || result.size < length) {
        if (stopped()) {
            errno = ECANCELED;
            return std::nullopt;
        }
        const uint64_t want
            = length == 0 ? buffer.size() : std::min<uint64_t>(buffer.size(), length - result.size);
        const ssize_t n
            = ::pread(fd, buffer.data(), want, static_cast<off_t>(offset + result.size));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return std::nullopt;
        if (n == 0)
            break;
        XXH3_128bits_update(state.get(), buffer.data(), static_cast<std::size_t>(n));
        result.size += static_cast<uint64_t>(n);
    }
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state.get()));
    for (const unsigned char byte : canonical.digest) {
        result.xxh3 += "0123456789abcdef"[byte >> 4];
        result.xxh3 += "0123456789abcdef"[byte & 15];
    }
    return result;
}

} // namespace pilothouse::agent
