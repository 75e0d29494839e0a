// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::wire {

/// A series that had no value in a tick. Never sent as 0.
inline constexpr int64_t absent = std::numeric_limits<int64_t>::min();

/// One sampling moment. values[i] belongs to the catalogue's series number i, in steps of that
/// series; a tick may be shorter than the catalogue (series that came later are absent).
struct Tick {
    uint64_t number = 0; ///< counts up by one within a ring; a jump is a gap
    int64_t boottimeNs = 0; ///< CLOCK_BOOTTIME
    int64_t wallNs = 0; ///< CLOCK_REALTIME
    std::vector<int64_t> values;

    bool operator==(const Tick &) const = default;
};

/// Writes ticks as differences to the tick before: header varints, then per series a zigzag varint
/// of the difference, runs of "unchanged" as one byte pair, absence as its own code. The layout is
/// described in tickcodec.cpp. Values beyond TickDecoder::maxSeries are left out.
class TickEncoder {
public:
    /// Appends `tick`; the first one after construction is complete in itself (a key frame).
    void encode(const Tick &tick, std::string &out);

private:
    Tick m_before;
    bool m_started = false;
};

/// Reads what TickEncoder wrote; never trusts it: counts and lengths are bounded.
class TickDecoder {
public:
    static constexpr std::size_t maxSeries = 65536;
    /// Takes one tick off the front of `in`. nullopt: damaged or incomplete; `in` is then
    /// undefined.
    std::optional<Tick> decode(std::string_view &in);
    /// The same without a copy; null instead of nullopt. Valid until the next call.
    const Tick *next(std::string_view &in);

private:
    Tick m_before;
    bool m_started = false;
};

/// Number and times of the encoded tick at the front of `in`, without its values; `before` is what
/// this gave for the tick before it. `isKey` says whether it is a key frame. nullopt: damaged.
std::optional<Tick> decodeHeader(std::string_view &in, const Tick &before, bool &isKey);

} // namespace pilothouse::wire
