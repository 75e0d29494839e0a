// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agents/agent/agenthost.h"

#include "agents/agent/folders.h"
#include "agents/agent/processes.h"

#include <QFile>
#include <QProcess>
#include <QTest>

#include <csignal>

#include <fcntl.h>
#include <sys/file.h>

using namespace pilothouse;
using namespace pilothouse::test;

/// An older agent that does not go when a newer one comes: it is ended, or a sentence says who it
/// is. Its jobs are adopted.
class TestAgentHandover : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<AgentHost> m_host;

    v1::Job start(AgentConnection &agent, const std::string &id, int code)
    {
        CallContext context;
        v1::SubmitJobReply reply;
        const auto script
            = "while [ ! -e $HOME/go ]; do sleep 0.02; done; exit " + std::to_string(code);
        const auto status = agent->SubmitJob(&context, shell(id, script), &reply);
        if (!status.ok())
            qWarning("submit: %s", status.error_message().c_str());
        return reply.job();
    }
    void release() const
    {
        QFile file(m_host->home() + QStringLiteral("/go"));
        if (!file.open(QFile::WriteOnly))
            qWarning("no file");
    }
    /// The bytes behind an ELF file's end change nothing but its hash, and so its version.
    void installNewer() const
    {
        const QString newer = m_host->home() + QStringLiteral("/newer-agent");
        QVERIFY(QFile::copy(m_host->program(), newer));
        QFile file(newer);
        QVERIFY(file.open(QFile::Append));
        file.write("newer");
        m_host->setProgram(newer);
    }
    agent::Folders folders() const
    {
        agent::Folders folders;
        folders.run = m_host->runFolder().toStdString();
        return folders;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_host = std::make_unique<AgentHost>();
    }
    void cleanup() { m_host.reset(); }

    /// It hangs: it greets nobody and TERM waits for ever.
    void aStoppedAgentIsKilledAndItsJobAdopted()
    {
        v1::Job before;
        int old = 0;
        {
            const auto first = m_host->connect();
            QVERIFY2(first->isOpen(), first->trouble().constData());
            before = start(*first, "hanging", 4);
            QCOMPARE(before.state(), v1::RUNNING);
            old = m_host->daemonPid();
        }
        ::kill(old, SIGSTOP);
        installNewer();
        const auto next = m_host->connect();
        QVERIFY2(next->isOpen(), next->trouble().constData());
        QVERIFY(eventually([&] { return !processExists(old); }));
        QVERIFY(m_host->daemonPid() != old);
        const auto adopted = job(*next, "hanging");
        QVERIFY(adopted);
        QCOMPARE(adopted->state(), v1::RUNNING);
        QCOMPARE(adopted->pid(), before.pid());
        release();
        QCOMPARE(waitForEnd(*next, "hanging").exit_code(), 4);
    }

    /// The very same version hangs: it serves nobody, so it goes as well.
    void aStoppedAgentOfTheSameVersionIsReplaced()
    {
        {
            const auto first = m_host->connect();
            QVERIFY2(first->isOpen(), first->trouble().constData());
            start(*first, "same", 5);
        }
        const int old = m_host->daemonPid();
        ::kill(old, SIGSTOP);
        const auto next = m_host->connect();
        QVERIFY2(next->isOpen(), next->trouble().constData());
        QVERIFY(eventually([&] { return !processExists(old); }));
        release();
        QCOMPARE(waitForEnd(*next, "same").exit_code(), 5);
    }

    /// It says yes and stays, and ignores TERM.
    void anAgentThatOnlySaysYesIsKilledAndItsJobAdopted()
    {
        v1::Job before;
        {
            const auto first = m_host->connect();
            QVERIFY2(first->isOpen(), first->trouble().constData());
            before = start(*first, "kept", 6);
        }
        m_host->killDaemon();
        QProcess deaf;
        auto environment = QProcessEnvironment::systemEnvironment();
        const auto entries = m_host->environment();
        for (const auto &entry : entries)
            environment.insert(
                entry.section(QLatin1Char('='), 0, 0), entry.section(QLatin1Char('='), 1));
        deaf.setProcessEnvironment(environment);
        deaf.start(QStringLiteral(PILOTHOUSE_DEAF_AGENT), QStringList());
        QVERIFY(deaf.waitForReadyRead(30'000));
        QCOMPARE(deaf.readLine(), QByteArray("ready\n"));
        QCOMPARE(m_host->daemonPid(), int(deaf.processId()));

        const auto next = m_host->connect();
        QVERIFY2(next->isOpen(), next->trouble().constData());
        QVERIFY(deaf.waitForFinished(30'000));
        QCOMPARE(deaf.exitStatus(), QProcess::CrashExit); // by KILL; TERM does nothing to it
        QCOMPARE(deaf.readAllStandardOutput(), QByteArray("asked\n"));
        QCOMPARE(job(*next, "kept")->pid(), before.pid());
        release();
        QCOMPARE(waitForEnd(*next, "kept").exit_code(), 6);
    }

    /// Somebody holds the lock who is not who is on record: no stranger is killed, and a sentence
    /// says which process it is.
    void whoIsNotOnRecordIsNotKilled()
    {
        const auto where = folders();
        QVERIFY(!agent::secureRunFolder(where.run));
        agent::Fd lock(::open(where.daemonLock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        QVERIFY(::flock(lock.number(), LOCK_EX | LOCK_NB) == 0);
        QProcess bystander; // has the pid that is on record, but began later
        bystander.start(QStringLiteral("sleep"), {QStringLiteral("600")});
        QVERIFY(bystander.waitForStarted());
        const auto stat = agent::processStat(int(bystander.processId()));
        QVERIFY(stat);
        QCOMPARE(agent::writeDaemonInfo(
                     where, {stat->pid, stat->start - 1, agent::bootId(), "0.0.1+0", 1, 1}),
            0);
        const auto refused = m_host->connect();
        QVERIFY(!refused->isOpen());
        QVERIFY2(refused->trouble().contains("does not end when it is asked to"),
            refused->trouble().constData());
        QVERIFY2(refused->trouble().contains(
                     "End its process " + QByteArray::number(::getpid()) + " and try again."),
            refused->trouble().constData());
        QCOMPARE(bystander.state(), QProcess::Running);
        lock.reset();
        QVERIFY(QFile::remove(QString::fromStdString(where.daemonFile().string())));
        const auto next = m_host->connect();
        QVERIFY2(next->isOpen(), next->trouble().constData());
        bystander.kill();
        bystander.waitForFinished();
    }
};

QTEST_GUILESS_MAIN(TestAgentHandover)
#include "test_agent_handover.moc"
