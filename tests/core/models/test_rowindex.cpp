// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/rowindex.h"
#include "core/models/rowmodel.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>

#include <cmath>
#include <map>

using namespace pilothouse;

namespace {

enum { Name, Load, Owner };

std::vector<IndexColumn> columns()
{
    return {{QStringLiteral("name"), QStringLiteral("Name"), CellKind::Text},
        {QStringLiteral("load"), QStringLiteral("Load"), CellKind::Number, QStringLiteral("ratio")},
        {QStringLiteral("owner"), {}, CellKind::Text}};
}

RowFilter loadFrom(double least)
{
    return [least](const RowSnapshot &snapshot) {
        RowBits bits(snapshot.alive->size(), 0);
        for (quint32 slot = 0; slot < snapshot.slots; ++slot) {
            if (snapshot.columns[Load]->numbers[slot] >= least)
                bits[slot / 64] |= quint64(1) << (slot % 64);
        }
        return bits;
    };
}

QStringList names(const RowIndexModel &model)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all << model.index(row, Name).data().toString();
    return all;
}

QStringList list(const char *words)
{
    return QString::fromUtf8(words).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

class TestRowIndex : public QObject {
    Q_OBJECT

    std::unique_ptr<RowIndexModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;

    void put(const QString &key, const QString &name, double load)
    {
        RowIndexModel::Edit edit(m_model.get());
        const auto slot = edit.row(key);
        edit.set(slot, Name, name);
        edit.set(slot, Load, load);
    }
    void waitUntilSettled()
    {
        while (m_model->isSettling())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_model = std::make_unique<RowIndexModel>(columns());
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
    }

    void naturalOrder()
    {
        QVERIFY(compareNatural("n2", "n10") < 0);
        QVERIFY(compareNatural("n10", "n9x") > 0);
        QVERIFY(compareNatural("n01", "n1") != 0);
        QVERIFY(compareNatural("n01a", "n1b") < 0);
        QVERIFY(compareNatural("99999999999999999999998", "99999999999999999999999") < 0);
        QCOMPARE(compareNatural("same", "same"), 0);
        QVERIFY(compareNatural("", "a") < 0);
    }

    void searchFindsEveryTextOnce()
    {
        TextTable table;
        for (const char *text : {"alpha", "Beta", "gammabeta", "be ta", "bet\na", "ÄÖ"})
            table.add(QString::fromUtf8(text));
        QCOMPARE(table.containing(foldText(QStringLiteral("BETA"))),
            (std::vector<quint8>{0, 0, 1, 1, 0, 0, 0}));
        QCOMPARE(table.containing(foldText(QStringLiteral("äö"))),
            (std::vector<quint8>{0, 0, 0, 0, 0, 0, 1}));
        QCOMPARE(table.containing(foldText(QStringLiteral("t\na"))),
            (std::vector<quint8>{0, 0, 0, 0, 0, 1, 0})); // a line break is a space
        QCOMPARE(table.containing({}), std::vector<quint8>(7, 1));
        QCOMPARE(table.equalling(foldText(QStringLiteral("Beta"))),
            (std::vector<quint8>{0, 0, 1, 0, 0, 0, 0}));
    }

    void ranksGrowAsIfSortedAnew()
    {
        TextTable table;
        TextRanks ranks;
        auto random = QRandomGenerator(7);
        for (int round = 0; round < 20; ++round) {
            for (int i = 0; i < round * 3; ++i)
                table.add(QStringLiteral("n%1").arg(random.bounded(400)));
            ranks = rankTexts(table, round % 5 == 0 ? nullptr : &ranks);
            QCOMPARE(ranks.rank, rankTexts(table, nullptr).rank);
        }
    }

    void doublesSortAsBits()
    {
        const std::vector<double> values{-INFINITY, -3e300, -1, -1e-300, 0, 1e-300, 1, 7, INFINITY};
        for (std::size_t i = 1; i < values.size(); ++i) {
            QVERIFY(sortableBits(values[i - 1], false) < sortableBits(values[i], false));
            QVERIFY(sortableBits(values[i - 1], true) > sortableBits(values[i], true));
        }
        QCOMPARE(sortableBits(-0.0, false), sortableBits(0.0, false));
        QVERIFY(sortableBits(NAN, false) > sortableBits(INFINITY, false));
        QVERIFY(sortableBits(NAN, true) > sortableBits(-INFINITY, true));
    }

    void sortsByNumberAndText()
    {
        put("a", "n10", 0.5);
        put("b", "n9", NAN);
        put("c", "N8", 0.25);
        put("d", {}, 1);
        m_model->sort(Name, Qt::AscendingOrder);
        QCOMPARE(names(*m_model), list("N8 n9 n10 –"));
        m_model->sort(Name, Qt::DescendingOrder);
        QCOMPARE(names(*m_model), list("n10 n9 N8 –"));
        m_model->sort(Load, Qt::DescendingOrder);
        QCOMPARE(names(*m_model), list("– n10 N8 n9"));
        m_model->sort(Load, Qt::AscendingOrder);
        QCOMPARE(names(*m_model), list("N8 n10 – n9"));
        QCOMPARE(m_model->index(3, Load).data().toString(), QStringLiteral("–"));
        QVERIFY(m_model->index(3, Load).data(SortRole).isNull());
    }

    void equalRowsKeepTheEarlierSort()
    {
        for (int i = 0; i < 12; ++i)
            put(QString::number(i), QStringLiteral("n%1").arg((i * 7) % 12), i % 3);
        m_model->sort(Name, Qt::DescendingOrder);
        m_model->sort(Load, Qt::AscendingOrder);
        QCOMPARE(names(*m_model), list("n9 n6 n3 n0 n10 n7 n4 n1 n11 n8 n5 n2"));
    }

    void aChangedRowMovesAndNothingResets()
    {
        for (int i = 0; i < 6; ++i)
            put(QString::number(i), QStringLiteral("n%1").arg(i), i * 0.1);
        m_model->sort(Load, Qt::AscendingOrder);
        QItemSelectionModel selection(m_model.get());
        selection.select(
            m_model->index(1, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        QSignalSpy moved(m_model.get(), &QAbstractItemModel::rowsMoved);
        QSignalSpy layout(m_model.get(), &QAbstractItemModel::layoutChanged);
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        put("1", "n1", 0.95);
        QCOMPARE(names(*m_model), list("n0 n2 n3 n4 n5 n1"));
        QCOMPARE(selection.selectedRows().value(0).row(), 5);
        put("1", "n1", 0.25);
        QCOMPARE(names(*m_model), list("n0 n2 n1 n3 n4 n5"));
        QCOMPARE(selection.selectedRows().value(0).row(), 2);
        QCOMPARE(moved.size(), 2);
        QCOMPARE(layout.size(), 0);
        QCOMPARE(changed.size(), 2);
        QCOMPARE(changed[0][0].toModelIndex().column(), int(Load));
        put("1", "n1", 0.25); // nothing new, nothing said
        QCOMPARE(changed.size(), 2);
        QCOMPARE(reset.size(), 0);
    }

    void filterHidesAndShows()
    {
        for (int i = 0; i < 100; ++i)
            put(QString::number(i), QStringLiteral("n%1").arg(i), (i * 37 % 100) / 100.0);
        m_model->sort(Name, Qt::AscendingOrder);
        const QPersistentModelIndex stays(m_model->index(m_model->rowOf("2"), Name));
        const QPersistentModelIndex goes(m_model->index(m_model->rowOf("0"), Name));
        QSignalSpy removed(m_model.get(), &QAbstractItemModel::rowsRemoved);
        m_model->setFilter(loadFrom(0.5));
        QCOMPARE(m_model->rowCount(), 50);
        QCOMPARE(m_model->hiddenCount(), 50);
        QCOMPARE(removed.size(), 1); // fifty scattered rows in one go
        QVERIFY(!goes.isValid());
        QVERIFY(stays.isValid());
        QCOMPARE(stays.data().toString(), QStringLiteral("n2"));
        m_model->setFilter({});
        QCOMPARE(m_model->rowCount(), 100);
        QCOMPARE(stays.row(), 2);
    }

    void removedRowsAndReusedSlots()
    {
        for (int i = 0; i < 5; ++i)
            put(QString::number(i), QStringLiteral("n%1").arg(i), 0.1);
        {
            RowIndexModel::Edit edit(m_model.get());
            edit.remove("3");
            edit.remove("3");
            edit.remove("nobody");
        }
        QCOMPARE(names(*m_model), list("n0 n1 n2 n4"));
        put("9", "n9", NAN);
        QCOMPARE(m_model->totalCount(), 5);
        QCOMPARE(m_model->store().number(*m_model->store().slotOf("9"), Load) > 0, false);
        {
            RowIndexModel::Edit edit(m_model.get());
            edit.row("9");
            edit.removeUntouched();
        }
        QCOMPARE(names(*m_model), list("n9"));
    }

    /// Against a plain map, with and without the work thread.
    void randomEditsAgreeWithAMap_data()
    {
        QTest::addColumn<int>("limit");
        QTest::newRow("inline") << 1000000;
        QTest::newRow("threaded") << 0;
    }
    void randomEditsAgreeWithAMap()
    {
        QFETCH(int, limit);
        m_model->setInlineLimit(quint32(limit));
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        QItemSelectionModel selection(m_model.get());
        std::map<QString, double> truth;
        auto random = QRandomGenerator(11);
        QString chosen;
        for (int round = 0; round < 300; ++round) {
            {
                RowIndexModel::Edit edit(m_model.get());
                for (int i = random.bounded(6); i >= 0; --i) {
                    const auto key = QStringLiteral("n%1").arg(random.bounded(60));
                    if (random.bounded(4) == 0) {
                        if (truth.erase(key) > 0)
                            edit.remove(key);
                        if (key == chosen)
                            chosen.clear();
                        continue;
                    }
                    const double load = random.bounded(20) / 20.0;
                    truth[key] = load;
                    const auto slot = edit.row(key);
                    edit.set(slot, Name, key);
                    edit.set(slot, Load, load);
                }
            }
            if (random.bounded(10) == 0)
                m_model->sort(random.bounded(2), Qt::SortOrder(random.bounded(2)));
            if (random.bounded(10) == 0)
                m_model->setFilter(random.bounded(2) ? loadFrom(0.3) : RowFilter());
            if (random.bounded(3) != 0)
                continue; // edits pile up while the worker is busy
            waitUntilSettled();
            if (!chosen.isEmpty() && m_model->rowOf(chosen) >= 0 && selection.hasSelection())
                QCOMPARE(selection.selectedRows().value(0).row(), m_model->rowOf(chosen));
            if (m_model->rowCount() > 0) {
                const int row = random.bounded(m_model->rowCount());
                chosen = m_model->index(row, 0).data(KeyRole).toString();
                selection.select(m_model->index(row, 0),
                    QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
            }
        }
        m_model->sort(Name, Qt::AscendingOrder);
        m_model->setFilter(loadFrom(0.5));
        waitUntilSettled();
        QStringList expected;
        for (const auto &[key, load] : truth) {
            if (load >= 0.5)
                expected << key;
        }
        std::sort(expected.begin(), expected.end(),
            [](const QString &a, const QString &b) { return a.mid(1).toInt() < b.mid(1).toInt(); });
        QCOMPARE(names(*m_model), expected);
        QCOMPARE(m_model->totalCount(), int(truth.size()));
        QCOMPARE(reset.size(), 0);
    }

    void ownerDiesWhileTheWorkerSorts()
    {
        m_model->setInlineLimit(0);
        m_tester.reset();
        {
            RowIndexModel::Edit edit(m_model.get());
            for (int i = 0; i < 50000; ++i)
                edit.set(edit.row(QString::number(i)), Name, QStringLiteral("n%1").arg(i));
        }
        m_model->sort(Name, Qt::DescendingOrder);
        m_model.reset();
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::processEvents();
    }

    void textsNobodyHasAreDropped()
    {
        for (int round = 0; round < 6; ++round) {
            RowIndexModel::Edit edit(m_model.get());
            for (int i = 0; i < 1000; ++i)
                edit.set(edit.row(QString::number(i)), Name,
                    QStringLiteral("job%1-%2").arg(round).arg(i));
        }
        QVERIFY(m_model->store().values(Name).table->size() < 4096);
        m_model->sort(Name, Qt::DescendingOrder);
        QCOMPARE(m_model->index(0, Name).data().toString(), QStringLiteral("job5-999"));
    }
};

QTEST_GUILESS_MAIN(TestRowIndex)
#include "test_rowindex.moc"
