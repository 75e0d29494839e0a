// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/recorded.h"
#include "views/common/textlabel.h"
#include "views/connection/terminal.h"
#include "views/frame/mainwindow.h"
#include "views/frame/palettemodel.h"
#include "views/frame/singleinstance.h"
#include "views/frame/targetview.h"
#include "views/pages/catalog.h"
#include "views/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestFrame : public QObject {
    Q_OBJECT

    QJsonObject m_recording;
    std::unique_ptr<RecordedFeed> m_feed;
    std::unique_ptr<RecordedActs> m_acts;

    std::unique_ptr<MainWindow> window(const QString &settings = {})
    {
        return std::make_unique<MainWindow>(
            pageCatalog(), nullptr, m_feed.get(), m_acts.get(), settings);
    }
    static QPushButton *button(QWidget *in, const QString &text)
    {
        const auto buttons = in->findChildren<QPushButton *>();
        for (auto *one : buttons) {
            if (one->text() == text && one->isVisibleTo(in))
                return one;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        Theme::install(Scheme::Light);
        m_recording = readRecording(
            QStringLiteral(PILOTHOUSE_SOURCE "/tests/fixtures/workspace/targets.json"));
        QVERIFY(!m_recording.isEmpty());
    }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_feed = std::make_unique<RecordedFeed>(m_recording);
        m_acts = std::make_unique<RecordedActs>(m_recording);
    }

    void catalogueIsSound()
    {
        QSet<QString> ids, keys;
        for (const auto *page : pageCatalog().rail) {
            QVERIFY(!ids.contains(page->id));
            QVERIFY(*page->shortcut == 0 || !keys.contains(page->shortcut));
            ids << page->id;
            keys << page->shortcut;
        }
        ids.clear();
        for (const auto *tab : pageCatalog().tabs) {
            QVERIFY(!ids.contains(tab->id));
            ids << tab->id;
        }
        QVERIFY(ids.contains("connection"));
    }

    void everyPageOpens()
    {
        const auto main = window();
        main->show();
        for (const auto *page : pageCatalog().rail)
            main->openPage(page->id);
        for (const auto &status : m_feed->targets()) {
            for (const auto *tab : pageCatalog().tabs) {
                main->openTarget(status.target.id, tab->id);
                const auto views = main->findChildren<TargetView *>();
                QVERIFY(std::any_of(views.begin(), views.end(),
                    [&](const auto *view) { return view->target() == status.target.id; }));
            }
        }
        main->openTarget("ssh:nobody");
        main->openPage("nothing");
    }

    void connectIsAnAct()
    {
        const auto main = window();
        main->show();
        main->openTarget("ssh:lambda-a100", "connection");
        auto *connectButton = button(main.get(), "Connect");
        QVERIFY(connectButton);
        connectButton->click();
        QCOMPARE(m_acts->runs.size(), 1);
        QCOMPARE(m_acts->runs[0].first, "target.connect");
        QCOMPARE(m_acts->runs[0].second.target, "ssh:lambda-a100");
    }

    void refusedActsSayWhy()
    {
        m_acts->refused << "target.connect";
        const auto main = window();
        main->show();
        main->openTarget("ssh:lambda-a100", "connection");
        auto *connectButton = button(main.get(), "Connect");
        QVERIFY(connectButton);
        QVERIFY(!connectButton->isEnabled());
        QVERIFY(!connectButton->toolTip().isEmpty());
    }

    void protectedActsAskForTheName()
    {
        m_acts->guarded << "target.remove";
        QWidget parent;
        ActMenu menu(
            m_acts.get(), [](const QString &) { return QStringLiteral("lab"); }, &parent);
        ActRequest request;
        request.target = "ssh:lab";
        menu.trigger("target.remove", {request});
        QCOMPARE(m_acts->runs.size(), 0);
        auto *dialog = parent.findChild<QDialog *>();
        QVERIFY(dialog);
        auto *go = button(dialog, "Remove host");
        QVERIFY(!go->isEnabled());
        auto *field = dialog->findChild<QLineEdit *>();
        field->setText("la");
        QVERIFY(!go->isEnabled());
        field->setText("lab");
        QVERIFY(go->isEnabled());
        go->click();
        QCOMPARE(m_acts->runs.size(), 1);
        QCOMPARE(m_acts->runs[0].second.typedName, "lab");
    }

    void aRemovedTargetLeavesItsPage()
    {
        const auto main = window();
        main->show();
        main->openTarget("ssh:archive");
        auto rest = m_feed->targets();
        rest.removeIf([](const TargetStatus &one) { return one.target.id == "ssh:archive"; });
        m_feed->replace(rest);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        for (const auto *view : main->findChildren<TargetView *>())
            QVERIFY(view->target() != "ssh:archive");
    }

    void whereItWasIsRemembered()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath("window.ini");
        {
            const auto main = window(file);
            main->show();
            main->openTarget("ssh:bastion");
            main->range()->setSpan(3'600'000);
            main->close();
        }
        const auto again = window(file);
        again->show();
        const auto views = again->findChildren<TargetView *>();
        QCOMPARE(views.size(), 1);
        QCOMPARE(views[0]->target(), "ssh:bastion");
        QCOMPARE(again->range()->span(), 3'600'000);
    }

    void paletteKinds()
    {
        PaletteModel model;
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto main = window();
        model.setEntries(main->paletteEntries());
        model.search("@lam");
        QVERIFY(model.rowCount() >= 1);
        QCOMPARE(model.entry(0).title, "lambda-a100");
        model.search(">targets");
        QCOMPARE(model.entry(0).kind, QChar(u'>'));
        model.search(":th");
        QCOMPARE(model.entry(0).title, "Theme");
        model.search("#");
        QCOMPARE(model.rowCount(), 0);
    }

    void timeRangePauses()
    {
        TimeRange range;
        QSignalSpy spy(&range, &TimeRange::changed);
        QCOMPARE(range.begin(1'000'000), 1'000'000 - 900'000);
        range.setLive(false, 1'000'000);
        QCOMPARE(range.end(5'000'000), 1'000'000);
        range.show(100, 60'100);
        QCOMPARE(range.span(), 60'000);
        range.setLive(true, 0);
        QCOMPARE(range.end(7), 7);
        QCOMPARE(spy.count(), 3);
    }

    void secondStartRaisesTheFirst()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("console.sock");
        SingleInstance first(path), second(path);
        QVERIFY(first.claim());
        QSignalSpy raised(&first, &SingleInstance::raiseWanted);
        QVERIFY(!second.claim());
        QTRY_COMPARE(raised.count(), 1);
    }

    void aDeadSocketIsReplaced()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("console.sock");
        QFile dead(path);
        QVERIFY(dead.open(QIODevice::WriteOnly));
        dead.close();
        SingleInstance first(path), second(path);
        QVERIFY(first.claim());
        QVERIFY(!second.claim());
    }

    void terminalCommands()
    {
        Target target;
        target.name = "lab";
        QCOMPARE(terminalCommand(target), (QStringList{"ssh", "lab"}));
        target.kind = TargetKind::SshManual;
        target.host = "10.0.0.1";
        target.user = "mia";
        target.port = 2222;
        QCOMPARE(
            terminalCommand(target), (QStringList{"ssh", "-p", "2222", "-l", "mia", "10.0.0.1"}));
    }
};

QTEST_MAIN(TestFrame)
#include "test_frame.moc"
