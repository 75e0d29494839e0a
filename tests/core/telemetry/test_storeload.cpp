// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace pilothouse;

/// Many samples: readers beside the writer, memory.
class TestStoreLoad : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    std::unique_ptr<TelemetryStore> opened(StoreOptions options = fixedClock()) const
    {
        return openedStore(m_folder->path(), std::move(options));
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void hotIsConsistentWhileAppending_data()
    {
        QTest::addColumn<int>("blockRows");
        QTest::addRow("no levels") << 32;
        QTest::addRow("levels") << 1024;
    }
    void hotIsConsistentWhileAppending()
    {
        QFETCH(int, blockRows);
        auto options = fixedClock();
        options.blockRows = blockRows;
        auto store = opened(options);
        const auto a = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        const auto b = store->series(gauge(QStringLiteral("t"), QStringLiteral("b")));
        constexpr int rows = 20000;
        std::atomic<bool> done{false}, wrong{false};
        std::thread reader([&] {
            while (!done) {
                const auto curve = store->hot(a, start, start + rows * 10, 50);
                bool ended = false;
                for (const auto &column : curve.columns) {
                    // Values are their own row number: every column is full or the newest.
                    wrong = wrong
                        || (column.count > 0
                            && (ended || column.max - column.min + 1 != column.count));
                    ended = ended || column.count == 0;
                }
                const auto latest = store->latest(b);
                wrong = wrong || (latest && latest->time != start + qint64(latest->value) * 10);
            }
        });
        for (int i = 0; i < rows; ++i)
            store->append({a, b}, {{start + i * 10, {double(i), double(i)}}});
        const bool ok = flushed(*store);
        done = true;
        reader.join();
        QVERIFY(ok);
        QVERIFY(!wrong);
    }

    /// Levels are made anew while a reader uses them.
    void lateValuesNeverShowAZero()
    {
        auto options = fixedClock();
        options.blockRows = 1024;
        auto store = opened(options);
        const auto a = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        const auto b = store->series(gauge(QStringLiteral("t"), QStringLiteral("b")));
        constexpr int rows = 20'000, late = 300;
        std::atomic<bool> done{false}, wrong{false};
        std::thread reader([&] {
            const auto good = [](double value) { return value >= 5 && value <= 9; };
            while (!done)
                for (const auto &column : store->hot(b, start, start + rows * 10, 20).columns)
                    wrong = wrong
                        || (column.count > 0
                            && !(good(column.min) && good(column.max) && good(column.first)
                                && good(column.last)));
        });
        store->append({b}, {{start - 10, {5}}});
        for (int i = 0; i < rows + late; ++i) {
            if (i < rows)
                store->append({a}, {{start + i * 10, {1}}});
            if (i >= late)
                store->append({b}, {{start + (i - late) * 10, {double(5 + i % 5)}}});
        }
        const bool ok = flushed(*store);
        done = true;
        reader.join();
        QVERIFY(ok);
        QVERIFY(!wrong);
        QCOMPARE(ask(*store, b, start, start + rows * 10, 1).columns[0].count, quint32(rows));
    }

    void memoryIsCapped()
    {
        auto options = fixedClock();
        options.hotBytes = 256 << 10;
        options.hotWindow = 86'400'000;
        auto store = opened(options);
        std::vector<SeriesId> ids;
        for (int i = 0; i < 20; ++i)
            ids.push_back(store->series(gauge(QStringLiteral("t"), QStringLiteral("m%1").arg(i))));
        for (int i = 0; i < 20000; i += 100) {
            std::vector<StoreTick> ticks;
            for (int j = i; j < i + 100; ++j)
                ticks.push_back({start + j * 1000, std::vector<double>(20, j)});
            store->append(ids, ticks);
        }
        QVERIFY(flushed(*store));
        QCOMPARE(store->hot(ids[0], start, start + 1'000'000, 1).columns[0].count, 0u);
        const auto hot = store->hot(ids[3], start, start + 20'000'000, 1).columns[0];
        QVERIFY(hot.count > 100);
        QVERIFY(hot.count * 20 * 8 <= options.hotBytes);
        QCOMPARE(hot.last, 19999.0);
        QCOMPARE(ask(*store, ids[3], start, start + 20'000'000, 1).columns[0].count, 20000u);
    }
};

QTEST_GUILESS_MAIN(TestStoreLoad)
#include "test_storeload.moc"
