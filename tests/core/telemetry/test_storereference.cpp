// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

/// Answers beside those of a plain reference.
class TestStoreReference : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    std::unique_ptr<TelemetryStore> opened(StoreOptions options = fixedClock()) const
    {
        return openedStore(m_folder->path(), std::move(options));
    }

    /// Random ranges before `end`, and ranges whose columns begin where levels do.
    static void compareAround(TelemetryStore &store, const std::vector<SeriesId> &ids,
        const std::vector<Reference> &references, std::mt19937 &random, qint64 end, bool hot)
    {
        const qint64 all = end - start;
        for (int round = 0; round < 24; ++round) {
            qint64 from = start + qint64(random() % quint64(all)) - 5000,
                   to = from + 1 + qint64(random() % quint64(end - from + 5000));
            int columns = 1 + int(random() % (round % 2 ? 20 : 900));
            if (round % 4 == 0) {
                from = start + qint64(random() % 40) * 64'000;
                columns = 1 + int(random() % 9);
                to = from + columns * 64'000 * (1 + qint64(random() % 4));
            }
            for (std::size_t i = 0; i < ids.size(); ++i) {
                QString why;
                const auto expected = references[i].columns(from, to, columns);
                QVERIFY2(same(ask(store, ids[i], from, to, columns), expected, &why),
                    qPrintable(QStringLiteral("query %1: ").arg(i) + why));
                if (hot)
                    QVERIFY2(same(store.hot(ids[i], from, to, columns), expected, &why),
                        qPrintable(QStringLiteral("hot %1: ").arg(i) + why));
            }
        }
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void matchesTheReference_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 6; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void matchesTheReference()
    {
        QFETCH(int, seed);
        std::mt19937 random{quint32(seed)};
        auto options = fixedClock();
        options.blockRows = seed % 2 ? 512 : 40;
        options.segmentBytes = seed % 3 ? 16 << 20 : 4096;
        auto store = opened(options);
        constexpr std::size_t count = 5;
        std::vector<SeriesId> ids;
        std::vector<Reference> references(count);
        for (std::size_t i = 0; i < count; ++i) {
            references[i].kind = i % 2 ? StoredKind::Counter : StoredKind::Gauge;
            ids.push_back(store->series(
                gauge(QStringLiteral("t"), QStringLiteral("m%1").arg(i), references[i].kind)));
        }
        // A live stream with gaps, absent and infinite values, counters that start anew, late and
        // repeated ticks, and sources that bring only some of the series.
        qint64 time = start;
        std::vector<double> counters(count, 0);
        std::vector<StoreTick> held;
        const auto send = [&](const std::vector<std::size_t> &which, StoreTick tick) {
            std::vector<SeriesId> some;
            StoreTick part{tick.time, {}};
            for (const auto i : which) {
                some.push_back(ids[i]);
                part.values.push_back(tick.values[i]);
                references[i].add(tick.time, tick.values[i]);
            }
            store->append(some, {part});
        };
        for (int step = 0; step < 3000; ++step) {
            time += random() % 100 == 0 ? 400'000 : random() % 20 == 0 ? 7000 : 1000;
            StoreTick tick{time, {}};
            for (std::size_t i = 0; i < count; ++i) {
                counters[i] = random() % 200 == 0 ? 0 : counters[i] + double(random() % 1000);
                const double value = references[i].kind == StoredKind::Counter
                    ? counters[i]
                    : double(random() % 7000) / 10;
                tick.values.push_back(random() % 15 == 0 ? absent
                        : random() % 40 == 0             ? qInf()
                                                         : value);
            }
            const auto fate = random() % 20;
            if (fate == 0)
                held.push_back(tick);
            else if (fate == 1) {
                send({4, 0, 2}, tick);
                send({3, 1}, tick);
            } else
                send({0, 1, 2, 3, 4}, tick);
            if (fate == 2) {
                StoreTick again = tick;
                for (auto &value : again.values)
                    value = std::isfinite(value) ? value + 1 : value;
                send({0, 1, 2, 3, 4}, again);
            }
            if (held.size() > 20 || (held.size() > 2 && random() % 50 == 0)) {
                std::shuffle(held.begin(), held.end(), random);
                for (const auto &late : held)
                    send({0, 1, 2, 3, 4}, late);
                held.clear();
            }
        }
        QVERIFY(flushed(*store));
        const auto compare = [&](bool hot) {
            for (int round = 0; round < 60; ++round) {
                const qint64 from = time - qint64(random() % 7'000'000) - 1,
                             to = from + 1 + qint64(random() % 7'000'000);
                const int columns = 1 + int(random() % 700);
                for (std::size_t i = 0; i < count; ++i) {
                    QString why;
                    const auto expected = references[i].columns(from, to, columns);
                    QVERIFY2(same(ask(*store, ids[i], from, to, columns), expected, &why),
                        qPrintable(QStringLiteral("query ") + why));
                    if (hot && to <= time)
                        QVERIFY2(same(store->hot(ids[i], from, to, columns), expected, &why),
                            qPrintable(QStringLiteral("hot ") + why));
                }
            }
        };
        options.hotWindow = std::numeric_limits<qint64>::max() / 4;
        compare(time - start < 7'200'000);
        store.reset();
        store = opened(options);
        for (std::size_t i = 0; i < count; ++i)
            ids[i] = store->series(
                gauge(QStringLiteral("t"), QStringLiteral("m%1").arg(i), references[i].kind));
        QCOMPARE(store->damage(), QStringList());
        compare(false);
    }

    void hotMatchesTheReference()
    {
        auto store = opened();
        Reference gauges, counters{StoredKind::Counter, {}};
        const auto a = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        const auto b
            = store->series(gauge(QStringLiteral("t"), QStringLiteral("b"), StoredKind::Counter));
        std::mt19937 random(5);
        double counter = 0;
        for (int i = 0; i < 3600; ++i) {
            const qint64 time = start + i * 1000;
            const double value = random() % 10 == 0 ? absent : double(random() % 1000);
            counter = i % 700 == 699 ? 0 : counter + double(random() % 50);
            gauges.add(time, value);
            counters.add(time, counter);
            store->append({a, b}, {{time, {value, counter}}});
        }
        QVERIFY(flushed(*store));
        for (const int columns : {1, 2, 7, 100, 1500, 5000})
            for (const qint64 from : {start - 5000, start + 333, start + 1'000'000})
                for (const qint64 span : {1, 60'000, 900'000, 5'000'000}) {
                    QString why;
                    QVERIFY2(same(store->hot(a, from, from + span, columns),
                                 gauges.columns(from, from + span, columns), &why),
                        qPrintable(why));
                    QVERIFY2(same(store->hot(b, from, from + span, columns),
                                 counters.columns(from, from + span, columns), &why),
                        qPrintable(why));
                }
    }

    void levelsMatchTheReference_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<int>("blockRows");
        for (int seed = 1; seed <= 3; ++seed)
            for (const int rows : {64, 100, 640, 4096})
                QTest::addRow("seed %d, %d rows", seed, rows) << seed << rows;
    }
    /// Wide columns, which are answered from levels: holes of whole levels, sources that come one
    /// after the other, values that fill holes late, counters that start anew, edges of blocks,
    /// levels and columns in one place, and one sample that sticks out.
    void levelsMatchTheReference()
    {
        QFETCH(int, seed);
        QFETCH(int, blockRows);
        std::mt19937 random{quint32(seed)};
        auto options = fixedClock();
        options.blockRows = blockRows;
        options.hotWindow = std::numeric_limits<qint64>::max() / 4;
        auto store = opened(options);
        constexpr std::size_t count = 4;
        constexpr int rows = 12'000, spike = 7'777;
        std::vector<SeriesId> ids;
        std::vector<Reference> references(count);
        for (std::size_t i = 0; i < count; ++i) {
            references[i].kind = i % 2 ? StoredKind::Counter : StoredKind::Gauge;
            ids.push_back(store->series(
                gauge(QStringLiteral("t"), QStringLiteral("m%1").arg(i), references[i].kind)));
        }
        std::vector<double> counters(count, 0);
        int hole = 0;
        for (int from = 0; from < rows; from += 300) {
            std::vector<StoreTick> left, right, late;
            for (int i = from; i < from + 300; ++i) {
                const qint64 time = start + i * 1000;
                if (hole == 0 && random() % 400 == 0)
                    hole = int(random() % 200);
                hole = std::max(hole - 1, 0);
                StoreTick tick{time, {}};
                for (std::size_t k = 0; k < count; ++k) {
                    counters[k] = random() % 500 == 0 ? 0 : counters[k] + double(random() % 100);
                    double value = k % 2 ? counters[k] : double(random() % 1000) / 8;
                    if (k == 0 && i == spike)
                        value = 99'999;
                    else if (random() % 20 == 0 || (hole > 0 && k < 2))
                        value = random() % 2 ? absent : qInf();
                    tick.values.push_back(value);
                    references[k].add(time, value);
                }
                left.push_back({time, {tick.values[0], tick.values[1]}});
                // One in ten of the second source comes when levels are made already.
                (i % 10 == 3 ? late : right).push_back({time, {tick.values[2], tick.values[3]}});
            }
            store->append({ids[0], ids[1]}, left);
            store->append({ids[2], ids[3]}, right);
            store->append({ids[2], ids[3]}, late);
            if (from % 3000 == 2700) {
                QVERIFY(flushed(*store));
                compareAround(*store, ids, references, random, start + (from + 299) * 1000, true);
            }
        }
        QVERIFY(flushed(*store));
        compareAround(*store, ids, references, random, start + rows * 1000, true);
        for (qint64 span = 2000; span < rows * 3000; span = span * 3 / 2) {
            const qint64 at = start + spike * 1000 - qint64(random() % quint64(span));
            for (const int columns : {1, 40, 1500}) {
                double most = 0;
                for (const auto &column : store->hot(ids[0], at, at + span, columns).columns)
                    most = std::max(most, column.max);
                QCOMPARE(most, 99'999.0);
            }
        }
        store.reset();
        options.hotBytes = 1 << 16; // nearly all of it from disk
        store = opened(options);
        for (std::size_t i = 0; i < count; ++i)
            ids[i] = store->series(
                gauge(QStringLiteral("t"), QStringLiteral("m%1").arg(i), references[i].kind));
        compareAround(*store, ids, references, random, start + rows * 1000, false);
        QCOMPARE(store->damage(), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestStoreReference)
#include "test_storereference.moc"
