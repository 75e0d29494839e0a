// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"
#include "core/transport/ioloop.h"
#include "core/transport/localtransport.h"
#include "tests/support/agenthome.h"
#include "tests/support/faketransport.h"

#include <QDateTime>
#include <QSet>
#include <QTest>

using namespace pilothouse;

/// What a session does between a lost link and the next: waits longer and longer, never all at
/// once, at once when told to, and not at all when only a person can help.
class TestReconnect : public QObject {
    Q_OBJECT
    AgentHome m_home;
    std::unique_ptr<Session> m_session;
    std::shared_ptr<FakeTransport> m_transport; ///< of the last connection
    std::optional<Error> m_refusal; ///< what attempts end with; none = they connect
    int m_attempts = 0;

    static Error refusal(ErrorKind kind)
    {
        return {kind, QStringLiteral("tcp"), QStringLiteral("No."), {}, {}};
    }
    static Task<Result<Connected>> connectFake(TestReconnect *test)
    {
        ++test->m_attempts;
        if (test->m_refusal)
            co_return fail(*test->m_refusal);
        test->m_transport = std::make_shared<FakeTransport>(std::make_shared<LocalTransport>());
        Connected connected;
        connected.transport = test->m_transport;
        co_return connected;
    }
    std::unique_ptr<Session> newSession()
    {
        Target target; // read-only: it connects without an agent
        target.id = target.name = QStringLiteral("node");
        target.protection = Protection::ReadOnly;
        auto session = std::make_unique<Session>(target, nullptr);
        session->setConnector(
            [this](Context, Target, Prompter *, StageSink) { return connectFake(this); });
        return session;
    }
    /// Breaks the link, or lets the next attempt fail, and gives bounds of the wait that was
    /// planned after it, in ms.
    std::pair<qint64, qint64> plannedAfter(const std::function<void()> &what)
    {
        const qint64 before = QDateTime::currentMSecsSinceEpoch();
        what();
        eventually([&] { return m_session->nextAttemptAt() != 0; });
        const qint64 after = QDateTime::currentMSecsSinceEpoch();
        return {m_session->nextAttemptAt() - after, m_session->nextAttemptAt() - before};
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_refusal.reset();
        m_attempts = 0;
        m_session = newSession();
        QVERIFY(QCoro::waitFor(m_session->open(Context())));
    }
    void cleanup() { m_session.reset(); }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void waitsDoubleUpToAMinute()
    {
        m_refusal = refusal(ErrorKind::Unreachable);
        auto planned = plannedAfter([&] { m_transport->lose(); });
        for (const int seconds : {1, 2, 4, 8, 16, 32, 60, 60}) {
            QVERIFY2(planned.second >= seconds * 750, qPrintable(QString::number(seconds)));
            QVERIFY2(planned.first <= seconds * 1250, qPrintable(QString::number(seconds)));
            QCOMPARE(m_session->state(), TargetState::Stale);
            planned = plannedAfter([&] { m_session->retryNow(); });
        }
        QCOMPARE(m_attempts, 9);
        // Success begins the row anew.
        m_refusal.reset();
        m_session->retryNow();
        QVERIFY(eventually([&] { return m_session->state() == TargetState::Connected; }));
        QCOMPARE(m_session->nextAttemptAt(), 0);
        planned = plannedAfter([&] { m_transport->lose(); });
        QVERIFY(planned.first <= 1250);
    }

    void manyLostAtOnceDoNotComeBackAtOnce()
    {
        std::vector<std::unique_ptr<Session>> sessions;
        std::vector<std::shared_ptr<FakeTransport>> transports;
        for (int i = 0; i < 30; ++i) {
            sessions.push_back(newSession());
            QVERIFY(QCoro::waitFor(sessions.back()->open(Context())));
            transports.push_back(m_transport);
        }
        m_refusal = refusal(ErrorKind::Unreachable);
        qint64 earliest = 0, latest = 0;
        for (std::size_t i = 0; i < sessions.size(); ++i) {
            const qint64 before = QDateTime::currentMSecsSinceEpoch();
            transports[i]->lose();
            const qint64 wait = sessions[i]->nextAttemptAt() - before;
            earliest = i == 0 ? wait : std::min(earliest, wait);
            latest = std::max(latest, wait);
        }
        QVERIFY2(latest - earliest > 100, qPrintable(QString::number(latest - earliest)));
    }

    void itComesBackByItself()
    {
        const auto old = m_session->current();
        m_transport->lose();
        QCOMPARE(m_session->state(), TargetState::Stale);
        QVERIFY(!m_session->current());
        QVERIFY(eventually([&] { return m_session->state() == TargetState::Connected; }));
        QVERIFY(m_session->current()->epoch > old->epoch);
        QCOMPARE(m_attempts, 2);
        QVERIFY(!m_session->error());
    }

    void onlyAPersonHelps_data()
    {
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<bool>("again");
        QTest::newRow("unreachable") << ErrorKind::Unreachable << true;
        QTest::newRow("timeout") << ErrorKind::Timeout << true;
        QTest::newRow("bad reply") << ErrorKind::BadReply << true;
        QTest::newRow("name not found") << ErrorKind::NotFound << true; // a VPN that is down
        QTest::newRow("host key") << ErrorKind::HostKey << false;
        QTest::newRow("denied") << ErrorKind::Denied << false;
        QTest::newRow("bad input") << ErrorKind::BadInput << false;
    }
    void onlyAPersonHelps()
    {
        QFETCH(ErrorKind, kind);
        QFETCH(bool, again);
        m_refusal = refusal(kind);
        m_transport->lose();
        m_session->retryNow();
        QVERIFY(eventually([&] { return m_attempts == 2 && m_session->error() == m_refusal; }));
        QCOMPARE(m_session->state(), again ? TargetState::Stale : TargetState::Failed);
        QCOMPARE(m_session->nextAttemptAt() != 0, again);
        // A person who tries again is served either way.
        m_refusal.reset();
        QVERIFY(QCoro::waitFor(m_session->open(Context())));
        QCOMPARE(m_session->state(), TargetState::Connected);
    }

    /// It would flood again.
    void anAgentThatFloodsIsLeftAlone()
    {
        Q_EMIT m_transport->lost(refusal(ErrorKind::Denied));
        QCOMPARE(m_session->state(), TargetState::Failed);
        QVERIFY(!m_session->current());
        QCOMPARE(m_session->error()->kind, ErrorKind::Denied);
        QCOMPARE(m_session->nextAttemptAt(), 0);
        QCOMPARE(m_attempts, 1);
        QVERIFY(QCoro::waitFor(m_session->open(Context()))); // until a person says so
        QCOMPARE(m_session->state(), TargetState::Connected);
    }

    void disconnectingEndsTheRow()
    {
        m_transport->lose();
        QVERIFY(m_session->nextAttemptAt() != 0);
        m_session->disconnect();
        QCOMPARE(m_session->nextAttemptAt(), 0);
        m_session->retryNow(); // nothing is planned, so nothing is done
        QCOMPARE(m_session->state(), TargetState::NotOpened);
        QCOMPARE(m_attempts, 1);
    }
};

QTEST_GUILESS_MAIN(TestReconnect)
#include "test_reconnect.moc"
