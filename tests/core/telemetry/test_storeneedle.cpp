// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

#ifdef __SANITIZE_ADDRESS__
static constexpr qint64 points = 10'000'000; // a hundred million take minutes then
#else
static constexpr qint64 points = 100'000'000; // three years, one a second
#endif

/// A needle in a haystack: one sample that a person must see however far they zoom out.
class TestStoreNeedle : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void oneSpikeIsVisibleAtEveryZoom()
    {
        const QTemporaryDir folder;
        StoreOptions options;
        options.now = [] { return start + points * 1000; };
        options.keepTime = points * 2000;
        options.segmentSpan = points * 1000; // few files
        const auto store = openedStore(folder.path(), options);
        const auto id = store->series(gauge(QStringLiteral("t"), QStringLiteral("a")));
        constexpr qint64 batch = 100'000, spike = points / 100 * 65 + 43'217;
        for (qint64 i = 0; i < points; i += batch) {
            std::vector<StoreTick> ticks(batch);
            for (qint64 j = i; j < i + batch; ++j) {
                auto &tick = ticks[std::size_t(j - i)];
                tick.time = start + j * 1000;
                tick.values.assign(1, j == spike ? 9999.0 : double(j % 50));
            }
            store->append({id}, std::move(ticks));
            if (i % (20 * batch) == 0)
                QVERIFY(flushed(*store)); // the queue stays short
        }
        QVERIFY(flushed(*store));
        QCOMPARE(store->damage(), QStringList());
        const qint64 at = start + spike * 1000;
        int zooms = 0;
        for (qint64 span = 2000; span < points * 4000; span *= 3, ++zooms) {
            const auto curve = ask(*store, id, at - span / 2, at + span / 2, 1500);
            double most = 0;
            quint64 count = 0;
            for (const auto &column : curve.columns) {
                most = std::max(most, column.max);
                count += column.count;
            }
            QCOMPARE(most, 9999.0);
            if (span > points * 2000)
                QCOMPARE(count, quint64(points)); // all of them are there
        }
        QVERIFY(zooms > 14);
    }
};

QTEST_GUILESS_MAIN(TestStoreNeedle)
#include "test_storeneedle.moc"
