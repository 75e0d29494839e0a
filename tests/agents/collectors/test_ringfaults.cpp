// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/cataloguefile.h"
#include "agents/collectors/kernelfile.h"
#include "tests/agents/collectors/ringticks.h"

#include <sys/mount.h>

/// Damaged, cut and foreign files, a second writer, a full disk.
class TestRingFaults : public QObject {
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
};

QTEST_GUILESS_MAIN(TestRingFaults)
#include "test_ringfaults.moc"
