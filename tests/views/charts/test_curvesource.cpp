// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storeoptions.h"
#include "views/charts/curvesource.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

static constexpr qint64 start = 1'700'000'000'000;

/// Where a chart's curves come from: memory, and the disk with or without waiting.
class TestCurveSource : public QObject {
    Q_OBJECT

    static constexpr int rows = 8000;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TelemetryStore> m_store;
    std::vector<SeriesId> m_ids;

    void open(std::size_t hotBytes)
    {
        StoreOptions options;
        options.now = [] { return start + rows * 1000; };
        options.hotBytes = hotBytes;
        m_store.reset();
        m_store = std::move(*openStore(m_folder->path(), options));
        m_ids.clear();
        for (const auto *device : {"0", "1"})
            m_ids.push_back(m_store->series(
                {{QStringLiteral("t"), QString::fromLatin1(device), QStringLiteral("power")},
                    QStringLiteral("watts"), StoredKind::Gauge}));
    }
    static quint32 countOf(const Curve &curve)
    {
        quint32 count = 0;
        for (const auto &column : curve.columns)
            count += column.count;
        return count;
    }

    /// Samples of the two curves, as they were told last.
    static std::vector<quint32> read(CurveSource &source, qint64 to, int columns)
    {
        std::vector<quint32> counts(2);
        source.read(start, to, columns,
            [&](std::size_t index, const Curve &curve) { counts[index] = countOf(curve); });
        return counts;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        open(std::size_t(64) << 20);
        std::vector<StoreTick> ticks;
        for (int i = 0; i < rows; ++i)
            ticks.push_back({start + i * 1000, {double(i), double(-i)}});
        m_store->append(m_ids, ticks);
        QVERIFY(QCoro::waitFor(m_store->flush()).has_value());
        open(std::size_t(64) << 20); // moves the journal into a segment
        open(1 << 12); // nothing but the newest rows, if any, is in memory now
        QVERIFY(QCoro::waitFor(m_store->flush()).has_value());
    }
    void cleanup() { m_store.reset(); }

    void whatIsAtHandIsInTheFirstFrame()
    {
        const qint64 to = start + rows * 1000;
        QVERIFY(QCoro::waitFor(m_store->query({}, m_ids, start, to, 800)).has_value());
        CurveSource source(m_store.get());
        source.setSeries(m_ids);
        QSignalSpy changed(&source, &CurveSource::changed);
        QCOMPARE(read(source, to, 800), (std::vector<quint32>{rows, rows}));
        QCOMPARE(changed.size(), 0); // no second frame for it
    }

    void whatIsTooMuchForAFrameComesLater()
    {
        const qint64 to = start + rows * 1000;
        constexpr int columns = 40'000; // twice
        CurveSource source(m_store.get());
        source.setSeries(m_ids);
        QSignalSpy changed(&source, &CurveSource::changed);
        QVERIFY(read(source, to, columns)[1] < quint32(rows));
        QTRY_VERIFY(!changed.isEmpty());
        QCOMPARE(read(source, to, columns)[1], quint32(rows));
    }
};

QTEST_GUILESS_MAIN(TestCurveSource)
#include "test_curvesource.moc"
