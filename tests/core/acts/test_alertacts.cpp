// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/acts/actrunner.h"
#include "core/acts/services.h"
#include "core/jobs/ledger.h"
#include "core/session/alertlog.h"
#include "core/session/healthmonitor.h"
#include "core/session/workspace.h"

#include <QCoroTask>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

static constexpr qint64 now = 1'790'000'000'000, hour = 3600'000;

class TestAlertActs : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HealthMonitor> m_monitor;
    std::unique_ptr<AlertLog> m_log;
    std::unique_ptr<Ledger> m_ledger;
    std::unique_ptr<Workspace> m_workspace;
    Services m_services;
    std::unique_ptr<ActRunner> m_runner;

    QString report(const char *rule)
    {
        HealthFinding finding;
        finding.rule = QString::fromLatin1(rule);
        finding.raw = QStringLiteral("raw");
        finding.since = finding.lastSeen = now;
        m_monitor->report(QStringLiteral("ssh:n1"), finding);
        return m_log->alerts().back().id;
    }
    static ActRequest on(const QString &subject, const QJsonObject &parameters = {})
    {
        ActRequest request;
        request.subject = subject;
        request.parameters = parameters;
        return request;
    }
    Result<QJsonObject> run(const char *act, const ActRequest &request)
    {
        return QCoro::waitFor(m_runner->run(Context(), QString::fromLatin1(act), request));
    }
    AlertState state(const QString &id) const { return m_log->find(id)->state(now); }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_monitor = std::make_unique<HealthMonitor>(nullptr);
        m_log = std::make_unique<AlertLog>(nullptr, [] { return now; });
        m_log->watch(m_monitor.get(), {});
        m_ledger = std::move(*Ledger::openFile(m_folder->filePath(QStringLiteral("ledger.db"))));
        m_services = Services();
        qputenv("PILOTHOUSE_SSH_CONFIG", m_folder->filePath(QStringLiteral("none")).toUtf8());
        m_workspace = std::make_unique<Workspace>(
            m_folder->filePath(QStringLiteral("workspace.db")), nullptr);
        QVERIFY(m_workspace->load());
        m_services.workspace = m_workspace.get();
        m_services.alerts = m_log.get();
        m_services.ledger = m_ledger.get();
        m_runner = std::make_unique<ActRunner>(m_services);
    }
    void cleanup() { m_runner.reset(); }

    void acknowledgeAndBack()
    {
        const auto id = report("hot");
        QVERIFY(m_runner->can(QStringLiteral("alert.acknowledge"), on(id)).ok());
        QVERIFY(!m_runner->can(QStringLiteral("alert.unacknowledge"), on(id)).ok());
        QCOMPARE(m_runner->preview(QStringLiteral("alert.acknowledge"), on(id)),
            QStringLiteral("pilothousectl alerts ack ") + id);
        const auto done = run("alert.acknowledge", on(id));
        QVERIFY(done);
        QCOMPARE(done->value(QLatin1String("alerts")).toArray().size(), 1);
        QCOMPARE(state(id), AlertState::Acknowledged);
        const auto again = run("alert.acknowledge", on(id));
        QVERIFY(!again);
        QCOMPARE(again.error().kind, ErrorKind::Conflict);
        QVERIFY(run("alert.unacknowledge", on(id)));
        QCOMPARE(state(id), AlertState::Open);
        QCOMPARE(m_ledger->audit(10).size(), 2);
    }

    void aGroupIsOneAct()
    {
        const auto first = report("hot"), second = report("pcie"), third = report("memory");
        QVERIFY(run("alert.acknowledge", on(second)));
        m_monitor->withdraw(QStringLiteral("ssh:n1"), QStringLiteral("memory"));
        // What is said already, and what is over, is left out; the rest is done.
        const auto done
            = run("alert.acknowledge", on(QStringList{first, second, third}.join(u',')));
        QVERIFY(done);
        QCOMPARE(done->value(QLatin1String("alerts")).toArray(), (QJsonArray{first}));
        QCOMPARE(m_ledger->audit(10).size(), 2);
    }

    void snooze_data()
    {
        QTest::addColumn<QJsonObject>("parameters");
        QTest::addColumn<qint64>("until");
        const auto length = [](const char *text) {
            return QJsonObject{{QStringLiteral("for"), QString::fromLatin1(text)}};
        };
        QTest::newRow("1 h") << length("1h") << now + hour;
        QTest::newRow("7 d") << length("7d") << now + 7 * 24 * hour;
        QTest::newRow("change") << length("change") << Alert::untilChange;
        QTest::newRow("an undo") << QJsonObject{{QStringLiteral("until"), double(now + 5)}}
                                 << now + 5;
        QTest::newRow("an undo of change")
            << QJsonObject{{QStringLiteral("until"), double(Alert::untilChange)}}
            << Alert::untilChange;
        QTest::newRow("wrong") << length("soon") << qint64(0);
        QTest::newRow("nothing") << QJsonObject() << qint64(0);
    }
    void snooze()
    {
        QFETCH(QJsonObject, parameters);
        QFETCH(qint64, until);
        const auto id = report("hot");
        const auto done = run("alert.snooze", on(id, parameters));
        QCOMPARE(bool(done), until != 0);
        if (!done)
            QCOMPARE(done.error().kind, ErrorKind::BadInput);
        QCOMPARE(m_log->find(id)->snoozedUntil, until);
        QCOMPARE(m_runner->can(QStringLiteral("alert.wake"), on(id)).ok(), until != 0);
        if (until == 0)
            return;
        QVERIFY(run("alert.wake", on(id)));
        QCOMPARE(state(id), AlertState::Open);
    }

    void nothingToDoItTo()
    {
        for (const char *act : {"alert.acknowledge", "alert.snooze", "alert.wake"}) {
            QCOMPARE(m_runner->can(QLatin1String(act), on(QStringLiteral("zzzz"))).answer,
                Can::Answer::Absent);
            QCOMPARE(m_runner->can(QLatin1String(act), on({})).answer, Can::Answer::Absent);
        }
        const auto id = report("hot");
        m_monitor->withdraw(QStringLiteral("ssh:n1"), QStringLiteral("hot"));
        const auto can = m_runner->can(QStringLiteral("alert.acknowledge"), on(id));
        QCOMPARE(can.answer, Can::Answer::Refused);
        QCOMPARE(can.reason, QStringLiteral("The alert has ended."));
        m_services.alerts = nullptr;
        QCOMPARE(
            m_runner->can(QStringLiteral("alert.acknowledge"), on(id)).answer, Can::Answer::Absent);
    }
};

QTEST_GUILESS_MAIN(TestAlertActs)
#include "test_alertacts.moc"
