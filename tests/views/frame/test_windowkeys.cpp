// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/rowmodel.h"
#include "tests/gui/recorded.h"
#include "views/common/keyhint.h"
#include "views/frame/commandpalette.h"
#include "views/frame/mainwindow.h"
#include "views/frame/shortcutsheet.h"
#include "views/frame/statusline.h"
#include "views/frame/targetview.h"
#include "views/pages/catalog.h"
#include "views/theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QLineEdit>
#include <QStackedWidget>
#include <QTableView>
#include <QTest>

using namespace pilothouse;

/// Everything by the keyboard: an act's key does it to what is open or selected.
class TestWindowKeys : public QObject {
    Q_OBJECT

    std::unique_ptr<RecordedFeed> m_feed;
    std::unique_ptr<RecordedActs> m_acts;
    std::unique_ptr<MainWindow> m_window;

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        const auto recording = readRecording(
            QStringLiteral(PILOTHOUSE_SOURCE "/tests/fixtures/workspace/targets.json"));
        m_feed = std::make_unique<RecordedFeed>(recording);
        m_acts = std::make_unique<RecordedActs>(recording);
        m_window = std::make_unique<MainWindow>(
            pageCatalog(), nullptr, m_feed.get(), m_acts.get(), QString());
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void cleanup() { m_window.reset(); }

    void anActsKeyActsOnTheOpenTarget()
    {
        m_window->openTarget("ssh:archive", "connection");
        QTest::keyClick(m_window.get(), Qt::Key_O, Qt::ControlModifier);
        QTest::keyClick(m_window.get(), Qt::Key_T, Qt::ControlModifier);
        QCOMPARE(m_acts->runs.size(), 2);
        QCOMPARE(m_acts->runs[0].first, "target.connect");
        QCOMPARE(m_acts->runs[1].first, "terminal.open");
        QCOMPARE(m_acts->runs[1].second.target, "ssh:archive");
    }

    void orOnTheSelectedOnes()
    {
        m_window->openPage("targets");
        auto *table = m_window->findChild<QTableView *>();
        QVERIFY(table);
        table->selectRow(0);
        const QString id = table->currentIndex().data(KeyRole).toString();
        QTest::keyClick(table, Qt::Key_O, Qt::ControlModifier);
        QCOMPARE(m_acts->runs.size(), 1);
        QCOMPARE(m_acts->runs[0].second.target, id);
    }

    void whatIsRefusedSaysWhyInThePalette()
    {
        m_acts->refused << "terminal.open";
        m_window->openTarget("ssh:archive", "connection");
        QTest::keyClick(m_window.get(), Qt::Key_T, Qt::ControlModifier);
        QVERIFY(m_acts->runs.isEmpty());
        const auto *palette = m_window->findChild<CommandPalette *>();
        QVERIFY(palette->isVisible());
        QCOMPARE(palette->findChild<QLineEdit *>()->text(), ">Open terminal");
    }

    void launchOpensItsForm()
    {
        m_window->openTarget("ssh:archive", "connection");
        QTest::keyClick(m_window.get(), Qt::Key_L, Qt::ControlModifier);
        QVERIFY(m_acts->runs.isEmpty()); // nothing is launched unseen
        const auto *view = m_window->findChild<TargetView *>();
        QVERIFY(view && view->currentPage());
        QCOMPARE(view->currentPage()->metaObject()->className(), "pilothouse::LaunchPage");
    }

    void theSheetIsShownOnce()
    {
        m_window->showShortcuts();
        m_window->showShortcuts();
        QCOMPARE(m_window->findChildren<ShortcutSheet *>().size(), 1);
        QCOMPARE(KeyHint::text(QKeySequence(Qt::Key_Plus)), "+");
        QCOMPARE(KeyHint::text(QKeySequence("Ctrl+Shift++")), "Ctrl Shift +");
        for (const auto &group : pageKeys()) {
            QVERIFY(!group.keys.isEmpty());
            for (const auto &[title, keys] : group.keys)
                QVERIFY2(!keys.isEmpty() && !title.isEmpty(), qPrintable(group.title));
        }
    }

    /// From the inventory Tab goes on to the page.
    void tabGoesToThePage()
    {
        m_window->openPage("targets");
        auto *page = m_window->findChild<QStackedWidget *>()->currentWidget();
        auto *dock = m_window->findChild<QWidget *>("inventory");
        auto *last = dock->findChild<QAbstractItemView *>();
        QVERIFY(last);
        last->setFocus();
        QWidget *at = last;
        const auto press = [&](Qt::Key key, Qt::KeyboardModifiers with = {}) {
            QTest::keyClick(at, key, with);
            at = QApplication::focusWidget();
        };
        for (int i = 0; i < 4 && dock->isAncestorOf(at); ++i)
            press(Qt::Key_Tab);
        QVERIFY2(page->isAncestorOf(at), at->metaObject()->className());
        press(Qt::Key_Backtab, Qt::ShiftModifier);
        QVERIFY2(dock->isAncestorOf(at), at->metaObject()->className());
        // All the way round: everything comes once.
        QSet<QWidget *> seen;
        for (int i = 0; i < 200 && !seen.contains(at); ++i) {
            seen.insert(at);
            press(Qt::Key_Tab);
        }
        QVERIFY(seen.size() < 200);
        QVERIFY(std::any_of(seen.begin(), seen.end(),
            [&](QWidget *one) { return m_window->statusLine()->isAncestorOf(one); }));
        QVERIFY(std::any_of(
            seen.begin(), seen.end(), [&](QWidget *one) { return page->isAncestorOf(one); }));
    }
};

QTEST_MAIN(TestWindowKeys)
#include "test_windowkeys.moc"
