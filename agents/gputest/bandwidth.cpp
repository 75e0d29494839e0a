// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/steps.h"

#include <algorithm>

namespace gputest {

void Subject::figure(const std::string &name, double value) const
{
    if (value > 0)
        report.set(path("figures/" + name), value);
}

void Subject::skip(const std::string &name, const std::string &why) const
{
    report.append(path("skipped"), {{"figure", name}, {"why", why}});
}

void testDeviceBandwidth(const Subject &subject, double seconds)
{
    Gpu &gpu = subject.gpu;
    std::size_t free = 0, total = 0;
    if (gpu.failed() || !gpu.check(cuda.memoryInfo(&free, &total), "cuMemGetInfo"))
        return;
    // Far more than any L2 cache holds.
    const std::size_t bytes
        = std::min<std::size_t>(free / 4, std::size_t(2) << 30) & ~std::size_t(4095);
    const Buffer from(gpu, bytes), to(gpu, bytes);
    if (!from || !to) {
        if (!gpu.failed()) {
            for (const char *figure : {"device_read_bytes_per_second",
                     "device_write_bytes_per_second", "device_copy_bytes_per_second"})
                subject.skip(figure, "there is not enough free memory on the device");
        }
        return;
    }
    const unsigned long long blocks = bytes / 16;
    const unsigned grid = gpu.everywhere();
    const CuPointer left = from.address(), right = to.address();
    const auto perSecond = [bytes](double each) { return each > 0 ? double(bytes) / each : 0; };
    subject.figure("device_write_bytes_per_second", perSecond(gpu.timedEach(seconds / 3, [&] {
        gpu.launch("stream_write", grid, left, blocks, 1u);
    })));
    subject.figure("device_read_bytes_per_second", perSecond(gpu.timedEach(seconds / 3, [&] {
        gpu.launch("stream_read", grid, left, blocks, right, 0x9e3779b9u);
    })));
    // Each byte is read and written.
    subject.figure("device_copy_bytes_per_second", 2 * perSecond(gpu.timedEach(seconds / 3, [&] {
        gpu.launch("stream_copy", grid, right, left, blocks);
    })));
}

} // namespace gputest
