// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/logs/logview.h"

#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

static QByteArray lines(int from, int to)
{
    QByteArray text;
    for (int i = from; i < to; ++i)
        text += "step " + QByteArray::number(i)
            + (i == 70 ? " RuntimeError: boom\n" : " loss 0.5\n");
    return text;
}

class TestLogView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void followsUntilScrolledUp()
    {
        LogView view;
        view.resize(600, 300);
        view.show();
        view.append(0, lines(0, 200));
        auto *bar = view.verticalScrollBar();
        QCOMPARE(bar->value(), bar->maximum());
        bar->setValue(bar->maximum() - 20);
        QVERIFY(!view.following());
        const int before = bar->value();
        view.append(view.buffer().endOffset(), lines(200, 300));
        QCOMPARE(bar->value(), before);
        bar->setValue(bar->maximum());
        QVERIFY(view.following());
    }

    void filterShowsOnlyMatchesAndKeepsUp()
    {
        LogView view;
        view.append(0, lines(0, 100));
        view.setFilter(QStringLiteral("runtimeerror"));
        QCOMPARE(view.shownLines(), qsizetype(1));
        view.append(view.buffer().endOffset(), "half a Runtime");
        QCOMPARE(view.shownLines(), qsizetype(1));
        view.append(view.buffer().endOffset(), "Error\n");
        QCOMPARE(view.shownLines(), qsizetype(2));
        QVERIFY(view.selectedText().endsWith(QStringLiteral("half a RuntimeError")));
        view.setFilter({});
        QCOMPARE(view.shownLines(), qsizetype(101));
    }

    void jumpsToTheFirstError()
    {
        LogView view;
        view.resize(600, 300);
        view.show();
        view.append(0, lines(0, 300));
        QVERIFY(view.jumpToFirstError());
        QVERIFY(!view.following());
        QVERIFY(view.selectedText().contains(QStringLiteral("RuntimeError")));
        QVERIFY(view.visibleText().contains(QStringLiteral("RuntimeError")));
        LogView calm;
        calm.append(0, "all fine\n");
        QVERIFY(!calm.jumpToFirstError());
    }

    void hugeLinePaints()
    {
        LogView view;
        view.resize(600, 300);
        view.append(0, QByteArray(10 * 1024 * 1024, 'x') + "\n\x1b[31mred\x1b[0m\n");
        QVERIFY(!view.grab().isNull());
        QCOMPARE(view.shownLines(), qsizetype(2));
    }
};

QTEST_MAIN(TestLogView)
#include "test_logview.moc"
