// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/hotblock.h"

#include "reference.h"

#include <QTest>

#include <numeric>

using namespace pilothouse;

/// The levels of a block in memory when values come late.
class TestHotBlock : public QObject {
    Q_OBJECT

    static constexpr int rows = 200;

    /// Three series, the last one a counter; the first has a hole at each tenth row, the second
    /// has nothing in its first level.
    static std::unique_ptr<HotBlock> block()
    {
        auto block = std::make_unique<HotBlock>(
            std::vector<SeriesId>{1, 2, 3}, 0, 256, [](SeriesId id) { return id == 3; });
        std::vector<int> columns(3);
        std::iota(columns.begin(), columns.end(), 0);
        for (int i = 0; i < rows; ++i) {
            const std::array<double, 3> values{
                i % 10 == 3 ? absent : 100.0 + i, i < levelRows ? absent : 7, double(i * i)};
            block->appendRow(start + i * 1000, columns, values);
        }
        return block;
    }
    static Column level(const HotBlock &block, int column, int index)
    {
        return foldRows(block.series(column), index * levelRows, (index + 1) * levelRows);
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aLateValueRemakesNoOtherLevel()
    {
        auto late = block();
        const int made = late->series(0).levelled;
        QVERIFY(made >= 2);
        const auto before = late->series(0).levels[1];
        const auto other = late->series(2).levels[0];
        late->setCell(0, 13, 5000);
        QCOMPARE(late->series(0).levelled, made); // all of them are used on
        QCOMPARE(level(*late, 0, 0).max, 5000.0);
        QCOMPARE(level(*late, 0, 0).count, 58u);
        QCOMPARE(std::memcmp(&late->series(0).levels[1], &before, sizeof before), 0);
        QCOMPARE(std::memcmp(&late->series(2).levels[0], &other, sizeof other), 0);
    }

    void theFirstValueOfALevelIsThere()
    {
        auto late = block();
        QCOMPARE(level(*late, 1, 0).count, 0u);
        late->setCell(1, 20, 7);
        const auto column = level(*late, 1, 0);
        QCOMPARE(column.count, 1u);
        QCOMPARE(column.min, 7.0);
        QCOMPARE(column.max, 7.0);
    }

    /// A reader that has read the count of a level before it was made anew.
    void aLevelNeverHoldsAFalseZero()
    {
        const std::vector<qint64> times{start, start + 1000};
        std::array<double, levelRows> cells{};
        cells.fill(absent);
        SeriesRows rows;
        rows.times = times;
        rows.cells = cells.data();
        LevelCell cell{5, 6, 5, 6, 11, 2};
        makeLevel(rows, 0, false, cell);
        QCOMPARE(cell.count, quint64(0));
        QCOMPARE(cell.min, 5.0);
        QCOMPARE(cell.max, 6.0);
    }
};

QTEST_GUILESS_MAIN(TestHotBlock)
#include "test_hotblock.moc"
