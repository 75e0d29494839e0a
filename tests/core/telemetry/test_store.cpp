// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestStore : public QObject {
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
