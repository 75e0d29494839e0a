// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/agentchannel.h"
#include "core/transport/ioloop.h"
#include "tests/core/session/sshnode.h"

#include <QSignalSpy>
#include <QTest>

#include <csignal>

using namespace pilothouse;

/// Whole sessions over a real sshd, and what goes wrong with them.
class TestSshFaults : public QObject {
    Q_OBJECT
    std::unique_ptr<SshNode> m_node;

    QString start(const QString &mount = {}, TransportChoice how = TransportChoice::Libssh)
    {
        m_node = std::make_unique<SshNode>(mount);
        return m_node->start(how);
    }
    static JobSpec shell(const QString &script)
    {
        JobSpec spec;
        spec.name = QStringLiteral("test");
        spec.argv = QStringList{QStringLiteral("sh"), QStringLiteral("-c"), script};
        return spec;
    }
    static Result<Submitted> submit(const std::shared_ptr<const Link> &link, const QString &script)
    {
        return QCoro::waitFor(link->agent->submit(
            Context(), PermitForTests::make(), QStringLiteral("job"), shell(script)));
    }
    static Job jobOf(const std::shared_ptr<const Link> &link)
    {
        const auto jobs = QCoro::waitFor(link->agent->jobs(Context(), {QStringLiteral("job")}));
        return jobs ? jobs->value(0) : Job();
    }
    /// How often the job really began.
    int starts() const
    {
        QFile file(m_node->home + QStringLiteral("/starts"));
        return file.open(QFile::ReadOnly) ? int(file.readAll().count('\n')) : 0;
    }
    static QString counted() { return QStringLiteral("echo >> $HOME/starts"); }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString why = Sshd::missing(); !why.isEmpty())
            QSKIP(qPrintable(why));
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanup() { m_node.reset(); }
    void cleanupTestCase()
    {
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void aHalfOpenLinkIsUnreachable_data()
    {
        QTest::addColumn<TransportChoice>("how");
        QTest::addColumn<bool>("stopped");
        QTest::newRow("libssh, silent network") << TransportChoice::Libssh << false;
        QTest::newRow("libssh, stopped server") << TransportChoice::Libssh << true;
        QTest::newRow("ssh, silent network") << TransportChoice::OpenSsh << false;
        QTest::newRow("ssh, stopped server") << TransportChoice::OpenSsh << true;
    }
    /// Silence both ways: what waits ends as unreachable, and nothing is sent a second time.
    void aHalfOpenLinkIsUnreachable()
    {
        QFETCH(TransportChoice, how);
        QFETCH(bool, stopped);
        QCOMPARE(start({}, how), QString());
        QCOMPARE(m_node->startDaemon(), QString());
        const auto link = m_node->open();
        QVERIFY2(link, link ? "" : qPrintable(link.error().message + link.error().cause));
        QSignalSpy samples(m_node->telemetry.get(), &TelemetryService::sampleArrived);
        QVERIFY(eventually([&] { return samples.count() > 0; }));
        if (stopped)
            m_node->sshd.signalSessions(SIGSTOP);
        else
            m_node->relay.silence();
        const auto unsent = submit(*link, counted()); // 30 s are allowed: the keepalive is sooner
        QVERIFY(!unsent);
        QCOMPARE(unsent.error().kind, ErrorKind::Unreachable);
        QVERIFY(eventually([&] { return m_node->session().current() != *link; }));
        if (stopped) // what lies in the kernel's buffers may still arrive now
            m_node->sshd.signalSessions(SIGCONT);
        QVERIFY(eventually([&] { return m_node->session().state() == TargetState::Connected; }));
        const auto next = m_node->session().current();
        QVERIFY(next && next->epoch > (*link)->epoch);
        samples.clear();
        QVERIFY(eventually([&] { return samples.count() >= 2; }));
        QVERIFY(starts() <= (stopped ? 1 : 0));
        // The id is looked up, and sent again only because it is not there; it begins once in all.
        const auto again = submit(next, counted());
        QVERIFY(again);
        QVERIFY(eventually([&] { return jobOf(next).state == JobState::Succeeded; }));
        QCOMPARE(starts(), 1);
    }

    void aChangedKeyEndsTheRetries()
    {
        QCOMPARE(start(), QString());
        QVERIFY(m_node->open());
        m_node->sshd.kill();
        for (const char *part : {"host_key", "host_key.pub"})
            QVERIFY(QFile::remove(m_node->sshd.file(QString::fromLatin1(part))));
        QVERIFY(Sshd::makeKey(
            m_node->sshd.file(QStringLiteral("host_key")), QStringLiteral("ed25519")));
        QVERIFY(m_node->sshd.start());
        QVERIFY(eventually([&] { return m_node->session().state() == TargetState::Failed; }));
        QCOMPARE(m_node->session().error()->kind, ErrorKind::HostKey);
        QCOMPARE(m_node->session().nextAttemptAt(), 0);
    }

    void aRefusedKeyEndsTheRetries()
    {
        QCOMPARE(start(), QString());
        QVERIFY(m_node->open());
        QVERIFY(QFile::remove(m_node->sshd.file(QStringLiteral("authorized_keys"))));
        m_node->sshd.killSessions();
        QVERIFY(eventually([&] { return m_node->session().state() == TargetState::Failed; }));
        QCOMPARE(m_node->session().error()->kind, ErrorKind::Denied);
        QCOMPARE(m_node->session().nextAttemptAt(), 0);
    }

    void aKilledServerIsTriedAgain()
    {
        QCOMPARE(start(), QString());
        QCOMPARE(m_node->startDaemon(), QString());
        const auto link = m_node->open();
        QVERIFY(link);
        QVERIFY(submit(*link, QStringLiteral("sleep 600")));
        m_node->sshd.kill();
        QVERIFY(eventually([&] { return m_node->session().state() == TargetState::Stale; }));
        QVERIFY(eventually([&] { return m_node->session().nextAttemptAt() != 0; }));
        QVERIFY(m_node->sshd.start());
        QVERIFY(eventually([&] { return m_node->session().state() == TargetState::Connected; }));
        QCOMPARE(jobOf(m_node->session().current()).state, JobState::Running);
    }

    void aHomeThatRunsNothingGivesLiveBasics()
    {
        if (const QString why = Sshd::noNamespace(); !why.isEmpty())
            QSKIP(qPrintable(why));
        QCOMPARE(start(QStringLiteral("size=64m,mode=700,noexec")), QString());
        std::size_t told = 0; // pages make their charts when they are told of series
        connect(m_node->telemetry.get(), &TelemetryService::catalogueChanged, this,
            [&](const QString &id) { told = m_node->store->seriesOf(id).size(); });
        const auto link = m_node->open();
        QVERIFY2(link, link ? "" : qPrintable(link.error().message + link.error().cause));
        QVERIFY(!(*link)->agent);
        QVERIFY2((*link)->without.contains(QLatin1String("noexec")), qPrintable((*link)->without));
        QCOMPARE(m_node->session().state(), TargetState::Connected);
        const auto seen = [&](const char *metric) {
            return m_node->latest(QString::fromLatin1(metric)).has_value();
        };
        QVERIFY(eventually([&] { return seen("load1") && seen("cpu_busy_ratio"); }));
        QCOMPARE(told, m_node->store->seriesOf(QStringLiteral("ssh:peer")).size());
        m_node->telemetry->disconnect(this);
        QVERIFY(m_node->latest(QStringLiteral("memory_total_bytes")).value_or(0) > 0);
        const auto lacking = m_node->telemetry->unsupported(QStringLiteral("ssh:peer"));
        QCOMPARE(lacking.size(), 1);
        QCOMPARE(lacking[0].second, (*link)->without);
        QCOMPARE(m_node->agent.daemonPid(), 0);
    }

    void aHomeWithoutRoomGivesLiveBasics()
    {
        if (const QString why = Sshd::noNamespace(); !why.isEmpty())
            QSKIP(qPrintable(why));
        QCOMPARE(start(QStringLiteral("size=1m,mode=700")), QString());
        const auto link = m_node->open();
        QVERIFY2(link, link ? "" : qPrintable(link.error().message + link.error().cause));
        QVERIFY(!(*link)->agent && !(*link)->without.isEmpty());
        QVERIFY(eventually([&] { return m_node->latest(QStringLiteral("load1")).has_value(); }));
    }

    /// A job that fills the node's disk goes on and keeps its exit code; samples go on too.
    void aFullDiskLeavesTheJobAlone()
    {
        if (const QString why = Sshd::noNamespace(); !why.isEmpty())
            QSKIP(qPrintable(why));
#ifdef __SANITIZE_ADDRESS__ // makes the agent several times as big
        const auto options = QStringLiteral("size=90m,mode=700");
#else
        const auto options = QStringLiteral("size=24m,mode=700");
#endif
        QCOMPARE(start(options), QString());
        const auto link = m_node->open();
        QVERIFY2(link, link ? "" : qPrintable(link.error().message + link.error().cause));
        QVERIFY2((*link)->agent, qPrintable((*link)->without));
        const QString flag = m_node->agent.runFolder() + QStringLiteral("/go");
        QVERIFY(submit(*link,
            QStringLiteral("head -c 99000000 /dev/zero > $HOME/big; "
                           "while [ ! -e %1 ]; do sleep 0.02; done; exit 11")
                .arg(flag)));
        QVERIFY(eventually([&] { return jobOf(*link).state == JobState::Running; }));
        // Until the disk is full, others are taken.
        Result<Submitted> refused = fail(cancelled(QString()));
        int others = 0;
        QVERIFY(eventually([&] {
            refused = QCoro::waitFor((*link)->agent->submit(Context(), PermitForTests::make(),
                QStringLiteral("other%1").arg(++others), shell(QStringLiteral("true"))));
            return !refused;
        }));
        QCOMPARE(refused.error().kind, ErrorKind::NoSpace);
        QSignalSpy samples(m_node->telemetry.get(), &TelemetryService::sampleArrived);
        QVERIFY(eventually([&] { return samples.count() >= 2; }));
        QCOMPARE(jobOf(*link).state, JobState::Running);
        QVERIFY(QFile(flag).open(QFile::WriteOnly));
        QVERIFY(eventually([&] { return jobOf(*link).state == JobState::Failed; }));
        QCOMPARE(jobOf(*link).exitCode, std::optional(11));
        QCOMPARE(m_node->session().current(), *link);
    }
};

QTEST_GUILESS_MAIN(TestSshFaults)
#include "test_sshfaults.moc"
