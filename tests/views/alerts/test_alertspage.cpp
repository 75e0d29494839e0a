// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The feed over a real log, act runner and ledger.
#include "core/acts/actrunner.h"
#include "core/acts/services.h"
#include "core/jobs/ledger.h"
#include "core/session/alertlog.h"
#include "core/session/healthmonitor.h"
#include "tests/gui/checks.h"
#include "tests/gui/recorded.h"
#include "views/acts/runneracts.h"
#include "views/alerts/alertdetail.h"
#include "views/alerts/alertspage.h"
#include "views/alerts/alerttree.h"
#include "views/common/emptystate.h"
#include "views/common/searchfield.h"
#include "views/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

static constexpr qint64 now = 1'764'000'000'000, minute = 60'000;

class TestAlertsPage : public QObject {
    Q_OBJECT

    RecordedFeed m_feed{QJsonObject{{QStringLiteral("now"), double(now)}}};
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HealthMonitor> m_monitor;
    std::unique_ptr<AlertLog> m_log;
    std::unique_ptr<Ledger> m_ledger;
    Services m_services;
    std::unique_ptr<ActRunner> m_runner;
    std::unique_ptr<RunnerActs> m_port;
    std::unique_ptr<QWidget> m_window;
    ActMenu *m_acts = nullptr;
    TimeRange m_range;
    QStringList m_opened;
    std::unique_ptr<AlertsPage> m_page;

    void report(int node, const char *rule, HealthVerdict verdict, qint64 minutesAgo)
    {
        HealthFinding finding;
        finding.rule = QString::fromLatin1(rule);
        finding.verdict = verdict;
        finding.raw = QStringLiteral("raw %1").arg(node);
        finding.since = now - minutesAgo * minute;
        finding.lastSeen = now;
        m_monitor->report(QStringLiteral("ssh:n%1").arg(node), finding);
    }
    void reportSome()
    {
        report(1, "hot", HealthVerdict::Watch, 5);
        report(2, "hot", HealthVerdict::Watch, 4);
        report(3, "hot", HealthVerdict::Watch, 3);
        report(4, "xid-79", HealthVerdict::Reboot, 2);
        QTRY_COMPARE(m_page->model()->shownCount(), 4);
    }
    void showPage()
    {
        PageContext context;
        context.services = &m_services;
        context.feed = &m_feed;
        context.acts = m_acts;
        context.range = &m_range;
        context.openTarget = [this](const QString &target, const QString &tab) {
            m_opened << target + QLatin1Char(' ') + tab;
        };
        context.openPage = [this](const QString &page) { m_opened << page; };
        context.openJob = [this](const QString &job) { m_opened << job; };
        m_page = std::make_unique<AlertsPage>(context);
        m_page->resize(1330, 900);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->tree()->setFocus();
    }
    bool says(const QString &text) const
    {
        const auto labels = m_page->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->isVisibleTo(m_page.get()) && label->text().contains(text);
        });
    }
    QPushButton *button(const QString &text) const
    {
        const auto all = m_page->findChildren<QPushButton *>();
        for (auto *one : all) {
            if (one->text().startsWith(text) && one->isVisibleTo(m_page.get()))
                return one;
        }
        return nullptr;
    }
    void chooseGroup()
    {
        m_page->tree()->selectionModel()->setCurrentIndex(m_page->model()->index(1, 0),
            QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Dark); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_monitor = std::make_unique<HealthMonitor>(nullptr);
        m_log = std::make_unique<AlertLog>(nullptr, [] { return now; });
        QVERIFY(m_log->open(m_folder->filePath(QStringLiteral("workspace.db"))));
        m_log->watch(m_monitor.get(), [](const QString &target, const QString &device) {
            return AlertLog::Names{target.mid(4), device};
        });
        m_ledger = std::move(*Ledger::openFile(m_folder->filePath(QStringLiteral("ledger.db"))));
        m_services = Services();
        m_services.alerts = m_log.get();
        m_services.ledger = m_ledger.get();
        m_runner = std::make_unique<ActRunner>(m_services);
        m_services.runner = m_runner.get();
        m_port = std::make_unique<RunnerActs>(m_runner.get());
        m_window = std::make_unique<QWidget>();
        m_acts = new ActMenu(
            m_port.get(), [](const QString &id) { return id; }, m_window.get());
        m_opened.clear();
        showPage();
    }
    void cleanup()
    {
        m_page.reset();
        m_window.reset();
        m_port.reset();
        m_runner.reset();
        m_log.reset();
        m_monitor.reset();
    }

    void emptySaysWhatAndWhatNext()
    {
        auto *empty = m_page->findChild<EmptyState *>();
        QVERIFY(empty->isVisibleTo(m_page.get()));
        QVERIFY(says(QStringLiteral("No alerts yet")));
        Q_EMIT empty->activated();
        QCOMPARE(m_opened, QStringList{QStringLiteral("targets")});
        QCOMPARE(problemsOf(m_page.get()), QStringList());
    }

    void groupsUnfoldByKey()
    {
        reportSome();
        auto *tree = m_page->tree();
        QCOMPARE(m_page->model()->rowCount(), 2);
        QVERIFY(says(QStringLiteral("XID 79: fallen off the bus"))); // the worst is chosen
        QVERIFY(says(QStringLiteral("raw 4")));
        chooseGroup();
        QTest::keyClick(tree, Qt::Key_Right);
        QVERIFY(tree->isExpanded(m_page->model()->index(1, 0)));
        QTest::keyClick(tree, Qt::Key_Down);
        QCOMPARE(tree->currentIndex().siblingAtColumn(AlertModel::Where).data().toString(),
            QStringLiteral("n3"));
        QVERIFY(says(QStringLiteral("Look at fans")));
        QTest::keyClick(tree, Qt::Key_Left);
        QTest::keyClick(tree, Qt::Key_Left);
        QVERIFY(!tree->isExpanded(m_page->model()->index(1, 0)));
    }

    void acknowledgeAGroupAndUndo()
    {
        reportSome();
        chooseGroup();
        QTest::keyClick(m_page->tree(), Qt::Key_D, Qt::ControlModifier);
        QTRY_COMPARE(m_log->openCount(), 1);
        QTRY_COMPARE(m_page->model()->count(AlertView::Quiet), 3);
        QVERIFY(says(QStringLiteral("3 alerts acknowledged.")));
        QCOMPARE(m_page->tree()->selectedIds().size(), 1); // what took the group's place
        QCOMPARE(m_page->findChild<QTabBar *>()->tabText(1), QStringLiteral("Quiet 3"));
        const auto rows = m_ledger->audit(10);
        QCOMPARE(rows.size(), 1); // one act, not three
        QVERIFY(rows.first().preview.startsWith(QStringLiteral("pilothousectl alerts ack ")));
        QTest::keyClick(m_page->tree(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(m_log->openCount(), 4);
        QVERIFY(!says(QStringLiteral("3 alerts acknowledged.")));
        QTest::keyClick(m_page->tree(), Qt::Key_Z, Qt::ControlModifier); // nothing is left to undo
        QCOMPARE(m_log->openCount(), 4);
    }

    /// Menus and the palette run acts without the page.
    void whatAMenuRunsIsTakenBackToo()
    {
        reportSome();
        ActRequest request;
        request.target = QStringLiteral("ssh:n1");
        request.subject = m_log->alerts()[0].id;
        m_acts->trigger(QStringLiteral("alert.acknowledge"), {request});
        QTRY_COMPARE(m_log->openCount(), 3);
        QTRY_COMPARE(m_page->model()->count(AlertView::Quiet), 1);
        QVERIFY(says(QStringLiteral("1 alert acknowledged.")));
        QTest::keyClick(m_page->tree(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(m_log->openCount(), 4);
    }

    void snoozeFromTheMenuAndWake()
    {
        reportSome();
        QTest::keyClick(m_page->tree(), Qt::Key_S, Qt::ControlModifier);
        auto *menu = m_page->findChild<QMenu *>();
        QVERIFY(menu);
        QCOMPARE(menu->actions().size(), 4);
        menu->actions()[1]->trigger();
        menu->close();
        QTRY_VERIFY(!m_page->findChild<QMenu *>());
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTRY_COMPARE(m_log->openCount(), 3);
        const auto alert = m_log->alerts()[3];
        QCOMPARE(alert.snoozedUntil, now + 8 * 60 * minute);
        // Longer over shorter: its undo gives the shorter back.
        m_page->showSubject(alert.id);
        QCOMPARE(m_page->model()->view(), AlertView::Quiet);
        QVERIFY(m_log->snooze({alert.id}, now + 9 * 60 * minute));
        QTest::qWait(10);
        m_page->showSubject(alert.id);
        QTest::keyClick(m_page->tree(), Qt::Key_S, Qt::ControlModifier); // wakes what sleeps
        QTRY_COMPARE(m_log->openCount(), 4);
        QTRY_VERIFY(m_page->findChild<EmptyState *>()->isVisibleTo(m_page.get()));
        auto *focus = m_page->focusWidget(); // the list is gone, its keys are not
        QVERIFY(focus != nullptr && focus->isVisibleTo(m_page.get()));
        QTest::keyClick(focus, Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(m_log->alerts()[3].snoozedUntil, now + 9 * 60 * minute);
    }

    void endedStayAsHistory()
    {
        reportSome();
        m_monitor->withdraw(QStringLiteral("ssh:n4"), QStringLiteral("xid-79"));
        QTRY_COMPARE(m_page->model()->count(AlertView::Ended), 1);
        m_page->showSubject(m_log->alerts()[3].id);
        QCOMPARE(m_page->findChild<QTabBar *>()->currentIndex(), 2);
        QVERIFY(says(QStringLiteral("for 2")));
        QVERIFY(!button(QStringLiteral("Acknowledge"))); // nothing to say to what is over
    }

    void waysOut()
    {
        reportSome();
        QTest::keyClick(m_page->tree(), Qt::Key_Return);
        QCOMPARE(m_opened, QStringList{QStringLiteral("ssh:n4 live")});
        QVERIFY(!m_range.live());
        QVERIFY(m_range.begin(now) < now - 2 * minute && m_range.end(now) >= now);
        m_range.setLive(true, now);
        QTest::keyClick(m_page->tree(), Qt::Key_G, Qt::ControlModifier);
        QCOMPARE(m_opened.last(), QStringLiteral("ssh:n4 live"));
        QVERIFY(m_range.live()); // the node as it is now
        chooseGroup();
        QVERIFY(!button(QStringLiteral("Open node"))->isEnabled());
    }

    void subjectsOfPages()
    {
        reportSome();
        m_page->showSubject(QStringLiteral("ssh:n2/")); // the worst of the node itself
        QCOMPARE(m_page->tree()->selectedIds(), QStringList{m_log->alerts()[1].id});
        m_page->findChild<SearchField *>()->setText(QStringLiteral("nothing has this"));
        QVERIFY(m_page->findChild<EmptyState *>()->isVisibleTo(m_page.get()));
        m_page->showSubject(m_log->alerts()[0].id); // the filter would hide it
        QCOMPARE(m_page->tree()->selectedIds(), QStringList{m_log->alerts()[0].id});
        QCOMPARE(m_page->selection().first().target, QStringLiteral("ssh:n1"));
        m_page->showSubject(QStringLiteral("ssh:nobody/GPU-1")); // nothing to show is no harm
    }

    void copies()
    {
        reportSome();
        auto *clipboard = QGuiApplication::clipboard();
        chooseGroup();
        auto *copy = m_page->findChild<AlertDetail *>();
        QCOMPARE(copy->rawText(), QStringLiteral("n3: raw 3\nn2: raw 2\nn1: raw 1"));
        clipboard->clear();
        QTest::keyClick(m_page->tree(), Qt::Key_C, Qt::ControlModifier);
        QVERIFY(clipboard->text().startsWith(QStringLiteral("What\tWhere\t")));
        QVERIFY(clipboard->text().contains(QStringLiteral("\nToo hot\t3 nodes\t")));
    }

    void looksRightInEveryScheme()
    {
        reportSome();
        for (const auto scheme : {Scheme::Dark, Scheme::Light, Scheme::HighContrast}) {
            Theme::instance().setScheme(scheme);
            m_page->tree()->expandAll();
            for (const int wide : {1330, 660}) {
                m_page->resize(wide, 900);
                QCoreApplication::processEvents();
                QCOMPARE(problemsOf(m_page.get()), QStringList());
            }
        }
        Theme::instance().setScheme(Scheme::Dark);
    }

    void withoutServicesItIsEmpty()
    {
        PageContext context;
        context.feed = &m_feed;
        context.acts = m_acts;
        context.range = &m_range;
        AlertsPage page(context);
        page.show();
        QVERIFY(page.findChild<EmptyState *>()->isVisibleTo(&page));
        QVERIFY(page.selection().isEmpty());
    }
};

QTEST_MAIN(TestAlertsPage)
#include "test_alertspage.moc"
