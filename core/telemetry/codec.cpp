// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/codec.h"

#include "core/telemetry/decimals.h"
#include "core/telemetry/planes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace pilothouse::codec {

namespace {

/// A column's first byte; with `Sparse` a plane of bits follows: which rows are present.
enum Presence : std::uint8_t { Dense, Sparse, Empty };
/// Its next byte.
enum Mode : std::uint8_t { Constant, Offset, Delta, Delta2, Xor, XorPrevious };

/// Buffers that are as long as the longest column so far.
struct Buffers {
    std::vector<double> present;
    std::vector<std::int64_t> integers;
    std::vector<std::uint64_t> codes;
    Bytes bits;
};

Buffers &buffers()
{
    thread_local Buffers mine;
    return mine;
}

/// Bits that the codes take in all, near enough to their entropy once cut into planes. Of long
/// columns every fourth stretch is looked at.
template <typename Code> std::size_t cost(std::size_t count, Code code)
{
    constexpr std::size_t stretch = 64, every = 4;
    const std::size_t skip = count > 16 * stretch ? stretch * every : stretch;
    std::size_t bits = 0;
    for (std::size_t from = 0; from < count; from += skip)
        for (std::size_t i = from; i < std::min(count, from + stretch); ++i)
            bits += std::size_t(std::bit_width(code(i)));
    return bits;
}

/// What all of `values` (from 0 up) can be divided by.
std::int64_t commonStep(const std::vector<std::int64_t> &values)
{
    std::int64_t step = 0;
    for (const auto value : values) {
        if (step == 1)
            return 1;
        if (step == 0 || value % step != 0)
            step = std::gcd(step, value);
    }
    return step;
}

/// `values` start at 0 and may be wrapped: differences are exact modulo 2^64.
void toCodes(const std::vector<std::int64_t> &values, Mode mode, std::vector<std::uint64_t> &codes)
{
    codes.resize(values.size());
    std::uint64_t before = 0, change = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto value = std::uint64_t(values[i]);
        const auto one = value - before;
        codes[i] = mode == Offset ? value
            : mode == Delta       ? zigzag(std::int64_t(one))
                                  : zigzag(std::int64_t(one - change));
        before = value;
        change = one;
    }
}

void encodeIntegers(std::vector<std::int64_t> &values, int places,
    std::vector<std::uint64_t> &codes, ByteWriter &out)
{
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    const auto low = *least;
    const bool constant = low == *most;
    Mode mode = Constant;
    std::int64_t step = 0;
    if (!constant) {
        for (auto &value : values)
            value -= low;
        step = commonStep(values);
        if (step > 1)
            for (auto &value : values)
                value /= step;
        const auto delta
            = [&](std::size_t i) { return i > 0 ? values[i] - values[i - 1] : values[0]; };
        const std::array<std::size_t, 3> costs{
            cost(values.size(), [&](auto i) { return std::uint64_t(values[i]); }),
            cost(values.size(), [&](auto i) { return zigzag(delta(i)); }),
            cost(values.size(),
                [&](auto i) { return zigzag(i > 0 ? delta(i) - delta(i - 1) : values[0]); })};
        mode = Mode(Offset + (std::min_element(costs.begin(), costs.end()) - costs.begin()));
    }
    out.value(std::uint8_t(mode));
    out.value(std::uint8_t(places));
    out.varint(zigzag(low));
    if (mode == Constant)
        return;
    out.varint(std::uint64_t(step));
    toCodes(values, mode, codes);
    encodePlanes(codes, out);
}

/// XOR with the value before, or with the first one: whichever leaves fewer bits.
void encodeXor(
    const std::vector<double> &values, std::vector<std::uint64_t> &codes, ByteWriter &out)
{
    const auto bits = [&](std::size_t i) { return std::bit_cast<std::uint64_t>(values[i]); };
    const auto toFirst = [&](std::size_t i) { return bits(i) ^ (i > 0 ? bits(0) : 0); };
    const auto toPrevious = [&](std::size_t i) { return bits(i) ^ (i > 0 ? bits(i - 1) : 0); };
    const bool previous = cost(values.size(), toPrevious) < cost(values.size(), toFirst);
    codes.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        codes[i] = previous ? toPrevious(i) : toFirst(i);
    out.value(std::uint8_t(previous ? XorPrevious : Xor));
    // The first one would keep all planes busy.
    out.value(codes[0]);
    codes[0] = 0;
    encodePlanes(codes, out);
}

bool decodeXor(ByteReader &in, Mode mode, std::span<double> values)
{
    auto &codes = buffers().codes;
    codes.resize(values.size());
    auto base = in.value<std::uint64_t>();
    if (!decodePlanes(in, codes))
        return false;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const auto bits = codes[i] ^ base;
        values[i] = std::bit_cast<double>(bits);
        if (mode == XorPrevious)
            base = bits;
    }
    return in.ok();
}

bool decodeIntegers(ByteReader &in, Mode mode, std::span<double> values)
{
    const int places = in.value<std::uint8_t>();
    if (places > mostPlaces)
        return false;
    const auto low = std::uint64_t(unzigzag(in.varint()));
    if (mode == Constant) {
        std::fill(values.begin(), values.end(), fromDecimal(std::int64_t(low), places));
        return in.ok();
    }
    const auto step = in.varint();
    auto &codes = buffers().codes;
    codes.resize(values.size());
    if (!decodePlanes(in, codes))
        return false;
    std::uint64_t value = 0, change = 0; // unsigned: damaged input may wrap
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (mode == Offset)
            value = codes[i];
        else if (mode == Delta)
            value += std::uint64_t(unzigzag(codes[i]));
        else
            value += change += std::uint64_t(unzigzag(codes[i]));
        values[i] = fromDecimal(std::int64_t(low + value * step), places);
    }
    return in.ok();
}

} // namespace

void encodeTimes(std::span<const std::int64_t> times, ByteWriter &out)
{
    auto &mine = buffers();
    mine.integers.assign(times.begin(), times.end());
    if (!mine.integers.empty())
        encodeIntegers(mine.integers, 0, mine.codes, out);
}

bool decodeTimes(ByteReader &in, std::span<std::int64_t> times)
{
    auto &present = buffers().present;
    present.resize(times.size());
    const auto mode = Mode(in.value<std::uint8_t>());
    if (times.empty() || mode < Constant || mode > Delta2 || !decodeIntegers(in, mode, present))
        return false;
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (!(std::abs(present[i]) < 9e15)) // past the year 200,000
            return false;
        times[i] = std::int64_t(present[i]);
    }
    return std::is_sorted(times.begin(), times.end());
}

void encodeColumn(std::span<const double> values, ByteWriter &out)
{
    auto &mine = buffers();
    auto &present = mine.present;
    present.resize(values.size());
    std::size_t count = 0;
    for (const double value : values) {
        present[count] = value;
        count += std::isnan(value) ? 0 : 1;
    }
    present.resize(count);
    if (count == 0)
        return out.value(std::uint8_t(Empty));
    if (count < values.size()) {
        out.value(std::uint8_t(Sparse));
        auto &bits = mine.bits;
        bits.assign((values.size() + 7) / 8, 0);
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!std::isnan(values[i]))
                bits[i / 8] |= std::uint8_t(1 << (i % 8));
        encodePlane(bits, out);
    } else {
        out.value(std::uint8_t(Dense));
    }
    mine.integers.resize(count);
    if (const auto places = toDecimals(present, mine.integers))
        encodeIntegers(mine.integers, *places, mine.codes, out);
    else
        encodeXor(present, mine.codes, out);
}

static bool decodeDense(ByteReader &in, std::span<double> values)
{
    const auto mode = in.value<std::uint8_t>();
    if (!in.ok() || mode > XorPrevious)
        return false;
    return mode >= Xor ? decodeXor(in, Mode(mode), values) : decodeIntegers(in, Mode(mode), values);
}

bool decodeColumn(ByteReader &in, std::span<double> values)
{
    constexpr double absent = std::numeric_limits<double>::quiet_NaN();
    const auto presence = in.value<std::uint8_t>();
    if (in.ok() && presence == Dense)
        return decodeDense(in, values);
    std::fill(values.begin(), values.end(), absent);
    if (!in.ok() || presence > Empty || presence == Empty)
        return in.ok() && presence == Empty;
    auto &mine = buffers();
    mine.bits.resize((values.size() + 7) / 8);
    if (!decodePlane(in, mine.bits))
        return false;
    const auto isThere = [&](std::size_t i) { return (mine.bits[i / 8] >> (i % 8) & 1) != 0; };
    std::size_t count = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        count += isThere(i);
    mine.present.resize(count);
    if (!decodeDense(in, mine.present))
        return false;
    for (std::size_t i = 0, next = 0; i < values.size(); ++i)
        if (isThere(i))
            values[i] = mine.present[next++];
    return true;
}

} // namespace pilothouse::codec
