// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Kernels that move memory: bandwidth, fills, pattern test, comparison. All are grid-stride loops,
// so any grid does the whole work.
#pragma once

#include "operands.h"

namespace gputest {

__device__ inline unsigned long long firstIndex()
{
    return blockIdx.x * static_cast<unsigned long long>(blockDim.x) + threadIdx.x;
}

__device__ inline unsigned long long stride()
{
    return gridDim.x * static_cast<unsigned long long>(blockDim.x);
}

__device__ inline void report(
    Faults *faults, unsigned long long index, unsigned long long expected, unsigned long long got)
{
    const unsigned long long place = atomicAdd(&faults->count, 1ull);
    if (place < Faults::capacity)
        faults->first[place] = {index, expected, got};
}

} // namespace gputest

/// Copies `count` blocks of 16 bytes.
GPUTEST_KERNEL void stream_copy(uint4 *to, const uint4 *from, unsigned long long count)
{
    for (auto i = gputest::firstIndex(); i < count; i += gputest::stride())
        to[i] = from[i];
}

/// Reads `count` blocks; `sink` gets a word only when their sum is `never`, which the compiler
/// cannot know.
GPUTEST_KERNEL void stream_read(
    const uint4 *from, unsigned long long count, unsigned *sink, unsigned never)
{
    unsigned sum = 0;
    for (auto i = gputest::firstIndex(); i < count; i += gputest::stride()) {
        const uint4 block = from[i];
        sum += block.x ^ block.y ^ block.z ^ block.w;
    }
    if (sum == never)
        *sink = sum;
}

GPUTEST_KERNEL void stream_write(uint4 *to, unsigned long long count, unsigned value)
{
    for (auto i = gputest::firstIndex(); i < count; i += gputest::stride())
        to[i] = {value, value, value, value};
}

/// Fills a matrix: `count` words of `number` elements.
GPUTEST_KERNEL void operand_fill(unsigned *words, unsigned long long count, unsigned number,
    unsigned exact, unsigned long long seed)
{
    for (auto i = gputest::firstIndex(); i < count; i += gputest::stride())
        words[i] = gputest::operandWord(number, exact != 0, i, seed);
}

/// Writes the words from..from + count of a pattern.
GPUTEST_KERNEL void pattern_write(unsigned long long *words, unsigned long long count,
    unsigned long long from, unsigned pattern, unsigned long long seed)
{
    for (auto i = gputest::firstIndex(); i < count; i += gputest::stride())
        words[i] = gputest::patternWord(pattern, from + i, seed);
}

/// Compares with a pattern and leaves `next` (or the same, PatternNone) behind.
GPUTEST_KERNEL void pattern_check(unsigned long long *words, unsigned long long count,
    unsigned long long from, unsigned pattern, unsigned next, unsigned long long seed,
    gputest::Faults *faults)
{
    for (auto i = gputest::firstIndex(); i < count; i += gputest::stride()) {
        const unsigned long long expected = gputest::patternWord(pattern, from + i, seed);
        const unsigned long long got = words[i];
        if (next != gputest::PatternNone)
            words[i] = gputest::patternWord(next, from + i, seed);
        if (got != expected)
            gputest::report(faults, from + i, expected, got);
    }
}

/// Bit by bit.
GPUTEST_KERNEL void result_compare(const unsigned *expected, const unsigned *got,
    unsigned long long count, gputest::Faults *faults)
{
    for (auto i = gputest::firstIndex(); i < count; i += gputest::stride()) {
        if (expected[i] != got[i])
            gputest::report(faults, i, expected[i], got[i]);
    }
}
