// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/choicebutton.h"
#include "views/common/headerstate.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QMenu>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestHeaderState : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void columnsAndSortingComeBack()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("window.ini"));
        setHeaderStateFile(file);
        {
            QTableWidget table(2, 4);
            table.setSortingEnabled(true);
            keepHeaderState(table.horizontalHeader(), QStringLiteral("some"));
            table.setColumnHidden(2, true);
            table.setColumnWidth(1, 177);
            table.sortByColumn(3, Qt::DescendingOrder);
            QTRY_VERIFY(QFileInfo::exists(file));
        }
        QTableWidget same(2, 4), other(2, 5), fresh(2, 4);
        same.setSortingEnabled(true);
        keepHeaderState(same.horizontalHeader(), QStringLiteral("some"));
        QVERIFY(same.isColumnHidden(2));
        QCOMPARE(same.columnWidth(1), 177);
        QCOMPARE(same.horizontalHeader()->sortIndicatorSection(), 3);
        QCOMPARE(same.horizontalHeader()->sortIndicatorOrder(), Qt::DescendingOrder);
        keepHeaderState(other.horizontalHeader(), QStringLiteral("some"));
        QVERIFY(!other.isColumnHidden(2)); // of a version with other columns
        keepHeaderState(fresh.horizontalHeader(), QStringLiteral("another"));
        QVERIFY(!fresh.isColumnHidden(2));
        setHeaderStateFile({});
    }

    void withoutAFileNothingIsKept()
    {
        QTableWidget table(2, 4);
        keepHeaderState(table.horizontalHeader(), QStringLiteral("some"));
        table.setColumnHidden(2, true);
        QTableWidget next(2, 4);
        keepHeaderState(next.horizontalHeader(), QStringLiteral("some"));
        QVERIFY(!next.isColumnHidden(2));
    }

    void choiceButtonSaysWhichHolds()
    {
        ChoiceButton button(QStringLiteral("Group by"),
            {QStringLiteral("group"), QStringLiteral("node"), QStringLiteral("job")});
        QSignalSpy chosen(&button, &ChoiceButton::chosen);
        QCOMPARE(button.text(), QStringLiteral("Group by: group"));
        button.menu()->actions()[2]->trigger();
        QCOMPARE(button.text(), QStringLiteral("Group by: job"));
        QCOMPARE(button.current(), 2);
        QCOMPARE(chosen.size(), 1);
        QVERIFY(!button.menu()->actions()[0]->isChecked());
    }
};

QTEST_MAIN(TestHeaderState)
#include "test_headerstate.moc"
