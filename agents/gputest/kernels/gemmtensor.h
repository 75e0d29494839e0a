// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Matrix product on the tensor cores (mma.sync), one shape for every number format: a step takes 32
// bytes of each row, whether those are 8 TF32, 16 halves or 32 FP8.
#pragma once

#include "stagelayout.h"
#include "tileorder.h"

namespace gputest {

/// C[size][size] = A * B^T; A and B have `size` rows of `rowBytes` (a multiple of 64). 256 threads:
/// 2 x 4 warps, each of which makes 64 x 32 of the block's 128 x 128.
template <typename Mma> __device__ void gemmTensor(
    float *c, const unsigned char *a, const unsigned char *b, unsigned size, unsigned rowBytes)
{
    GPUTEST_SHARED static unsigned char tiles[stages][2][tensorTile * stageBytes];
    const Tile place = tileOf(blockIdx.x, size / tensorTile);
    const unsigned thread = threadIdx.x, lane = thread % 32;
    const unsigned warpRow = thread / 32 % 2 * 64, warpColumn = thread / 64 * 32;
    const unsigned char *sources[2]
        = {a + static_cast<unsigned long long>(place.row) * tensorTile * rowBytes,
            b + static_cast<unsigned long long>(place.column) * tensorTile * rowBytes};
    const unsigned steps = rowBytes / stageBytes;
    const auto load = [&](unsigned step) {
        if (step < steps) {
#pragma unroll
            for (unsigned i = 0; i < 4; ++i) {
                const unsigned chunk = thread + i % 2 * 256, row = chunk / 4;
                copyAsync(&tiles[step % stages][i / 2][inStage(row, chunk % 4)],
                    sources[i / 2] + static_cast<unsigned long long>(row) * rowBytes
                        + step * stageBytes + chunk % 4 * 16);
            }
        }
        commitCopies(); // empty at the end, so that the count stays right
    };

    float sums[4][4][4] = {};
    load(0);
    load(1);
    for (unsigned step = 0; step < steps; ++step) {
        waitCopies<1>();
        __syncthreads(); // also: everybody is done with the stage that is loaded next
        load(step + 2);
        const unsigned char *left = tiles[step % stages][0], *right = tiles[step % stages][1];
#pragma unroll
        for (unsigned half = 0; half < 2; ++half) {
            unsigned x[4][4], y[4][2];
#pragma unroll
            for (unsigned m = 0; m < 4; ++m) {
                const unsigned row = warpRow + m * 16 + lane % 16;
                loadMatrices(x[m], left + inStage(row, half * 2 + lane / 16));
            }
#pragma unroll
            for (unsigned n = 0; n < 4; n += 2) {
                const unsigned row = warpColumn + n * 8 + lane / 16 * 8 + lane % 8;
                unsigned both[4];
                loadMatrices(both, right + inStage(row, half * 2 + lane / 8 % 2));
                y[n][0] = both[0];
                y[n][1] = both[1];
                y[n + 1][0] = both[2];
                y[n + 1][1] = both[3];
            }
#pragma unroll
            for (unsigned m = 0; m < 4; ++m) {
#pragma unroll
                for (unsigned n = 0; n < 4; ++n)
                    Mma::multiply(sums[m][n], x[m], y[n]);
            }
        }
    }
#pragma unroll
    for (unsigned m = 0; m < 4; ++m) {
#pragma unroll
        for (unsigned n = 0; n < 4; ++n) {
            const unsigned row = place.row * tensorTile + warpRow + m * 16 + lane / 4;
            const unsigned column = place.column * tensorTile + warpColumn + n * 8 + lane % 4 * 2;
            float *to = c + static_cast<unsigned long long>(row) * size + column;
            *reinterpret_cast<float2 *>(to) = {sums[m][n][0], sums[m][n][1]};
            *reinterpret_cast<float2 *>(to + 8ull * size) = {sums[m][n][2], sums[m][n][3]};
        }
    }
}

} // namespace gputest
