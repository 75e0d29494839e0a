// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/coldblock.h"

#include "reference.h"

#include <QTemporaryDir>
#include <QTest>

#include <numeric>

using namespace pilothouse;

/// What a block on disk says of its series, and its damage.
class TestBlockFormat : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    ReadGate m_gate;
    std::unique_ptr<Registry> m_registry;
    SeriesId m_id = 0;
    std::shared_ptr<FrameFile> m_file;

    /// Written with one block of these values, and read again.
    std::optional<BlockRef> written(StoredKind kind, std::vector<double> values)
    {
        m_id = m_registry->add({{QStringLiteral("t"), {}, QStringLiteral("a_total")}, {}, kind});
        HotBlock block({m_id}, 0, int(values.size()),
            [this](SeriesId one) { return m_registry->isCounter(one); });
        const std::array<int, 1> columns{0};
        for (std::size_t i = 0; i < values.size(); ++i)
            block.appendRow(start + qint64(i) * 1000, columns, std::span(values).subspan(i, 1));
        block.seal();
        int reason = 0;
        const QString path = m_folder->filePath(QStringLiteral("s"));
        const auto file = FrameFile::open(path, true, &reason);
        if (!file || !appendBlock(block, *file, *m_registry, &reason))
            return {};
        return read();
    }
    std::optional<BlockRef> read()
    {
        int reason = 0;
        m_file = FrameFile::open(m_folder->filePath(QStringLiteral("s")), false, &reason);
        std::optional<BlockRef> ref;
        const auto damage = m_file->walk(
            *m_registry, false, false, [&](std::uint64_t offset, const FrameHeader &header) {
                ref = m_file->block(offset, header);
            });
        return damage.isEmpty() ? ref : std::nullopt;
    }
    static std::unique_ptr<ColdBlock> opened(const BlockRef &ref)
    {
        auto block
            = std::make_unique<ColdBlock>(ref, std::make_shared<std::atomic<std::size_t>>(0));
        const bool good = block->openHead(Wait::Yes) == Got::There
            && block->openTimes(Wait::Yes) == Got::There
            && block->openLevels(0, Wait::Yes) == Got::There;
        return good ? std::move(block) : nullptr;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_registry = std::make_unique<Registry>(m_gate);
    }
    void cleanup() { m_file.reset(); }

    void summaryIsOfTheValuesThemselves_data()
    {
        QTest::addColumn<bool>("counter");
        QTest::addColumn<int>("rows");
        for (const int rows : {10, 64, 200, 3000}) { // below a level, one, several, several pages
            QTest::addRow("gauge, %d rows", rows) << false << rows;
            QTest::addRow("counter, %d rows", rows) << true << rows;
        }
    }
    void summaryIsOfTheValuesThemselves()
    {
        QFETCH(bool, counter);
        QFETCH(int, rows);
        std::vector<double> values(static_cast<std::size_t>(rows));
        std::iota(values.begin(), values.end(), 1000.0);
        const auto ref = written(counter ? StoredKind::Counter : StoredKind::Gauge, values);
        QVERIFY(ref);
        const auto block = opened(*ref);
        QVERIFY(block);
        QCOMPARE(block->head().entries.size(), std::size_t(1));
        const Column &summary = block->head().entries[0].summary;
        QCOMPARE(summary.count, quint32(rows));
        QCOMPARE(summary.min, values.front());
        QCOMPARE(summary.max, values.back());
        QCOMPARE(summary.first, values.front());
        QCOMPARE(summary.last, values.back());
        QCOMPARE(summary.sum, std::accumulate(values.begin(), values.end(), 0.0));
    }

    void levelsAreOfTheirPages_data()
    {
        QTest::addColumn<bool>("counter");
        QTest::addColumn<int>("rows");
        for (const int rows : {1025, 2048, 4096})
            for (const bool counter : {false, true})
                QTest::addRow("%s, %d rows", counter ? "counter" : "gauge", rows)
                    << counter << rows;
    }
    void levelsAreOfTheirPages()
    {
        QFETCH(bool, counter);
        QFETCH(int, rows);
        std::mt19937 random(quint32(rows) + 1);
        std::vector<double> values;
        double count = 0;
        for (int i = 0; i < rows; ++i) {
            count = random() % 300 == 0 ? 0 : count + double(random() % 50);
            const bool hole = random() % 9 == 0 || (i >= pageRows && i < 2 * pageRows);
            values.push_back(hole ? absent : counter ? count : double(random() % 900) / 8);
        }
        const auto ref = written(counter ? StoredKind::Counter : StoredKind::Gauge, values);
        QVERIFY(ref);
        const auto block = opened(*ref);
        QVERIFY(block);
        const auto &levels = block->levels(0);
        QCOMPARE(levels.of, counter ? SeriesLevels::Rates : SeriesLevels::Values);
        QCOMPARE(int(levels.pages.size()), (rows + pageRows - 1) / pageRows);
        for (int page = 0; page < int(levels.pages.size()); ++page) {
            const int begin = page * pageRows, end = std::min(begin + pageRows, rows);
            Reference expected{counter ? StoredKind::Counter : StoredKind::Gauge, {}};
            for (int i = begin; i < end; ++i)
                expected.add(start + i * 1000, values[std::size_t(i)]);
            const auto &level = levels.pages[std::size_t(page)];
            QString why;
            QVERIFY2(same(Curve{m_id, 0, 0, {level.column}},
                         expected.columns(start + begin * 1000, start + end * 1000, 1), &why),
                qPrintable(QStringLiteral("page %1: ").arg(page) + why));
            if (!counter)
                continue;
            QCOMPARE(level.firstRow <= level.lastRow, !expected.points.empty());
            if (expected.points.empty())
                continue;
            QCOMPARE(start + level.firstRow * 1000, expected.points.begin()->first);
            QCOMPARE(level.firstValue, expected.points.begin()->second);
            QCOMPARE(start + level.lastRow * 1000, expected.points.rbegin()->first);
            QCOMPARE(level.lastValue, expected.points.rbegin()->second);
        }
    }

    void aDamagedPageTakesNoOtherWithIt()
    {
        std::mt19937 random(3);
        std::vector<double> values;
        for (int i = 0; i < 4096; ++i)
            values.push_back(double(random() % 100'000));
        auto ref = written(StoredKind::Gauge, values);
        QVERIFY(ref);
        const auto piece = opened(*ref)->levels(0).pages[2].piece;
        QFile file(m_folder->filePath(QStringLiteral("s")));
        QVERIFY(file.open(QFile::ReadWrite));
        const auto at = ref->offset + FrameHeader::size + ref->header.headSize + piece.offset + 99;
        QVERIFY(file.seek(qint64(at)));
        const char flipped = char(file.peek(1)[0] ^ 4);
        QCOMPARE(file.write(&flipped, 1), 1);
        file.close();
        ref = read();
        const auto block = opened(*ref);
        QVERIFY(block);
        QCOMPARE(block->openPages(0, 0, 3, Wait::Yes), Got::Damaged);
        for (int page = 0; page < 4; ++page) {
            const auto *cells = block->cells(0, page);
            QCOMPARE(cells != nullptr, page != 2);
            for (int i = 0; cells && i < pageRows; ++i)
                QCOMPARE(cells[i], values[std::size_t(page * pageRows + i)]);
        }
    }
};

QTEST_GUILESS_MAIN(TestBlockFormat)
#include "test_blockformat.moc"
