// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/selftestwork.h"

#include <bit>

namespace pilothouse::agent {

// 12 chains of 8 doubles: enough to hide the latency of a fused multiply-add with one 512-bit or
// two 256-bit registers per chain.
using Lane = double __attribute__((vector_size(64)));
static constexpr int chains = 12;

[[gnu::always_inline]] static inline Multiplied work(uint64_t rounds)
{
    Lane x[chains];
    for (int i = 0; i < chains; ++i) {
        for (int k = 0; k < 8; ++k)
            x[i][k] = 1.0 + 0.01 * i + 0.001 * k;
    }
    const Lane factor = {0.999, 0.998, 0.997, 0.996, 0.995, 0.994, 0.993, 0.992};
    const Lane addend = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
    for (uint64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
        for (int i = 0; i < chains; ++i)
            x[i] = x[i] * factor + addend; // fused where the target can
    }
    Multiplied result;
    for (const Lane &lane : x) {
        for (int k = 0; k < 8; ++k)
            result.checksum
                = std::rotl(result.checksum, 7) ^ std::bit_cast<uint64_t>(double(lane[k]));
    }
    result.flops = 2.0 * 8 * chains * static_cast<double>(rounds);
    return result;
}

#if defined(__x86_64__)
__attribute__((target("avx512f,fma,prefer-vector-width=512"))) static Multiplied work512(
    uint64_t rounds)
{
    return work(rounds);
}
__attribute__((target("avx2,fma"))) static Multiplied work256(uint64_t rounds)
{
    return work(rounds);
}
#endif

Multiplied multiplyAndAdd(uint64_t rounds)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma"))
        return work512(rounds);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return work256(rounds);
#endif
    return work(rounds);
}

double triad(std::vector<double> &a, const std::vector<double> &b, const std::vector<double> &c)
{
    double *to = a.data();
    const double *left = b.data(), *right = c.data();
    for (std::size_t i = 0; i < a.size(); ++i)
        to[i] = left[i] + 3.0 * right[i];
    return 3.0 * sizeof(double) * static_cast<double>(a.size());
}

static uint64_t word(uint64_t seed, std::size_t i)
{
    uint64_t x = seed + i * 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    return x ^ (x >> 27);
}

uint64_t checkPattern(std::vector<uint64_t> &memory, uint64_t seed)
{
    for (std::size_t i = 0; i < memory.size(); ++i)
        memory[i] = word(seed, i);
    // Or the compiler would take what it just wrote from registers.
    __asm__ volatile("" ::"r"(memory.data()) : "memory");
    uint64_t wrong = 0;
    for (std::size_t i = 0; i < memory.size(); ++i)
        wrong += memory[i] != word(seed, i);
    return wrong;
}

} // namespace pilothouse::agent
