// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/fuzzy.h"

#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

class TestFuzzy : public QObject {
    Q_OBJECT

    static QStringList found(const QStringList &texts, const QString &query, qsizetype limit = 10)
    {
        FuzzyIndex index;
        index.setTexts(texts);
        QStringList result;
        for (const auto &match : index.best(query, limit))
            result << texts[match.entry];
        return result;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void lettersInOrder()
    {
        QVERIFY(FuzzyIndex::match("gl3", "gpu-lab-3"));
        QVERIFY(FuzzyIndex::match("GPU", "gpu-lab-3"));
        QVERIFY(!FuzzyIndex::match("3lg", "gpu-lab-3"));
        QVERIFY(!FuzzyIndex::match("x", "gpu-lab-3"));
        QVERIFY(!FuzzyIndex::match("a", ""));
    }

    void wordStartsWin()
    {
        QCOMPARE(found({"Discard commit", "Disconnect", "Connect"}, "con").first(), "Connect");
        QCOMPARE(found({"a-b-lab", "lab"}, "lab").first(), "lab");
        QCOMPARE(found({"Relaunch", "Launch job"}, "la").first(), "Launch job");
    }

    void wordsInAnyOrder()
    {
        QCOMPARE(found({"Launch job", "Cancel job"}, "job can"), QStringList{"Cancel job"});
    }

    void positionsAreTheLetters()
    {
        const auto match = FuzzyIndex::match("lj", "Launch job");
        QVERIFY(match);
        QCOMPARE(match->positions, (std::vector<int>{0, 7}));
    }

    void emptyFindsAllInOrder()
    {
        QCOMPARE(found({"b", "a", "c"}, ""), (QStringList{"b", "a", "c"}));
        QCOMPARE(found({"b", "a", "c"}, "", 2), (QStringList{"b", "a"}));
        QCOMPARE(found({}, "x"), QStringList());
    }

    void equalScoresKeepTheOrder()
    {
        QCOMPARE(found({"node-1", "node-2", "node-3"}, "node"),
            (QStringList{"node-1", "node-2", "node-3"}));
    }

    void otherAlphabetsAndCases()
    {
        QVERIFY(FuzzyIndex::match("köln", "KÖLN-1"));
        QVERIFY(FuzzyIndex::match("тест", "Тестовый"));
        QVERIFY(FuzzyIndex::match("İ", "İstanbul"));
    }

    void twentyThousand()
    {
        QStringList texts;
        for (int i = 0; i < 20'000; ++i)
            texts << QStringLiteral("rack-%1-node-%2").arg(i / 100).arg(i % 100);
        FuzzyIndex index;
        index.setTexts(texts);
        const auto best = index.best("r150n42", 50);
        QVERIFY(!best.empty());
        QCOMPARE(texts[best.front().entry], QStringLiteral("rack-150-node-42"));
        QBENCHMARK
        {
            index.best("rn4", 200);
        }
    }
};

QTEST_GUILESS_MAIN(TestFuzzy)
#include "test_fuzzy.moc"
