// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storeoptions.h"
#include "views/fleet/fleettrends.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace pilothouse;

static constexpr qint64 now = 1'764'000'000'000, hour = 3'600'000;

/// Over a store that keeps next to nothing in memory, as one of a large fleet does.
class TestFleetTrends : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TelemetryStore> m_store;
    std::vector<SeriesId> m_ids;
    std::unique_ptr<FleetTrends> m_trends;
    std::pair<qint64, qint64> m_range{now - hour, now};

    static qsizetype drawn(const Curve &curve)
    {
        return std::count_if(curve.columns.begin(), curve.columns.end(),
            [](const Column &column) { return column.count > 0; });
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        StoreOptions options;
        options.hotBytes = 1 << 12;
        options.blockRows = 256;
        options.now = [] { return now; };
        auto opened = openStore(m_folder->path(), options);
        QVERIFY(opened);
        m_store = std::move(*opened);
        m_ids.clear();
        for (int i = 0; i < 20; ++i)
            m_ids.push_back(m_store->series({{QStringLiteral("n%1").arg(i), QStringLiteral("GPU"),
                                                 QStringLiteral("gpu_busy_ratio")},
                QStringLiteral("ratio"), StoredKind::Gauge}));
        // Busy until 20 minutes ago.
        for (const auto id : m_ids) {
            std::vector<StoreTick> ticks;
            for (qint64 at = now - 2 * hour; at < now; at += 1000)
                ticks.push_back({at, {at < now - 1'200'000 ? 0.9 : 0.01}});
            m_store->append({id}, std::move(ticks));
        }
        QVERIFY(QCoro::waitFor(m_store->flush()));
        m_trends = std::make_unique<FleetTrends>(m_store.get(), [this] { return m_range; });
    }
    void cleanup()
    {
        m_trends.reset();
        m_store.reset();
    }

    void whatIsOnlyOnDiskIsDrawn()
    {
        QVERIFY(drawn(m_store->hot(m_ids[0], m_range.first, m_range.second, 60)) < 30);
        QSignalSpy changed(m_trends.get(), &FleetTrends::changed);
        for (const auto id : m_ids)
            QCOMPARE(drawn(m_trends->trend(id, 60)), 0); // painting waits for nothing
        QVERIFY(changed.wait());
        for (const auto id : m_ids) {
            const auto curve = m_trends->trend(id, 60);
            QCOMPARE(curve.series, id);
            QCOMPARE(drawn(curve), 60);
            QCOMPARE(curve.columns.front().max, 0.9);
            QCOMPARE(curve.columns.back().max, 0.01);
        }
        QCOMPARE(changed.size(), 1); // all of them together
    }

    void anotherRangeAndAnotherWidthFollow()
    {
        QSignalSpy changed(m_trends.get(), &FleetTrends::changed);
        m_trends->trend(m_ids[0], 60);
        QVERIFY(changed.wait());
        m_range = {now - 600'000, now};
        const auto shown = [&](int columns) {
            const auto curve = m_trends->trend(m_ids[0], columns);
            return int(curve.columns.size()) == columns && curve.columns.front().max == 0.01;
        };
        QTRY_VERIFY(shown(60)); // it is older than a second
        QCOMPARE(int(m_trends->trend(m_ids[0], 80).columns.size()), 60); // until the other is there
        QTRY_VERIFY(shown(80));
    }

    void sinceWhenItIsIdle()
    {
        qint64 since = 0;
        m_trends->findIdle(m_ids[3], now, [&](qint64 found) { since = found; });
        QTRY_VERIFY(since != 0);
        QCOMPARE(since, now - 1'200'000);
        since = 0;
        m_trends->findIdle(m_ids[3], now - 2'000'000, [&](qint64 found) { since = found; });
        QVERIFY(QCoro::waitFor(m_store->flush()));
        QTest::qWait(20);
        QCOMPARE(since, 0); // it was busy then
    }
};

QTEST_GUILESS_MAIN(TestFleetTrends)
#include "test_fleettrends.moc"
