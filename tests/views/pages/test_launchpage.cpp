// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/templates.h"
#include "core/transport/ioloop.h"
#include "tests/views/pages/livedesk.h"
#include "views/launch/launchdraft.h"
#include "views/launch/launchform.h"
#include "views/launch/launchpage.h"
#include "views/theme/theme.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>

using namespace pilothouse;

class TestLaunchPage : public QObject {
    Q_OBJECT

    static QWidget *field(const QWidget *in, const QString &name)
    {
        const auto all = in->findChildren<QWidget *>();
        for (auto *one : all) {
            if (one->accessibleName() == name && one->focusPolicy() != Qt::NoFocus)
                return one;
        }
        return nullptr;
    }
    static void type(const QWidget *in, const QString &name, const QString &text)
    {
        auto *at = field(in, name);
        QVERIFY2(at, qPrintable(name));
        if (auto *line = qobject_cast<QLineEdit *>(at))
            line->setText(text);
        else
            qobject_cast<QPlainTextEdit *>(at)->setPlainText(text);
    }
    static QString sent(const QWidget *page)
    {
        return qobject_cast<QPlainTextEdit *>(field(page, "What will be sent"))->toPlainText();
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void aSpecSurvivesTheForm()
    {
        LaunchForm form;
        JobSpec spec;
        spec.name = "a name";
        spec.argv = QStringList{"python", "train it.py", "--text", "say \"hi\""};
        spec.folder = "/data";
        spec.environment = {{"A", "1=2"}, {"B", ""}};
        spec.gpus = 2;
        spec.timeLimitSeconds = 3600;
        form.setGpus(8);
        form.setSpec(spec);
        QVERIFY(form.valid());
        QCOMPARE(form.spec(), spec);
        JobSpec script;
        script.script = "#!/bin/sh\necho hi\n";
        form.setSpec(script);
        QVERIFY(form.valid());
        QCOMPARE(form.spec(), script);
        for (const auto &one : jobTemplates()) {
            form.setSpec(one.spec);
            QVERIFY2(form.valid(), qPrintable(one.title));
            QCOMPARE(form.spec(), one.spec);
        }
    }

    void whatIsWrongIsSaidBesideTheField()
    {
        LiveDesk desk;
        QCOMPARE(desk.connectHere(), QString());
        LaunchPage page(desk.context, desk.local);
        page.show();
        const auto actions = page.headerActions();
        auto *go = static_cast<QPushButton *>(actions.last());
        JobSpec spec;
        spec.argv = QStringList{"true"};
        page.findChild<LaunchForm *>()->setSpec(spec);
        QVERIFY(go->isEnabled());
        type(&page, "Command", "  ");
        QVERIFY(!go->isEnabled());
        type(&page, "Command", "true");
        type(&page, "Environment", "no equals sign");
        QVERIFY(!go->isEnabled());
        const auto labels = page.findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->isVisibleTo(&page) && label->text() == "Each line is NAME=value";
        }));
        type(&page, "Environment", "GOOD=1");
        QVERIFY(go->isEnabled());
        qDeleteAll(actions);
    }

    void notConnectedCannotLaunch()
    {
        LiveDesk desk;
        LaunchPage page(desk.context, desk.local);
        const auto actions = page.headerActions();
        QVERIFY(!actions.last()->isEnabled());
        QVERIFY(actions.last()->toolTip().contains("not connected"));
        qDeleteAll(actions);
        // No GPU is known there: none can be asked for, and it says why.
        auto *gpus = field(&page, "GPUs");
        QVERIFY(gpus && !gpus->isEnabled());
        QVERIFY(!gpus->toolTip().isEmpty());
    }

    void previewFollowsAndSecretsAreMasked()
    {
        LiveDesk desk;
        LaunchPage page(desk.context, desk.local);
        JobSpec spec;
        spec.argv = QStringList{"python", "train.py"};
        spec.environment.insert("HF_TOKEN", "hunter2");
        page.findChild<LaunchForm *>()->setSpec(spec);
        QVERIFY(sent(&page).contains("python train.py"));
        QVERIFY(!sent(&page).contains("hunter2"));
        type(&page, "Command", "python eval.py");
        QVERIFY(sent(&page).contains("python eval.py"));
    }

    void launchesForRealAndOpensTheJob()
    {
        LiveDesk desk;
        QCOMPARE(desk.connectHere(), QString());
        JobSpec draft;
        draft.name = "from a draft";
        draft.script = "pwd; echo $WORD; exit 4";
        draft.folder = desk.home.path();
        draft.environment.insert("WORD", "lighthouse");
        setLaunchDraft(desk.local, draft);
        LaunchPage page(desk.context, desk.local);
        page.show(); // takes the draft
        QVERIFY(!takeLaunchDraft(desk.local));
        QCOMPARE(page.findChild<LaunchForm *>()->spec(), draft);
        const auto actions = page.headerActions();
        static_cast<QPushButton *>(actions.last())->click();
        QTRY_COMPARE_WITH_TIMEOUT(desk.openedJobs.size(), 1, 60'000);
        const QString id = desk.openedJobs.first();
        QTRY_COMPARE_WITH_TIMEOUT(desk.jobs->find(id)->state, JobState::Failed, 60'000);
        QCOMPARE(desk.jobs->find(id)->exitCode, std::optional<int>(4));
        QByteArray log;
        bool ended = false;
        LogHandlers handlers;
        handlers.data = [&](quint64, const QByteArray &data) { log += data; };
        handlers.ended = [&](bool, const std::optional<Error> &) { ended = true; };
        const auto stream = desk.jobs->readLog(id, 0, true, std::move(handlers));
        QTRY_VERIFY_WITH_TIMEOUT(ended, 60'000);
        QCOMPARE(log, desk.home.path().toUtf8() + "\nlighthouse\n");
        qDeleteAll(actions);
    }
};

QTEST_MAIN(TestLaunchPage)
#include "test_launchpage.moc"
