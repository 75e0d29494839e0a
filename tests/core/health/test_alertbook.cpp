// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/alertbook.h"

#include <QTest>

using namespace pilothouse;

static constexpr qint64 start = 1'790'000'000'000, second = 1000, minute = 60'000;

class TestAlertBook : public QObject {
    Q_OBJECT

    const QString m_target = QStringLiteral("ssh:a1");

    static HeldFinding held(const char *rule, const char *device, qint64 since,
        HealthVerdict verdict = HealthVerdict::Watch, int times = 1)
    {
        HeldFinding one;
        one.device = QString::fromLatin1(device);
        one.deviceName = QStringLiteral("GPU 1");
        one.finding.rule = QString::fromLatin1(rule);
        one.finding.verdict = verdict;
        one.finding.raw = QStringLiteral("raw");
        one.finding.since = one.finding.lastSeen = since;
        one.finding.times = times;
        return one;
    }
    AlertBook::Change take(AlertBook &book, const QList<HeldFinding> &what, qint64 now)
    {
        return book.take(m_target, QStringLiteral("a1"), what, now);
    }

private Q_SLOTS:
    void comesStaysEnds()
    {
        AlertBook book;
        auto change = take(book, {held("hot", "G1", start)}, start + 30 * second);
        QCOMPARE(change.raised.size(), 1);
        const QString id = change.raised.first();
        QCOMPARE(id.size(), 8);
        QCOMPARE(book.find(id)->place(), QStringLiteral("a1 · GPU 1"));
        QCOMPARE(book.find(id)->since, start);
        QCOMPARE(book.find(id)->state(start), AlertState::Open);
        auto later = held("hot", "G1", start);
        later.finding.lastSeen = start + 31 * second;
        change = take(book, {later}, start + 31 * second);
        QVERIFY(change.raised.isEmpty() && change.changed.isEmpty());
        QCOMPARE(book.find(id)->lastSeen, start + 31 * second);
        change = take(book, {}, start + minute);
        QCOMPARE(change.changed, QStringList{id});
        QCOMPARE(book.find(id)->endedAt, start + minute);
        QCOMPARE(book.find(id)->lasting(start + 5 * minute), minute);
        QCOMPARE(book.find(id)->state(start), AlertState::Ended);
        QVERIFY(take(book, {}, start + 2 * minute).changed.isEmpty());
    }

    void otherTargetsStayAsTheyAre()
    {
        AlertBook book;
        take(book, {held("hot", "G1", start)}, start);
        const auto change = book.take(QStringLiteral("ssh:b1"), QStringLiteral("b1"), {}, start);
        QVERIFY(change.changed.isEmpty());
        QCOMPARE(book.alerts().front().endedAt, 0);
    }

    void soonAgainIsTheSame()
    {
        AlertBook book;
        const QString id = take(book, {held("hot", "G1", start)}, start).raised.value(0);
        book.find(id)->acknowledgedAt = start + second;
        take(book, {}, start + minute);
        auto change = take(book, {held("hot", "G1", start + 2 * minute)}, start + 2 * minute);
        QCOMPARE(change.raised, QStringList{id});
        QCOMPARE(book.find(id)->times, 2);
        QCOMPARE(book.find(id)->since, start);
        QCOMPARE(book.find(id)->state(start + 2 * minute), AlertState::Acknowledged);
        take(book, {}, start + 3 * minute);
        change = take(book, {held("hot", "G1", start + 10 * minute)}, start + 10 * minute);
        QCOMPARE(change.raised.size(), 1);
        QVERIFY(change.raised.first() != id); // so much later it is another
        QCOMPARE(book.find(change.raised.first())->state(start + 10 * minute), AlertState::Open);
        QCOMPARE(book.alerts().size(), std::size_t(2));
    }

    void snoozeEnds_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<bool>("wakes");
        QTest::newRow("nothing new") << "same" << false;
        QTest::newRow("again") << "times" << true;
        QTest::newRow("worse") << "worse" << true;
        QTest::newRow("something else there") << "other" << true;
        QTest::newRow("something on another device") << "elsewhere" << false;
    }
    void snoozeEnds()
    {
        QFETCH(QString, what);
        QFETCH(bool, wakes);
        AlertBook book;
        const QString id = take(book, {held("xid-31", "G1", start)}, start).raised.value(0);
        book.find(id)->snoozedUntil = Alert::untilChange;
        QCOMPARE(book.find(id)->state(start), AlertState::Snoozed);
        QList<HeldFinding> next{held("xid-31", "G1", start)};
        if (what == QLatin1String("times"))
            next[0].finding.times = 2;
        else if (what == QLatin1String("worse"))
            next[0].finding.verdict = HealthVerdict::Reboot;
        else if (what == QLatin1String("other"))
            next << held("hot", "G1", start + minute);
        else if (what == QLatin1String("elsewhere"))
            next << held("hot", "G2", start + minute);
        const auto change = take(book, next, start + minute);
        QCOMPARE(
            book.find(id)->state(start + minute), wakes ? AlertState::Open : AlertState::Snoozed);
        QCOMPARE(change.changed.contains(id), wakes);
    }

    void snoozeByTheClock()
    {
        Alert alert;
        alert.snoozedUntil = start + 60 * minute;
        QCOMPARE(alert.state(start + 59 * minute), AlertState::Snoozed);
        QCOMPARE(alert.state(start + 60 * minute), AlertState::Open);
        alert.acknowledgedAt = start;
        QCOMPARE(alert.state(start + 60 * minute), AlertState::Acknowledged);
        QCOMPARE(snoozeLength(QStringLiteral("8h")), 8 * 60 * minute);
        QCOMPARE(snoozeLength(QStringLiteral("7d")), 7 * 24 * 60 * minute);
        QCOMPARE(snoozeLength(QStringLiteral("30m")), 30 * minute);
        QCOMPARE(snoozeLength(QStringLiteral("change")), Alert::untilChange);
        for (const char *wrong : {"", "h", "8", "-1h", "0h", "8w", "9999999d", "1 h x"})
            QVERIFY2(!snoozeLength(QString::fromLatin1(wrong)), wrong);
    }

    void afterARestart()
    {
        AlertBook before;
        take(before,
            {held("hot", "G1", start), held("xid-79", "G2", start), held("hot", "G3", start)},
            start + minute);
        AlertBook book;
        book.restore(before.alerts());
        QVERIFY(book.hasRestored(m_target));
        const qint64 now = start + 10 * minute;
        // The rules begin anew: nothing holds yet, and nothing has ended either.
        QVERIFY(take(book, {}, now).changed.isEmpty());
        // One is found again, with the time of this run: it is the one of before.
        const auto again = take(book, {held("hot", "G3", now)}, now + 40 * second);
        QVERIFY(again.raised.isEmpty());
        QCOMPARE(book.alerts()[2].since, start);
        // After its 30 s, 30 s to clear and some more the first is over; the XID stays its hour.
        const auto change = take(book, {held("hot", "G3", now)}, now + 91 * second);
        QCOMPARE(change.changed, QStringList{book.alerts()[0].id});
        QCOMPARE(book.alerts()[0].endedAt, now + 91 * second);
        QVERIFY(take(book, {held("hot", "G3", now)}, start + 59 * minute).changed.isEmpty());
        QCOMPARE(take(book, {held("hot", "G3", now)}, start + 61 * minute).changed,
            QStringList{book.alerts()[1].id});
        QVERIFY(!book.hasRestored(m_target));
    }

    void silenceIsNoRecovery()
    {
        AlertBook before;
        take(before, {held("hot", "G1", start)}, start);
        AlertBook book;
        book.restore(before.alerts());
        const auto unheard = [&](const QList<HeldFinding> &what, qint64 now) {
            return book.take(m_target, QStringLiteral("a1"), what, now, {});
        };
        QCOMPARE(unheard({held("silent", "", start + minute)}, start + minute).raised.size(), 1);
        for (int i = 2; i < 60; ++i) // what this run has seen ends, what it has not stays
            unheard({}, start + i * minute);
        QCOMPARE(book.alerts()[0].endedAt, 0);
        QCOMPARE(book.alerts()[1].endedAt, start + 2 * minute);
    }

    /// An XID is an event: one that comes after a restart is another, whatever was there before.
    void xidsOfALaterRunAreNew()
    {
        AlertBook before;
        const QString id
            = take(before, {held("xid-31", "G1", start, HealthVerdict::Watch, 2)}, start).raised[0];
        before.find(id)->snoozedUntil = Alert::untilChange;
        AlertBook book;
        book.restore(before.alerts());
        const qint64 now = start + 10 * minute;
        QVERIFY(take(book, {}, now).changed.isEmpty());
        const auto change = take(book, {held("xid-31", "G1", now)}, now);
        QCOMPARE(change.woken, QStringList{id});
        QCOMPARE(book.find(id)->times, 3);
        QCOMPARE(book.find(id)->since, start);
        take(book, {held("xid-31", "G1", now, HealthVerdict::Watch, 2)}, now + minute);
        QCOMPARE(book.find(id)->times, 4);
        // What other rules find is what was there, and does not count twice.
        AlertBook hot;
        take(before, {held("hot", "G2", start)}, start);
        hot.restore(before.alerts());
        take(hot, {held("hot", "G2", now)}, now);
        QCOMPARE(hot.alerts().back().times, 1);
    }

    void whatCannotBeJudgedStays()
    {
        AlertBook before;
        take(before, {held("hot", "G1", start), held("hot", "G2", start)}, start);
        AlertBook book;
        book.restore(before.alerts());
        const auto onlyG2 = [&](qint64 now) {
            return book.take(m_target, QStringLiteral("a1"), {}, now,
                [](const QString &device, const QString &) { return device == u"G2"; });
        };
        for (int i = 0; i < 60; ++i)
            onlyG2(start + i * minute);
        QCOMPARE(book.alerts()[0].endedAt, 0); // its driver hangs, say
        QVERIFY(book.alerts()[1].endedAt != 0);
        take(book, {}, start + 61 * minute);
        QCOMPARE(book.alerts()[0].endedAt, 0); // heard again: the rules get their time
        take(book, {}, start + 63 * minute);
        QCOMPARE(book.alerts()[0].endedAt, start + 63 * minute);
    }

    void aDeviceThatIsGoneForADay()
    {
        AlertBook before;
        take(before, {held("lost", "G1", start)}, start);
        AlertBook book;
        book.restore(before.alerts());
        const auto nothing = [&](qint64 now) {
            return book.take(m_target, QStringLiteral("a1"), {}, now,
                [](const QString &, const QString &) { return false; });
        };
        const qint64 now = start + 60 * minute;
        nothing(now);
        QVERIFY(nothing(now + AlertBook::goneMs - second).changed.isEmpty());
        QCOMPARE(nothing(now + AlertBook::goneMs).changed.size(), 1);
    }

    void historyIsKeptForAWhile()
    {
        AlertBook book;
        const QString id = take(book, {held("hot", "G1", start)}, start).raised.value(0);
        take(book, {held("pcie", "G1", start)}, start + minute);
        QVERIFY(book.expire(start + minute + AlertBook::keptMs).isEmpty());
        QCOMPARE(book.expire(start + minute + AlertBook::keptMs + 1), QStringList{id});
        QCOMPARE(book.alerts().size(), std::size_t(1)); // what holds never goes
    }
};

QTEST_GUILESS_MAIN(TestAlertBook)
#include "test_alertbook.moc"
