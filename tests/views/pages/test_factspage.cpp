// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "tests/views/pages/livedesk.h"
#include "views/common/emptystate.h"
#include "views/facts/factspage.h"
#include "views/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QSysInfo>

using namespace pilothouse;

class TestFactsPage : public QObject {
    Q_OBJECT

    static QString valueOf(const QList<FactGroup> &groups, const QString &name)
    {
        for (const auto &group : groups) {
            for (const auto &fact : group.facts) {
                if (fact.name == name)
                    return fact.value;
            }
        }
        return QStringLiteral("no such fact");
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void skewIsSaidWithItsSide()
    {
        QCOMPARE(skewText(0), "under 1\u00A0ms");
        QCOMPARE(skewText(12), "12\u00A0ms ahead of this machine");
        QVERIFY(skewText(-4200).startsWith("4.2\u00A0s behind this machine. Charts"));
    }

    void unknownIsNeverZero()
    {
        const auto groups = factGroups({}, 0);
        for (const auto &group : groups) {
            for (const auto &fact : group.facts) {
                if (!fact.value.isEmpty())
                    QCOMPARE(fact.value, "none"); // warnings
                else
                    QVERIFY2(!fact.why.isEmpty(), qPrintable(fact.name));
            }
        }
    }

    void factsSurviveTheirFile()
    {
        KnownFacts facts;
        facts.node.kernel = "6.1.0";
        facts.node.uid = 1004;
        facts.node.cpuCount = 192;
        facts.node.memoryBytes = 1'500'000'000'000;
        facts.node.capabilities = QStringList{"jobs", "files"};
        Device device;
        device.uuid = "GPU-1";
        device.name = "H100";
        device.driver = "580.82";
        device.powerLimitWatts = 700;
        device.memoryBytes = 85'899'345'920;
        facts.node.devices << device;
        facts.transport = "libssh";
        facts.skewMs = -3000;
        const auto again = factsFromJson(factsToJson(facts));
        QCOMPARE(again.node, facts.node);
        QCOMPARE(again.transport, facts.transport);
        QCOMPARE(again.skewMs, facts.skewMs);
        const auto groups = factGroups(again, 0);
        QCOMPARE(valueOf(groups, "Driver"), "580.82");
        QVERIFY(valueOf(groups, "GPU 0").contains("80.0\u00A0GiB"));
        QVERIFY(factsText(groups).contains("  Kernel: 6.1.0\n"));
    }

    void neverConnectedSaysHow()
    {
        LiveDesk desk;
        FactsPage page(desk.context, desk.local);
        QVERIFY(page.findChild<EmptyState *>()->isVisibleTo(&page));
        const auto actions = page.headerActions();
        QVERIFY(!actions.first()->isEnabled());
        qDeleteAll(actions);
    }

    void realFactsAndTheirMemory()
    {
        LiveDesk desk;
        QCOMPARE(desk.connectHere(), QString());
        FactsPage page(desk.context, desk.local);
        desk.watch(&page, desk.local);
        const auto known = desk.feed->facts(desk.local);
        QVERIFY(known && known->live);
        const auto groups = factGroups(*known, desk.feed->now());
        QCOMPARE(valueOf(groups, "Kernel"), QSysInfo::kernelVersion());
        QCOMPARE(valueOf(groups, "Host name"), QSysInfo::machineHostName());
        QCOMPARE(valueOf(groups, "Transport"), "local");
        QVERIFY(!valueOf(groups, "Capabilities").isEmpty());
        QVERIFY(!valueOf(groups, "Clock skew").isEmpty());
        const auto copies = page.findChildren<QPushButton *>();
        auto *kernel = *std::find_if(copies.begin(), copies.end(),
            [](const auto *one) { return one->accessibleName() == "Copy Kernel"; });
        kernel->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QSysInfo::kernelVersion());
        const auto actions = page.headerActions();
        static_cast<QPushButton *>(actions.first())->click();
        qDeleteAll(actions);
        QVERIFY(
            QGuiApplication::clipboard()->text().contains("Kernel: " + QSysInfo::kernelVersion()));

        desk.workspace->session(desk.local)->disconnect();
        const auto remembered = desk.feed->facts(desk.local);
        QVERIFY(remembered && !remembered->live);
        QCOMPARE(remembered->node.kernel, QSysInfo::kernelVersion());
        QVERIFY(remembered->heardAt > 0);
        QVERIFY(!page.findChild<EmptyState *>()->isVisibleTo(&page)); // still shown, with its age
    }
};

QTEST_MAIN(TestFactsPage)
#include "test_factspage.moc"
