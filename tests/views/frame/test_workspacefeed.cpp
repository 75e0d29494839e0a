// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/workspace.h"
#include "tests/gui/recorded.h"
#include "views/acts/actmenu.h"
#include "views/common/errorbox.h"
#include "views/common/textlabel.h"
#include "views/connection/connectionpage.h"
#include "views/feed/workspacefeed.h"
#include "views/theme/theme.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

/// What a session does reaches the pages, of a test too.
class TestWorkspaceFeed : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<Workspace> m_workspace;

    static Task<Result<Connected>> refuse(Context, Target, Prompter *, StageSink report)
    {
        StageReport line;
        line.stage = Stage::Tcp;
        line.state = StageState::Failed;
        line.result = "refused";
        report(line);
        Error error{ErrorKind::Unreachable, "tcp", "Nobody is there.", {}, {}};
        co_return fail(error);
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        qputenv("PILOTHOUSE_SSH_CONFIG", m_folder.filePath("config").toUtf8());
        m_workspace = std::make_unique<Workspace>(m_folder.filePath("workspace.db"), nullptr);
        Target target;
        target.id = "ssh:lab";
        target.name = "lab";
        target.kind = TargetKind::SshManual;
        target.host = "127.0.0.1";
        QVERIFY(m_workspace->load() && m_workspace->save(target));
        m_workspace->setConnector(&refuse);
    }
    void cleanup() { m_workspace.reset(); }

    void theFirstTestOfATargetIsShown()
    {
        WorkspaceFeed feed(m_workspace.get(), nullptr);
        RecordedActs acts((QJsonObject()));
        ActMenu menu(
            &acts, [](const QString &id) { return id; }, nullptr);
        PageContext context;
        context.feed = &feed;
        context.acts = &menu;
        ConnectionPage page(context, "ssh:lab");
        connect(&feed, &TargetFeed::statusChanged, &page,
            [&] { page.refresh(*feed.status("ssh:lab")); });
        page.show();
        QVERIFY(!QCoro::waitFor(m_workspace->session("ssh:lab")->test(Context())));
        const auto status = feed.status("ssh:lab");
        const auto tcp = std::find_if(status->stages.begin(), status->stages.end(),
            [](const auto &stage) { return stage.stage == Stage::Tcp; });
        QVERIFY(tcp != status->stages.end());
        QCOMPARE(tcp->result, "refused");
        QVERIFY(status->tested && status->error);
        QVERIFY(page.findChild<ErrorBox *>()->isVisible());
        for (const auto *label : page.findChildren<TextLabel *>())
            QVERIFY(!label->text().contains("Nothing has been contacted"));
    }
};

QTEST_MAIN(TestWorkspaceFeed)
#include "test_workspacefeed.moc"
