// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/planes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include <zstd.h>

namespace pilothouse::codec {

namespace {

enum Plane : std::uint8_t { Repeated, Raw, Packed };
constexpr int level = 1;

/// zstd's tables and our own scratch, reused by the thread that encodes or decodes.
struct Scratch {
    struct Free {
        void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
        void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
    };
    std::unique_ptr<ZSTD_CCtx, Free> compressor{ZSTD_createCCtx()};
    std::unique_ptr<ZSTD_DCtx, Free> decompressor{ZSTD_createDCtx()};
    Bytes plane, packed;
};

Scratch &scratch()
{
    thread_local Scratch mine;
    return mine;
}

constexpr std::size_t mostSampled = 1024;

/// n * log2(n) for every count a sample can have.
const std::array<float, mostSampled + 1> &weights()
{
    static const auto table = [] {
        std::array<float, mostSampled + 1> all{};
        for (std::size_t i = 1; i < all.size(); ++i)
            all[i] = float(double(i) * std::log2(double(i)));
        return all;
    }();
    return table;
}

/// Whether an entropy coder could gain anything: noise of eight bits is not worth the try. Of long
/// planes a sample is looked at, in which noise seems a little less noisy.
bool compressible(ByteSpan plane)
{
    const auto step = (plane.size() + mostSampled - 1) / mostSampled;
    std::array<std::uint16_t, 256> counts{};
    std::size_t all = 0;
    for (std::size_t i = 0; i < plane.size(); i += step, ++all)
        ++counts[plane[i]];
    float bits = weights()[all];
    for (const auto count : counts)
        bits -= weights()[count];
    return bits < float(all) * (step > 1 || all < 700 ? 7.3F : 7.6F);
}

} // namespace

void encodePlane(ByteSpan plane, ByteWriter &out)
{
    if (plane.empty() || std::memcmp(plane.data(), plane.data() + 1, plane.size() - 1) == 0) {
        out.value(std::uint8_t(Repeated));
        return out.value(plane.empty() ? std::uint8_t(0) : plane[0]);
    }
    auto &mine = scratch();
    if (plane.size() >= 16 && compressible(plane)) {
        mine.packed.resize(ZSTD_compressBound(plane.size()));
        const auto size = ZSTD_compressCCtx(mine.compressor.get(), mine.packed.data(),
            mine.packed.size(), plane.data(), plane.size(), level);
        if (!ZSTD_isError(size) && size + 3 < plane.size()) {
            out.value(std::uint8_t(Packed));
            out.varint(size);
            return out.bytes(ByteSpan(mine.packed).first(size));
        }
    }
    out.value(std::uint8_t(Raw));
    out.bytes(plane);
}

bool decodePlane(ByteReader &in, std::span<std::uint8_t> plane)
{
    const auto kind = in.value<std::uint8_t>();
    if (kind == Repeated) {
        std::fill(plane.begin(), plane.end(), in.value<std::uint8_t>());
    } else if (kind == Raw) {
        const auto bytes = in.bytes(plane.size());
        std::copy(bytes.begin(), bytes.end(), plane.begin());
    } else if (kind == Packed) {
        const auto bytes = in.bytes(in.varint());
        const auto size = ZSTD_decompressDCtx(
            scratch().decompressor.get(), plane.data(), plane.size(), bytes.data(), bytes.size());
        return in.ok() && !ZSTD_isError(size) && size == plane.size();
    } else {
        return false;
    }
    return in.ok();
}

void encodePlanes(std::span<const std::uint64_t> numbers, ByteWriter &out)
{
    std::uint64_t all = 0;
    for (const auto number : numbers)
        all |= number;
    const int planes = (std::bit_width(all) + 7) / 8;
    out.value(std::uint8_t(planes));
    auto &plane = scratch().plane;
    plane.resize(numbers.size());
    for (int i = 0; i < planes; ++i) {
        for (std::size_t k = 0; k < numbers.size(); ++k)
            plane[k] = std::uint8_t(numbers[k] >> (8 * i));
        encodePlane(plane, out);
    }
}

bool decodePlanes(ByteReader &in, std::span<std::uint64_t> numbers)
{
    const int planes = in.value<std::uint8_t>();
    if (planes > 8)
        return false;
    std::fill(numbers.begin(), numbers.end(), 0);
    auto &plane = scratch().plane;
    plane.resize(numbers.size());
    for (int i = 0; i < planes; ++i) {
        if (!decodePlane(in, plane))
            return false;
        for (std::size_t k = 0; k < numbers.size(); ++k)
            numbers[k] |= std::uint64_t(plane[k]) << (8 * i);
    }
    return in.ok();
}

} // namespace pilothouse::codec
