// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/kernels/operands.h"
#include "agents/gputest/steps.h"

#include <algorithm>
#include <optional>

namespace gputest {

static constexpr unsigned long long seedOfA = 1, seedOfB = 2;

const std::vector<Format> &formats()
{
    static const std::vector<Format> all{
        {NumberFp32, "gemm_fp32", "FP32", ""},
        {NumberTf32, "gemm_tf32", "TF32", "needs compute capability 8.0"},
        {NumberBf16, "gemm_bf16", "BF16", "needs compute capability 8.0"},
        {NumberFp16, "gemm_fp16", "FP16", "needs compute capability 7.5"},
        {NumberFp8, "gemm_fp8", "FP8", "needs compute capability 8.9"},
    };
    return all;
}

unsigned Product::sideFor(Gpu &gpu)
{
    std::size_t free = 0, total = 0;
    if (gpu.failed() || !gpu.check(cuda.memoryInfo(&free, &total), "cuMemGetInfo"))
        return 0;
    unsigned side = 8192;
    while (side >= 128 && 4ull * 4 * side * side > free / 2)
        side -= 128;
    return side;
}

Product::Product(Gpu &on, const Format &what, unsigned length)
    : gpu(on)
    , format(what)
    , side(length)
    , a(on, std::size_t(length) * length * bytesOf(what.number))
    , b(on, std::size_t(length) * length * bytesOf(what.number))
    , c(on, std::size_t(length) * length * sizeof(float))
{
}

void Product::fill(bool exact)
{
    const unsigned long long words = 1ull * side * side * bytesOf(format.number) / 4;
    const unsigned kind = format.number, exactly = exact ? 1 : 0;
    gpu.launch("operand_fill", gpu.everywhere(), a.address(), words, kind, exactly, seedOfA);
    gpu.launch("operand_fill", gpu.everywhere(), b.address(), words, kind, exactly, seedOfB);
}

void Product::multiply(CuPointer to)
{
    const unsigned tiles = side / 128;
    const CuPointer left = a.address(), right = b.address();
    if (format.number == NumberFp32)
        gpu.launch(format.kernel, tiles * tiles, to, left, right, side);
    else
        gpu.launch(
            format.kernel, tiles * tiles, to, left, right, side, side * bytesOf(format.number));
}

namespace {

/// What is wrong with the product of exact matrices: how many rows, and the first wrong element.
struct Wrong {
    unsigned long long rows = 0;
    Json first;
};

/// The element of a row that differs from the host's own sum.
Json firstWrongOf(Product &product, unsigned m)
{
    const unsigned side = product.side;
    std::vector<float> row(side);
    product.gpu.check(cuda.copyOut(row.data(), product.c.address() + 4ull * m * side, 4ull * side),
        "cuMemcpyDtoH");
    for (unsigned n = 0; n < side && !product.gpu.failed(); ++n) {
        int expected = 0;
        for (unsigned k = 0; k < side; ++k)
            expected += exactValue(1ull * m * side + k, seedOfA)
                * exactValue(1ull * n * side + k, seedOfB);
        if (row[n] != float(expected))
            return {{"row", m}, {"column", n}, {"expected", expected}, {"got", row[n]}};
    }
    return {{"row", m}};
}

/// nullopt: there is no memory to check in.
std::optional<Wrong> checkProduct(Product &product)
{
    Gpu &gpu = product.gpu;
    const Buffer weighted(gpu, 8ull * product.side), faultsBuffer(gpu, sizeof(Faults));
    Wrong found;
    if (!weighted || !faultsBuffer)
        return std::nullopt;
    const unsigned grid = product.side / 128;
    gpu.check(cuda.fill(faultsBuffer.address(), 0, sizeof(Faults)), "cuMemset");
    gpu.launch("product_weights", grid, weighted.address(), product.side, seedOfB);
    gpu.launch("product_check", grid, product.c.address(), weighted.address(), product.side,
        seedOfA, faultsBuffer.address());
    gpu.synchronize();
    Faults faults{};
    if (gpu.failed()
        || !gpu.check(cuda.copyOut(&faults, faultsBuffer.address(), sizeof faults), "cuMemcpyDtoH"))
        return found;
    found.rows = faults.count;
    if (faults.count > 0)
        found.first = firstWrongOf(product, unsigned(faults.first[0].index));
    return found;
}

} // namespace

void testMatrixProducts(const Subject &subject, double seconds)
{
    Gpu &gpu = subject.gpu;
    const unsigned side = Product::sideFor(gpu);
    for (const Format &format : formats()) {
        const std::string figure = std::string(format.kernel) + "_flops_per_second";
        if (gpu.failed())
            return;
        if (side < 128) {
            subject.skip(figure, "there is not enough free memory on the device");
            continue;
        }
        if (!gpu.has(format.kernel)) {
            const bool old
                = gpu.major < 8 || (format.number == NumberFp8 && gpu.major * 10 + gpu.minor < 89);
            subject.skip(figure, old ? format.why : "the kernels this driver takes lack it");
            continue;
        }
        Product product(gpu, format, side);
        if (!product) {
            if (!gpu.failed())
                subject.skip(figure, "there is not enough free memory on the device");
            continue;
        }
        product.fill(true);
        product.multiply(product.c.address());
        gpu.synchronize();
        const auto wrong = checkProduct(product);
        if (gpu.failed())
            return;
        if (!wrong) {
            subject.skip(figure, "there is not enough free memory to check its product");
            continue;
        }
        if (wrong->rows > 0) {
            subject.report.append(subject.path("wrong_products"),
                {{"format", format.title}, {"rows", wrong->rows}, {"first", wrong->first}});
            subject.report.error(subject.index,
                std::string(format.title) + " matrix product: " + std::to_string(wrong->rows)
                    + " of " + std::to_string(side) + " rows are wrong.");
        }
        product.fill(false);
        const double each = gpu.timedEach(
            seconds / double(formats().size()), [&] { product.multiply(product.c.address()); });
        subject.figure(figure, each > 0 ? product.operations() / each : 0);
    }
    subject.report.set(subject.path("gemm_side"), side);
}

} // namespace gputest
