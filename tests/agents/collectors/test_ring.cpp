// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/cataloguefile.h"
#include "agents/collectors/ids.h"
#include "agents/collectors/kernelfile.h"
#include "agents/collectors/ring.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <fstream>
#include <random>
#include <sys/mount.h>

using namespace pilothouse;
using namespace pilothouse::agent;

namespace {

namespace fs = std::filesystem;

constexpr int64_t second = 1000000000, wallStart = int64_t(1700000010) * second;
const Id bootA{1}, bootB{2};

/// Everything in a tick follows from its number, so that a wrong one is seen.
wire::Tick tickOf(uint64_t number, std::size_t series = 20)
{
    wire::Tick tick{number, int64_t(number) * second, wallStart + int64_t(number) * second, {}};
    std::mt19937_64 random(number);
    for (std::size_t i = 0; i < series; ++i) {
        if (i % 7 == 3 && number % 5 == 0)
            tick.values.push_back(wire::absent);
        else if (i % 2 == 0)
            tick.values.push_back(int64_t(number * i)); // a counter
        else
            tick.values.push_back(int64_t(random() % 1000)); // noise
    }
    return tick;
}

bool areRight(const std::vector<wire::Tick> &ticks, std::size_t series = 20)
{
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        if (ticks[i] != tickOf(ticks[i].number, series))
            return false;
        if (i > 0 && ticks[i].number <= ticks[i - 1].number)
            return false;
    }
    return true;
}

RingOptions smallRing(const fs::path &folder, Id boot = bootA)
{
    RingOptions options;
    options.folder = folder;
    options.boot = boot;
    options.ticks = {{}, "ticks", 4096, 5, 50, 10};
    options.rollups = {{}, "rollups", 4096, 4, 20, 4};
    options.syncEveryMs = 20;
    return options;
}

Moment at(uint64_t number)
{
    return {int64_t(number) * second, wallStart + int64_t(number) * second};
}

Catalogue catalogueFor(const Ring &ring)
{
    auto catalogue = ring.known();
    catalogue.version = 7;
    catalogue.series.resize(20, {"metric", "", "", MetricKind::Counter, 1});
    return catalogue;
}

void fill(Ring &ring, uint64_t from, uint64_t to)
{
    const auto catalogue = catalogueFor(ring);
    for (uint64_t number = from; number <= to; ++number)
        ring.append(tickOf(number), number == from ? &catalogue : nullptr);
}

std::string bytesOf(const fs::path &file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void writeFile(const fs::path &file, const std::string &bytes)
{
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

uint64_t sizeOf(const fs::path &folder)
{
    uint64_t size = 0;
    for (const auto &entry : fs::directory_iterator(folder))
        size += entry.file_size();
    return size;
}

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

    void everyTruncationKeepsTheRest()
    {
        const Id ring{9};
        {
            TickLog log({m_temporary->path().toStdString(), "ticks", 2048, 3, 10, 5}, ring, bootA);
            for (uint64_t number = 1; number <= 20; ++number)
                log.append(tickOf(number));
        }
        const auto file = fs::path(m_temporary->path().toStdString()) / "ticks-00";
        const auto whole = bytesOf(file);
        std::size_t most = 0;
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            writeFile(file, whole.substr(0, size));
            TickLog log({m_temporary->path().toStdString(), "ticks", 2048, 1, 10, 5}, ring, bootA);
            const auto ticks = log.after(0, 1000);
            QVERIFY(areRight(ticks));
            QVERIFY(ticks.size() >= most);
            most = ticks.size();
            QCOMPARE(log.ends().lastNumber, ticks.empty() ? 0 : ticks.back().number);
            log.append(tickOf(50));
            QVERIFY(!log.after(0, 1000).empty());
            QCOMPARE(log.after(0, 1000).back().number, 50);
            QVERIFY(areRight(log.after(0, 1000)));
        }
        QVERIFY(most > 10);
    }

    void everyDamagedByteIsSeen()
    {
        const Id ring{9};
        const auto folder = fs::path(m_temporary->path().toStdString());
        std::size_t whole = 0;
        {
            TickLog log({folder, "ticks", 2048, 3, 10, 5}, ring, bootA);
            for (uint64_t number = 1; number <= 20; ++number)
                log.append(tickOf(number));
            whole = log.after(0, 1000).size();
        }
        const auto bytes = bytesOf(folder / "ticks-00");
        std::mt19937 random(3);
        for (std::size_t place = 0; place < bytes.size(); ++place) {
            auto damaged = bytes;
            damaged[place] = char(uint8_t(damaged[place]) ^ (1u << random() % 8));
            writeFile(folder / "ticks-00", damaged);
            TickLog log({folder, "ticks", 2048, 3, 10, 5}, ring, bootA);
            const auto ticks = log.after(0, 1000);
            QVERIFY(areRight(ticks));
            QVERIFY(ticks.size() <= whole);
            log.append(tickOf(100));
            const auto later = log.after(0, 1000);
            QVERIFY(areRight(later));
            QCOMPARE(later.back().number, 100);
            QCOMPARE(later.size(), ticks.size() + 1);
            for (const auto *name : {"ticks-01", "ticks-02"})
                fs::remove(folder / name);
        }
    }

    void damageCostsOnlyUpToTheNextKeyFrame()
    {
        const auto folder = fs::path(m_temporary->path().toStdString());
        const Id ring{9};
        {
            TickLog log({folder, "ticks", 65536, 3, 10, 5}, ring, bootA);
            for (uint64_t number = 1; number <= 100; ++number)
                log.append(tickOf(number));
        }
        auto bytes = bytesOf(folder / "ticks-00");
        bytes[64 + 8 + 5] = char(bytes[64 + 8 + 5] ^ 1); // in the first tick's bytes
        writeFile(folder / "ticks-00", bytes);
        const TickLog log({folder, "ticks", 65536, 3, 10, 5}, ring, bootA);
        const auto ticks = log.after(0, 1000);
        QVERIFY(areRight(ticks));
        QCOMPARE(ticks.front().number, 6);
        QCOMPARE(ticks.back().number, 100);
    }

    void lostOrDamagedCatalogueIsANewRing_data()
    {
        QTest::addColumn<QString>("damage");
        for (const auto *damage :
            {"catalogue gone", "catalogue damaged", "catalogue empty", "ticks gone"})
            QTest::newRow(damage) << QString::fromLatin1(damage);
    }
    void lostOrDamagedCatalogueIsANewRing()
    {
        QFETCH(QString, damage);
        std::string id;
        {
            Ring ring(smallRing(m_folder), at(0));
            id = ring.known().ringId;
            fill(ring, 1, 30);
        }
        if (damage == QStringLiteral("catalogue gone"))
            fs::remove(m_folder / "catalogue");
        else if (damage == QStringLiteral("catalogue damaged"))
            writeFile(m_folder / "catalogue", bytesOf(m_folder / "catalogue") + "x");
        else if (damage == QStringLiteral("catalogue empty"))
            writeFile(m_folder / "catalogue", {});
        else
            fs::remove(m_folder / "ticks-00");
        Ring ring(smallRing(m_folder), at(40));
        QVERIFY(ring.known().ringId != id);
        QVERIFY(ring.known().series.empty());
        QCOMPARE(ring.firstNumber(), 1);
        QVERIFY(ring.ticksAfter(0, 100).empty());
        fill(ring, 1, 10);
        QCOMPARE(ring.ticksAfter(0, 100).size(), 10);
    }

    void catalogueComesBackOrNotAtAll()
    {
        Catalogue catalogue;
        catalogue.ringId = formatId(randomId());
        catalogue.version = 42;
        catalogue.series.push_back({"load1", "", "", MetricKind::Gauge, 0.01});
        catalogue.series.push_back(
            {"a", "mount\twith\nodd \\ path", "bytes", MetricKind::Counter, 1e-6});
        catalogue.unsupported.push_back({"temperature", "", "no\tsensor\\"});
        const auto text = formatCatalogue(catalogue);
        const auto back = parseCatalogue(text);
        QVERIFY(back);
        QCOMPARE(back->ringId, catalogue.ringId);
        QCOMPARE(back->version, 42u);
        QCOMPARE(back->series.size(), 2u);
        QCOMPARE(back->series[1].device, catalogue.series[1].device);
        QCOMPARE(back->series[1].step, 1e-6);
        QVERIFY(back->series[1].kind == MetricKind::Counter);
        QCOMPARE(back->unsupported[0].reason, catalogue.unsupported[0].reason);
        for (std::size_t i = 0; i < text.size(); ++i) {
            auto damaged = text;
            damaged[i] = char(damaged[i] ^ 4);
            QVERIFY(!parseCatalogue(damaged));
            QVERIFY(!parseCatalogue(std::string_view(text).substr(0, i)));
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

    void secondWriterKeepsToMemory()
    {
        Ring first(smallRing(m_folder), at(0));
        fill(first, 1, 5);
        Ring second(smallRing(m_folder), at(0));
        QVERIFY(second.known().ringId != first.known().ringId);
        QVERIFY(second.trouble().find("another agent") != std::string::npos);
        fill(second, 1, 200);
        QVERIFY(areRight(second.ticksAfter(0, 1000)));
        QCOMPARE(second.ticksAfter(0, 1000).back().number, 200);
        QCOMPARE(first.ticksAfter(0, 1000).size(), 5);
    }

    void folderOfAnotherKindIsRefused()
    {
        writeFile(m_folder, "a file");
        Ring ring(smallRing(m_folder), at(0));
        QVERIFY(!ring.trouble().empty());
        fill(ring, 1, 20);
        QCOMPARE(ring.ticksAfter(0, 100).size(), 20);
        QCOMPARE(bytesOf(m_folder), std::string("a file"));
    }

    void fullDiskCostsOldTicksOnly()
    {
        const auto folder = fs::path(m_temporary->path().toStdString()) / "small";
        fs::create_directory(folder);
        if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=192k") != 0)
            QSKIP("needs the right to mount a small file system");
        const auto unmount = qScopeGuard([&] { ::umount2(folder.c_str(), MNT_DETACH); });
        auto options = smallRing(folder / "ring");
        options.ticks.segmentBytes = options.rollups.segmentBytes = 32768;
        options.ticks.segments = 20;
        options.ticks.keep = 1000000;
        {
            Ring ring(options, at(0));
            fill(ring, 1, 6000); // wants more segments than there is room for
            QVERIFY2(ring.trouble().empty(), ring.trouble().c_str());
            const auto ticks = ring.ticksAfter(0, 100000);
            QVERIFY(areRight(ticks));
            QVERIFY(ticks.size() > 500);
            QCOMPARE(ticks.back().number, 6000);
        }
        fs::remove_all(folder / "ring");
        // Now without room from the start.
        std::ofstream filler(folder / "filler", std::ios::binary);
        while (filler.write(std::string(4096, 'x').data(), 4096).flush()) { }
        filler.close();
        Ring ring(options, at(0));
        fill(ring, 1, 500);
        QVERIFY(!ring.trouble().empty());
        QVERIFY(areRight(ring.ticksAfter(0, 100000)));
        QCOMPARE(ring.ticksAfter(400, 1000).size(), 100);
        // Room again: back to the disk by itself.
        fs::remove(folder / "filler");
        for (uint64_t number = 501; number <= 560; ++number)
            ring.append(tickOf(number), nullptr);
        QVERIFY2(ring.trouble().empty(), ring.trouble().c_str());
        QVERIFY(areRight(ring.ticksAfter(0, 100000)));
        QCOMPARE(ring.ticksAfter(480, 1000).size(), 80);
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
