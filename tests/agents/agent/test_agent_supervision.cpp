// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agents/agent/agenthost.h"

#include "agents/agent/disk.h"
#include "agents/agent/jobfolder.h"
#include "agents/agent/processes.h"

#include <QDir>
#include <QTest>

#include <csignal>

#include <sys/mount.h>

using namespace pilothouse;
using namespace pilothouse::test;

/// Jobs and what happens around them: the daemon dies, their supervisor dies, they do not want to
/// end.
class TestAgentSupervision : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<AgentHost> m_host;
    std::unique_ptr<AgentConnection> m_agent;

    v1::Job submit(const v1::SubmitJobRequest &request)
    {
        CallContext context;
        v1::SubmitJobReply reply;
        const auto status = (*m_agent)->SubmitJob(&context, request, &reply);
        if (!status.ok())
            qWarning("submit: %s", status.error_message().c_str());
        return reply.job();
    }
    grpc::Status cancel(const std::string &id, unsigned grace)
    {
        CallContext context;
        v1::CancelJobRequest request;
        request.set_id(id);
        request.set_grace_seconds(grace);
        v1::CancelJobReply reply;
        return (*m_agent)->CancelJob(&context, request, &reply);
    }
    void restartDaemon()
    {
        m_agent.reset();
        m_host->killDaemon();
        m_agent = m_host->connect();
    }
    QString home(const char *name) const
    {
        return m_host->home() + QLatin1Char('/') + QLatin1String(name);
    }
    int pidIn(const char *name) const
    {
        QFile file(home(name));
        return file.open(QFile::ReadOnly) ? file.readAll().trimmed().toInt() : 0;
    }
    std::optional<wire::JobStatus> status(const char *id) const
    {
        return agent::readJobStatus(m_host->jobFolder(QLatin1String(id)).toStdString());
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_host = std::make_unique<AgentHost>();
        m_agent = m_host->connect();
        QVERIFY2(m_agent->isOpen(), m_agent->trouble().constData());
    }
    void cleanup()
    {
        m_agent.reset();
        m_host.reset();
    }

    void jobOutlivesTheDaemon()
    {
        const auto before = submit(
            shell("survivor", "while [ ! -e $HOME/go ]; do sleep 0.02; done; echo late; exit 5"));
        QCOMPARE(before.state(), v1::RUNNING);
        restartDaemon();
        const auto adopted = job(*m_agent, "survivor");
        QCOMPARE(adopted->state(), v1::RUNNING);
        QCOMPARE(adopted->pid(), before.pid());
        QVERIFY(QFile(home("go")).open(QFile::WriteOnly));
        const auto after = waitForEnd(*m_agent, "survivor");
        QCOMPARE(after.state(), v1::FAILED);
        QCOMPARE(after.exit_code(), 5);
        QCOMPARE(logOf(*m_agent, "survivor"), std::string("late\n"));
    }

    void jobEndsWhileNoDaemonRuns()
    {
        submit(shell("alone", "while [ ! -e $HOME/go ]; do sleep 0.02; done; exit 6"));
        m_agent.reset();
        m_host->killDaemon();
        QVERIFY(QFile(home("go")).open(QFile::WriteOnly));
        QVERIFY(eventually([&] { return status("alone")->ended(); }));
        m_agent = m_host->connect();
        QCOMPARE(waitForEnd(*m_agent, "alone").exit_code(), 6);
    }

    void jobOutlivesItsConnection()
    {
        const auto before = submit(shell("detached", "sleep 60"));
        m_agent.reset();
        QVERIFY(processExists(int(before.pid())));
        m_agent = m_host->connect();
        QCOMPARE(job(*m_agent, "detached")->state(), v1::RUNNING);
    }

    void newerAgentTakesOverAndAdopts()
    {
        const auto before
            = submit(shell("upgraded", "while [ ! -e $HOME/go ]; do sleep 0.02; done; exit 4"));
        const int oldDaemon = m_host->daemonPid();
        const QString newer = home("newer-agent");
        QVERIFY(QFile::copy(m_host->program(), newer));
        {
            QFile file(newer); // bytes behind an ELF file's end change nothing but its hash
            QVERIFY(file.open(QFile::Append));
            file.write("newer");
        }
        m_host->setProgram(newer);
        const auto next = m_host->connect();
        QVERIFY2(next->isOpen(), next->trouble().constData());
        QVERIFY(!processExists(oldDaemon));
        CallContext context;
        v1::HelloReply hello;
        QVERIFY((*next)->Hello(&context, {}, &hello).ok());
        QCOMPARE(QByteArray::fromStdString(hello.agent_version()),
            m_host->run({QStringLiteral("version")}).out.trimmed());
        CallContext cut;
        QCOMPARE((*m_agent)->Hello(&cut, {}, &hello).error_code(), grpc::StatusCode::UNAVAILABLE);
        QCOMPARE(job(*next, "upgraded")->pid(), before.pid());
        QVERIFY(QFile(home("go")).open(QFile::WriteOnly));
        QCOMPARE(waitForEnd(*next, "upgraded").exit_code(), 4);

        // The older one does not take it back: it uses the newer daemon.
        const int daemon = m_host->daemonPid();
        const AgentConnection older(
            QStringLiteral(PILOTHOUSE_BUILD "/agents/agent/pilothouse-agent"),
            m_host->environment());
        QVERIFY(older.isOpen());
        QCOMPARE(m_host->daemonPid(), daemon);
    }

    void cancelEndsTheWholeProcessSet()
    {
        submit(shell("tree",
            "setsid sh -c 'echo $$ > $HOME/stray.new; mv $HOME/stray.new $HOME/stray; sleep 60' & "
            "sleep 60 & wait"));
        QVERIFY(eventually([&] { return pidIn("stray") > 0; }));
        QVERIFY(cancel("tree", 5).ok());
        const auto ended = waitForEnd(*m_agent, "tree");
        QCOMPARE(ended.state(), v1::CANCELLED);
        QCOMPARE(ended.signal(), SIGTERM);
        QVERIFY(!processExists(pidIn("stray")));
        QVERIFY(cancel("tree", 5).ok()); // changes nothing
        QCOMPARE(job(*m_agent, "tree")->SerializeAsString(), ended.SerializeAsString());
    }

    void cancelOfAFinishedJobChangesNothing()
    {
        submit(shell("done", "exit 3"));
        const auto ended = waitForEnd(*m_agent, "done");
        QVERIFY(cancel("done", 1).ok());
        QCOMPARE(job(*m_agent, "done")->SerializeAsString(), ended.SerializeAsString());
        QCOMPARE(cancel("nobody", 1).error_code(), grpc::StatusCode::NOT_FOUND);
    }

    void whoIgnoresTermIsKilled()
    {
        submit(shell("stubborn", "trap '' TERM; echo ready; while :; do sleep 0.05; done"));
        QVERIFY(eventually([&] { return job(*m_agent, "stubborn")->log_bytes() > 0; }));
        QVERIFY(cancel("stubborn", 1).ok());
        QVERIFY(cancel("stubborn", 30).ok()); // a second, more patient one does not put it off
        const auto ended = waitForEnd(*m_agent, "stubborn");
        QCOMPARE(ended.state(), v1::CANCELLED);
        QCOMPARE(ended.signal(), SIGKILL);
    }

    void aStoppedJobCanBeCancelled()
    {
        const auto running = submit(shell("stopped", "sleep 60"));
        ::kill(int(running.pid()), SIGSTOP);
        QVERIFY(cancel("stopped", 30).ok());
        QCOMPARE(waitForEnd(*m_agent, "stopped").signal(), SIGTERM);
    }

    void jobEndsWithItsMainProcessAndLeavesNothing()
    {
        // One child in the session, and a daemon that forked twice into a session of its own.
        submit(shell("forker",
            "sleep 60 & echo $! > $HOME/child\n"
            "setsid sh -c 'sh -c \"echo \\$\\$ > $HOME/daemon.new; mv $HOME/daemon.new "
            "$HOME/daemon; exec sleep 60\" &'\n"
            "while [ ! -e $HOME/daemon ]; do sleep 0.02; done\n"
            "exit 9"));
        const auto ended = waitForEnd(*m_agent, "forker");
        QCOMPARE(ended.state(), v1::FAILED);
        QCOMPARE(ended.exit_code(), 9);
        QCOMPARE(QString::fromStdString(ended.reason()),
            QStringLiteral("2 processes it left behind were ended."));
        QVERIFY(!processExists(pidIn("child")));
        QVERIFY(!processExists(pidIn("daemon")));
    }

    void timeLimitEndsAJob()
    {
        auto request = shell("limited", "sleep 60");
        request.mutable_spec()->set_time_limit_seconds(1);
        submit(request);
        const auto ended = waitForEnd(*m_agent, "limited");
        QCOMPARE(ended.state(), v1::FAILED);
        QCOMPARE(ended.signal(), SIGTERM);
        QCOMPARE(QString::fromStdString(ended.reason()),
            QStringLiteral("Ended by its time limit of 1 s."));
    }

    void supervisorKilledJobLives()
    {
        submit(shell("orphan", "echo ready; while [ ! -e $HOME/go ]; do sleep 0.02; done"));
        QVERIFY(eventually([&] { return job(*m_agent, "orphan")->log_bytes() > 0; }));
        ::kill(status("orphan")->supervisorPid, SIGKILL);
        QVERIFY(eventually([&] { return !job(*m_agent, "orphan")->reason().empty(); }));
        const auto running = job(*m_agent, "orphan");
        QCOMPARE(running->state(), v1::RUNNING);
        QVERIFY2(running->reason().find("supervisor was killed") != std::string::npos,
            running->reason().c_str());
        QVERIFY(QFile(home("go")).open(QFile::WriteOnly));
        const auto ended = waitForEnd(*m_agent, "orphan");
        QCOMPARE(ended.state(), v1::LOST);
        QVERIFY(!ended.has_exit());
        QVERIFY(!ended.reason().empty());
    }

    void orphanCanBeCancelled()
    {
        const auto running
            = submit(shell("orphan", "trap '' TERM; echo ready; while :; do sleep 0.05; done"));
        QVERIFY(eventually([&] { return job(*m_agent, "orphan")->log_bytes() > 0; }));
        ::kill(status("orphan")->supervisorPid, SIGKILL);
        QVERIFY(eventually([&] { return !job(*m_agent, "orphan")->reason().empty(); }));
        QVERIFY(cancel("orphan", 1).ok());
        QCOMPARE(waitForEnd(*m_agent, "orphan").state(), v1::CANCELLED);
        QVERIFY(!processExists(int(running.pid())));
    }

    void bothKilledIsLost()
    {
        const auto running = submit(shell("lost", "sleep 60"));
        m_agent.reset();
        m_host->killDaemon();
        ::kill(status("lost")->supervisorPid, SIGKILL);
        ::kill(-int(running.pid()), SIGKILL);
        QVERIFY(eventually([&] { return !processExists(int(running.pid())); }));
        m_agent = m_host->connect();
        QCOMPARE(waitForEnd(*m_agent, "lost").state(), v1::LOST);
        const auto told = waitForEnd(*m_agent, "lost");
        restartDaemon();
        QCOMPARE(waitForEnd(*m_agent, "lost").ended_ns(), told.ended_ns()); // found once, kept
    }

    void anotherBootIsLost()
    {
        submit(shell("rebooted", "sleep 60"));
        auto written = *status("rebooted");
        m_agent.reset();
        m_host->killDaemon();
        ::kill(written.supervisorPid, SIGKILL);
        ::kill(-written.pid, SIGKILL);
        written.bootId = "00000000-0000-0000-0000-000000000000";
        // The same numbers may belong to a living process of this boot.
        written.pid = written.supervisorPid = ::getpid();
        written.pidStart = written.supervisorStart = agent::processStat(::getpid())->start;
        const auto file = m_host->jobFolder(QStringLiteral("rebooted")) + QStringLiteral("/status");
        QCOMPARE(agent::writeDurably(file.toStdString(), wire::formatJobStatus(written)), 0);
        m_agent = m_host->connect();
        const auto ended = waitForEnd(*m_agent, "rebooted");
        QCOMPARE(ended.state(), v1::LOST);
        QVERIFY2(ended.reason().find("restarted") != std::string::npos, ended.reason().c_str());
    }

    void acceptedButNotStarted_data()
    {
        QTest::addColumn<bool>("sameBoot");
        QTest::newRow("daemon died in between") << true;
        QTest::newRow("host was restarted in between") << false;
    }
    void acceptedButNotStarted()
    {
        QFETCH(bool, sameBoot);
        m_agent.reset();
        m_host->killDaemon();
        auto asked = shell("accepted", "echo ran >> $HOME/count");
        v1::Job written;
        written.set_id("accepted");
        *written.mutable_spec() = asked.spec();
        written.set_submitted_ns(agent::wallNs());
        written.set_boot_id(sameBoot ? agent::bootId() : "another");
        const auto folder = m_host->jobFolder(QStringLiteral("accepted"));
        QVERIFY(QDir().mkpath(folder));
        QCOMPARE(agent::writeDurably(
                     (folder + QStringLiteral("/spec")).toStdString(), written.SerializeAsString()),
            0);
        m_agent = m_host->connect();
        QCOMPARE(waitForEnd(*m_agent, "accepted").state(), sameBoot ? v1::SUCCEEDED : v1::LOST);
        CallContext context;
        v1::SubmitJobReply reply;
        QVERIFY((*m_agent)->SubmitJob(&context, asked, &reply).ok());
        QVERIFY(reply.existed());
        QFile count(home("count"));
        QCOMPARE(count.open(QFile::ReadOnly) ? count.readAll() : QByteArray(),
            QByteArray(sameBoot ? "ran\n" : ""));
    }

    void secondSupervisorStartsNothing()
    {
        submit(shell(
            "claimed", "echo ran >> $HOME/count; while [ ! -e $HOME/go ]; do sleep 0.02; done"));
        QVERIFY(eventually([&] { return QFile::exists(home("count")); }));
        m_host->run({QStringLiteral("supervise"), m_host->jobFolder(QStringLiteral("claimed"))});
        QVERIFY(QFile(home("go")).open(QFile::WriteOnly));
        QCOMPARE(waitForEnd(*m_agent, "claimed").state(), v1::SUCCEEDED);
        QFile count(home("count"));
        QVERIFY(count.open(QFile::ReadOnly));
        QCOMPARE(count.readAll(), QByteArray("ran\n"));
    }

    void fullDiskTouchesNeitherJobNorExitCode()
    {
        m_agent.reset();
        m_host->killDaemon();
        const QByteArray jobs = (m_host->stateFolder() + QStringLiteral("/jobs")).toLocal8Bit();
        if (::mount("tmpfs", jobs.constData(), "tmpfs", 0, "size=1m") != 0)
            QSKIP("mounting a small file system needs root");
        const auto unmount = qScopeGuard([&] { ::umount2(jobs.constData(), MNT_DETACH); });
        m_agent = m_host->connect();
        // Fills the disk through its own log, is told so by its own write, and goes on.
        submit(shell("full",
            "head -c 4000000 /dev/zero || echo 'short' >&2; echo done > $HOME/done; while [ ! -e "
            "$HOME/go ]; do sleep 0.02; done; exit 11"));
        QVERIFY(eventually([&] { return QFile::exists(home("done")); }));
        { // a context that lives on would keep the connection open
            CallContext context;
            v1::SubmitJobReply reply;
            const auto refusal
                = (*m_agent)->SubmitJob(&context, command("second", {"true"}), &reply);
            QCOMPARE(refusal.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
        }
        QVERIFY(QFile(home("go")).open(QFile::WriteOnly));
        QCOMPARE(waitForEnd(*m_agent, "full").exit_code(), 11);
        restartDaemon();
        QCOMPARE(waitForEnd(*m_agent, "full").exit_code(), 11);
        m_agent.reset();
        m_host->killDaemon();
    }
};

QTEST_GUILESS_MAIN(TestAgentSupervision)
#include "test_agent_supervision.moc"
