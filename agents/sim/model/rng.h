// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>

namespace pilothouse::sim {

/// One round of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit.
constexpr uint64_t mix(uint64_t value)
{
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

/// One number of several; the order counts.
constexpr uint64_t mixed(std::initializer_list<uint64_t> parts)
{
    uint64_t value = 0;
    for (const uint64_t part : parts)
        value = mix(value ^ part);
    return value;
}

/// 0 <= x < 1.
constexpr double unit(uint64_t bits)
{
    return double(bits >> 11) * 0x1p-53;
}

/// A stream of numbers that is the same on every platform, which std's distributions are not.
class Rng {
public:
    explicit constexpr Rng(uint64_t seed)
        : m_state(mix(seed))
    {
    }
    constexpr uint64_t next() { return mix(m_state++); }
    constexpr double uniform() { return unit(next()); }
    constexpr double uniform(double from, double to) { return from + (to - from) * uniform(); }
    /// 0 <= x < count; 0 when count is 0.
    constexpr uint64_t below(uint64_t count) { return uint64_t(uniform() * double(count)); }
    constexpr bool chance(double probability) { return uniform() < probability; }
    /// Spread evenly over orders of magnitude.
    double logUniform(double from, double to) { return from * std::pow(to / from, uniform()); }
    /// Poisson by Knuth's method; for means up to about 100.
    unsigned poisson(double mean)
    {
        const double limit = std::exp(-mean);
        unsigned count = 0;
        for (double product = uniform(); product > limit; product *= uniform())
            ++count;
        return count;
    }

private:
    uint64_t m_state;
};

} // namespace pilothouse::sim
