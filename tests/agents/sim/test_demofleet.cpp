// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// A demo as the programs make it: child process, targets, sessions.
#include "core/agentlink/agentchannel.h"
#include "core/base/paths.h"
#include "core/session/demofleet.h"
#include "core/session/workspace.h"
#include "core/transport/ioloop.h"
#include "tests/agents/sim/runningsim.h"
#include "tests/support/agenthome.h"

#include <QDir>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace pilothouse;

static DemoOptions small()
{
    DemoOptions options;
    options.nodes = 8;
    options.gpus = 2;
    options.history = 60;
    return options;
}

class TestDemoFleet : public QObject {
    Q_OBJECT
    AgentHome m_home; // whatever would be written to the user's folders would lie here

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase()
    {
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void options()
    {
        QStringList words{QStringLiteral("--demo"), QStringLiteral("targets")};
        auto taken = DemoOptions::take(words);
        QVERIFY(taken && *taken);
        QCOMPARE((*taken)->nodes, 64);
        QCOMPARE(words, QStringList{QStringLiteral("targets")});
        words = {QStringLiteral("--demo=nodes=1024,gpus=4,seed=7,time-factor=2.5,history=0")};
        taken = DemoOptions::take(words);
        QVERIFY(taken && *taken);
        QCOMPARE((*taken)->nodes, 1024);
        QCOMPARE((*taken)->gpus, 4);
        QCOMPARE((*taken)->seed, quint64(7));
        QCOMPARE((*taken)->timeFactor, 2.5);
        QCOMPARE((*taken)->history, 0);
        for (const char *wrong : {"nodes", "nodes=", "nodes=x", "colour=red"})
            QVERIFY2(!DemoOptions::parse(QLatin1String(wrong)), wrong);
        words = {QStringLiteral("run"), QStringLiteral("--"), QStringLiteral("--demo")};
        QVERIFY(!DemoOptions::take(words));
        QCOMPARE(words.size(), 3);
    }

    void nodesAreTargets()
    {
        QString folder;
        {
            auto started = DemoFleet::start(small());
            QVERIFY2(started, qPrintable(started ? QString() : started.error().cause));
            const auto &fleet = **started;
            folder = fleet.folder();
            QVERIFY(paths::data().startsWith(folder));
            QVERIFY(paths::runtime().startsWith(folder));
            Workspace workspace(paths::data() + QStringLiteral("/workspace.db"), nullptr);
            workspace.setTargets(fleet.targets());
            workspace.setConnector(DemoFleet::connector());
            QVERIFY(workspace.load());
            QCOMPARE(workspace.targets(), fleet.targets());
            QCOMPARE(workspace.targets().size(), 8);
            QSet<QString> groups;
            for (const auto &target : workspace.targets())
                groups.insert(target.group);
            QCOMPARE(groups.size(), 4);

            auto *session = workspace.session(QStringLiteral("sim:node-0003"));
            QVERIFY(session);
            auto opening = session->open(Context());
            const auto link = QCoro::waitFor(std::move(opening));
            QVERIFY2(link, qPrintable(link ? QString() : link.error().message));
            QVERIFY((*link)->agent);
            QCOMPARE((*link)->facts.hostName, QStringLiteral("node-0003"));
            QVERIFY((*link)->facts.capabilities.contains(QStringLiteral("simulated")));
            QVERIFY(eventually([&] { return session->stages().last().state == StageState::Done; }));
            for (const auto &stage : session->stages())
                QVERIFY(stage.state == StageState::Done || stage.state == StageState::Skipped);
            session->disconnect();

            auto testing = session->test(Context());
            const auto tested = QCoro::waitFor(std::move(testing));
            QVERIFY(tested);
        }
        QVERIFY(!QFileInfo::exists(folder));
        QVERIFY(!paths::data().startsWith(folder));
        QDir data(m_home.path(QStringLiteral(".local/share/pilothouse")));
        QVERIFY(!data.exists(QStringLiteral("workspace.db")));
    }

    void aFleetThatRunsAlready()
    {
        RunningSim running;
        QVERIFY(running.start({QStringLiteral("--nodes"), QStringLiteral("3")}));
        auto options = small();
        options.folder = running.folder();
        {
            const auto fleet = DemoFleet::start(options);
            QVERIFY(fleet);
            QCOMPARE((*fleet)->targets().size(), 3);
        }
        QVERIFY(running.connectTo(1)); // it is not ours to end
        options.folder = QStringLiteral("/nowhere");
        const auto none = DemoFleet::start(options);
        QCOMPARE(none.error().kind, ErrorKind::NotFound);
    }

    void aFleetThatCannotStart()
    {
        auto options = small();
        options.scenario = QStringLiteral("/nowhere/scenario.json");
        const auto none = DemoFleet::start(options);
        QVERIFY(!none);
        QVERIFY(none.error().cause.contains(QLatin1String("/nowhere/scenario.json")));
    }

    void ctl()
    {
        QProcess process;
        process.start(QStringLiteral(PILOTHOUSE_BUILD "/app/pilothousectl"),
            {QStringLiteral("--demo=nodes=8,gpus=2"), QStringLiteral("connect"),
                QStringLiteral("node-0002"), QStringLiteral("--json")});
        QVERIFY(process.waitForFinished(60'000));
        const auto out = process.readAllStandardOutput();
        const auto all = out + process.readAllStandardError();
        QVERIFY2(process.exitCode() == 0, all.constData());
        QVERIFY2(out.contains("node-0002"), all.constData());
        QVERIFY(
            !QFileInfo::exists(m_home.path(QStringLiteral(".local/share/pilothouse/ledger.db"))));
    }
};

QTEST_GUILESS_MAIN(TestDemoFleet)
#include "test_demofleet.moc"
