// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/kernels/operands.h"
#include "agents/gputest/steps.h"

#include <algorithm>

namespace gputest {

/// The format that draws most power: BF16 on tensor cores, else what there is.
static const Format &heaviest(Gpu &gpu)
{
    for (const unsigned number : {NumberBf16, NumberFp16}) {
        for (const Format &format : formats()) {
            if (format.number == number && gpu.has(format.kernel))
                return format;
        }
    }
    return formats().front();
}

void testLoad(const Subject &subject, Clock::time_point deadline)
{
    Gpu &gpu = subject.gpu;
    const unsigned side = Product::sideFor(gpu);
    const Format &format = heaviest(gpu);
    if (gpu.failed())
        return;
    Product product(gpu, format, std::max(side, 128u));
    const unsigned long long elements = 1ull * product.side * product.side;
    const Buffer reference(gpu, elements * sizeof(float)), faultsBuffer(gpu, sizeof(Faults));
    if (side < 128 || !product || !reference || !faultsBuffer) {
        if (!gpu.failed())
            subject.skip("load_flops_per_second", "there is not enough free memory on the device");
        return;
    }
    product.fill(false);
    gpu.check(cuda.fill(faultsBuffer.address(), 0, sizeof(Faults)), "cuMemset");
    product.multiply(reference.address());
    gpu.synchronize();

    const auto begin = Clock::now();
    unsigned long long products = 0;
    double computing = 0; // seconds of the device, without the comparisons
    unsigned batch = 1;
    do {
        const double took = gpu.timed([&] {
            for (unsigned i = 0; i < batch; ++i)
                product.multiply(product.c.address());
        });
        gpu.launch("result_compare", gpu.everywhere(), reference.address(), product.c.address(),
            elements, faultsBuffer.address());
        gpu.synchronize();
        computing += took;
        products += batch;
        // About ten comparisons a second: rare enough to cost nothing, often enough to catch one.
        if (took > 0)
            batch = unsigned(std::clamp(0.1 / (took / batch), 1.0, 10000.0));
    } while (!gpu.failed() && Clock::now() < deadline);

    Faults faults{};
    if (gpu.failed()
        || !gpu.check(cuda.copyOut(&faults, faultsBuffer.address(), sizeof faults), "cuMemcpyDtoH"))
        return;
    subject.report.set(
        subject.path("load/seconds"), std::chrono::duration<double>(Clock::now() - begin).count());
    subject.report.set(subject.path("load/format"), format.title);
    subject.report.set(subject.path("load/products"), products);
    subject.report.set(subject.path("load/wrong_elements"), faults.count);
    subject.figure("load_flops_per_second",
        computing > 0 ? double(products) * product.operations() / computing : 0);
    if (faults.count > 0)
        subject.report.error(subject.index,
            "Sustained load: " + std::to_string(faults.count)
                + " elements of results differ from the first result of the same product.");
}

} // namespace gputest
