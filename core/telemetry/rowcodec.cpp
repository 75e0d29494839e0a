// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/rowcodec.h"

#include <algorithm>

namespace pilothouse::codec {

namespace {
constexpr std::uint8_t unchanged = 0x80;
constexpr std::size_t longestRun = 128;
} // namespace

void encodeRowValues(std::span<const double> values, std::size_t cells, Bytes &out)
{
    const auto start = out.size();
    out.resize(start + values.size() * 9 + 8);
    auto *to = out.data() + start;
    std::size_t run = 0;
    const auto endRun = [&] {
        for (; run > 0; run -= std::min(run, longestRun))
            *to++ = std::uint8_t(unchanged + std::min(run, longestRun) - 1);
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto above = i < cells ? 0 : std::bit_cast<std::uint64_t>(values[i - cells]);
        const auto changed = std::bit_cast<std::uint64_t>(values[i]) ^ above;
        if (changed == 0) {
            ++run;
            continue;
        }
        if (run > 0)
            endRun();
        const int low = std::countr_zero(changed) / 8;
        const auto rest = changed >> (8 * low);
        const int count = (std::bit_width(rest) + 7) / 8;
        *to++ = std::uint8_t(low << 3 | (count - 1));
        std::memcpy(to, &rest, sizeof rest); // there is room for all eight
        to += count;
    }
    endRun();
    out.resize(std::size_t(to - out.data()));
}

bool decodeRowValues(ByteReader &in, std::size_t cells, std::span<double> values)
{
    const auto above = [&](std::size_t i) {
        return i < cells ? 0 : std::bit_cast<std::uint64_t>(values[i - cells]);
    };
    for (std::size_t i = 0; i < values.size();) {
        const auto code = in.value<std::uint8_t>();
        if (!in.ok())
            return false;
        if (code >= unchanged) {
            const std::size_t run = code - unchanged + std::size_t(1);
            if (run > values.size() - i)
                return false;
            for (const auto end = i + run; i < end; ++i)
                values[i] = std::bit_cast<double>(above(i));
            continue;
        }
        const auto bytes = in.bytes((code & 7) + std::size_t(1));
        const int low = code >> 3;
        if (low + int(bytes.size()) > 8)
            return false;
        std::uint64_t changed = 0;
        std::copy(bytes.begin(), bytes.end(), reinterpret_cast<std::uint8_t *>(&changed));
        values[i] = std::bit_cast<double>(above(i) ^ (changed << (8 * low)));
        ++i;
    }
    return in.ok();
}

} // namespace pilothouse::codec
