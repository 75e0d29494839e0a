// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace pilothouse;

class TestStore : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    std::unique_ptr<TelemetryStore> opened(StoreOptions options = fixedClock()) const
    {
        auto store = openStore(m_folder->path(), std::move(options));
        return store ? std::move(*store) : nullptr;
    }
    static bool flushed(TelemetryStore &store) { return QCoro::waitFor(store.flush()).has_value(); }

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

    void seriesAreIdempotent()
    {
        auto store = opened();
        const auto a = store->series(gauge(QStringLiteral("t"), QStringLiteral("power")));
        const auto b = store->series(gauge(QStringLiteral("t"), QStringLiteral("heat")));
        QVERIFY(a != b);
        QVERIFY(a != 0);
        QCOMPARE(store->series(gauge(QStringLiteral("t"), QStringLiteral("power"))), a);
        QCOMPARE(store->describe(b)->key.metric, QStringLiteral("heat"));
        QVERIFY(!store->describe(999));
        QCOMPARE(store->seriesOf(QStringLiteral("t")), (std::vector<SeriesId>{a, b}));
        QVERIFY(store->seriesOf(QStringLiteral("u")).empty());
        QVERIFY(!store->latest(a));
        QCOMPARE(store->newestTime(QStringLiteral("t")), 0);
    }

    void appendedIsCoalescedAndLatestFollows()
    {
        auto store = opened();
        QSignalSpy spy(store.get(), &TelemetryStore::appended);
        const auto id = store->series(gauge(QStringLiteral("t"), QStringLiteral("power")));
        for (int i = 0; i < 50; ++i)
            store->append({id}, {{start + i * 1000, {double(i)}}});
        QVERIFY(spy.wait());
        QVERIFY(flushed(*store));
        QCoreApplication::processEvents();
        QVERIFY(spy.size() <= 50);
        QCOMPARE(store->latest(id)->value, 49.0);
        QCOMPARE(store->newestTime(QStringLiteral("t")), start + 49000);
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

    void backFillAfterAGapIsMergedIn()
    {
        auto store = opened();
        Reference all;
        const auto id = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        const auto add = [&](int from, int to) {
            std::vector<StoreTick> ticks;
            for (int i = from; i < to; ++i) {
                ticks.push_back({start + i * 1000, {double(i % 97)}});
                all.add(start + i * 1000, double(i % 97));
            }
            std::mt19937 random(1);
            std::shuffle(ticks.begin(), ticks.end(), random);
            store->append({id}, ticks);
        };
        add(0, 300);
        add(900, 1400);
        add(200, 950); // overlaps both sides
        QVERIFY(flushed(*store));
        QString why;
        const qint64 to = start + 1'400'000;
        QVERIFY2(same(store->hot(id, start, to, 333), all.columns(start, to, 333), &why),
            qPrintable(why));
        QVERIFY2(same(ask(*store, id, start, to, 333), all.columns(start, to, 333), &why),
            qPrintable(why));
        QCOMPARE(store->latest(id)->time, start + 1'399'000);
    }

    void counterResetIsAGapAndNeverNegative()
    {
        auto store = opened();
        const auto id
            = store->series(gauge(QStringLiteral("t"), QStringLiteral("c"), StoredKind::Counter));
        store->append({id},
            {{start, {100}}, {start + 1000, {300}}, {start + 2000, {50}}, {start + 4000, {70}}});
        QVERIFY(flushed(*store));
        for (const auto &curve :
            {store->hot(id, start, start + 5000, 5), ask(*store, id, start, start + 5000, 5)}) {
            QCOMPARE(curve.columns[0].count, 0u);
            QCOMPARE(curve.columns[1].last, 200.0);
            QCOMPARE(curve.columns[2].count, 0u);
            QCOMPARE(curve.columns[4].last, 10.0);
        }
    }

    void coarseRowsFillOnlyWhatIsEmpty()
    {
        auto store = opened();
        const auto id = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        std::vector<StoreTick> ticks;
        for (int i = 60; i < 120; ++i)
            ticks.push_back({start + i * 1000, {5}});
        store->append({id}, ticks);
        for (int i = 0; i < 4; ++i)
            store->appendRollup({id}, start + i * 30'000, 30, {1.0 + i}, {20.0 + i}, {10.0 + i});
        QVERIFY(flushed(*store));
        for (const auto &curve : {store->hot(id, start, start + 120'000, 480),
                 ask(*store, id, start, start + 120'000, 480)}) {
            for (std::size_t i = 0; i < 240; ++i) {
                const double row = i < 120 ? 0 : 1;
                QCOMPARE(curve.columns[i].min, 1 + row);
                QCOMPARE(curve.columns[i].max, 20 + row);
                QCOMPARE(curve.columns[i].last, 10 + row);
            }
            for (std::size_t i = 240; i < 480; ++i)
                QCOMPARE(curve.columns[i].count, i % 4 == 0 ? 1u : 0u);
        }
    }

    void clockThatJumpsForwardAndBackKeepsBeingLive()
    {
        auto options = fixedClock();
        auto now = std::make_shared<std::atomic<qint64>>(start);
        options.now = [now] { return now->load(); };
        auto store = opened(options);
        const auto id = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        store->append({id}, {{start, {1}}, {start + 86'400'000, {2}}});
        store->append({id}, {{start + 1000, {3}}});
        store->append({id}, {{start + 40 * 86'400'000ll, {4}}, {-5, {9}}}); // nonsense: left out
        QVERIFY(flushed(*store));
        QCOMPARE(store->latest(id)->value, 3.0);
        QCOMPARE(store->newestTime(QStringLiteral("t")), start + 1000);
        const auto curve = store->hot(id, start, start + 2000, 2);
        QCOMPARE(curve.columns[0].last, 1.0);
        QCOMPARE(curve.columns[1].last, 3.0);
    }

    void hotIsConsistentWhileAppending()
    {
        auto options = fixedClock();
        options.blockRows = 32;
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

    void oneSpikeIsVisibleAtEveryZoom()
    {
        auto options = fixedClock();
        options.now = [] { return start + 400 * 86'400'000ll; };
        options.keepTime = 1000 * 86'400'000ll;
        auto store = opened(options);
        const auto id = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        constexpr qint64 points = 10'000'000, batch = 100'000, spike = 6'543'217;
        for (qint64 i = 0; i < points; i += batch) {
            std::vector<StoreTick> ticks;
            ticks.reserve(batch);
            for (qint64 j = i; j < i + batch; ++j)
                ticks.push_back({start + j * 1000, {j == spike ? 9999.0 : double(j % 50)}});
            store->append({id}, std::move(ticks));
        }
        QVERIFY(flushed(*store));
        const qint64 at = start + spike * 1000;
        for (qint64 span = 2000; span < points * 2000; span *= 3) {
            const auto curve = ask(*store, id, at - span / 2, at + span / 2, 1500);
            double most = 0;
            for (const auto &column : curve.columns)
                most = std::max(most, column.max);
            QCOMPARE(most, 9999.0);
        }
    }

    void queryIsCancelledTimesOutAndOutlivesItsStore()
    {
        auto store = opened();
        const auto id = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        std::vector<StoreTick> ticks;
        for (int i = 0; i < 5000; ++i)
            ticks.push_back({start + i * 1000, {double(i)}});
        store->append({id}, ticks);
        std::stop_source stop;
        stop.request_stop();
        const Context stopped(stop.get_token());
        auto answer = QCoro::waitFor(store->query(stopped, {id}, start, start + 5'000'000, 10));
        QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
        const Context late({}, QDeadlineTimer(0));
        answer = QCoro::waitFor(store->query(late, {id}, start, start + 5'000'000, 10));
        QCOMPARE(answer.error().kind, ErrorKind::Timeout);
        auto pending = store->query({}, {id, 999}, start, start + 5'000'000, 10);
        store.reset();
        answer = QCoro::waitFor(std::move(pending));
        QVERIFY(answer.has_value());
        QCOMPARE(answer->at(0).columns[9].last, 4999.0);
        QCOMPARE(answer->at(1).columns[9].count, 0u);
    }
};

QTEST_GUILESS_MAIN(TestStore)
#include "test_store.moc"
