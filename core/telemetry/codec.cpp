// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/codec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include <zstd.h>

namespace pilothouse::codec {

namespace {

enum Mode : std::uint8_t { Empty, Constant, Offset, Delta, Delta2, Xor, Modes };
constexpr std::uint8_t sparse = 0x80; // a bitmap of present rows follows
constexpr std::array<double, 5> powers{1, 10, 100, 1000, 10000};
constexpr double exact = 9007199254740992.0; // 2^53

/// The integers n with values[i] == n / 10^scale, bit for bit; false if there are none.
bool decimals(const std::vector<double> &values, int scale, std::vector<std::int64_t> &out)
{
    const double power = powers[std::size_t(scale)];
    out.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double scaled = values[i] * power;
        if (!(std::abs(scaled) < exact))
            return false;
        const auto whole = std::int64_t(std::nearbyint(scaled));
        if (double(whole) / power != values[i] || (whole == 0 && std::signbit(values[i])))
            return false;
        out[i] = whole;
    }
    return true;
}

std::size_t varintSize(std::uint64_t value)
{
    return std::size_t(std::bit_width(value | 1) + 6) / 7;
}

void encodeIntegers(std::vector<std::int64_t> &values, int scale, std::uint8_t flags,
    const Bytes &bitmap, ByteWriter &out)
{
    const auto low = *std::min_element(values.begin(), values.end());
    std::int64_t step = 0;
    for (auto &value : values) {
        value -= low;
        if (step != 1)
            step = std::gcd(step, value);
    }
    if (step > 1)
        for (auto &value : values)
            value /= step;
    std::array<std::size_t, 3> cost{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto one = values[i] - (i > 0 ? values[i - 1] : 0);
        const auto before = i > 1 ? values[i - 1] - values[i - 2] : i == 1 ? values[0] : 0;
        cost[0] += varintSize(std::uint64_t(values[i]));
        cost[1] += varintSize(zigzag(one));
        cost[2] += varintSize(zigzag(one - before));
    }
    const auto best = std::min_element(cost.begin(), cost.end()) - cost.begin();
    const auto mode = step == 0 ? Constant : Mode(Offset + best);
    out.value(std::uint8_t(mode | flags));
    out.bytes(bitmap);
    out.value(std::uint8_t(scale));
    out.varint(zigzag(low));
    if (mode == Constant)
        return;
    out.varint(std::uint64_t(step));
    std::int64_t previous = 0, change = 0;
    for (const auto value : values) {
        const auto one = value - previous;
        out.varint(
            mode == Offset ? std::uint64_t(value) : zigzag(mode == Delta ? one : one - change));
        previous = value;
        change = one;
    }
}

void encodeXor(const std::vector<double> &values, ByteWriter &out)
{
    std::vector<std::uint64_t> bits(values.size());
    std::uint64_t previous = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto now = std::bit_cast<std::uint64_t>(values[i]);
        bits[i] = now ^ previous;
        previous = now;
    }
    for (int shift = 0; shift < 64; shift += 8)
        for (const auto one : bits)
            out.value(std::uint8_t(one >> shift));
}

bool decodeXor(ByteReader &in, std::vector<double> &values)
{
    std::vector<std::uint64_t> bits(values.size());
    for (int shift = 0; shift < 64; shift += 8) {
        const auto plane = in.bytes(bits.size());
        for (std::size_t i = 0; i < plane.size(); ++i)
            bits[i] |= std::uint64_t(plane[i]) << shift;
    }
    std::uint64_t previous = 0;
    for (std::size_t i = 0; i < bits.size(); ++i)
        values[i] = std::bit_cast<double>(previous ^= bits[i]);
    return in.ok();
}

bool decodeIntegers(ByteReader &in, Mode mode, std::vector<double> &values)
{
    const auto scale = in.value<std::uint8_t>();
    if (scale >= powers.size())
        return false;
    const auto low = std::uint64_t(unzigzag(in.varint()));
    const auto step = mode == Constant ? 0 : in.varint();
    std::uint64_t value = 0, change = 0; // unsigned: damaged input may wrap
    for (auto &out : values) {
        if (mode != Constant) {
            const auto read = in.varint();
            const auto one = std::uint64_t(unzigzag(read));
            if (mode == Offset)
                value = read;
            else if (mode == Delta)
                value += one;
            else
                value += change += one;
        }
        out = double(std::int64_t(low + value * step)) / powers[scale];
    }
    return in.ok();
}

} // namespace

void encodeTimes(std::span<const std::int64_t> times, ByteWriter &out)
{
    std::int64_t previous = 0, change = 0;
    for (const auto time : times) {
        out.varint(zigzag(time - previous - change));
        change = previous == 0 ? 0 : time - previous;
        previous = time;
    }
}

bool decodeTimes(ByteReader &in, std::span<std::int64_t> times)
{
    std::uint64_t previous = 0, change = 0;
    for (auto &time : times) {
        const auto now = previous + change + std::uint64_t(unzigzag(in.varint()));
        change = previous == 0 ? 0 : now - previous;
        previous = now;
        time = std::int64_t(now);
    }
    return in.ok() && std::is_sorted(times.begin(), times.end());
}

void encodeColumn(std::span<const double> values, ByteWriter &out)
{
    std::vector<double> present;
    present.reserve(values.size());
    for (const double value : values)
        if (!std::isnan(value))
            present.push_back(value);
    if (present.empty())
        return out.value(std::uint8_t(Empty));
    Bytes bitmap;
    if (present.size() < values.size()) {
        bitmap.resize((values.size() + 7) / 8);
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!std::isnan(values[i]))
                bitmap[i / 8] |= std::uint8_t(1 << (i % 8));
    }
    const std::uint8_t flags = bitmap.empty() ? 0 : sparse;
    std::vector<std::int64_t> integers;
    for (int scale = 0; scale < int(powers.size()); ++scale)
        if (decimals(present, scale, integers))
            return encodeIntegers(integers, scale, flags, bitmap, out);
    out.value(std::uint8_t(Xor | flags));
    out.bytes(bitmap);
    encodeXor(present, out);
}

bool decodeColumn(ByteReader &in, std::span<double> values)
{
    std::fill(values.begin(), values.end(), std::numeric_limits<double>::quiet_NaN());
    const auto tag = in.value<std::uint8_t>();
    const auto mode = Mode(tag & ~sparse);
    if (!in.ok() || mode >= Modes)
        return false;
    if (mode == Empty)
        return true;
    ByteSpan bitmap;
    std::size_t count = values.size();
    if (tag & sparse) {
        bitmap = in.bytes((values.size() + 7) / 8);
        if (!in.ok())
            return false;
        count = 0;
        for (std::size_t i = 0; i < values.size(); ++i)
            count += bitmap[i / 8] >> (i % 8) & 1;
    }
    std::vector<double> present(count);
    if (!(mode == Xor ? decodeXor(in, present) : decodeIntegers(in, mode, present)))
        return false;
    std::size_t next = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (bitmap.empty() || (bitmap[i / 8] >> (i % 8) & 1))
            values[i] = present[next++];
    return true;
}

Bytes compress(ByteSpan raw)
{
    Bytes packed(ZSTD_compressBound(raw.size()));
    const auto size = ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), 1);
    packed.resize(ZSTD_isError(size) ? 0 : size);
    return packed;
}

Bytes decompress(ByteSpan packed, std::size_t rawSize)
{
    Bytes raw(rawSize);
    const auto size = ZSTD_decompress(raw.data(), raw.size(), packed.data(), packed.size());
    if (ZSTD_isError(size) || size != rawSize)
        raw.clear();
    return raw;
}

} // namespace pilothouse::codec
