// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/processmodel.h"
#include "core/transport/ioloop.h"
#include "tests/views/pages/livedesk.h"
#include "views/acts/confirmdialog.h"
#include "views/charts/chartview.h"
#include "views/common/emptystate.h"
#include "views/common/pageheader.h"
#include "views/common/textlabel.h"
#include "views/frame/targetview.h"
#include "views/node/fastpanel.h"
#include "views/node/faststrip.h"
#include "views/node/gpucard.h"
#include "views/node/livepage.h"
#include "views/node/nodecharts.h"
#include "views/node/processpanel.h"
#include "views/pages/catalog.h"
#include "views/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTableView>

using namespace pilothouse;

class TestNodePage : public QObject {
    Q_OBJECT

    static bool says(const QWidget *in, const QString &text)
    {
        const auto labels = in->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->isVisibleTo(in) && label->text().contains(text);
        });
    }
    static QStringList titles(const QWidget &page)
    {
        QStringList all;
        const auto charts = page.findChildren<ChartView *>();
        for (const auto *chart : charts)
            all << chart->spec().title;
        return all;
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        qunsetenv("LD_LIBRARY_PATH");
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void nothingIsContactedBeforeAClick()
    {
        LiveDesk desk;
        LivePage page(desk.context, desk.local);
        page.show();
        auto *empty = page.findChild<EmptyState *>();
        QVERIFY(empty->isVisibleTo(&page));
        QVERIFY(desk.home.agentFiles().isEmpty());
        QCOMPARE(desk.runner->activities().size(), 0);
        desk.watch(&page, desk.local);
        Q_EMIT empty->activated();
        QCOMPARE(desk.runner->activities().first().act, "target.connect");
        QTRY_VERIFY_WITH_TIMEOUT(
            desk.feed->status(desk.local)->state == TargetState::Connected, 60'000);
    }

    /// A node whose clock is a day off wears a badge on every tab and says what that means.
    void aClockADayOffIsBadged()
    {
        qputenv("PILOTHOUSE_AGENT_CLOCK_SHIFT", "-86400");
        const auto right = qScopeGuard([] { qunsetenv("PILOTHOUSE_AGENT_CLOCK_SHIFT"); });
        LiveDesk desk;
        TargetView view(desk.context, pageCatalog().tabs, desk.local);
        view.resize(1400, 900);
        view.show();
        const auto badge = [&]() -> TagLabel * {
            for (auto *tag : view.findChildren<TagLabel *>()) {
                if (tag->isVisibleTo(&view) && tag->accessibleName().startsWith("clock "))
                    return tag;
            }
            return nullptr;
        };
        QCOMPARE(badge(), nullptr);
        QCOMPARE(desk.connectHere(), QString());
        QVERIFY(badge() != nullptr);
        QVERIFY2(
            badge()->accessibleName().endsWith(" behind"), qPrintable(badge()->accessibleName()));
        QVERIFY(badge()->toolTip().startsWith("The clock of This machine is "));
        QVERIFY(badge()->toolTip().contains(" behind this machine. Charts and times of jobs are"));
        view.showTab("live");
        QTRY_VERIFY_WITH_TIMEOUT(says(&view, "The clock of This machine is "), 60'000);
        desk.workspace->session(desk.local)->disconnect();
        QCOMPARE(badge(), nullptr); // what is not connected tells no time
    }

    void realChartsAndProcesses()
    {
        LiveDesk desk;
        LivePage page(desk.context, desk.local);
        desk.watch(&page, desk.local);
        page.resize(1200, 900);
        page.show();
        QCOMPARE(desk.connectHere(), QString());
        QTRY_VERIFY_WITH_TIMEOUT(titles(page).contains("CPU"), 60'000);
        QVERIFY(titles(page).contains("Memory"));
        QVERIFY(titles(page).contains("Load"));
        QVERIFY(!titles(page).contains("GPU utilisation")); // there is none: no chart, no zero
        QVERIFY(!page.findChild<EmptyState *>()->isVisibleTo(&page));
        auto *table = page.findChild<QTableView *>();
        QAbstractItemModelTester tester(
            table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() > 0, 60'000);
        bool known = false; // some process of this user, with a command
        for (int row = 0; row < table->model()->rowCount(); ++row)
            known |= !table->model()->index(row, ProcessModel::Command).data().toString().isEmpty();
        QVERIFY(known);
        // What is drawn is what was sampled.
        const auto charts = page.findChildren<ChartView *>();
        const auto memory = std::find_if(charts.begin(), charts.end(),
            [](const auto *chart) { return chart->spec().title == "Memory"; });
        const auto used = (*memory)->spec().series.front().id;
        QTRY_VERIFY_WITH_TIMEOUT(desk.store->latest(used).has_value(), 60'000);
        QVERIFY(desk.store->latest(used)->value > 1e6);
    }

    void aSignalIsConfirmedAndSent()
    {
        LiveDesk desk;
        LivePage page(desk.context, desk.local);
        desk.watch(&page, desk.local);
        page.resize(1200, 900);
        page.show();
        QCOMPARE(desk.connectHere(), QString());
        QProcess victim; // busy, so that it is among the first fifty
        victim.start(QStringLiteral("/bin/sh"),
            {QStringLiteral("-c"), QStringLiteral("while :; do :; done")});
        QVERIFY(victim.waitForStarted());
        auto *panel = page.findChild<ProcessPanel *>();
        auto *table = panel->table();
        const auto rowOfVictim = [&] {
            for (int row = 0; row < table->model()->rowCount(); ++row) {
                if (table->model()->index(row, ProcessModel::Pid).data().toLongLong()
                    == victim.processId())
                    return row;
            }
            return -1;
        };
        QTRY_VERIFY_WITH_TIMEOUT(rowOfVictim() >= 0, 60'000);
        table->selectRow(rowOfVictim());
        panel->confirmSignal(15);
        auto *dialog = page.window()->findChild<ConfirmDialog *>();
        QVERIFY(dialog);
        QVERIFY(says(dialog, QStringLiteral("while :; do :; done")));
        QVERIFY(says(dialog, QStringLiteral("kill -15 %1").arg(victim.processId())));
        dialog->reject();
        QVERIFY(!victim.waitForFinished(200));
        QTRY_VERIFY_WITH_TIMEOUT(rowOfVictim() >= 0, 60'000);
        table->selectRow(rowOfVictim());
        panel->confirmSignal(15);
        const auto dialogs = page.window()->findChildren<ConfirmDialog *>();
        dialogs.last()->accept();
        QTRY_COMPARE_WITH_TIMEOUT(victim.state(), QProcess::NotRunning, 60'000);
        QCOMPARE(victim.exitStatus(), QProcess::CrashExit); // ended by the signal
        const auto isAudited = [&] { // the answer may come after the process has gone
            const auto audit = desk.ledger->audit(10);
            return std::any_of(audit.begin(), audit.end(), [](const AuditRow &row) {
                return row.act == QLatin1String("process.signal")
                    && row.outcome == QLatin1String("done");
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(isAudited(), 60'000);
        // The same pid with another start is another process.
        const auto gone = desk.run("process.signal", QStringLiteral("x"),
            {{QStringLiteral("pid"), QCoreApplication::applicationPid()},
                {QStringLiteral("start_ticks"), QStringLiteral("1")},
                {QStringLiteral("signal"), 10}});
        QVERIFY(!gone);
        QCOMPARE(gone.error().kind, ErrorKind::NotFound);
        const auto nonsense = desk.run("process.signal", QStringLiteral("x"),
            {{QStringLiteral("pid"), 1}, {QStringLiteral("signal"), 9}});
        QCOMPARE(nonsense.error().kind, ErrorKind::BadInput);
    }

    void aLostLinkLeavesWhatWasSampled()
    {
        LiveDesk desk;
        LivePage page(desk.context, desk.local);
        desk.watch(&page, desk.local);
        page.show();
        QCOMPARE(desk.connectHere(), QString());
        QTRY_VERIFY_WITH_TIMEOUT(titles(page).contains("CPU"), 60'000);
        desk.workspace->session(desk.local)->disconnect();
        QVERIFY(titles(page).contains("CPU"));
        QVERIFY(!page.findChild<EmptyState *>()->isVisibleTo(&page));
        LivePage again(desk.context, desk.local); // another page knows it from the store
        QVERIFY(titles(again).contains("CPU"));
    }

    void simulatedGpusAreShownAndLabelled()
    {
        LiveDesk desk;
        QFile scenario(desk.home.path("scenario"));
        QVERIFY(scenario.open(QFile::WriteOnly));
        scenario.write("driver 555.42.06\ngpus 2\ngpu 0 busy 87\ngpu 0 memory_used 12GiB\n"
                       "gpu 0 power 655\ngpu 0 temperature 64\ngpu 1 busy 3\n");
        scenario.close();
        qputenv("LD_LIBRARY_PATH", PILOTHOUSE_FAKE_NVML);
        qputenv("PILOTHOUSE_NVML_SCENARIO", scenario.fileName().toUtf8());
        LivePage page(desk.context, desk.local);
        desk.watch(&page, desk.local);
        page.resize(1200, 900);
        page.show();
        QCOMPARE(desk.connectHere(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(page.findChildren<GpuCard *>().size(), 2, 60'000);
        const auto *card = page.findChildren<GpuCard *>().first();
        QTRY_VERIFY_WITH_TIMEOUT(says(card, "87"), 60'000);
        QVERIFY(says(card, "12.0\u00A0GiB"));
        QVERIFY(says(card, "64\u00A0°C"));
        QVERIFY(says(card, "655 of "));
        QVERIFY(says(&page, "These GPUs are simulated"));
        QTRY_VERIFY_WITH_TIMEOUT(titles(page).contains("GPU utilisation"), 60'000);
        const auto charts = page.findChildren<ChartView *>();
        const auto power = std::find_if(charts.begin(), charts.end(),
            [](const auto *chart) { return chart->spec().title == "Power"; });
        QVERIFY(power != charts.end());
        QCOMPARE((*power)->spec().series.size(), 2u);
        QVERIFY((*power)->spec().limit.has_value());
    }

    void gpusTenTimesASecond()
    {
        LiveDesk desk;
        QFile scenario(desk.home.path("scenario"));
        QVERIFY(scenario.open(QFile::WriteOnly));
        scenario.write("gpus 2\ngpu 0 busy 87\ngpu 0 power 655\ngpu 1 busy 3\n");
        scenario.close();
        qputenv("LD_LIBRARY_PATH", PILOTHOUSE_FAKE_NVML);
        qputenv("PILOTHOUSE_NVML_SCENARIO", scenario.fileName().toUtf8());
        LivePage page(desk.context, desk.local);
        desk.watch(&page, desk.local);
        page.resize(1200, 900);
        page.show();
        QSignalSpy changed(&page, &TargetPage::headerActionsChanged);
        QCOMPARE(desk.connectHere(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(page.findChildren<GpuCard *>().size(), 2, 60'000);
        QVERIFY(!changed.isEmpty());
        const auto actions = page.headerActions();
        QCOMPARE(actions.size(), 2);
        auto *button = qobject_cast<QPushButton *>(actions.first());
        auto *panel = page.findChild<FastPanel *>();
        QVERIFY(!panel->isVisibleTo(&page)); // nobody asked for it
        button->click();
        QVERIFY(panel->isVisibleTo(&page));
        QCOMPARE(panel->strips().size(), 2);
        QTRY_VERIFY_WITH_TIMEOUT(panel->strips().first()->samples() > 12, 60'000);
        QVERIFY(says(panel, QStringLiteral("87\u00A0%  655\u00A0W")));
        QVERIFY(panel->strips().first()->accessibleName().startsWith(QStringLiteral("GPU 0, ten")));
        button->click();
        QVERIFY(!panel->isVisibleTo(&page));
        const auto seen = panel->strips().first()->samples();
        QTest::qWait(300);
        QCOMPARE(panel->strips().first()->samples(), seen); // nor is it asked for any more
        qDeleteAll(actions);
    }
};

QTEST_MAIN(TestNodePage)
#include "test_nodepage.moc"
