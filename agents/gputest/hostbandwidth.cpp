// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/steps.h"

#include <algorithm>
#include <cstring>

namespace gputest {

namespace {

/// Seconds on the host's clock for one of many: copies of pageable memory are the host's work.
double wallTimedEach(Gpu &gpu, double seconds, const std::function<void()> &work)
{
    work();
    gpu.synchronize();
    double best = 0;
    const auto begin = Clock::now();
    while (!gpu.failed()) {
        const auto start = Clock::now();
        work();
        gpu.synchronize();
        const double took = std::chrono::duration<double>(Clock::now() - start).count();
        best = best == 0 ? took : std::min(best, took);
        if (std::chrono::duration<double>(Clock::now() - begin).count() >= seconds)
            return best;
    }
    return 0;
}

} // namespace

void testHostBandwidth(const Subject &subject, double seconds)
{
    Gpu &gpu = subject.gpu;
    std::size_t free = 0, total = 0;
    if (gpu.failed() || !gpu.check(cuda.memoryInfo(&free, &total), "cuMemGetInfo"))
        return;
    const std::size_t bytes
        = std::min<std::size_t>(free / 4, std::size_t(256) << 20) & ~std::size_t(4095);
    const Buffer buffer(gpu, bytes);
    if (!buffer) {
        if (!gpu.failed()) {
            for (const char *figure : {"h2d_pinned_bytes_per_second", "d2h_pinned_bytes_per_second",
                     "h2d_pageable_bytes_per_second", "d2h_pageable_bytes_per_second"})
                subject.skip(figure, "there is not enough free memory on the device");
        }
        return;
    }
    const CuPointer device = buffer.address();
    const auto perSecond = [bytes](double each) { return each > 0 ? double(bytes) / each : 0; };
    void *pinned = nullptr;
    if (cuda.allocateHost(&pinned, bytes) == 0) {
        std::memset(pinned, 0x5a, bytes);
        subject.figure("h2d_pinned_bytes_per_second", perSecond(gpu.timedEach(seconds / 4, [&] {
            gpu.check(cuda.copyInAsync(device, pinned, bytes, nullptr), "cuMemcpyHtoDAsync");
        })));
        subject.figure("d2h_pinned_bytes_per_second", perSecond(gpu.timedEach(seconds / 4, [&] {
            gpu.check(cuda.copyOutAsync(pinned, device, bytes, nullptr), "cuMemcpyDtoHAsync");
        })));
        cuda.releaseHost(pinned);
    } else {
        for (const char *figure : {"h2d_pinned_bytes_per_second", "d2h_pinned_bytes_per_second"})
            subject.skip(figure, "the host gives no pinned memory (see ulimit -l)");
    }
    std::vector<unsigned char> pageable(bytes, 0x5a);
    subject.figure("h2d_pageable_bytes_per_second", perSecond(wallTimedEach(gpu, seconds / 4, [&] {
        gpu.check(cuda.copyIn(device, pageable.data(), bytes), "cuMemcpyHtoD");
    })));
    subject.figure("d2h_pageable_bytes_per_second", perSecond(wallTimedEach(gpu, seconds / 4, [&] {
        gpu.check(cuda.copyOut(pageable.data(), device, bytes), "cuMemcpyDtoH");
    })));
}

} // namespace gputest
