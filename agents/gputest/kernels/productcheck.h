// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Whether a product of exact matrices is right, all of it: rows of C times weights against A times
// (B^T times the weights) (R. Freivalds, "Probabilistic machines can use less running time", 1977).
// A and B are computed anew and not read. No weight is 0, so one wrong element of a row is always
// found.
#pragma once

#include "streams.h"

namespace gputest {

GPUTEST_BOTH constexpr long long weightOf(unsigned long long column)
{
    return 1 + static_cast<long long>(mixed(column, 13) % 7);
}

} // namespace gputest

/// weighted[k] = sum over n of B[n][k] * weight(n).
GPUTEST_KERNEL void product_weights(long long *weighted, unsigned size, unsigned long long seedOfB)
{
    for (auto k = gputest::firstIndex(); k < size; k += gputest::stride()) {
        long long sum = 0;
        for (unsigned long long n = 0; n < size; ++n)
            sum += gputest::exactValue(n * size + k, seedOfB) * gputest::weightOf(n);
        weighted[k] = sum;
    }
}

/// Reports each row of C that is not what it should be; expected and got are weighted sums.
GPUTEST_KERNEL void product_check(const float *c, const long long *weighted, unsigned size,
    unsigned long long seedOfA, gputest::Faults *faults)
{
    for (auto m = gputest::firstIndex(); m < size; m += gputest::stride()) {
        long long expected = 0;
        double got = 0; // exact up to 2^53, and a NaN stays one
        for (unsigned long long k = 0; k < size; ++k) {
            expected += gputest::exactValue(m * size + k, seedOfA) * weighted[k];
            got += static_cast<double>(c[m * size + k]) * static_cast<double>(gputest::weightOf(k));
        }
        if (!(got == static_cast<double>(expected)))
            gputest::report(faults, m, static_cast<unsigned long long>(expected), 0);
    }
}
