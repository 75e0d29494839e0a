// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "tests/agents/collectors/ringticks.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>
#include <csignal>
#include <random>

namespace {

/// Runs as a child until it is killed.
int appendForever(const char *folder)
{
    auto options = smallRing(folder);
    options.periodNs = second;
    Ring ring(options, at(0));
    uint64_t number = ring.firstNumber();
    const auto catalogue = catalogueFor(ring);
    for (bool first = true;; ++number, first = false) {
        ring.append(tickOf(number), first ? &catalogue : nullptr);
        std::printf("%llu\n", static_cast<unsigned long long>(number));
        std::fflush(stdout);
    }
}

} // namespace

class TestRing : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_folder;

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = fs::path(m_temporary->path().toStdString()) / "ring";
    }
    void cleanup() { m_temporary.reset(); }

    void newestTicksComeBackAndTheOldestGo()
    {
        Ring ring(smallRing(m_folder), at(0));
        QCOMPARE(ring.firstNumber(), 1);
        fill(ring, 1, 1000);
        const auto ticks = ring.ticksAfter(0, 100000);
        QVERIFY(areRight(ticks));
        QCOMPARE(ticks.back().number, 1000);
        QVERIFY(ticks.size() >= 50);
        QVERIFY(ticks.size() < 1000);
        QCOMPARE(ticks.size(), 1000 - ticks.front().number + 1);
        const auto coverage = ring.coverage();
        QCOMPARE(coverage.firstNumber, ticks.front().number);
        QCOMPARE(coverage.lastNumber, 1000);
        QCOMPARE(coverage.firstWallNs, ticks.front().wallNs);
        QCOMPARE(coverage.lastWallNs, ticks.back().wallNs);
        QVERIFY(sizeOf(m_folder) <= 9 * 4096 + 4096);
    }

    void everyCursorGetsExactlyWhatFollows()
    {
        Ring ring(smallRing(m_folder), at(0));
        fill(ring, 1, 300);
        const auto first = ring.coverage().firstNumber;
        for (uint64_t after = first; after <= 301; ++after) {
            const auto ticks = ring.ticksAfter(after, 7);
            QVERIFY(areRight(ticks));
            QCOMPARE(ticks.size(), std::min<uint64_t>(7, after >= 300 ? 0 : 300 - after));
            if (!ticks.empty())
                QCOMPARE(ticks.front().number, after + 1);
        }
    }

    void reopenedRingGoesOn()
    {
        std::string id;
        {
            Ring ring(smallRing(m_folder), at(0));
            id = ring.known().ringId;
            fill(ring, 1, 200);
        }
        Ring ring(smallRing(m_folder), at(205)); // five periods later
        QCOMPARE(ring.known().ringId, id);
        QCOMPARE(ring.known().version, 7u);
        QCOMPARE(ring.known().series.size(), 20u);
        QCOMPARE(ring.firstNumber(), 205);
        fill(ring, 205, 230);
        const auto ticks = ring.ticksAfter(190, 1000);
        QVERIFY(areRight(ticks));
        QCOMPARE(ticks.size(), 10 + 26);
        QVERIFY(ring.trouble().empty());
    }

    void atOnceReopenedRingHasNoGap()
    {
        {
            Ring ring(smallRing(m_folder), at(0));
            fill(ring, 1, 20);
        }
        Ring ring(smallRing(m_folder), at(20));
        QCOMPARE(ring.firstNumber(), 21);
    }

    void anotherBootIsApart()
    {
        {
            Ring ring(smallRing(m_folder, bootA), at(0));
            fill(ring, 1, 100);
        }
        Moment early{5 * second, wallStart + 102 * second};
        Ring ring(smallRing(m_folder, bootB), early);
        QVERIFY(ring.firstNumber() >= 160); // the last seconds before it may be lost
        const auto from = ring.firstNumber();
        fill(ring, from, from + 20);
        const auto before = ring.ticksAfter(90, 1000);
        QVERIFY(areRight(before));
        QCOMPARE(before.back().number, 100);
        const auto later = ring.ticksAfter(100, 1000);
        QVERIFY(areRight(later));
        QCOMPARE(later.front().number, from);
        QCOMPARE(later.size(), 21);
        QCOMPARE(ring.bootIdOf(95), formatUuid(bootA));
        QCOMPARE(ring.bootIdOf(from), formatUuid(bootB));
    }

    void clockThatRanBackKeepsNumbersRising()
    {
        {
            Ring ring(smallRing(m_folder, bootA), at(0));
            fill(ring, 1, 10);
        }
        Ring ring(smallRing(m_folder, bootB), {0, wallStart - 86400 * second});
        QVERIFY(ring.firstNumber() > 10);
    }

    void killedWriterLosesNothing()
    {
        uint64_t last = 0;
        std::string id;
        for (int round = 0; round < 8; ++round) {
            QProcess writer;
            writer.start(QCoreApplication::applicationFilePath(),
                {QStringLiteral("--append"), QString::fromStdString(m_folder.string())});
            QVERIFY(writer.waitForReadyRead());
            while (writer.bytesAvailable() < 2000 + 500 * round)
                QVERIFY(writer.waitForReadyRead());
            writer.kill();
            QVERIFY(writer.waitForFinished());
            const auto lines = writer.readAll().split('\n');
            const auto said = lines[lines.size() - 2].toULongLong(); // the last whole line
            QVERIFY(said > last);
            Ring ring(smallRing(m_folder), at(0));
            QVERIFY(id.empty() || ring.known().ringId == id);
            id = ring.known().ringId;
            QVERIFY(ring.firstNumber() > said);
            const auto ticks = ring.ticksAfter(0, 100000);
            QVERIFY(areRight(ticks));
            QVERIFY(ticks.back().number >= said);
            last = ticks.back().number;
        }
    }

    void rollupsHaveMinMaxAndLast()
    {
        auto options = smallRing(m_folder);
        const auto value = [](uint64_t number) { return int64_t(number * 7919 % 1000); };
        const auto append = [&](Ring &ring, uint64_t from, uint64_t to) {
            for (uint64_t number = from; number <= to; ++number) {
                auto tick = tickOf(number, 2);
                tick.values = {value(number), wire::absent};
                ring.append(tick, nullptr);
            }
        };
        {
            Ring ring(options, at(0));
            const auto catalogue = catalogueFor(ring);
            ring.append(tickOf(1), &catalogue); // wallStart + 1 s begins no row
            append(ring, 2, 95);
            append(ring, 96, 100); // in the middle of a row
        }
        Ring ring(options, at(100));
        append(ring, 101, 200);
        // wallStart is 30 s aligned: rows hold numbers 30 k to 30 k + 29.
        const auto rows = ring.rollups(wallStart + 30 * second, wallStart + 180 * second);
        QCOMPARE(rows.size(), 5u);
        for (std::size_t k = 0; k < rows.size(); ++k) {
            int64_t least = 1000, most = 0;
            const uint64_t first = 30 * (k + 1);
            for (uint64_t number = first; number < first + 30; ++number) {
                least = std::min(least, value(number));
                most = std::max(most, value(number));
            }
            QCOMPARE(rows[k].startWallNs, wallStart + int64_t(first) * second);
            QCOMPARE(rows[k].seconds, 30u);
            QCOMPARE(rows[k].values[0], least);
            QCOMPARE(rows[k].values[1], most);
            QCOMPARE(rows[k].values[2], value(first + 29));
            QCOMPARE(rows[k].values[3], wire::absent);
        }
        QCOMPARE(ring.coverage().rollupFirstWallNs, wallStart);
    }

    void twoHoursOfSevenHundredSeriesFit()
    {
        constexpr std::size_t series = 700;
        RingOptions options;
        options.folder = m_folder;
        options.boot = bootA;
        Ring ring(options, at(0));
        auto catalogue = ring.known();
        catalogue.series.resize(series, {"metric", "", "", MetricKind::Gauge, 1});
        std::mt19937 random(5);
        auto tick = tickOf(0, series);
        for (uint64_t number = 1; number <= 7400; ++number) {
            tick.number = number;
            tick.boottimeNs += second;
            tick.wallNs += second;
            for (std::size_t i = 0; i < series; i += 2) // half of them move, by up to two bytes
                tick.values[i] = int64_t(random() % 4096);
            ring.append(tick, number == 1 ? &catalogue : nullptr);
        }
        QVERIFY(ring.coverage().firstNumber <= 7400 - 7200);
        QVERIFY(sizeOf(m_folder) <= 24u << 20);
        QVERIFY((uint64_t(options.ticks.segments) * options.ticks.segmentBytes
                    + uint64_t(options.rollups.segments) * options.rollups.segmentBytes)
            <= 60u << 20);
        QCOMPARE(ring.ticksAfter(3000, 100).size(), 100);
        QVERIFY(ring.ticksAfter(7399, 10).front() == tick);
    }
};

int main(int argc, char *argv[])
{
    if (argc == 3 && std::string_view(argv[1]) == "--append")
        return appendForever(argv[2]);
    QCoreApplication app(argc, argv);
    TestRing test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_ring.moc"
