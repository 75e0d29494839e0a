// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/kernels/operands.h"
#include "agents/gputest/steps.h"

#include <algorithm>

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

/// Rows of the exact result against the same sums on the host; how many elements differ.
struct Wrong {
    unsigned looked = 0, wrong = 0;
    Json first;
};

Wrong checkRows(Product &product)
{
    Wrong found;
    const unsigned side = product.side;
    std::vector<float> row(side);
    // In every quarter of every tile row, so that each warp's part is looked at.
    const unsigned rows = std::min(side / 32, 64u);
    for (unsigned i = 0; i < rows && !product.gpu.failed(); ++i) {
        const unsigned m = unsigned((1ull * i * side) / rows + mixed(i, 7) % 32) % side;
        product.gpu.check(
            cuda.copyOut(row.data(), product.c.address() + 4ull * m * side, 4ull * side),
            "cuMemcpyDtoH");
        for (unsigned j = 0; j < 32 && !product.gpu.failed(); ++j) {
            const unsigned n = unsigned(mixed(i * 32 + j, 11) % side);
            int expected = 0;
            for (unsigned k = 0; k < side; ++k)
                expected += exactValue(1ull * m * side + k, seedOfA)
                    * exactValue(1ull * n * side + k, seedOfB);
            ++found.looked;
            if (row[n] == float(expected))
                continue;
            if (found.wrong++ == 0)
                found.first = {{"row", m}, {"column", n}, {"expected", expected}, {"got", row[n]}};
        }
    }
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
        const Wrong wrong = checkRows(product);
        if (gpu.failed())
            return;
        if (wrong.wrong > 0) {
            subject.report.append(subject.path("wrong_products"),
                {{"format", format.title}, {"looked_at", wrong.looked}, {"wrong", wrong.wrong},
                    {"first", wrong.first}});
            subject.report.error(subject.index,
                std::string(format.title) + " matrix product: " + std::to_string(wrong.wrong)
                    + " of " + std::to_string(wrong.looked) + " elements looked at are wrong.");
        }
        product.fill(false);
        const double each = gpu.timedEach(
            seconds / double(formats().size()), [&] { product.multiply(product.c.address()); });
        subject.figure(figure, each > 0 ? product.operations() / each : 0);
    }
    subject.report.set(subject.path("gemm_side"), side);
}

} // namespace gputest
