// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/fleetmodel.h"
#include "core/models/rowmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace pilothouse;

namespace {

constexpr qint64 now = 1'764'000'000'000;
constexpr double gib = 1024.0 * 1024 * 1024;

FleetGpu gpu(const char *node, int index, double util)
{
    FleetGpu one;
    one.target = QStringLiteral("ssh:") + QLatin1String(node);
    one.node = QLatin1String(node);
    one.uuid = QStringLiteral("GPU-%1").arg(index);
    one.index = index;
    one.model = QStringLiteral("NVIDIA H100 80GB HBM3");
    one.util = util;
    one.memoryUsed = 10 * gib;
    one.memoryTotal = 80 * gib;
    one.power = 300;
    one.powerLimit = 700;
    one.temperature = 60;
    one.sampledAt = now - 500;
    return one;
}

FleetGpu held(FleetGpu one, const char *person, qint64 idleFor)
{
    one.job = QStringLiteral("j-") + QLatin1String(person);
    one.person = QLatin1String(person);
    one.idleSince = idleFor > 0 ? now - idleFor : 0;
    return one;
}

} // namespace

class TestFleet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void statesFollowFromReadings()
    {
        const auto state = [](FleetGpu one, bool linked = true) {
            return judged(std::move(one), now, linked).state;
        };
        QCOMPARE(state(gpu("n", 0, 0.5)), FleetState::Busy);
        QCOMPARE(state(gpu("n", 0, 0.04)), FleetState::Idle);
        QCOMPARE(state(gpu("n", 0, NAN)), FleetState::Unknown);
        auto hot = gpu("n", 0, 1);
        hot.temperature = 88;
        QCOMPARE(state(hot), FleetState::Watch);
        auto lost = gpu("n", 0, NAN);
        lost.trouble = QStringLiteral("XID 79: fell off the bus");
        lost.sampledAt = now - staleAfterMs - 1;
        QCOMPARE(state(lost), FleetState::Bad);
        QCOMPARE(judged(lost, now, true).verdict, lost.trouble);
        QVERIFY(std::isnan(judged(lost, now, true).power)); // nobody knows any more
        lost.sampledAt = now - 60'000;
        QCOMPARE(state(lost, false), FleetState::Stale); // a lost link only ages
        auto old = gpu("n", 0, 0.5);
        old.sampledAt = now - 240'000;
        QCOMPARE(state(old), FleetState::Stale);
        QVERIFY(judged(old, now, true).verdict.contains(QStringLiteral("4")));
        old.sampledAt = 0;
        QCOMPARE(state(old), FleetState::Unknown);
    }

    /// A driver that answers again: the words of the handshake are old, the samples are not.
    void oneThatRecoveredIsNoLongerBad()
    {
        auto one = gpu("n", 0, 0.5);
        one.trouble = QStringLiteral("the driver does not answer");
        QCOMPARE(judged(one, now, true).state, FleetState::Busy);
        QCOMPARE(judged(one, now, true).power, 300.0);
        one.sampledAt = now - 3001; // three periods and it has a reason at once
        QCOMPARE(judged(one, now, true).state, FleetState::Bad);
        QCOMPARE(judged(one, now, true).verdict, one.trouble);
    }

    void findingsAreShownWithoutOldValues()
    {
        HealthFinding lost;
        lost.rule = QStringLiteral("lost");
        lost.verdict = HealthVerdict::Reboot;
        lost.raw = QStringLiteral("gpu_busy_ratio absent\nNVRM: GPU has fallen off the bus");
        HealthFinding hot;
        hot.rule = QStringLiteral("thermal");
        hot.raw = QStringLiteral("gpu_throttle_reasons = 0x20");
        const auto live = judged(gpu("n", 0, 0.5), now, true);
        QCOMPARE(withFindings(live, {}, true).state, FleetState::Busy);
        const auto watched = withFindings(live, {hot}, true);
        QCOMPARE(watched.state, FleetState::Watch);
        QCOMPARE(watched.util, 0.5); // that is now
        auto quiet = gpu("n", 0, 0.03);
        quiet.sampledAt = now - 20'000;
        quiet = judged(quiet, now, true);
        QCOMPARE(withFindings(quiet, {hot}, true).state, FleetState::Stale);
        QCOMPARE(withFindings(quiet, {lost}, false).state, FleetState::Stale);
        const auto gone = withFindings(quiet, {lost}, true);
        QCOMPARE(gone.state, FleetState::Bad);
        QVERIFY(gone.verdict.contains(QStringLiteral("(NVRM: GPU has fallen off the bus)")));
        for (const auto metric :
            {FleetMetric::Util, FleetMetric::Memory, FleetMetric::Power, FleetMetric::Temperature})
            QVERIFY(std::isnan(shareOf(gone, metric)));
        QVERIFY(!fleetSentence(gone).contains(QStringLiteral("300")));
    }

    void idleTimeIsSaid()
    {
        const auto idle
            = judged(held(gpu("n", 0, 0), "lena", 3 * 3600'000 + 12 * 60'000), now, true);
        QVERIFY(idle.verdict.contains(QStringLiteral("3")));
        QVERIFY(idle.verdict.contains(QStringLiteral("reserved")));
    }

    void figuresAddUp()
    {
        std::vector<FleetGpu> all;
        for (int i = 0; i < 5; ++i)
            all.push_back(gpu("a", i, i < 2 ? 0.9 : 0));
        all.push_back(gpu("b", 0, 0));
        all.back().model = QStringLiteral("NVIDIA A100-SXM4-40GB");
        all.push_back(gpu("b", 1, 0)); // an H100 free on another node
        all.push_back(held(gpu("c", 0, 0), "lena", 11 * 60'000));
        all.push_back(held(gpu("c", 1, 0), "lena", 20 * 60'000));
        all.push_back(held(gpu("c", 2, 0), "oskar", 9 * 60'000)); // not long enough
        all.push_back(gpu("d", 0, 0));
        all.back().sampledAt = now - 60'000;
        all.push_back(gpu("d", 1, 0.7));
        all.back().temperature = 90;
        all.push_back(gpu("d", 2, NAN));
        all.back().trouble = QStringLiteral("lost");
        all.back().sampledAt = now - 60'000;
        for (auto &one : all)
            one = judged(one, now, true);
        const auto figures = figuresOf(all, now);
        QCOMPARE(figures.total, 13);
        QCOMPARE(figures.known, 11);
        QCOMPARE(figures.busy, 3);
        QCOMPARE(figures.free.size(), 2);
        QCOMPARE(figures.free[0].model, QStringLiteral("H100"));
        QCOMPARE(figures.free[0].count, 4);
        QCOMPARE(figures.free[0].largestOnOneNode, 3);
        QCOMPARE(figures.free[1].model, QStringLiteral("A100"));
        QCOMPARE(figures.power, 11 * 300.0);
        QCOMPARE(figures.powerLimit, 11 * 700.0);
        QCOMPARE(figures.reservedIdle, 2);
        QCOMPARE(figures.reservedIdlePeople, 1);
        QCOMPARE(figures.reservedIdleLongest, qint64(20 * 60'000));
        QCOMPARE(figures.watch, 1);
        QCOMPARE(figures.bad, 1);
        QCOMPARE(figures.stale, 1);
    }

    void unknownIsNeverNought()
    {
        auto blind = gpu("n", 0, 0.5);
        blind.power = blind.powerLimit = blind.memoryUsed = NAN;
        const auto figures = figuresOf({judged(blind, now, true)}, now);
        QCOMPARE(figures.power, 0.0); // the page shows a dash for it
        QVERIFY(std::isnan(shareOf(blind, FleetMetric::Power)));
        QCOMPARE(valueOf(blind, FleetMetric::Power), QStringLiteral("–"));
        QCOMPARE(valueOf(gpu("n", 0, 1), FleetMetric::Power).contains(QStringLiteral("300")), true);
    }

    void modelsByTheirShortName_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("expected");
        QTest::newRow("h100") << "NVIDIA H100 80GB HBM3"
                              << "H100";
        QTest::newRow("a100") << "NVIDIA A100-SXM4-40GB"
                              << "A100";
        QTest::newRow("l40s") << "NVIDIA L40S"
                              << "L40S";
        QTest::newRow("mi300") << "AMD Instinct MI300X"
                               << "MI300X";
        QTest::newRow("none") << "Some card"
                              << "Some card";
        QTest::newRow("empty") << ""
                               << "";
    }
    void modelsByTheirShortName()
    {
        QFETCH(QString, name);
        QTEST(shortModel(name), "expected");
    }

    void mergesAndFilters()
    {
        FleetModel model;
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        std::vector<FleetGpu> all{gpu("a1-n2", 0, 0.9), gpu("a1-n10", 0, 0.02),
            held(gpu("a1-n10", 1, 0.03), "mia", 3600'000)};
        all.back().mine = true;
        for (auto &one : all)
            one = judged(one, now, true);
        model.apply(all, now);
        model.sort(FleetModel::Device, Qt::AscendingOrder);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(
            model.index(0, FleetModel::Device).data().toString(), QStringLiteral("a1-n2 · GPU 0"));
        QCOMPARE(
            model.index(0, FleetModel::Device).data(StateRole).toString(), QStringLiteral("busy"));
        const auto fields = model.fields();
        const auto shown = [&](const char *filter) {
            model.setFilter(
                compileFilter(parseFilter(QString::fromUtf8(filter), fields).value(), fields));
            return model.rowCount();
        };
        QCOMPARE(shown("util < 5 and owner = me"), 1);
        QCOMPARE(shown("owner != me"), 2);
        QCOMPARE(shown("util < 5 and reserved"), 1);
        QCOMPARE(shown("verdict != ok"), 1);
        QCOMPARE(shown("idle_for > 30min"), 1);
        QCOMPARE(shown("memory >= 10GiB power < 301W"), 3);
        QCOMPARE(shown("node = a1-n10"), 2);
        QCOMPARE(shown("h100"), 3);
        QCOMPARE(shown("state = stale"), 0);
        QCOMPARE(shown("state = unknown"), 0); // a state of that name, not no state
        QCOMPARE(shown("state != unknown"), 3);
        for (auto &one : all)
            one = judged(one, now + 60'000, true);
        model.apply(all, now + 60'000); // a live filter follows
        QCOMPARE(model.rowCount(), 3);
        all.pop_back();
        model.apply(all, now + 60'000);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.totalCount(), 2);
        QCOMPARE(reset.size(), 0);
    }

    /// What is known follows at once, rows when it is their time.
    void someOfThem()
    {
        FleetModel model;
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<FleetGpu> all{gpu("n1", 0, 0.9), gpu("n1", 1, 0.5), gpu("n2", 0, 0.1)};
        for (auto &one : all)
            one = judged(one, now, true);
        model.apply(all, now);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy some(&model, &FleetModel::appliedSome);
        auto cool = judged(gpu("n1", 1, 0.01), now, true);
        QVERIFY(model.applySome({cool}));
        QVERIFY(model.applySome({cool})); // twice before it is shown
        QCOMPARE(some.first().first().value<std::vector<int>>(), std::vector<int>{1});
        QCOMPARE(model.gpu(cool.key())->util, 0.01);
        QCOMPARE(changed.size(), 0);
        const auto util = [&model](const FleetGpu &of) {
            return model.index(model.rowOf(of.key()), FleetModel::Util).data(SortRole).toDouble();
        };
        QCOMPARE(util(cool), 0.5);
        QCOMPARE(model.figures().busy, 3);
        model.showSome(now);
        QCOMPARE(util(cool), 0.01);
        QCOMPARE(model.figures().busy, 2);
        QCOMPARE(changed.size(), 1);
        // One that is new, or has moved, needs all.
        QVERIFY(!model.applySome({cool, judged(gpu("n9", 0, 0.5), now, true)}));
        auto moved = cool;
        moved.group = QStringLiteral("elsewhere");
        QVERIFY(!model.applySome({moved}));
        QCOMPARE(model.gpu(cool.key())->group, cool.group);
    }
};

QTEST_GUILESS_MAIN(TestFleet)
#include "test_fleet.moc"
