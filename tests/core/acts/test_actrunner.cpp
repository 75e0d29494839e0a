// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/acts/actrunner.h"
#include "core/acts/exitcode.h"
#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/session/workspace.h"
#include "tests/core/jobs/fakelinks.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

static const QString lab = QStringLiteral("ssh:lab");

/// A console without a window: real workspace and ledger, one target whose node is a fake.
struct Desk {
    explicit Desk(Protection protection = Protection::Open)
    {
        qputenv("PILOTHOUSE_SSH_CONFIG", folder.filePath(QStringLiteral("config")).toUtf8());
        workspace
            = std::make_unique<Workspace>(folder.filePath(QStringLiteral("workspace.db")), nullptr);
        loaded = bool(workspace->load());
        Target target;
        target.id = lab;
        target.name = QStringLiteral("lab");
        target.kind = TargetKind::SshManual;
        target.host = QStringLiteral("127.0.0.1");
        target.protection = protection;
        loaded = loaded && workspace->save(target);
        ledger = std::move(*Ledger::openFile(folder.filePath(QStringLiteral("ledger.db"))));
        auto owned = std::make_unique<FakeLinks>();
        links = owned.get();
        jobs = std::make_unique<JobService>(std::move(owned), ledger.get());
        services.workspace = workspace.get();
        services.ledger = ledger.get();
        services.jobs = jobs.get();
        runner = std::make_unique<ActRunner>(services);
        services.runner = runner.get();
        links->connectTo(node);
        job = QCoro::waitFor(jobs->launch(Context(), PermitForTests::make(), lab, spec()))->id;
        node->calls.clear();
    }
    static JobSpec spec()
    {
        JobSpec spec;
        spec.name = QStringLiteral("sleeper");
        spec.argv = QStringList{QStringLiteral("sleep"), QStringLiteral("60")};
        spec.environment.insert(QStringLiteral("HF_TOKEN"), QStringLiteral("hunter2"));
        return spec;
    }
    ActRequest onJob(const QString &typed = {}) const
    {
        ActRequest request;
        request.subject = job;
        request.typedName = typed;
        return request;
    }
    Result<QJsonObject> run(const char *act, const ActRequest &request)
    {
        return QCoro::waitFor(runner->run(Context(), QString::fromLatin1(act), request));
    }

    QTemporaryDir folder;
    bool loaded = false;
    std::shared_ptr<FakeNode> node = FakeNode::make();
    std::unique_ptr<Workspace> workspace;
    std::unique_ptr<Ledger> ledger;
    FakeLinks *links = nullptr;
    std::unique_ptr<JobService> jobs;
    Services services;
    std::unique_ptr<ActRunner> runner;
    QString job;
};

class TestActRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyActIsWhole()
    {
        QSet<QString> ids, shortcuts;
        for (const Act *act : actTable()) {
            const QString id = QString::fromLatin1(act->id);
            QVERIFY2(!ids.contains(id), act->id);
            ids.insert(id);
            QCOMPARE(findAct(id), act);
            QVERIFY2(act->can && act->preview && act->run, act->id);
            QVERIFY2(act->mutates == Mutates::No || *act->undo, act->id);
            QVERIFY2(act->mutates != Mutates::No || act->destructive == Destructive::No, act->id);
            const QString shortcut = QString::fromLatin1(act->shortcut);
            QVERIFY2(shortcut.isEmpty() || !shortcuts.contains(shortcut), act->id);
            shortcuts.insert(shortcut);
        }
        QVERIFY(!findAct(QStringLiteral("no.such")));
    }

    void protection_data()
    {
        QTest::addColumn<int>("protection");
        QTest::addColumn<QString>("act");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char *name, Protection protection, const char *act,
                             const char *typed, bool allowed) {
            QTest::newRow(name) << int(protection) << QString::fromLatin1(act)
                                << QString::fromLatin1(typed) << allowed;
        };
        row("open, destructive", Protection::Open, "job.cancel", "", true);
        row("open, mutating", Protection::Open, "job.rerun", "", true);
        row("protected, mutating", Protection::Protected, "job.rerun", "", true);
        row("protected, destructive, no name", Protection::Protected, "job.cancel", "", false);
        row("protected, destructive, wrong name", Protection::Protected, "job.cancel", "Lab",
            false);
        row("protected, destructive, name", Protection::Protected, "job.cancel", "lab", true);
        row("read-only, mutating", Protection::ReadOnly, "job.rerun", "lab", false);
        row("read-only, destructive", Protection::ReadOnly, "job.cancel", "lab", false);
        row("read-only, local", Protection::ReadOnly, "target.favourite", "", true);
    }

    void protection()
    {
        QFETCH(int, protection);
        QFETCH(QString, act);
        QFETCH(QString, typed);
        QFETCH(bool, allowed);
        Desk desk{Protection(protection)};
        QVERIFY(desk.loaded);
        auto request = desk.onJob(typed);
        request.target = act.startsWith(QLatin1String("job.")) ? QStringLiteral("local") : lab;
        const int before = int(desk.ledger->audit(100).size());
        const auto result = desk.run(act.toLatin1().constData(), request);
        QCOMPARE(bool(result), allowed);
        if (allowed) {
            QCOMPARE(desk.ledger->audit(100).size(), before + 1);
            return;
        }
        // Naming another target does not help: the job's own counts. And not a byte has left.
        QCOMPARE(result.error().kind, ErrorKind::Denied);
        QVERIFY(desk.node->calls.isEmpty());
        QCOMPARE(desk.ledger->audit(100).size(), before);
    }

    void auditRowIsThereBeforeTheActRuns()
    {
        Desk desk;
        desk.node->hold.insert(QStringLiteral("cancel"));
        auto task = desk.runner->run(Context(), QStringLiteral("job.cancel"), desk.onJob());
        QTRY_VERIFY(!desk.node->calls.isEmpty());
        auto row = desk.ledger->audit(1).first();
        QCOMPARE(row.act, QStringLiteral("job.cancel"));
        QCOMPARE(row.target, lab);
        QVERIFY(row.outcome.isEmpty());
        QVERIFY(desk.runner->activities().first().running());
        desk.node->releaseCalls();
        QVERIFY(QCoro::waitFor(std::move(task)));
        row = desk.ledger->audit(1).first();
        QCOMPARE(row.outcome, QStringLiteral("done"));
        QVERIFY(!desk.runner->activities().first().running());
        QVERIFY(desk.ledger->verifyAudit());
    }

    void anActivityIsCancelled()
    {
        Desk desk;
        desk.node->hold.insert(QStringLiteral("cancel"));
        auto task = desk.runner->run(Context(), QStringLiteral("job.cancel"), desk.onJob());
        QTRY_VERIFY(!desk.node->calls.isEmpty());
        desk.runner->cancel(desk.runner->activities().first().id);
        QCOMPARE(QCoro::waitFor(std::move(task)).error().kind, ErrorKind::Cancelled);
        QCOMPARE(desk.ledger->audit(1).first().outcome, QStringLiteral("cancelled"));
        QVERIFY(desk.runner->activities().first().error.has_value());
    }

    void theCallersContextStopsIt()
    {
        Desk desk;
        desk.node->hold.insert(QStringLiteral("cancel"));
        std::stop_source stop;
        auto task = desk.runner->run(
            Context(stop.get_token()), QStringLiteral("job.cancel"), desk.onJob());
        QTRY_VERIFY(!desk.node->calls.isEmpty());
        stop.request_stop();
        QCOMPARE(QCoro::waitFor(std::move(task)).error().kind, ErrorKind::Cancelled);
    }

    void ownerDiesMeanwhile()
    {
        Desk desk;
        desk.node->hold.insert(QStringLiteral("cancel"));
        auto task = desk.runner->run(Context(), QStringLiteral("job.cancel"), desk.onJob());
        QTRY_VERIFY(!desk.node->calls.isEmpty());
        desk.services.runner = nullptr;
        desk.runner.reset();
        QVERIFY(!QCoro::waitFor(std::move(task))); // its end stops what it ran
        QVERIFY(desk.ledger->audit(1).first().outcome.isEmpty());
    }

    void failuresAreAudited()
    {
        Desk desk;
        desk.node->failNext.insert(QStringLiteral("cancel"),
            {ErrorKind::Internal, QStringLiteral("cancel"), QStringLiteral("It broke."),
                QStringLiteral("errno 5"), {}});
        QVERIFY(!desk.run("job.cancel", desk.onJob()));
        const auto row = desk.ledger->audit(1).first();
        QCOMPARE(row.outcome, QStringLiteral("internal"));
        QCOMPARE(row.detail, QStringLiteral("It broke.\nerrno 5"));
    }

    void secretsStayOutOfTheAuditButRunAgain()
    {
        Desk desk;
        const auto again = desk.run("job.rerun", desk.onJob());
        QVERIFY(again);
        QCOMPARE(desk.ledger->audit(1).first().preview, QStringLiteral("HF_TOKEN=*** sleep 60"));
        const auto row = desk.ledger->find(again->value(QLatin1String("id")).toString());
        QCOMPARE(row->job.spec, Desk::spec());
        QVERIFY(row->job.id != desk.job);
    }

    void rerunTakesEdits()
    {
        Desk desk;
        auto request = desk.onJob();
        request.parameters.insert(QStringLiteral("argv"), QJsonArray{QStringLiteral("true")});
        const auto again = desk.run("job.rerun", request);
        QVERIFY(again);
        const auto row = desk.ledger->find(again->value(QLatin1String("id")).toString());
        QCOMPARE(row->job.spec.argv, QStringList{QStringLiteral("true")});
        QCOMPARE(row->job.spec.name, QStringLiteral("sleeper"));
    }

    void doubtfulJobsAreSentAgainAsAnAudit()
    {
        Desk desk;
        desk.node->failNext.insert(QStringLiteral("submit"),
            timedOut(QStringLiteral("launch"), QStringLiteral("No answer.")));
        QVERIFY(!desk.run("job.rerun", desk.onJob()));
        QTRY_COMPARE(desk.node->started, 2);
        const auto row = desk.ledger->audit(1).first();
        QCOMPARE(row.act, QStringLiteral("job.resubmit"));
        QCOMPARE(row.target, lab);
    }

    void jobActsFitTheJobsState()
    {
        Desk desk;
        const auto answer
            = [&](const char *act) { return desk.runner->can(QLatin1String(act), desk.onJob()); };
        QVERIFY(answer("job.cancel").ok());
        QVERIFY(answer("job.signal").ok());
        QCOMPARE(answer("job.forget").answer, Can::Answer::Refused); // it runs
        QCOMPARE(answer("job.resubmit").answer, Can::Answer::Refused); // the node has it
        QVERIFY(desk.run("job.cancel", desk.onJob()));
        QTRY_VERIFY(jobEnded(desk.jobs->find(desk.job)->state));
        for (const char *act : {"job.cancel", "job.signal"}) {
            QCOMPARE(answer(act).answer, Can::Answer::Refused);
            QCOMPARE(answer(act).reason, QStringLiteral("The job has ended."));
        }
        QVERIFY(answer("job.forget").ok());
        QCOMPARE(desk.run("job.cancel", desk.onJob()).error().kind, ErrorKind::Conflict);
    }

    void notConnectedIsUnreachable()
    {
        Desk desk;
        ActRequest request;
        request.target = QStringLiteral("lab"); // by name
        request.parameters.insert(QStringLiteral("argv"), QJsonArray{QStringLiteral("true")});
        const auto result = desk.run("exec.run", request);
        QCOMPARE(result.error().kind, ErrorKind::Unreachable);
        QCOMPARE(
            desk.runner->can(QStringLiteral("exec.run"), request).answer, Can::Answer::Refused);
        Desk sealed(Protection::ReadOnly); // protection is said first, connected or not
        QCOMPARE(sealed.run("exec.run", request).error().kind, ErrorKind::Denied);
        request.target = QStringLiteral("nowhere");
        QCOMPARE(desk.run("exec.run", request).error().kind, ErrorKind::NotFound);
        QCOMPARE(desk.run("no.such", request).error().kind, ErrorKind::NotFound);
    }

    void targetsAreAddedProtectedAndRemoved()
    {
        Desk desk;
        ActRequest request;
        request.parameters.insert(QStringLiteral("name"), QStringLiteral("box"));
        request.parameters.insert(QStringLiteral("host"), QStringLiteral("10.0.0.9"));
        request.parameters.insert(QStringLiteral("port"), 2222);
        QVERIFY(desk.run("target.add", request));
        QCOMPARE(desk.run("target.add", request).error().kind, ErrorKind::Conflict);
        QCOMPARE(desk.workspace->target(QStringLiteral("box"))->port, quint16(2222));
        request = ActRequest();
        request.target = QStringLiteral("box");
        request.parameters.insert(QStringLiteral("protection"), QStringLiteral("protected"));
        QVERIFY(desk.run("target.protect", request));
        request.parameters.insert(QStringLiteral("protection"), QStringLiteral("iron"));
        QCOMPARE(desk.run("target.protect", request).error().kind, ErrorKind::BadInput);
        QCOMPARE(desk.run("target.remove", request).error().kind, ErrorKind::Denied);
        request.typedName = QStringLiteral("box");
        QVERIFY(desk.run("target.remove", request));
        QVERIFY(!desk.workspace->target(QStringLiteral("box")));
        request.target = QStringLiteral("local");
        QCOMPARE(desk.runner->can(QStringLiteral("target.remove"), request).answer,
            Can::Answer::Refused);
    }

    void withoutALedgerNothingIsChanged()
    {
        Desk desk;
        desk.services.ledger = nullptr;
        desk.services.jobs = nullptr;
        ActRequest request;
        request.target = lab;
        QCOMPARE(desk.run("target.favourite", request).error().kind, ErrorKind::Internal);
        QVERIFY(!desk.workspace->target(lab)->favourite);
        QCOMPARE(
            desk.runner->can(QStringLiteral("job.launch"), request).answer, Can::Answer::Refused);
        QCOMPARE(desk.runner->can(QStringLiteral("job.cancel"), desk.onJob()).answer,
            Can::Answer::Absent);
        desk.services.jobs = desk.jobs.get();
    }

    void exitCodes()
    {
        QCOMPARE(exitCode(ErrorKind::Internal), 1);
        QCOMPARE(exitCode(ErrorKind::BadInput), 2);
        QCOMPARE(exitCode(ErrorKind::Unreachable), 3);
        QCOMPARE(exitCode(ErrorKind::Denied), 4);
        QCOMPARE(exitCode(ErrorKind::HostKey), 4);
        QCOMPARE(exitCode(ErrorKind::NotFound), 5);
        QCOMPARE(exitCode(ErrorKind::Timeout), 6);
        QCOMPARE(exitCode(ErrorKind::Unsupported), 7);
        QCOMPARE(exitCode(ErrorKind::Cancelled), 8);
    }

    /// What the terminal runs for a host that was typed in.
    void theTerminalRunsSsh()
    {
        Desk desk;
        Target typed;
        typed.id = QStringLiteral("ssh:typed");
        typed.name = QStringLiteral("typed");
        typed.kind = TargetKind::SshManual;
        typed.host = QStringLiteral("10.0.0.1");
        typed.user = QStringLiteral("mia");
        typed.port = 2222;
        desk.workspace->setTargets({typed});
        desk.workspace->reloadSshConfig();
        ActRequest request;
        request.target = typed.id;
        QCOMPARE(desk.runner->preview(QStringLiteral("terminal.open"), request),
            QStringLiteral("ssh -p 2222 -l mia -- 10.0.0.1"));
    }

    /// A simulated node has no shell to open a terminal on: it is refused with the reason, and no
    /// command with ssh is shown.
    void noTerminalOnASimulatedNode()
    {
        Desk desk;
        Target node;
        node.id = QStringLiteral("sim:n1");
        node.name = QStringLiteral("n1");
        node.kind = TargetKind::Simulated;
        node.host = QStringLiteral("/tmp/n1.sock");
        desk.workspace->setTargets({node});
        desk.workspace->reloadSshConfig();
        ActRequest request;
        request.target = node.id;
        const QString act = QStringLiteral("terminal.open");
        const auto can = desk.runner->can(act, request);
        QVERIFY(!can.ok());
        QVERIFY(can.reason.contains(QStringLiteral("simulated")));
        QCOMPARE(desk.runner->preview(act, request), QString());
        QVERIFY(!desk.run("terminal.open", request));
    }
};

QTEST_GUILESS_MAIN(TestActRunner)
#include "test_actrunner.moc"
