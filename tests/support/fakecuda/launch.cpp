// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakecuda/fakecuda.h"

#include "tests/support/cudaemulator/kernels.h"

#include <functional>

#include <unistd.h>

namespace fakecuda {

namespace {

template <typename Value> Value argument(void **arguments, int index)
{
    Value value;
    std::memcpy(&value, arguments[index], sizeof value);
    return value;
}

using Words = unsigned long long;

/// What a launch does, how much memory it moves and how much it computes.
struct Work {
    std::function<void()> kernel;
    double bytes = 0, operations = 0;
    bool product = false;
    std::string same; ///< arguments, so that the same launch again is known
};

Work stream(const std::string &name, void **a)
{
    if (name == "stream_copy")
        return {[a] {
                    stream_copy(argument<uint4 *>(a, 0), argument<const uint4 *>(a, 1),
                        argument<Words>(a, 2));
                },
            32.0 * double(argument<Words>(a, 2))};
    if (name == "stream_read")
        return {[a] {
                    stream_read(argument<const uint4 *>(a, 0), argument<Words>(a, 1),
                        argument<unsigned *>(a, 2), argument<unsigned>(a, 3));
                },
            16.0 * double(argument<Words>(a, 1))};
    if (name == "stream_write")
        return {[a] {
                    stream_write(
                        argument<uint4 *>(a, 0), argument<Words>(a, 1), argument<unsigned>(a, 2));
                },
            16.0 * double(argument<Words>(a, 1))};
    return {};
}

Work check(const std::string &name, void **a)
{
    if (name == "operand_fill")
        return {[a] {
                    operand_fill(argument<unsigned *>(a, 0), argument<Words>(a, 1),
                        argument<unsigned>(a, 2), argument<unsigned>(a, 3), argument<Words>(a, 4));
                },
            4.0 * double(argument<Words>(a, 1))};
    if (name == "pattern_write")
        return {[a] {
                    pattern_write(argument<Words *>(a, 0), argument<Words>(a, 1),
                        argument<Words>(a, 2), argument<unsigned>(a, 3), argument<Words>(a, 4));
                },
            8.0 * double(argument<Words>(a, 1))};
    if (name == "pattern_check")
        return {[a] {
                    pattern_check(argument<Words *>(a, 0), argument<Words>(a, 1),
                        argument<Words>(a, 2), argument<unsigned>(a, 3), argument<unsigned>(a, 4),
                        argument<Words>(a, 5), argument<gputest::Faults *>(a, 6));
                },
            16.0 * double(argument<Words>(a, 1))};
    if (name == "product_weights")
        return {[a] {
                    product_weights(argument<long long *>(a, 0), argument<unsigned>(a, 1),
                        argument<Words>(a, 2));
                },
            0};
    if (name == "product_check")
        return {[a] {
                    product_check(argument<const float *>(a, 0), argument<const long long *>(a, 1),
                        argument<unsigned>(a, 2), argument<Words>(a, 3),
                        argument<gputest::Faults *>(a, 4));
                },
            0};
    if (name == "result_compare")
        return {[a] {
                    result_compare(argument<const unsigned *>(a, 0),
                        argument<const unsigned *>(a, 1), argument<Words>(a, 2),
                        argument<gputest::Faults *>(a, 3));
                },
            8.0 * double(argument<Words>(a, 2))};
    return {};
}

Work product(const std::string &name, void **a)
{
    const double side = argument<unsigned>(a, 3);
    Work work;
    work.operations = 2 * side * side * side;
    work.product = true;
    if (name == "gemm_fp32") {
        work.kernel = [a] {
            gemm_fp32(argument<float *>(a, 0), argument<const float *>(a, 1),
                argument<const float *>(a, 2), argument<unsigned>(a, 3));
        };
        return work;
    }
    const auto kernel = name == "gemm_tf32" ? &gemm_tf32
        : name == "gemm_bf16"               ? &gemm_bf16
        : name == "gemm_fp16"               ? &gemm_fp16
        : name == "gemm_fp8"                ? &gemm_fp8
                                            : nullptr;
    if (kernel)
        work.kernel = [a, kernel] {
            kernel(argument<float *>(a, 0), argument<const unsigned char *>(a, 1),
                argument<const unsigned char *>(a, 2), argument<unsigned>(a, 3),
                argument<unsigned>(a, 4));
        };
    return work;
}

} // namespace

int runKernel(Device &device, const std::string &name, unsigned grid, void **arguments)
{
    Work work = stream(name, arguments);
    if (!work.kernel)
        work = check(name, arguments);
    if (!work.kernel && name.starts_with("gemm_"))
        work = product(name, arguments);
    if (!work.kernel)
        return NotFound;
    if (++device.launches == device.scenario.hangAfter) {
        driver().mutex.unlock();
        while (true)
            ::pause();
    }
    if (device.scenario.failAfter > 0 && device.launches >= device.scenario.failAfter)
        return device.failed = device.scenario.failResult;
    device.seconds
        += work.bytes / device.scenario.bandwidth + work.operations / device.scenario.flops;
    const bool wrong = work.product && ++device.products >= device.scenario.wrongFrom
        && device.scenario.wrongFrom > 0;
    // Products and streams write the same again; running them once is enough for every repetition.
    std::string same;
    if (work.product || name.starts_with("stream_")) {
        same = name;
        for (int i = 0; i < 3; ++i)
            same += ' ' + std::to_string(argument<Words>(arguments, i));
    }
    float *spoilt = work.product ? argument<float *>(arguments, 0) + 17 : nullptr;
    if (same.empty() || same != device.done) {
        emulator::launch(grid, 256, work.kernel);
        device.applyStuckBit();
        device.done = same;
    } else if (work.product && device.spoiled) {
        *spoilt = device.right;
    }
    device.spoiled = wrong;
    if (wrong) {
        device.right = *spoilt;
        *spoilt += 1;
    }
    return Success;
}

} // namespace fakecuda
