// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Everything that runs on the GPU, compiled by NVRTC for each architecture at build time.
#ifndef GPUTEST_EMULATED // tests run this on the CPU
#include "device.h"
#endif

#include "gemmfp32.h"
#include "gemmtensor.h"
#include "productcheck.h"
#include "streams.h"

#define GPUTEST_GEMM(name, type)                                                                   \
    GPUTEST_GEMM_KERNEL void name(float *c, const unsigned char *a, const unsigned char *b,        \
        unsigned size, unsigned rowBytes)                                                          \
    {                                                                                              \
        gputest::gemmTensor<gputest::type>(c, a, b, size, rowBytes);                               \
    }

#ifdef GPUTEST_HAS_FP16
GPUTEST_GEMM(gemm_fp16, Fp16)
#endif
#ifdef GPUTEST_HAS_BF16
GPUTEST_GEMM(gemm_bf16, Bf16)
GPUTEST_GEMM(gemm_tf32, Tf32)
#endif
#ifdef GPUTEST_HAS_FP8
GPUTEST_GEMM(gemm_fp8, Fp8)
#endif
