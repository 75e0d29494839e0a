// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What a GPU does in one instruction. The tests compile the same kernels on the CPU with
// tests/support/cudaemulator in place of this file: keep both lists equal. Instructions and the
// layout of their fragments: PTX ISA, "Warp Level Matrix Instructions".
#pragma once

#define GPUTEST_KERNEL extern "C" __global__ __launch_bounds__(256)
/// Two blocks on a multiprocessor: at most 128 registers for each of their threads.
#define GPUTEST_GEMM_KERNEL extern "C" __global__ __launch_bounds__(256, 2)
#define GPUTEST_SHARED __shared__ __align__(16)
#define GPUTEST_BOTH __host__ __device__

namespace gputest {

__device__ inline unsigned sharedAddress(const void *shared)
{
    return static_cast<unsigned>(__cvta_generic_to_shared(shared));
}

/// 16 bytes from global into shared memory; there after waitCopies and __syncthreads.
__device__ inline void copyAsync(void *shared, const void *global)
{
#if __CUDA_ARCH__ >= 800
    asm volatile(
        "cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(sharedAddress(shared)), "l"(global)
        : "memory");
#else
    *static_cast<uint4 *>(shared) = *static_cast<const uint4 *>(global);
#endif
}

__device__ inline void commitCopies()
{
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

/// Until at most `pending` of the committed groups are under way.
template <int pending> __device__ inline void waitCopies()
{
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" ::"n"(pending) : "memory");
#endif
}

#if __CUDA_ARCH__ >= 750
/// Four matrices of 8 rows x 16 bytes; lane l says where row l % 8 of matrix l / 8 is. Lane l gets
/// bytes 4 * (l % 4) .. + 3 of row l / 4 of each.
__device__ inline void loadMatrices(unsigned (&words)[4], const void *row)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(words[0]), "=r"(words[1]), "=r"(words[2]), "=r"(words[3])
                 : "r"(sharedAddress(row))
                 : "memory");
}
#endif

/// c += a * b, with 16 rows of a and 8 columns of b, 32 bytes of each: 16 halves, 8 TF32 or 32 FP8.
#define GPUTEST_MMA(type, shape, kind)                                                             \
    struct type {                                                                                  \
        __device__ static void multiply(                                                           \
            float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2])                         \
        {                                                                                          \
            asm volatile("mma.sync.aligned." shape ".row.col.f32." kind "." kind ".f32 "           \
                         "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"         \
                         : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])                          \
                         : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));      \
        }                                                                                          \
    }

#if __CUDA_ARCH__ >= 890 && __CUDACC_VER_MAJOR__ * 100 + __CUDACC_VER_MINOR__ >= 1204
#define GPUTEST_HAS_FP8 1
GPUTEST_MMA(Fp8, "m16n8k32", "e4m3");
#endif
#if __CUDA_ARCH__ >= 800
#define GPUTEST_HAS_BF16 1
#define GPUTEST_HAS_FP16 1
GPUTEST_MMA(Bf16, "m16n8k16", "bf16");
GPUTEST_MMA(Fp16, "m16n8k16", "f16");
GPUTEST_MMA(Tf32, "m16n8k8", "tf32");
#elif __CUDA_ARCH__ >= 750
#define GPUTEST_HAS_FP16 1
/// Turing takes 16 bytes at a time.
struct Fp16 {
    __device__ static void multiply(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2])
    {
        for (int half = 0; half < 2; ++half)
            asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, "
                         "{%4, %5}, {%6}, {%0, %1, %2, %3};"
                         : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                         : "r"(a[2 * half]), "r"(a[2 * half + 1]), "r"(b[half]));
    }
};
#endif

} // namespace gputest
