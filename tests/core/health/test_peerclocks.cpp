// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/peerclocks.h"

#include <QTest>

#include <cmath>

using namespace pilothouse;

static constexpr qint64 now = 1'790'000'000'000;

class TestPeerClocks : public QObject {
    Q_OBJECT

    static QString gpu(int index) { return QStringLiteral("GPU-%1").arg(index); }
    const QString m_a = QStringLiteral("a"), m_b = QStringLiteral("b");

    void report(PeerClocks &clocks, const QString &target, const QList<double> &gigahertz)
    {
        for (int i = 0; i < gigahertz.size(); ++i)
            clocks.report(target, gpu(i), gigahertz[i] * 1e9, now);
    }

private Q_SLOTS:
    void neighboursTakeThree()
    {
        PeerClocks clocks;
        report(clocks, m_a, {1.1, 1.7, 1.8});
        QVERIFY(std::isnan(clocks.peersOf(m_a, gpu(0), now)));
        report(clocks, m_a, {1.1, 1.7, 1.8, 1.6});
        QCOMPARE(clocks.peersOf(m_a, gpu(0), now), 1.7e9);
        QVERIFY(std::isnan(clocks.peersOf(m_b, gpu(0), now)));
    }

    void oneOtherRankOfTheJobIsEnough()
    {
        PeerClocks clocks;
        report(clocks, m_a, {1.1, 1.7, 1.3, 1.3, 1.3});
        clocks.setRanks({{m_a, gpu(0), QStringLiteral("j")}, {m_a, gpu(1), QStringLiteral("j")}});
        QCOMPARE(clocks.peersOf(m_a, gpu(0), now), 1.7e9);
        QCOMPARE(clocks.peersOf(m_a, gpu(1), now), 1.1e9);
        // A rank that rests is no measure, nor are neighbours: who knows what they work on.
        clocks.report(m_a, gpu(1), PeerClocks::nothing, now);
        QVERIFY(std::isnan(clocks.peersOf(m_a, gpu(0), now)));
        QVERIFY(std::isnan(clocks.peersOf(m_a, gpu(2), now))); // two of its kind only
        clocks.setRanks({});
        QCOMPARE(clocks.peersOf(m_a, gpu(0), now), 1.3e9);
    }

    void aJobReachesOverNodes()
    {
        PeerClocks clocks;
        report(clocks, m_a, {1.1});
        report(clocks, m_b, {1.7, 0.9});
        clocks.setRanks({{m_a, gpu(0), QStringLiteral("j")}, {m_b, gpu(0), QStringLiteral("j")},
            {m_b, gpu(1), QStringLiteral("other")}});
        QCOMPARE(clocks.peersOf(m_a, gpu(0), now), 1.7e9);
        QVERIFY(std::isnan(clocks.peersOf(m_a, gpu(0), now + 3000))); // not heard any more
        clocks.keepOnly({m_a});
        QVERIFY(std::isnan(clocks.peersOf(m_a, gpu(0), now)));
    }

    void modelsAreNotCompared()
    {
        PeerClocks clocks;
        report(clocks, m_a, {1.1, 1.7});
        clocks.setRanks({{m_a, gpu(0), QStringLiteral("j")}, {m_a, gpu(1), QStringLiteral("j")}});
        clocks.setModel(m_a, gpu(0), QStringLiteral("A100"));
        QCOMPARE(clocks.peersOf(m_a, gpu(0), now), 1.7e9); // the other's is not known
        clocks.setModel(m_a, gpu(1), QStringLiteral("H100"));
        QVERIFY(std::isnan(clocks.peersOf(m_a, gpu(0), now)));
    }

    void aLargeJobIsSampled()
    {
        PeerClocks clocks;
        QList<JobRank> ranks;
        for (int i = 0; i < 1000; ++i) {
            ranks << JobRank{m_a, gpu(i), QStringLiteral("j")};
            clocks.report(m_a, gpu(i), i == 500 ? 1e9 : 1.7e9, now);
        }
        clocks.setRanks(ranks);
        QCOMPARE(clocks.peersOf(m_a, gpu(500), now), 1.7e9);
        QCOMPARE(clocks.peersOf(m_a, gpu(499), now), 1.7e9);
    }
};

QTEST_GUILESS_MAIN(TestPeerClocks)
#include "test_peerclocks.moc"
