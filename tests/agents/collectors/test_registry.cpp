// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/registry.h"
#include "agents/collectors/tables.h"
#include "agents/collectors/textscan.h"

#include <QTest>

#include <limits>

using namespace pilothouse;
using namespace pilothouse::agent;

/// Names and numbers of series, and the text they are read from.
class TestRegistry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knownSeriesKeepTheirNumbers()
    {
        Catalogue known;
        known.ringId = "x";
        known.version = 5;
        known.series
            = {{"b", "", "bytes", MetricKind::Gauge, 1}, {"a", "d", "", MetricKind::Counter, 1}};
        known.unsupported = {{"c", "", "was so"}, {"e", "", "still"}};
        Registry registry(known);
        QCOMPARE(registry.add("a", "d", "", MetricKind::Counter), 1u);
        QCOMPARE(registry.add("b", "", "bytes", MetricKind::Gauge), 0u);
        QCOMPARE(registry.version(), 5u);
        QCOMPARE(
            registry.add("b", "", "bytes", MetricKind::Gauge, 512), 2u); // means something else
        QCOMPARE(registry.version(), 6u);
        registry.unsupported("e", "", "still");
        QCOMPARE(registry.version(), 6u);
        registry.dropStaleUnsupported();
        QCOMPARE(registry.version(), 7u);
        QCOMPARE(registry.catalogue().unsupported.size(), 1u);
        registry.unsupported("e", "", "otherwise");
        QCOMPARE(registry.version(), 8u);
        QCOMPARE(registry.add("e", "", "", MetricKind::Gauge), 3u);
        QVERIFY(registry.catalogue().unsupported.empty());
        registry.set(Registry::none, 7); // is ignored
        QCOMPARE(registry.values().size(), 4u);
    }

    void seriesAreLimited()
    {
        Registry registry{Catalogue()};
        for (std::size_t i = 0; i < Registry::maxSeries; ++i)
            QVERIFY(registry.add("m", std::to_string(i), "", MetricKind::Gauge) != Registry::none);
        QCOMPARE(registry.add("m", "one more", "", MetricKind::Gauge), Registry::none);
        QCOMPARE(registry.catalogue().unsupported.size(), 1u);
        QVERIFY(registry.add("m", "17", "", MetricKind::Gauge) != Registry::none);
    }

    void numbersStopAtTheLargest()
    {
        int64_t value = 0;
        QVERIFY(TextScan("99999999999999999999999").number(value));
        QCOMPARE(value, std::numeric_limits<int64_t>::max());
        QVERIFY(TextScan("-99999999999999999999999").number(value));
        QCOMPARE(value, -std::numeric_limits<int64_t>::max());
        QVERIFY(!TextScan("").number(value));
        QVERIFY(!TextScan("-").number(value));
        QVERIFY(!TextScan("\n5").number(value));
        TextScan decimal("12.345 7");
        QVERIFY(decimal.decimal(2, value));
        QCOMPARE(value, 1234);
        QVERIFY(decimal.number(value));
        QCOMPARE(value, 7);
        QVERIFY(!TextScan("9223372036854775807.5").decimal(2, value));
    }

    void namesBecomeSnakeCase_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("snake");
        for (const auto &[name, snake] :
            {std::pair("MemAvailable", "mem_available"), std::pair("Active(anon)", "active_anon"),
                std::pair("NFS_Unstable", "nfs_unstable"),
                std::pair("TCPSACKReorder", "tcpsack_reorder"), std::pair("TcpExt", "tcp_ext"),
                std::pair("DirectMap4k", "direct_map4k"), std::pair("InMsgs", "in_msgs")})
            QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(snake);
    }
    void namesBecomeSnakeCase()
    {
        QFETCH(QString, name);
        QFETCH(QString, snake);
        QCOMPARE(QString::fromStdString(snakeCase(name.toStdString())), snake);
    }
};

QTEST_GUILESS_MAIN(TestRegistry)
#include "test_registry.moc"
