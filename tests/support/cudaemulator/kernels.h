// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/cudaemulator/emulator.h"

#include "agents/gputest/kernels/operands.h"

GPUTEST_KERNEL void stream_copy(uint4 *to, const uint4 *from, unsigned long long count);
GPUTEST_KERNEL void stream_read(
    const uint4 *from, unsigned long long count, unsigned *sink, unsigned never);
GPUTEST_KERNEL void stream_write(uint4 *to, unsigned long long count, unsigned value);
GPUTEST_KERNEL void operand_fill(unsigned *words, unsigned long long count, unsigned number,
    unsigned exact, unsigned long long seed);
GPUTEST_KERNEL void pattern_write(unsigned long long *words, unsigned long long count,
    unsigned long long from, unsigned pattern, unsigned long long seed);
GPUTEST_KERNEL void pattern_check(unsigned long long *words, unsigned long long count,
    unsigned long long from, unsigned pattern, unsigned next, unsigned long long seed,
    gputest::Faults *faults);
GPUTEST_KERNEL void result_compare(const unsigned *expected, const unsigned *got,
    unsigned long long count, gputest::Faults *faults);
GPUTEST_KERNEL void product_weights(long long *weighted, unsigned size, unsigned long long seedOfB);
GPUTEST_KERNEL void product_check(const float *c, const long long *weighted, unsigned size,
    unsigned long long seedOfA, gputest::Faults *faults);
GPUTEST_KERNEL void gemm_fp32(float *c, const float *a, const float *b, unsigned size);
#define DECLARE_GEMM(name)                                                                         \
    GPUTEST_KERNEL void name(float *c, const unsigned char *a, const unsigned char *b,             \
        unsigned size, unsigned rowBytes)
DECLARE_GEMM(gemm_fp16);
DECLARE_GEMM(gemm_bf16);
DECLARE_GEMM(gemm_tf32);
DECLARE_GEMM(gemm_fp8);
#undef DECLARE_GEMM
