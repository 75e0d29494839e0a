// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace pilothouse;

/// What a hostile or broken node can name and send.
class TestStoreFaults : public QObject {
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

    void tooManySeriesOfOneNodeAreCappedAndSaid()
    {
        auto store = opened();
        QSignalSpy said(store.get(), &TelemetryStore::damageChanged);
        const auto target = QStringLiteral("flood");
        std::vector<SeriesId> ids;
        for (int i = 0; i < 100'000; ++i)
            ids.push_back(store->series(gauge(target, QStringLiteral("m%1").arg(i))));
        QCOMPARE(std::count(ids.begin(), ids.end(), 0u), 100'000 - 65'536);
        QCOMPARE(store->seriesOf(target).size(), std::size_t(65'536));
        QCOMPARE(store->damage().size(), 1);
        QTRY_COMPARE(said.size(), 1);
        QVERIFY(store->damage()[0].contains(target)
            && store->damage()[0].contains(QStringLiteral("65536")));
        // What is over the cap does no harm to the others, of this node and of the next.
        const auto other = store->series(gauge(QStringLiteral("quiet"), QStringLiteral("a")));
        QVERIFY(other != 0);
        store->append({ids[0], ids[99'999], other}, {{start, {1, 2, 3}}});
        QVERIFY(flushed(*store));
        QCOMPARE(store->latest(ids[0])->value, 1.0);
        QCOMPARE(store->latest(other)->value, 3.0);
        QVERIFY(!store->latest(0));
    }

    void strangeLabelsStayApartAndComeBack()
    {
        const QString markup = QStringLiteral("<b onclick=\"x()\">&amp;</b>\"'\\");
        const QString control = QStringLiteral("a\x01\n\t\x7f") + QChar(0) + QStringLiteral("b");
        const QString longOne(1 << 20, QLatin1Char('x'));
        const QStringList labels{
            markup, control, longOne, longOne + QLatin1Char('y'), QStringLiteral("a"), QString()};
        std::vector<SeriesId> ids;
        const auto ask = [&](TelemetryStore &store) {
            std::vector<SeriesId> found;
            for (const auto &label : labels)
                found.push_back(store.series({{QStringLiteral("t"), label, label}, label, {}}));
            return found;
        };
        {
            auto store = opened();
            ids = ask(*store);
            QCOMPARE(std::set<SeriesId>(ids.begin(), ids.end()).size(), ids.size());
            QCOMPARE(store->describe(ids[0])->key.device, markup);
            for (const auto id : ids) {
                const auto key = store->describe(id)->key;
                QVERIFY(key.metric.size() <= 1024);
                for (const auto one : key.metric)
                    QVERIFY(one.category() != QChar::Other_Control);
            }
            store->append(ids, {{start, {1, 2, 3, 4, 5, 6}}});
            QVERIFY(flushed(*store));
        }
        auto store = opened();
        ids = ask(*store);
        for (std::size_t i = 0; i < ids.size(); ++i)
            QCOMPARE(store->latest(ids[i])->value, double(i + 1));
        QCOMPARE(store->damage(), QStringList());
        QCOMPARE(store->seriesOf(QStringLiteral("t")).size(), ids.size());
    }

    void noNumbersAreAbsentEverywhere()
    {
        auto store = opened();
        const auto id = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        store->append({id},
            {{start, {qQNaN()}}, {start + 1000, {qInf()}}, {start + 2000, {-qInf()}},
                {start + 3000, {4}}, {start + 4000, {-qQNaN()}}});
        QVERIFY(flushed(*store));
        for (int round = 0; round < 2; ++round) {
            const auto column = ask(*store, id, start, start + 5000, 1).columns[0];
            QCOMPARE(column.count, 1u);
            QCOMPARE(column.min, 4.0);
            QCOMPARE(column.max, 4.0);
            QCOMPARE(column.sum, 4.0);
            QCOMPARE(store->latest(id)->value, 4.0);
            store.reset();
            store = opened(); // and from disk
        }
    }

    void aClockADayOffLosesNothing()
    {
        auto options = fixedClock();
        options.now = [] { return start; };
        auto store = opened(options);
        const auto id = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        constexpr qint64 day = 86'400'000;
        for (int i = 0; i < 100; ++i)
            store->append({id}, {{start - day + i * 1000, {1.0 + i}}});
        for (int i = 0; i < 100; ++i)
            store->append({id}, {{start + day + i * 1000, {1000.0 + i}}});
        for (int i = 0; i < 100; ++i)
            store->append({id}, {{start + i * 1000, {500.0 + i}}});
        QVERIFY(flushed(*store));
        QCOMPARE(store->latest(id)->value, 599.0); // the one that is now
        for (const qint64 from : {start - day, start, start + day})
            QCOMPARE(ask(*store, id, from, from + 100'000, 1).columns[0].count, 100u);
        QCOMPARE(ask(*store, id, start - 2 * day, start + 2 * day, 3000).columns.size(),
            std::size_t(3000));
    }

    void rowsOfAnotherLengthThanTheirSeriesAreLeftOut()
    {
        auto store = opened();
        const auto id = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        store->append({id}, {{start, {}}, {start + 1000, {1, 2}}, {start + 2000, {3}}});
        store->append({id, id, 4711}, {{start + 3000, {5, 6, 7}}});
        QVERIFY(flushed(*store));
        const auto column = ask(*store, id, start, start + 10'000, 1).columns[0];
        QCOMPARE(column.count, 2u);
        QCOMPARE(column.min, 3.0);
        QCOMPARE(column.max, 5.0);
    }
};

QTEST_GUILESS_MAIN(TestStoreFaults)
#include "test_storefaults.moc"
