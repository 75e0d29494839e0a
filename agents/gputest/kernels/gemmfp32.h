// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Matrix product on the ordinary FP32 units.
#pragma once

#include "tileorder.h"

/// C[size][size] = A * B^T with A[size][size] and B[size][size], rows contiguous. `size` is a
/// multiple of 128; a block of 256 threads makes 128 x 128 of C, each thread 8 x 8.
GPUTEST_GEMM_KERNEL void gemm_fp32(float *c, const float *a, const float *b, unsigned size)
{
    constexpr unsigned tile = 128, depth = 8;
    GPUTEST_SHARED static float left[2][depth][tile + 4];
    GPUTEST_SHARED static float right[2][depth][tile + 4];
    const gputest::Tile place = gputest::tileOf(blockIdx.x, size / tile);
    const unsigned thread = threadIdx.x;
    const unsigned row = thread / 2, part = thread % 2 * 4; // of the 128 x 8 that are loaded
    const float *nextLeft
        = a + (place.row * tile + row) * static_cast<unsigned long long>(size) + part;
    const float *nextRight
        = b + (place.column * tile + row) * static_cast<unsigned long long>(size) + part;
    const unsigned down = thread / 16 * 4, across = thread % 16 * 4;

    float sums[8][8] = {};
    float4 fromLeft = *reinterpret_cast<const float4 *>(nextLeft);
    float4 fromRight = *reinterpret_cast<const float4 *>(nextRight);
    unsigned buffer = 0;
    for (unsigned k = 0; k < size; k += depth, buffer ^= 1) {
        left[buffer][part][row] = fromLeft.x;
        left[buffer][part + 1][row] = fromLeft.y;
        left[buffer][part + 2][row] = fromLeft.z;
        left[buffer][part + 3][row] = fromLeft.w;
        right[buffer][part][row] = fromRight.x;
        right[buffer][part + 1][row] = fromRight.y;
        right[buffer][part + 2][row] = fromRight.z;
        right[buffer][part + 3][row] = fromRight.w;
        __syncthreads(); // one is enough: the other buffer is written next
        if (k + depth < size) {
            fromLeft = *reinterpret_cast<const float4 *>(nextLeft + k + depth);
            fromRight = *reinterpret_cast<const float4 *>(nextRight + k + depth);
        }
#pragma unroll
        for (unsigned i = 0; i < depth; ++i) {
            float x[8], y[8];
            *reinterpret_cast<float4 *>(x) = *reinterpret_cast<float4 *>(&left[buffer][i][down]);
            *reinterpret_cast<float4 *>(x + 4)
                = *reinterpret_cast<float4 *>(&left[buffer][i][down + 64]);
            *reinterpret_cast<float4 *>(y) = *reinterpret_cast<float4 *>(&right[buffer][i][across]);
            *reinterpret_cast<float4 *>(y + 4)
                = *reinterpret_cast<float4 *>(&right[buffer][i][across + 64]);
#pragma unroll
            for (unsigned m = 0; m < 8; ++m) {
#pragma unroll
                for (unsigned n = 0; n < 8; ++n)
                    sums[m][n] += x[m] * y[n];
            }
        }
    }
#pragma unroll
    for (unsigned m = 0; m < 8; ++m) {
        const unsigned to = place.row * tile + down + m % 4 + m / 4 * 64;
        float *line = c + to * static_cast<unsigned long long>(size) + place.column * tile + across;
        *reinterpret_cast<float4 *>(line) = {sums[m][0], sums[m][1], sums[m][2], sums[m][3]};
        *reinterpret_cast<float4 *>(line + 64) = {sums[m][4], sums[m][5], sums[m][6], sums[m][7]};
    }
}
