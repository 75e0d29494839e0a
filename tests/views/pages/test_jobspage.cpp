// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/jobmodel.h"
#include "core/transport/ioloop.h"
#include "tests/views/pages/livedesk.h"
#include "views/common/emptystate.h"
#include "views/common/searchfield.h"
#include "views/jobs/jobdetail.h"
#include "views/jobs/joblist.h"
#include "views/jobs/jobspage.h"
#include "views/jobs/signalmenu.h"
#include "views/jobs/targetjobspage.h"
#include "views/launch/launchdraft.h"
#include "views/logs/logview.h"
#include "views/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QMenu>
#include <QPushButton>
#include <QTableView>

using namespace pilothouse;

class TestJobsPage : public QObject {
    Q_OBJECT

    static QString launch(LiveDesk &desk, const QString &name, const QStringList &argv)
    {
        const auto job = desk.run(
            "job.launch", {}, {{"name", name}, {"argv", QJsonArray::fromStringList(argv)}});
        return job ? job->value("id").toString() : job.error().message;
    }
    static QPushButton *button(const QWidget *in, const QString &text)
    {
        const auto all = in->findChildren<QPushButton *>();
        for (auto *one : all) {
            if (one->text() == text)
                return one;
        }
        return nullptr;
    }
    static QStringList names(const QAbstractItemModel *model)
    {
        QStringList all;
        for (int row = 0; row < model->rowCount(); ++row)
            all << model->index(row, JobModel::Name).data().toString();
        return all;
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void emptySaysTheNextAct()
    {
        LiveDesk desk;
        JobsPage page(desk.context);
        auto *empty = page.findChild<EmptyState *>();
        QVERIFY(empty->isVisibleTo(&page));
        Q_EMIT empty->activated();
        QCOMPARE(desk.opened, QStringList{"local/launch"});
        TargetJobsPage mine(desk.context, desk.local);
        QVERIFY(mine.findChild<EmptyState *>()->accessibleName().contains("This machine"));
    }

    void aRealJobFromStartToEnd()
    {
        LiveDesk desk;
        QCOMPARE(desk.connectHere(), QString());
        JobsPage page(desk.context);
        page.resize(1200, 800);
        page.show();
        auto *table = page.findChild<QTableView *>();
        QAbstractItemModelTester tester(
            table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QString gate = desk.home.path("gate");
        const QString id = launch(desk, "train",
            {"sh", "-c",
                "echo first line; until test -e " + gate + "; do sleep 0.05; done; exit 3"});
        QTRY_COMPARE(table->model()->rowCount(), 1);
        page.showSubject(id);
        auto *detail = page.findChild<JobDetail *>();
        QCOMPARE(detail->jobId(), id);
        QVERIFY(detail->isVisibleTo(&page));
        const auto state = [&] { return table->model()->index(0, JobModel::State).data(); };
        QTRY_COMPARE_WITH_TIMEOUT(state().toString(), "Running", 60'000);
        auto *log = page.findChild<LogView *>();
        QTRY_VERIFY_WITH_TIMEOUT(log->selectedText().contains("first line"), 60'000);
        QVERIFY(button(detail, "Cancel job")->isEnabled());
        QVERIFY(!button(detail, "Forget job")->isEnabled()); // it runs
        QVERIFY(!button(detail, "Forget job")->toolTip().isEmpty());

        QFile open(gate);
        QVERIFY(open.open(QFile::WriteOnly));
        QTRY_COMPARE_WITH_TIMEOUT(state().toString(), "Exit 3", 60'000);
        QTRY_VERIFY(!button(detail, "Cancel job")->isEnabled());
        QCOMPARE(button(detail, "Cancel job")->toolTip(), "The job has ended.");
        QTRY_VERIFY(button(detail, "Forget job")->isEnabled());
        QMenu menu;
        insertSignals(&menu, desk.acts, page.selection());
        QVERIFY(!menu.actions().first()->isEnabled());
        QCOMPARE(menu.actions().first()->toolTip(), "The job has ended.");

        button(detail, "Run again with edits")->click();
        QCOMPARE(desk.opened.last(), "local/launch");
        QCOMPARE(takeLaunchDraft(desk.local)->name, "train");
        button(detail, "Forget job")->click();
        QTRY_COMPARE(table->model()->rowCount(), 0);
        QVERIFY(page.findChild<EmptyState *>()->isVisibleTo(&page));
    }

    void filterSelectionAndCancel()
    {
        LiveDesk desk;
        QCOMPARE(desk.connectHere(), QString());
        const QString one = launch(desk, "one", {"sleep", "600"});
        const QString two = launch(desk, "two", {"sleep", "600"});
        TargetJobsPage page(desk.context, desk.local);
        page.show();
        auto *table = page.findChild<QTableView *>();
        auto *search = page.findChild<SearchField *>();
        QCOMPARE(table->model()->rowCount(), 2);
        QVERIFY(table->isColumnHidden(JobModel::Target));
        search->setText("two");
        QCOMPARE(names(table->model()), QStringList{"two"});
        search->setText("nothing like it");
        auto *empty = page.findChild<EmptyState *>();
        QVERIFY(empty->isVisibleTo(&page));
        Q_EMIT empty->activated();
        QCOMPARE(search->text(), QString());
        search->setText("two");
        page.showSubject(one); // hidden by the filter: the filter goes
        QCOMPARE(search->text(), QString());
        QCOMPARE(page.selection().size(), 1);
        QCOMPARE(page.selection().first().subject, one);
        table->selectAll();
        QCOMPARE(page.selection().size(), 2);
        desk.acts->trigger("job.cancel", page.selection());
        for (const auto &id : {one, two})
            QTRY_COMPARE_WITH_TIMEOUT(desk.jobs->find(id)->state, JobState::Cancelled, 60'000);
        QCOMPARE(page.selection().size(), 2); // it survived the updates
    }

    void jobsOfOtherTargetsStayAway()
    {
        LiveDesk desk;
        QCOMPARE(desk.connectHere(), QString());
        launch(desk, "here", {"true"});
        Target other;
        other.id = "ssh:other";
        other.name = "other";
        other.kind = TargetKind::SshManual;
        other.host = "10.0.0.1";
        QVERIFY(desk.workspace->save(other));
        TargetJobsPage page(desk.context, other.id);
        QCOMPARE(page.findChild<QTableView *>()->model()->rowCount(), 0);
        launch(desk, "here too", {"true"});
        QTRY_COMPARE(desk.jobs->jobs().size(), 2);
        QCOMPARE(page.findChild<QTableView *>()->model()->rowCount(), 0);
    }
};

QTEST_MAIN(TestJobsPage)
#include "test_jobspage.moc"
