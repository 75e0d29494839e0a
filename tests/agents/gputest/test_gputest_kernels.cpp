// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The GPU test's kernels, run on the CPU: index arithmetic, barriers, tiles and fragments.
#include "tests/support/cudaemulator/kernels.h"

#include "agents/gputest/kernels/stagelayout.h"
#include "agents/gputest/kernels/tileorder.h"

#include <QRegularExpression>
#include <QTest>

#include <array>
#include <cmath>
#include <set>
#include <vector>

using namespace gputest;

namespace {

using Words = std::vector<unsigned>;

/// Room at a place that 16-byte blocks may be read from.
struct Block16 {
    uint4 block;
};

struct Matrix {
    std::vector<Block16> memory;
    unsigned number;

    Matrix(unsigned side, unsigned format, bool exact, unsigned long long seed)
        : memory(std::size_t(side) * side * bytesOf(format) / 16)
        , number(format)
    {
        const unsigned long long count = memory.size() * 4;
        emulator::launch(3, 256, [&] { operand_fill(words(), count, format, exact, seed); });
    }
    unsigned *words() { return reinterpret_cast<unsigned *>(memory.data()); }
    const unsigned char *bytes() const
    {
        return reinterpret_cast<const unsigned char *>(memory.data());
    }
    double at(unsigned long long element) const
    {
        switch (number) {
        case NumberTf32:
            return emulator::decodeTf32(bytes() + element / 8 * 32, unsigned(element % 8));
        case NumberBf16:
            return emulator::decodeBf16(bytes() + element / 16 * 32, unsigned(element % 16));
        case NumberFp16:
            return emulator::decodeFp16(bytes() + element / 16 * 32, unsigned(element % 16));
        case NumberFp8:
            return emulator::decodeFp8(bytes() + element / 32 * 32, unsigned(element % 32));
        default: {
            float value = 0;
            std::memcpy(&value, bytes() + element * 4, 4);
            return double(value);
        }
        }
    }
};

std::vector<float> product(unsigned format, const Matrix &a, const Matrix &b, unsigned side)
{
    std::vector<Block16> memory(std::size_t(side) * side / 4, Block16{{1, 1, 1, 1}});
    auto *c = reinterpret_cast<float *>(memory.data());
    const unsigned tiles = side / 128, rowBytes = side * bytesOf(format);
    emulator::launch(tiles * tiles, 256, [&] {
        switch (format) {
        case NumberFp32:
            return gemm_fp32(c, reinterpret_cast<const float *>(a.bytes()),
                reinterpret_cast<const float *>(b.bytes()), side);
        case NumberTf32:
            return gemm_tf32(c, a.bytes(), b.bytes(), side, rowBytes);
        case NumberBf16:
            return gemm_bf16(c, a.bytes(), b.bytes(), side, rowBytes);
        case NumberFp16:
            return gemm_fp16(c, a.bytes(), b.bytes(), side, rowBytes);
        default:
            return gemm_fp8(c, a.bytes(), b.bytes(), side, rowBytes);
        }
    });
    return {c, c + std::size_t(side) * side};
}

} // namespace

class TestGputestKernels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void everyTileOnce();
    void stagesAvoidBankConflicts();
    void elementsAreWhatTheHostSays();
    void products_data();
    void products();
    void patterns();
    void faultsAreFound();
    void manyFaultsAreCounted();
    void streams();
    void comparison();
    void oneWrongElementIsFound();
};

void TestGputestKernels::everyTileOnce()
{
    for (unsigned side = 1; side <= 70; ++side) {
        std::set<std::pair<unsigned, unsigned>> seen;
        for (unsigned block = 0; block < side * side; ++block) {
            const Tile tile = tileOf(block, side);
            QVERIFY(tile.row < side && tile.column < side);
            seen.insert({tile.row, tile.column});
        }
        QCOMPARE(seen.size(), std::size_t(side) * side);
    }
}

void TestGputestKernels::stagesAvoidBankConflicts()
{
    // The 8 rows that one matrix is loaded from lie in different groups of 4 banks, and no two
    // places are one.
    std::set<unsigned> all;
    for (unsigned chunk = 0; chunk < 4; ++chunk) {
        for (unsigned first = 0; first < 128; first += 8) {
            std::set<unsigned> banks;
            for (unsigned row = first; row < first + 8; ++row) {
                banks.insert(inStage(row, chunk) % 128 / 16);
                all.insert(inStage(row, chunk));
            }
            QCOMPARE(banks.size(), std::size_t(8));
        }
    }
    QCOMPARE(all.size(), std::size_t(128 * 4));
}

void TestGputestKernels::elementsAreWhatTheHostSays()
{
    for (const unsigned format : {NumberFp32, NumberTf32, NumberBf16, NumberFp16, NumberFp8}) {
        const Matrix exact(128, format, true, 5), rich(128, format, false, 5);
        std::array<int, 3> counts{};
        for (unsigned i = 0; i < 128 * 128; ++i) {
            QCOMPARE(exact.at(i), double(exactValue(i, 5)));
            ++counts[std::size_t(exactValue(i, 5) + 1)];
            QVERIFY(std::abs(rich.at(i)) >= 0.5 && std::abs(rich.at(i)) < 1);
        }
        for (const int count : counts)
            QVERIFY(count > 5000);
    }
}

void TestGputestKernels::products_data()
{
    QTest::addColumn<unsigned>("format");
    QTest::addColumn<unsigned>("side");
    QTest::addColumn<bool>("exact");
    const std::pair<unsigned, const char *> formats[] = {{NumberFp32, "fp32"}, {NumberTf32, "tf32"},
        {NumberBf16, "bf16"}, {NumberFp16, "fp16"}, {NumberFp8, "fp8"}};
    for (const auto &[format, name] : formats) {
        QTest::addRow("%s exact 128", name) << format << 128u << true;
        QTest::addRow("%s 256", name) << format << 256u << false;
    }
    QTest::newRow("bf16 exact 384") << unsigned(NumberBf16) << 384u << true;
}

void TestGputestKernels::products()
{
    QFETCH(unsigned, format);
    QFETCH(unsigned, side);
    QFETCH(bool, exact);
    const Matrix a(side, format, exact, 1), b(side, format, exact, 2);
    const auto c = product(format, a, b, side);
    std::vector<double> left(std::size_t(side) * side), right(left.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
        left[i] = a.at(i);
        right[i] = b.at(i);
    }
    for (unsigned m = 0; m < side; ++m) {
        for (unsigned n = 0; n < side; ++n) {
            double expected = 0;
            for (unsigned k = 0; k < side; ++k)
                expected += left[m * side + k] * right[n * side + k];
            const double got = double(c[m * side + n]);
            if (exact ? got != expected : std::abs(got - expected) > 1e-3)
                QFAIL(qPrintable(QStringLiteral("row %1, column %2: %3 and not %4")
                                     .arg(m)
                                     .arg(n)
                                     .arg(got)
                                     .arg(expected)));
        }
    }
}

void TestGputestKernels::patterns()
{
    std::vector<unsigned long long> words(5000, 0x1234);
    Faults faults{};
    emulator::launch(4, 256, [&] { pattern_write(words.data(), 4990, 100, PatternZeros, 9); });
    for (unsigned pattern = 0; pattern < PatternCount; ++pattern) {
        emulator::launch(4, 256,
            [&] { pattern_check(words.data(), 4990, 100, pattern, pattern + 1, 9, &faults); });
        QCOMPARE(faults.count, 0ull);
        if (pattern + 1 == PatternAddress)
            QCOMPARE(words[7], 107ull * 8);
    }
    QCOMPARE(words[4990], 0x1234ull); // beyond its end
}

void TestGputestKernels::faultsAreFound()
{
    std::vector<unsigned long long> words(3000);
    Faults faults{};
    emulator::launch(2, 256, [&] { pattern_write(words.data(), 3000, 0, PatternChecker, 0); });
    words[2222] ^= 1ull << 37;
    emulator::launch(2, 256,
        [&] { pattern_check(words.data(), 3000, 0, PatternChecker, PatternNone, 0, &faults); });
    QCOMPARE(faults.count, 1ull);
    QCOMPARE(faults.first[0].index, 2222ull);
    QCOMPARE(faults.first[0].expected ^ faults.first[0].got, 1ull << 37);
    QCOMPARE(words[0], 0xaaaaaaaaaaaaaaaaull); // PatternNone leaves them
}

void TestGputestKernels::manyFaultsAreCounted()
{
    std::vector<unsigned long long> words(1000, 1);
    struct {
        Faults faults{};
        unsigned long long after = 77;
    } guarded;
    emulator::launch(1, 256, [&] {
        pattern_check(words.data(), 1000, 0, PatternZeros, PatternNone, 0, &guarded.faults);
    });
    QCOMPARE(guarded.faults.count, 1000ull);
    QCOMPARE(guarded.after, 77ull);
}

void TestGputestKernels::streams()
{
    std::vector<Block16> from(1001), to(1002);
    emulator::launch(2, 256, [&] { stream_write(&from[0].block, 1001, 7); });
    QCOMPARE(from[1000].block.w, 7u);
    from[500].block = {1, 2, 3, 4};
    to[1001].block.x = 99;
    emulator::launch(2, 256, [&] { stream_copy(&to[0].block, &from[0].block, 1001); });
    QCOMPARE(to[500].block.z, 3u);
    QCOMPARE(to[1000].block.x, 7u);
    QCOMPARE(to[1001].block.x, 99u);
    unsigned sink = 0;
    emulator::launch(2, 256, [&] { stream_read(&from[0].block, 1001, &sink, 0x9e3779b9u); });
    QCOMPARE(sink, 0u);
}

void TestGputestKernels::comparison()
{
    Words expected(700, 3), got(700, 3);
    got[699] = 0x80000003;
    Faults faults{};
    emulator::launch(1, 256, [&] { result_compare(expected.data(), got.data(), 700, &faults); });
    QCOMPARE(faults.count, 1ull);
    QCOMPARE(faults.first[0].index, 699ull);
    QCOMPARE(faults.first[0].got, 0x80000003ull);
}

void TestGputestKernels::oneWrongElementIsFound()
{
    const unsigned side = 128;
    const Matrix a(side, NumberFp32, true, 1), b(side, NumberFp32, true, 2);
    auto c = product(NumberFp32, a, b, side);
    const auto wrongRows = [&] {
        std::vector<long long> weighted(side);
        Faults faults{};
        emulator::launch(1, 256, [&] { product_weights(weighted.data(), side, 2); });
        emulator::launch(
            1, 256, [&] { product_check(c.data(), weighted.data(), side, 1, &faults); });
        return faults;
    };
    QCOMPARE(wrongRows().count, 0ull);
    for (const unsigned place : {0u, 5000u, side * side - 1}) {
        for (const float wrong : {c[place] + 1, c[place] - 0.5f, std::nanf("")}) {
            const float right = std::exchange(c[place], wrong);
            const auto faults = wrongRows();
            QCOMPARE(faults.count, 1ull);
            QCOMPARE(faults.first[0].index, place / side + 0ull);
            c[place] = right;
        }
    }
}

QTEST_GUILESS_MAIN(TestGputestKernels)
#include "test_gputest_kernels.moc"
