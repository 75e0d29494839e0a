// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/rules.h"
#include "core/session/alertlog.h"
#include "core/session/healthmonitor.h"
#include "core/session/silencewatch.h"
#include "core/session/workspace.h"

#include <QCoroTask>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

static constexpr qint64 minute = 60'000, hour = 60 * minute;

/// The log over a monitor that is told its findings, and a file.
class TestAlertLog : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HealthMonitor> m_monitor;
    std::unique_ptr<AlertLog> m_log;
    qint64 m_now = 0;
    const QString m_target = QStringLiteral("ssh:a1");

    QString file() const { return m_folder->filePath(QStringLiteral("workspace.db")); }
    std::unique_ptr<AlertLog> opened()
    {
        auto log = std::make_unique<AlertLog>(nullptr, [this] { return m_now; });
        const auto done = log->open(file());
        return done ? std::move(log) : nullptr;
    }
    void watch(AlertLog *log)
    {
        log->watch(m_monitor.get(), [](const QString &target, const QString &device) {
            return AlertLog::Names{target.mid(4), device};
        });
    }
    static Task<Result<Connected>> refused()
    {
        co_return fail({ErrorKind::Unreachable, QStringLiteral("connect"),
            QStringLiteral("It does not answer."), QStringLiteral("refused"), {}});
    }
    void report(const char *rule, HealthVerdict verdict = HealthVerdict::Watch)
    {
        HealthFinding finding;
        finding.rule = QString::fromLatin1(rule);
        finding.verdict = verdict;
        finding.raw = QStringLiteral("raw");
        finding.since = finding.lastSeen = m_now;
        m_monitor->report(m_target, finding);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_now = 1'790'000'000'000;
        m_monitor = std::make_unique<HealthMonitor>(nullptr);
        m_log = opened();
        QVERIFY(m_log);
        watch(m_log.get());
    }
    void cleanup()
    {
        m_log.reset();
        m_monitor.reset();
    }

    void raisedOnceAndSaid()
    {
        QSignalSpy raised(m_log.get(), &AlertLog::raised);
        QSignalSpy changed(m_log.get(), &AlertLog::changed);
        report("hot");
        report("hot");
        QCOMPARE(raised.size(), 1);
        QTRY_COMPARE(changed.size(), 1);
        const auto alert = m_log->alerts().front();
        QCOMPARE(changed.front().front().toStringList(), QStringList(alert.id));
        QCOMPARE(alert.place(), QStringLiteral("a1"));
        QCOMPARE(m_log->openCount(), 1);
        QVERIFY(m_log->acknowledge({alert.id}, true));
        QCOMPARE(m_log->openCount(), 0);
        QVERIFY(m_log->acknowledge({alert.id}, false));
        QCOMPARE(m_log->openCount(), 1);
        QVERIFY(m_log->snooze({alert.id.left(5)}, m_now + hour));
        QCOMPARE(m_log->openCount(), 0);
        m_now += hour;
        changed.clear();
        m_log->tick();
        QTRY_COMPARE(changed.size(), 1); // it came back by itself
        QCOMPARE(m_log->openCount(), 1);
        m_monitor->withdraw(m_target, QStringLiteral("hot"));
        QCOMPARE(m_log->alerts().front().endedAt, m_now);
        const auto refused = m_log->acknowledge({alert.id}, true);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    }

    void allOrNothing()
    {
        report("hot");
        const auto id = m_log->alerts().front().id;
        const auto done = m_log->acknowledge({id, QStringLiteral("zzzz")}, true);
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::NotFound);
        QCOMPARE(m_log->openCount(), 1);
    }

    void survivesARestart()
    {
        report("hot");
        report("pcie");
        report("memory", HealthVerdict::Reboot);
        const auto alerts = m_log->alerts();
        QVERIFY(m_log->acknowledge({alerts[0].id}, true));
        QVERIFY(m_log->snooze({alerts[1].id}, Alert::untilChange));
        m_monitor->withdraw(m_target, QStringLiteral("memory"));
        auto before = m_log->alerts();
        m_log.reset();
        m_monitor = std::make_unique<HealthMonitor>(nullptr);
        m_now += 10 * minute;
        m_log = opened();
        QVERIFY(m_log);
        QCOMPARE(m_log->alerts().size(), before.size());
        for (const Alert &alert : before) {
            const auto now = m_log->find(alert.id);
            QVERIFY(now);
            QVERIFY(*now == alert);
        }
        QCOMPARE(m_log->find(alerts[0].id)->state(m_now), AlertState::Acknowledged);
        QCOMPARE(m_log->find(alerts[1].id)->state(m_now), AlertState::Snoozed);
        QCOMPARE(m_log->find(alerts[2].id)->state(m_now), AlertState::Ended);
        // Found again: neither news nor another row, and what was said holds.
        QSignalSpy raised(m_log.get(), &AlertLog::raised);
        watch(m_log.get());
        report("hot");
        QCOMPARE(raised.size(), 0);
        QCOMPARE(m_log->alerts().size(), before.size());
        QCOMPARE(m_log->find(alerts[0].id)->state(m_now), AlertState::Acknowledged);
    }

    void anotherProcessSaysSomething()
    {
        report("hot");
        const auto id = m_log->alerts().front().id;
        auto other = opened();
        QVERIFY(other);
        QVERIFY(other->acknowledge({id}, true));
        QSignalSpy changed(m_log.get(), &AlertLog::changed);
        for (int i = 0; i < 2; ++i)
            m_log->tick();
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(m_log->openCount(), 0);
        // What the rules see does not undo it.
        report("memory");
        m_monitor->withdraw(m_target, QStringLiteral("memory"));
        other = opened();
        QCOMPARE(other->find(id)->state(m_now), AlertState::Acknowledged);
    }

    /// What another process has just said is not read yet when the rules see the same alert again.
    void whatIsNotReadYetIsNotOverwritten()
    {
        report("hot");
        const auto id = m_log->alerts().front().id;
        auto other = opened();
        QVERIFY(other->acknowledge({id}, true));
        m_monitor->withdraw(m_target, QStringLiteral("hot"));
        report("hot"); // the same alert, come back
        QVERIFY(m_log->snooze({id}, m_now + hour)); // nor does the other thing that is said
        other = opened();
        QVERIFY(other->find(id)->acknowledgedAt != 0);
        QCOMPARE(other->find(id)->snoozedUntil, m_now + hour);
    }

    void alertsOfTargetsThatAreGoneEnd()
    {
        report("hot");
        const auto id = m_log->alerts().front().id;
        m_log->keepOnly({m_target});
        QCOMPARE(m_log->openCount(), 1);
        m_log->keepOnly({});
        QCOMPARE(m_log->openCount(), 0);
        QCOMPARE(opened()->find(id)->state(m_now), AlertState::Ended);
    }

    /// A target that was silent, was disconnected, and cannot be reached still: its last sample is
    /// the same moment.
    void anAlertOfTheSameMomentIsAnother()
    {
        report("hot");
        const auto first = m_log->alerts().front();
        m_monitor->withdraw(m_target, QStringLiteral("hot"));
        m_now += hour;
        HealthFinding again;
        again.rule = first.rule;
        again.verdict = first.verdict;
        again.since = first.since;
        again.lastSeen = m_now;
        m_monitor->report(m_target, again);
        QCOMPARE(m_log->alerts().size(), std::size_t(2));
        QVERIFY(m_log->alerts()[1].id != first.id);
        QCOMPARE(m_log->openCount(), 1);
        QVERIFY(m_log->acknowledge({m_log->alerts()[1].id}, true));
    }

    void beginningsOfIds()
    {
        report("hot");
        report("pcie");
        report("memory");
        QCOMPARE(m_log->find({}).error().kind, ErrorKind::NotFound);
        for (const Alert &alert : m_log->alerts())
            QCOMPARE(m_log->find(alert.id)->id, alert.id);
    }

    void historyGoes()
    {
        report("hot");
        m_monitor->withdraw(m_target, QStringLiteral("hot"));
        m_now += 8 * 24 * hour;
        m_log->tick();
        QVERIFY(m_log->alerts().empty());
        QVERIFY(opened()->alerts().empty());
    }

    void silence()
    {
        SilenceWatch::Heard heard;
        heard.state = TargetState::Stale;
        QVERIFY(!SilenceWatch::judge(heard, m_now)); // never heard in this run, and no failure
        heard.lastSample = m_now;
        QVERIFY(!SilenceWatch::judge(heard, m_now + 29'000));
        auto finding = SilenceWatch::judge(heard, m_now + 30'000);
        QVERIFY(finding);
        QCOMPARE(finding->since, m_now);
        QVERIFY(finding->raw.contains(QStringLiteral("last sample")));
        heard.error = Error{ErrorKind::Unreachable, QStringLiteral("connect"),
            QStringLiteral("It does not answer."), QStringLiteral("Connection refused"), {}};
        finding = SilenceWatch::judge(heard, m_now + 30'000);
        QCOMPARE(finding->raw, QStringLiteral("It does not answer. (Connection refused)"));
        heard.state = TargetState::NotOpened; // a person disconnected it
        QVERIFY(!SilenceWatch::judge(heard, m_now + 30'000));
        heard.state = TargetState::Connected; // connected anew: it gets its time to send
        heard.connectedAt = m_now + 20'000;
        QVERIFY(!SilenceWatch::judge(heard, m_now + 30'000));
        QVERIFY(SilenceWatch::judge(heard, m_now + 50'000));
    }

    void whatFailedFromTheStart()
    {
        SilenceWatch::Heard heard;
        heard.state = TargetState::Failed;
        heard.failedAt = m_now;
        QVERIFY(!SilenceWatch::judge(heard, m_now + 29'000));
        const auto finding = SilenceWatch::judge(heard, m_now + 30'000);
        QVERIFY(finding);
        QCOMPARE(finding->since, m_now);
        QVERIFY(finding->raw.startsWith(QStringLiteral("no connection since")));
        heard.state = TargetState::NotOpened; // given up by the person
        QVERIFY(!SilenceWatch::judge(heard, m_now + 30'000));
    }

    void aTargetThatFailedFromTheStartIsReported()
    {
        Workspace workspace(m_folder->filePath(QStringLiteral("other.db")), nullptr);
        Target target;
        target.id = QStringLiteral("sim:n1");
        target.name = QStringLiteral("n1");
        target.kind = TargetKind::Simulated;
        workspace.setTargets({target});
        workspace.setConnector([](Context, Target, Prompter *, StageSink) { return refused(); });
        QVERIFY(workspace.load());
        SilenceWatch watch(&workspace, m_monitor.get());
        auto *session = workspace.session(target.id);
        QVERIFY(!QCoro::waitFor(session->open(Context())));
        QCOMPARE(session->state(), TargetState::Failed);
        watch.look(session->changedAt() + 1000);
        QVERIFY(m_log->alerts().empty());
        watch.look(session->changedAt() + 31'000);
        QCOMPARE(m_log->alerts().size(), std::size_t(1));
        QCOMPARE(m_log->alerts().front().rule, QLatin1String(silentRule));
        QCOMPARE(m_log->alerts().front().raw, QStringLiteral("It does not answer. (refused)"));
        session->disconnect(); // the person gives it up
        watch.look(session->changedAt() + 62'000);
        QCOMPARE(m_log->openCount(), 0);
    }

    void aTargetThatWasNeverOpenedIsNotReported()
    {
        Workspace workspace(file(), nullptr);
        QVERIFY(workspace.load());
        SilenceWatch watch(&workspace, m_monitor.get());
        watch.look(m_now);
        QVERIFY(m_log->alerts().empty());
        Q_EMIT m_monitor->examined(QStringLiteral("local"));
        QVERIFY(workspace.session(QStringLiteral("local")) != nullptr);
        watch.look(m_now + 2 * hour);
        QVERIFY(m_log->alerts().empty()); // not opened: nobody wants it
    }
};

QTEST_GUILESS_MAIN(TestAlertLog)
#include "test_alertlog.moc"
