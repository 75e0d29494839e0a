// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/acts/actrunner.h"
#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/session/workspace.h"
#include "tests/core/jobs/fakelinks.h"
#include "tests/gui/recorded.h"
#include "views/acts/runneracts.h"
#include "views/common/textlabel.h"
#include "views/feed/workspacefeed.h"
#include "views/frame/inventorymenu.h"
#include "views/frame/mainwindow.h"
#include "views/frame/palettemodel.h"
#include "views/frame/singleinstance.h"
#include "views/frame/targetview.h"
#include "views/pages/catalog.h"
#include "views/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QDialog>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

static const QString lab = QStringLiteral("ssh:lab");

/// Real acts, jobs and workspace on a node that is a fake.
struct JobDesk {
    explicit JobDesk(const QJsonObject &recording)
        : feed(recording)
    {
        qputenv("PILOTHOUSE_SSH_CONFIG", folder.filePath("config").toUtf8());
        workspace = std::make_unique<Workspace>(folder.filePath("workspace.db"), nullptr);
        Target target;
        target.id = lab;
        target.name = "lab";
        target.kind = TargetKind::SshManual;
        target.host = "127.0.0.1";
        good = workspace->load() && workspace->save(target);
        ledger = std::move(*Ledger::openFile(folder.filePath("ledger.db")));
        auto links = std::make_unique<FakeLinks>();
        links->connectTo(node);
        jobs = std::make_unique<JobService>(std::move(links), ledger.get());
        services.workspace = workspace.get();
        services.ledger = ledger.get();
        services.jobs = jobs.get();
        runner = std::make_unique<ActRunner>(services);
        services.runner = runner.get();
        acts = std::make_unique<RunnerActs>(runner.get());
    }
    QString launch(const QString &name)
    {
        JobSpec spec;
        spec.name = name;
        spec.argv = QStringList{"sleep", "60"};
        return QCoro::waitFor(jobs->launch(Context(), PermitForTests::make(), lab, spec))->id;
    }
    QTemporaryDir folder;
    bool good = false;
    RecordedFeed feed;
    std::shared_ptr<FakeNode> node = FakeNode::make();
    std::unique_ptr<Workspace> workspace;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<JobService> jobs;
    Services services;
    std::unique_ptr<ActRunner> runner;
    std::unique_ptr<RunnerActs> acts;
};

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

    void aTypedPathOpensTheFilesThere()
    {
        const auto main = window();
        main->show();
        main->openTarget("ssh:gpu-lab-3", "connection");
        PaletteModel model;
        model.setEntries(main->paletteEntries());
        model.search("/data/run-42"); // a path, not letters to be found
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.entry(0).detail, "gpu-lab-3");
        model.entry(0).runTyped("/data/run-42");
        const auto views = main->findChildren<TargetView *>();
        const auto view = std::find_if(views.begin(), views.end(),
            [](const auto *one) { return one->target() == "ssh:gpu-lab-3"; });
        QCOMPARE((*view)->tab(), "files");
    }

    void paletteFindsJobsAndOpensThem()
    {
        JobDesk desk(m_recording);
        QVERIFY(desk.good);
        const QString train = desk.launch("train-llama"), other = desk.launch("evaluate");
        MainWindow main(pageCatalog(), &desk.services, &desk.feed, desk.acts.get(), {});
        main.show();
        PaletteModel model;
        model.setEntries(main.paletteEntries());
        model.search("#");
        QCOMPARE(model.rowCount(), 2);
        model.search("#llama");
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.entry(0).title, "train-llama");
        QVERIFY(model.entry(0).detail.startsWith("Running"));
        model.search("#" + other.right(10)); // by its id
        QCOMPARE(model.entry(0).title, "evaluate");
        model.search("#llama");
        model.entry(0).run();
        const auto selected = main.paletteEntries();
        const auto cancel = std::find_if(selected.begin(), selected.end(),
            [](const PaletteEntry &entry) { return entry.title == "Cancel job"; });
        QVERIFY(cancel != selected.end());
        QCOMPARE(cancel->detail, "train-llama");
        QVERIFY(cancel->refused.isEmpty());
        cancel->run();
        QTRY_COMPARE(desk.jobs->find(train)->state, JobState::Cancelled);
        QCOMPARE(desk.jobs->find(other)->state, JobState::Running);
    }

    void anEndedJobIsNotCancelledAnywhere()
    {
        JobDesk desk(m_recording);
        const QString id = desk.launch("short");
        MainWindow main(pageCatalog(), &desk.services, &desk.feed, desk.acts.get(), {});
        main.show();
        main.openPage("jobs");
        auto *cancel = button(&main, "Cancel job");
        QVERIFY(cancel);
        QVERIFY(cancel->isEnabled());
        desk.node->endJob(id, JobState::Succeeded, 0);
        QTRY_COMPARE(desk.jobs->find(id)->state, JobState::Succeeded);
        QTRY_VERIFY(!cancel->isEnabled()); // the button that is shown
        QCOMPARE(cancel->toolTip(), "The job has ended.");
        const auto entries = main.paletteEntries(); // the palette
        const auto line = std::find_if(entries.begin(), entries.end(),
            [](const PaletteEntry &entry) { return entry.title == "Cancel job"; });
        QVERIFY(line != entries.end());
        QCOMPARE(line->refused, "The job has ended.");
        QMenu menu; // a menu
        ActMenu acts(
            desk.acts.get(), [](const QString &target) { return target; }, &main);
        ActRequest request;
        request.subject = id;
        acts.fill(&menu, {"job.cancel", "job.forget"}, {request});
        QVERIFY(!menu.actions().at(0)->isEnabled());
        QCOMPARE(menu.actions().at(0)->toolTip(), "The job has ended.");
        QVERIFY(menu.actions().at(1)->isEnabled());
    }

    void groupsAreMadeRenamedAndRemoved()
    {
        JobDesk desk(m_recording);
        Target other;
        other.id = "ssh:other";
        other.name = "other";
        other.kind = TargetKind::SshManual;
        other.host = "127.0.0.1";
        QVERIFY(desk.workspace->save(other));
        WorkspaceFeed feed(desk.workspace.get(), nullptr);
        QWidget parent;
        ActMenu acts(
            desk.acts.get(), [&](const QString &id) { return feed.targetName(id); }, &parent);
        InventoryMenu inventory(&feed, &acts, &parent);
        const auto group = [&](const QString &id) { return desk.workspace->target(id)->group; };
        const auto entry = [](QMenu *menu, const QString &text) -> QAction * {
            const auto actions = menu->actions();
            for (auto *action : actions) {
                if (action->text() == text)
                    return action;
            }
            return nullptr;
        };
        const auto answer = [&](const QString &name) {
            auto *dialog = parent.findChild<QDialog *>();
            QVERIFY(dialog);
            QVERIFY(!dialog->isModal());
            dialog->findChild<QLineEdit *>()->setText(name);
            const auto buttons = dialog->findChildren<QPushButton *>();
            for (auto *one : buttons) {
                if (one->isDefault())
                    one->click();
            }
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        };
        QMenu menu;
        inventory.fillTarget(&menu, *feed.status(lab));
        entry(entry(&menu, "Move to")->menu(), "New group…")->trigger();
        answer("Berlin");
        QTRY_COMPARE(group(lab), "Berlin");
        QCOMPARE(inventory.groups(), QStringList{"Berlin"});

        QMenu second; // another host moves to the group that is there now
        inventory.fillTarget(&second, *feed.status("ssh:other"));
        entry(entry(&second, "Move to")->menu(), "Berlin")->trigger();
        QTRY_COMPARE(group("ssh:other"), "Berlin");
        entry(&second, "Mark as favourite")->trigger();
        QTRY_VERIFY(desk.workspace->target("ssh:other")->favourite);

        QMenu ofGroup;
        inventory.fillGroup(&ofGroup, "Berlin");
        entry(&ofGroup, "Rename group…")->trigger();
        answer("Hamburg");
        QTRY_COMPARE(group(lab), "Hamburg");
        QTRY_COMPARE(group("ssh:other"), "Hamburg");
        QMenu renamed;
        inventory.fillGroup(&renamed, "Hamburg");
        entry(&renamed, "Remove group")->trigger();
        QTRY_COMPARE(group(lab), QString());
        QTRY_COMPARE(group("ssh:other"), QString());
        QVERIFY(desk.workspace->target(lab)); // the hosts stay
    }

    void docksFloatByButtonAndKeepATitle()
    {
        const auto main = window();
        main->show();
        main->showActivity(true);
        const auto docks = main->findChildren<QDockWidget *>();
        QCOMPARE(docks.size(), 2);
        const auto named = [](QWidget *in, const QString &name) -> QPushButton * {
            const auto all = in->findChildren<QPushButton *>();
            for (auto *one : all) {
                if (one->accessibleName() == name)
                    return one;
            }
            return nullptr;
        };
        auto *activity = main->findChild<QDockWidget *>("activity");
        QVERIFY(activity->titleBarWidget()); // nothing of ours to grab while it is docked
        named(activity, "Float the activity")->click();
        QVERIFY(activity->isFloating());
        QVERIFY(!activity->titleBarWidget()); // the desktop's
        named(activity, "Float the activity")->click();
        QVERIFY(!activity->isFloating());
        QVERIFY(activity->titleBarWidget());
        named(activity, "Hide the activity")->click();
        QVERIFY(!activity->isVisible());
        QVERIFY(named(main.get(), "Inventory menu")->focusPolicy() & Qt::TabFocus);
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
};

QTEST_MAIN(TestFrame)
#include "test_frame.moc"
