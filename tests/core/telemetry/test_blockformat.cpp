// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/blockformat.h"

#include <QTemporaryDir>
#include <QTest>

#include <numeric>

using namespace pilothouse;

/// What the head of a block says of its series.
class TestBlockFormat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void summaryIsOfTheValuesThemselves_data()
    {
        QTest::addColumn<bool>("counter");
        QTest::addColumn<int>("rows");
        for (const int rows : {10, 64, 200}) { // below one level, one level, levels and a rest
            QTest::addRow("gauge, %d rows", rows) << false << rows;
            QTest::addRow("counter, %d rows", rows) << true << rows;
        }
    }
    void summaryIsOfTheValuesThemselves()
    {
        QFETCH(bool, counter);
        QFETCH(int, rows);
        const QTemporaryDir folder;
        ReadGate gate;
        Registry registry(gate);
        const SeriesDescription description{{QStringLiteral("t"), {}, QStringLiteral("a_total")},
            {}, counter ? StoredKind::Counter : StoredKind::Gauge};
        const auto id = registry.add(description);
        HotBlock block({id}, 0, 256, [&](SeriesId one) { return registry.isCounter(one); });
        std::vector<double> values(static_cast<std::size_t>(rows));
        std::iota(values.begin(), values.end(), 1000.0);
        const std::array<int, 1> columns{0};
        for (int i = 0; i < rows; ++i)
            block.appendRow(1'790'000'000'000 + i * 1000, columns,
                std::span(values).subspan(std::size_t(i), 1));
        block.seal();

        int reason = 0;
        const QString path = folder.filePath(QStringLiteral("s"));
        const auto written = FrameFile::open(path, true, &reason);
        QVERIFY(written);
        QCOMPARE(written->append(encodeBlock(block, *written, registry)), 0);
        const auto file = FrameFile::open(path, false, &reason);
        QVERIFY(file);
        std::optional<BlockHead> head;
        const auto damage = file->walk(
            registry, true, false, [&](std::uint64_t offset, const FrameHeader &header) {
                if (header.kind == FrameKind::Block)
                    head = decodeBlockHead(file->readHead(offset, header), header);
            });
        QCOMPARE(damage, QStringList());
        QVERIFY(head);
        QCOMPARE(head->entries.size(), std::size_t(1));
        const Column &summary = head->entries[0].summary;
        QCOMPARE(summary.count, quint32(rows));
        QCOMPARE(summary.min, values.front());
        QCOMPARE(summary.max, values.back());
        QCOMPARE(summary.first, values.front());
        QCOMPARE(summary.last, values.back());
        QCOMPARE(summary.sum, std::accumulate(values.begin(), values.end(), 0.0));
    }
};

QTEST_GUILESS_MAIN(TestBlockFormat)
#include "test_blockformat.moc"
