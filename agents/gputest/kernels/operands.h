// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What matrices and memory are filled with. The host computes the same values to check results.
#pragma once

#ifndef GPUTEST_BOTH
#define GPUTEST_BOTH
#endif

namespace gputest {

enum Number : unsigned { NumberFp32, NumberTf32, NumberBf16, NumberFp16, NumberFp8 };

GPUTEST_BOTH constexpr unsigned bytesOf(unsigned number)
{
    return number == NumberFp8 ? 1 : number == NumberBf16 || number == NumberFp16 ? 2 : 4;
}

/// Mixes an index into 64 random-looking bits (the finaliser of SplitMix64; public domain).
GPUTEST_BOTH constexpr unsigned long long mixed(unsigned long long index, unsigned long long seed)
{
    unsigned long long bits = index * 0x9e3779b97f4a7c15ull + seed + 0x9e3779b97f4a7c15ull;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ull;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebull;
    return bits ^ (bits >> 31);
}

/// -1, 0 or 1: exact in every format, and so are sums of their products.
GPUTEST_BOTH constexpr int exactValue(unsigned long long element, unsigned long long seed)
{
    return static_cast<int>(mixed(element, seed) % 3) - 1;
}

/// One element's bits. Exact: exactValue(). Otherwise +-[0.5, 1) with every bit of the mantissa
/// used, which is what makes a GPU draw power.
GPUTEST_BOTH constexpr unsigned elementBits(
    unsigned number, bool exact, unsigned long long element, unsigned long long seed)
{
    const int value = exactValue(element, seed);
    const unsigned long long bits = mixed(element, seed);
    const unsigned sign = static_cast<unsigned>(bits >> 63);
    switch (number) {
    case NumberBf16:
        if (exact)
            return value == 0 ? 0u : value < 0 ? 0xbf80u : 0x3f80u;
        return sign << 15 | 0x3f00u | static_cast<unsigned>(bits & 0x7f);
    case NumberFp16:
        if (exact)
            return value == 0 ? 0u : value < 0 ? 0xbc00u : 0x3c00u;
        return sign << 15 | 0x3800u | static_cast<unsigned>(bits & 0x3ff);
    case NumberFp8: // e4m3: bias 7
        if (exact)
            return value == 0 ? 0u : value < 0 ? 0xb8u : 0x38u;
        return sign << 7 | 0x30u | static_cast<unsigned>(bits & 0x7);
    case NumberTf32: // the low 13 bits of the mantissa are not looked at
    default:
        if (exact)
            return value == 0 ? 0u : value < 0 ? 0xbf800000u : 0x3f800000u;
        return sign << 31 | 0x3f000000u
            | static_cast<unsigned>(bits & (number == NumberTf32 ? 0x7fe000u : 0x7fffffu));
    }
}

/// A word of a matrix: 1, 2 or 4 elements, the first in the low bits.
GPUTEST_BOTH constexpr unsigned operandWord(
    unsigned number, bool exact, unsigned long long word, unsigned long long seed)
{
    const unsigned bytes = bytesOf(number), each = 4 / bytes;
    unsigned all = 0;
    for (unsigned i = 0; i < each; ++i)
        all |= elementBits(number, exact, word * each + i, seed) << (8 * bytes * i);
    return all;
}

enum Pattern : unsigned {
    PatternZeros,
    PatternOnes,
    PatternChecker, ///< 0xaa...
    PatternInverseChecker,
    PatternAddress, ///< every word holds its own place: finds address lines
    PatternInverseAddress,
    PatternRandom,
    PatternCount,
    PatternNone = PatternCount
};

/// The 64-bit word that belongs at the place `index` (counted in words from the test's first).
GPUTEST_BOTH constexpr unsigned long long patternWord(
    unsigned pattern, unsigned long long index, unsigned long long seed)
{
    switch (pattern) {
    case PatternOnes:
        return ~0ull;
    case PatternChecker:
        return 0xaaaaaaaaaaaaaaaaull;
    case PatternInverseChecker:
        return 0x5555555555555555ull;
    case PatternAddress:
        return index * 8;
    case PatternInverseAddress:
        return ~(index * 8);
    case PatternRandom:
        return mixed(index, seed);
    default:
        return 0;
    }
}

/// Where kernels write what they found wrong. Zeroed by the host beforehand.
struct Faults {
    static constexpr unsigned capacity = 64;
    unsigned long long count; ///< all of them
    struct Fault {
        unsigned long long index; ///< of the word or element
        unsigned long long expected, got;
    } first[capacity]; ///< in no order
};

} // namespace gputest
