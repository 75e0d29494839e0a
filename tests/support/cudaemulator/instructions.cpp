// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The warp's matrix instructions, from the PTX ISA ("Matrix Fragments for mma.m16n8k16" and its
// neighbours; "ldmatrix"). Fragments of all formats lie alike, counted in bytes.
#include "tests/support/cudaemulator/emulator.h"

#include <cmath>
#include <cstring>

namespace emulator {

namespace {

float fromBits(unsigned bits)
{
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// Of a format with 1 sign bit, `exponent` and `mantissa` bits.
float small(unsigned bits, int exponent, int mantissa)
{
    const int bias = (1 << (exponent - 1)) - 1;
    const int power = int(bits >> mantissa) & ((1 << exponent) - 1);
    const float fraction = float(bits & ((1u << mantissa) - 1)) / float(1 << mantissa);
    const float value
        = power == 0 ? std::ldexp(fraction, 1 - bias) : std::ldexp(1 + fraction, power - bias);
    return bits >> (exponent + mantissa) & 1 ? -value : value;
}

template <typename Word> Word wordAt(const unsigned char *bytes, unsigned index)
{
    Word word = 0;
    std::memcpy(&word, bytes + index * sizeof word, sizeof word);
    return word;
}

} // namespace

float decodeTf32(const unsigned char *bytes, unsigned index)
{
    return fromBits(wordAt<std::uint32_t>(bytes, index) & ~0x1fffu);
}

float decodeBf16(const unsigned char *bytes, unsigned index)
{
    return fromBits(unsigned(wordAt<std::uint16_t>(bytes, index)) << 16);
}

float decodeFp16(const unsigned char *bytes, unsigned index)
{
    return small(wordAt<std::uint16_t>(bytes, index), 5, 10);
}

float decodeFp8(const unsigned char *bytes, unsigned index)
{
    return small(bytes[index], 4, 3);
}

void multiply(
    float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2], Decode decode, unsigned elements)
{
    const unsigned lane = threadIdx.x % 32;
    Shown mine{};
    std::memcpy(mine.a, a, sizeof a);
    std::memcpy(mine.b, b, sizeof b);
    const Shown *all = showWarp(mine);
    for (unsigned i = 0; i < 4; ++i) {
        // c0, c1 are of row lane / 4, c2, c3 of the one 8 further down.
        const unsigned row = lane / 4, lower = i / 2, column = lane % 4 * 2 + i % 2;
        unsigned char left[32], right[32];
        for (unsigned word = 0; word < 4; ++word) {
            // a0 and a2 are of the upper 8 rows, a1 and a3 of the lower; a2, a3 and b1 are the
            // second 16 bytes.
            std::memcpy(left + word * 4, &all[row * 4 + word].a[lower], 4);
            std::memcpy(left + 16 + word * 4, &all[row * 4 + word].a[2 + lower], 4);
            std::memcpy(right + word * 4, &all[column * 4 + word].b[0], 4);
            std::memcpy(right + 16 + word * 4, &all[column * 4 + word].b[1], 4);
        }
        for (unsigned k = 0; k < elements; ++k)
            c[i] += decode(left, k) * decode(right, k);
    }
}

} // namespace emulator

namespace gputest {

void loadMatrices(unsigned (&words)[4], const void *row)
{
    emulator::Shown mine{};
    mine.pointer = row;
    const emulator::Shown *all = emulator::showWarp(mine);
    const unsigned lane = threadIdx.x % 32;
    for (unsigned matrix = 0; matrix < 4; ++matrix) {
        const auto *from = static_cast<const unsigned char *>(all[matrix * 8 + lane / 4].pointer);
        std::memcpy(&words[matrix], from + lane % 4 * 4, 4);
    }
}

} // namespace gputest
