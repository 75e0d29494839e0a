// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::wire {

/// Little end first, seven bits a byte, the top bit says that more follow.
inline void putVarint(uint64_t value, std::string &out)
{
    while (value >= 0x80) {
        out.push_back(char(value | 0x80));
        value >>= 7;
    }
    out.push_back(char(value));
}

/// Takes a varint off the front; false when it is cut short or longer than 64 bits.
inline bool takeVarint(std::string_view &in, uint64_t &value)
{
    value = 0;
    for (unsigned shift = 0, at = 0; shift < 64 && at < in.size(); shift += 7, ++at) {
        const auto byte = uint8_t(in[at]);
        if (shift == 63 && byte > 1)
            return false;
        value |= uint64_t(byte & 0x7f) << shift;
        if (byte < 0x80) {
            in.remove_prefix(at + 1);
            return true;
        }
    }
    return false;
}

/// Signed differences, small ones of either sign first. Differences wrap, so every pair has one.
inline uint64_t zigzag(int64_t value)
{
    return (uint64_t(value) << 1) ^ uint64_t(value >> 63);
}
inline int64_t unzigzag(uint64_t code)
{
    return int64_t((code >> 1) ^ (0 - (code & 1)));
}
inline int64_t difference(int64_t to, int64_t from)
{
    return int64_t(uint64_t(to) - uint64_t(from));
}
inline int64_t sum(int64_t from, int64_t by)
{
    return int64_t(uint64_t(from) + uint64_t(by));
}

} // namespace pilothouse::wire
