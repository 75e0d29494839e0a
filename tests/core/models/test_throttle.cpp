// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/throttle.h"

#include <QTest>

#include <cmath>

using namespace pilothouse;

class TestThrottle : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void reasonsInWords_data()
    {
        QTest::addColumn<double>("reasons");
        QTest::addColumn<QString>("words");
        QTest::addColumn<double>("level");
        QTest::newRow("none") << 0.0 << QStringLiteral("none") << 0.0;
        QTest::newRow("idle") << 1.0 << QStringLiteral("idle") << 0.0;
        QTest::newRow("cap") << 4.0 << QStringLiteral("power cap") << 0.3;
        QTest::newRow("heat") << double(0x20 | 0x4) << QStringLiteral("thermal, power cap") << 0.8;
        // The driver sets the general bit with each of its causes.
        QTest::newRow("hardware") << double(0x40 | 0x8) << QStringLiteral("hardware thermal")
                                  << 0.8;
        QTest::newRow("brake") << double(0x80 | 0x8) << QStringLiteral("power brake") << 0.8;
        QTest::newRow("alone") << double(0x8) << QStringLiteral("hardware slowdown") << 0.8;
        QTest::newRow("new bit") << double(1 << 20) << QStringLiteral("none") << 0.0;
        QTest::newRow("unknown") << double(NAN) << QStringLiteral("none") << 0.0;
        QTest::newRow("huge") << double(INFINITY) << QStringLiteral("none") << 0.0;
    }

    void reasonsInWords()
    {
        QFETCH(double, reasons);
        QFETCH(double, level);
        QTEST(throttleWords(reasons), "words");
        QCOMPARE(throttleLevel(reasons), level);
    }
};

QTEST_GUILESS_MAIN(TestThrottle)
#include "test_throttle.moc"
