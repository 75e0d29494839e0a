// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Runs the GPU test's kernels on the CPU: what CUDA C++ and agents/gputest/kernels/device.h give
// them, for one block at a time. A thread of the block is a fiber; fibers wait for each other where
// a GPU's threads do, so a missing barrier or a wrong index shows as a wrong result. One launch at
// a time.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>

#define GPUTEST_EMULATED
#define GPUTEST_KERNEL extern "C"
#define GPUTEST_GEMM_KERNEL extern "C"
#define GPUTEST_SHARED alignas(16)
#define GPUTEST_BOTH
#define GPUTEST_HAS_FP8 1
#define GPUTEST_HAS_BF16 1
#define GPUTEST_HAS_FP16 1
#define __device__

struct Dimensions {
    unsigned x = 0;
};
extern Dimensions blockIdx, threadIdx, blockDim, gridDim;

struct alignas(8) float2 {
    float x, y;
};
struct alignas(16) float4 {
    float x, y, z, w;
};
struct alignas(16) uint4 {
    unsigned x, y, z, w;
};

namespace emulator {

/// Runs `kernel` for every thread of every block. A block that waits for what never comes ends the
/// process with a message.
void launch(unsigned grid, unsigned block, const std::function<void()> &kernel);

void waitForBlock();

/// What the 32 lanes of a warp show each other.
struct Shown {
    const void *pointer;
    unsigned a[4], b[2];
};
/// Shows one lane's and returns all of them, once every lane is there; valid until the next call.
const Shown *showWarp(const Shown &mine);

void copyLater(void *to, const void *from);
void commit();
void wait(unsigned pending);

/// Element `index` of 32 bytes.
using Decode = float (*)(const unsigned char *bytes, unsigned index);
float decodeTf32(const unsigned char *bytes, unsigned index);
float decodeBf16(const unsigned char *bytes, unsigned index);
float decodeFp16(const unsigned char *bytes, unsigned index);
float decodeFp8(const unsigned char *bytes, unsigned index); ///< e4m3

/// mma.sync of 16 x 8 with 32 bytes of each row, as the PTX ISA lays its fragments out.
void multiply(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2], Decode decode,
    unsigned elements);

} // namespace emulator

inline void __syncthreads()
{
    emulator::waitForBlock();
}

inline unsigned long long atomicAdd(unsigned long long *place, unsigned long long value)
{
    const unsigned long long before = *place;
    *place += value;
    return before;
}

namespace gputest {

inline void copyAsync(void *shared, const void *global)
{
    emulator::copyLater(shared, global);
}

inline void commitCopies()
{
    emulator::commit();
}

template <int pending> void waitCopies()
{
    emulator::wait(pending);
}

void loadMatrices(unsigned (&words)[4], const void *row);

#define EMULATED_MMA(type, decode, elements)                                                       \
    struct type {                                                                                  \
        static void multiply(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2])        \
        {                                                                                          \
            emulator::multiply(c, a, b, &emulator::decode, elements);                              \
        }                                                                                          \
    }
EMULATED_MMA(Tf32, decodeTf32, 8);
EMULATED_MMA(Bf16, decodeBf16, 16);
EMULATED_MMA(Fp16, decodeFp16, 16);
EMULATED_MMA(Fp8, decodeFp8, 32);
#undef EMULATED_MMA

} // namespace gputest
