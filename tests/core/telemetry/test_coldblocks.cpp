// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/coldcache.h"

#include "reference.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace pilothouse;

/// What is on disk only: how it is cached, and answered from there.
class TestColdBlocks : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    std::unique_ptr<TelemetryStore> opened(StoreOptions options = fixedClock()) const
    {
        return openedStore(m_folder->path(), std::move(options));
    }
    static StoreOptions noMemory()
    {
        auto options = fixedClock();
        options.hotBytes = 1 << 14;
        return options;
    }
    static SeriesId seriesOf(TelemetryStore &store, const QString &metric)
    {
        return store.series(gauge(QStringLiteral("t"), metric));
    }
    /// Blocks of 4,096 rows of one series in one file.
    std::vector<BlockRef> blocks(Registry &registry, int count) const
    {
        const auto id = registry.add(gauge(QStringLiteral("t"), QStringLiteral("a")));
        int reason = 0;
        const auto file = FrameFile::open(m_folder->filePath(QStringLiteral("s")), true, &reason);
        std::vector<BlockRef> refs;
        const std::array<int, 1> columns{0};
        for (int i = 0; i < count; ++i) {
            HotBlock block({id}, 0, 4096, [](SeriesId) { return false; });
            for (int row = 0; row < 4096; ++row) {
                const std::array<double, 1> value{double(row * (i + 1) % 1000)};
                block.appendRow(start + (i * 4096 + row) * 1000, columns, value);
            }
            block.seal();
            if (const auto ref = appendBlock(block, *file, registry, &reason))
                refs.push_back(*ref);
        }
        return refs;
    }
    static bool readAll(ColdBlock &block)
    {
        return block.openHead(Wait::Yes) == Got::There && block.openTimes(Wait::Yes) == Got::There
            && block.openLevels(0, Wait::Yes) == Got::There
            && block.openPages(0, 0, 3, Wait::Yes) == Got::There;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void theCacheKeepsItsCapAndWhatIsUsed()
    {
        ReadGate gate;
        Registry registry(gate);
        const auto refs = blocks(registry, 20);
        QCOMPARE(refs.size(), std::size_t(20));
        constexpr std::size_t most = 300'000; // four or five of them
        ColdCache cache(most);
        const auto *first = cache.block(refs[0]).get();
        for (const auto &ref : refs) {
            QCOMPARE(cache.block(refs[0]).get(), first); // never the one used longest ago
            QVERIFY(readAll(*cache.block(ref)));
            cache.trim();
            QVERIFY(cache.bytes() <= most);
        }
        QVERIFY(cache.bytes() > most / 2);
        const auto isRead = [&](std::size_t i) { return cache.block(refs[i])->bytes() > 30'000; };
        QVERIFY(isRead(19) && isRead(0));
        QVERIFY(!isRead(1)); // it was forgotten
    }

    void manyThreadsReadOneBlock()
    {
        ReadGate gate;
        Registry registry(gate);
        const auto refs = blocks(registry, 1);
        ColdCache cache(1 << 20);
        std::atomic<int> wrong{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                const auto block = cache.block(refs[0]);
                wrong += !readAll(*block);
                for (int row = 0; row < 4096; ++row)
                    wrong += block->cells(0, row / pageRows)[row % pageRows] != row % 1000;
            });
        for (auto &one : threads)
            one.join();
        QCOMPARE(wrong.load(), 0);
        QVERIFY(cache.bytes() < 100'000); // once, not four times
    }

    void aFileThatIsGoneIsLetGo()
    {
        ReadGate gate;
        Registry registry(gate);
        auto refs = blocks(registry, 2);
        ColdCache cache(1 << 20);
        QVERIFY(readAll(*cache.block(refs[0])));
        auto held = cache.block(refs[1]); // a query is about to read it
        const std::weak_ptr<FrameFile> file = refs[0].file;
        QCOMPARE(refs[0].file->abandon(), 0);
        cache.forget(refs[0].file->id());
        QVERIFY(refs[0].file->isGone() && !refs[0].file->isAtPath());
        QVERIFY(refs[0].file->read(0, 1).empty()); // its room is free at once
        QVERIFY(held->openHead(Wait::Yes) != Got::There);
        cache.block(refs[0]); // by an old plan: not kept
        held.reset();
        refs.clear();
        QVERIFY(file.expired());
        QCOMPARE(cache.bytes(), std::size_t(0));
    }

    void largeHeadsAreNotReadAtOnce()
    {
        constexpr int series = 4000;
        const auto all = [](TelemetryStore &store) {
            std::vector<SeriesId> ids;
            for (int i = 0; i < series; ++i)
                ids.push_back(seriesOf(store, QStringLiteral("m%1").arg(i)));
            return ids;
        };
        {
            auto store = opened();
            std::vector<StoreTick> ticks;
            for (int row = 0; row < 20; ++row)
                ticks.push_back({start + row * 1000, std::vector<double>(series, double(row))});
            store->append(all(*store), ticks);
            QVERIFY(QCoro::waitFor(store->flush()).has_value());
        }
        opened().reset(); // moves the journal into the segment
        auto store = opened(noMemory());
        const auto id = all(*store).front();
        QVERIFY(QCoro::waitFor(store->flush()).has_value());
        QVERIFY(!store->atOnce({id}, start, start + 20'000, 1));
        QCOMPARE(ask(*store, id, start, start + 20'000, 1).columns[0].count, 20u);
        const auto known = store->atOnce({id}, start, start + 20'000, 1); // the head is open now
        QVERIFY(known);
        QCOMPARE(known->front().columns[0].max, 19.0);
    }

    void whatWasReadIsAnsweredAtOnce()
    {
        std::vector<StoreTick> ticks;
        Reference reference;
        for (int i = 0; i < 9000; ++i) {
            ticks.push_back({start + i * 1000, {double(i * 37 % 1000)}});
            reference.add(start + i * 1000, double(i * 37 % 1000));
        }
        {
            auto store = opened();
            store->append({seriesOf(*store, QStringLiteral("a"))}, ticks);
            QVERIFY(QCoro::waitFor(store->flush()).has_value());
        }
        opened().reset(); // moves the journal into the segment
        auto store = opened(noMemory());
        const auto id = seriesOf(*store, QStringLiteral("a"));
        QVERIFY(QCoro::waitFor(store->flush()).has_value());
        QCOMPARE(store->hot(id, start, start + 1'000'000, 10).columns[0].count, 0u);
        for (const int columns : {1, 700, 1600}) {
            const qint64 from = start + 2'345'678, to = from + 3'600'000;
            const auto slow = ask(*store, id, from, to, columns);
            const auto fast = store->atOnce({id}, from, to, columns);
            QVERIFY(fast);
            QString why;
            QVERIFY2(same(slow, reference.columns(from, to, columns), &why), qPrintable(why));
            QVERIFY2(
                same(fast->front(), reference.columns(from, to, columns), &why), qPrintable(why));
        }
        // Not before everything that was appended is in.
        store->append({id}, {{start + 9'000'000, {1}}});
        QVERIFY(QCoro::waitFor(store->flush()).has_value());
        const auto both = ask(*store, id, start, start + 9'000'001, 1).columns[0];
        QCOMPARE(both.count, 9001u);
        QCOMPARE(both.last, 1.0);
        QVERIFY(!store->atOnce({id, id}, start, start + 1000, 1 << 16)); // too much for a frame
    }

    void newestValuesComeBackFromDisk()
    {
        constexpr int targets = 30;
        const auto series = [](TelemetryStore &store, int i) {
            const auto name = QStringLiteral("t%1").arg(i);
            return std::vector<SeriesId>{store.series(gauge(name, QStringLiteral("a"))),
                store.series(gauge(name, QStringLiteral("b")))};
        };
        {
            auto store = opened();
            for (int i = 0; i < targets; ++i) {
                std::vector<StoreTick> ticks;
                for (int row = 0; row < 3000; ++row) // b ends earlier
                    ticks.push_back(
                        {start + row * 1000, {double(i + row), row < 500 ? row + 0.5 : absent}});
                store->append(series(*store, i), ticks);
            }
            QVERIFY(QCoro::waitFor(store->flush()).has_value());
        }
        opened().reset();
        auto store = opened(noMemory());
        for (int i = 0; i < targets; ++i) {
            const auto ids = series(*store, i);
            const auto a = store->latest(ids[0]), b = store->latest(ids[1]);
            QVERIFY(a && b);
            QCOMPARE(a->time, start + 2'999'000);
            QCOMPARE(a->value, double(i + 2999));
            QCOMPARE(b->time, start + 499'000);
            QCOMPARE(b->value, 499.5);
        }
    }

    void rowsOfTheJournalAreNotStoredAgain()
    {
        const auto size = [this] {
            qint64 sum = 0;
            for (const auto &file : QDir(m_folder->path()).entryInfoList(QDir::Files))
                sum += file.suffix() == QLatin1String("seg") ? file.size() : 0;
            return sum;
        };
        auto options = fixedClock();
        options.blockRows = 256;
        options.hotWindow = 600'000; // most blocks are older when it opens again
        std::mt19937_64 random(2);
        {
            auto store = opened(options);
            std::vector<StoreTick> ticks;
            for (int i = 0; i < 20'000; ++i)
                ticks.push_back({start + i * 1000, {double(random()) / 3}});
            store->append({seriesOf(*store, QStringLiteral("a"))}, ticks);
            QVERIFY(QCoro::waitFor(store->flush()).has_value());
        }
        const auto before = size();
        auto store = opened(options);
        QVERIFY(QCoro::waitFor(store->flush()).has_value());
        QVERIFY2(size() < before + 5000, qPrintable(QString::number(size() - before)));
        QCOMPARE(ask(*store, seriesOf(*store, QStringLiteral("a")), start, start + 20'000'000, 1)
                     .columns[0]
                     .count,
            20'000u);
    }
};

QTEST_GUILESS_MAIN(TestColdBlocks)
#include "test_coldblocks.moc"
