// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/alertlog.h"
#include "core/session/healthmonitor.h"
#include "tests/app/ctl/ctlhost.h"

#include <QDateTime>
#include <QDir>
#include <QJsonArray>
#include <QTest>

using namespace pilothouse;

class TestCtlAlerts : public QObject {
    Q_OBJECT

    std::unique_ptr<CtlHost> m_host;
    QString m_hot, m_card;

    Ran alerts(const QString &line)
    {
        return m_host->run(
            (QStringLiteral("alerts ") + line).split(QLatin1Char(' '), Qt::SkipEmptyParts));
    }
    QJsonObject only(const Ran &ran)
    {
        return ran.json().value(QLatin1String("alerts")).toArray().first().toObject();
    }

private Q_SLOTS:
    void init()
    {
        m_host = std::make_unique<CtlHost>();
        // As a console leaves it: two findings, one looked at.
        QDir().mkpath(m_host->file(QStringLiteral("data/pilothouse")));
        HealthMonitor monitor(nullptr);
        AlertLog log;
        QVERIFY(log.open(m_host->file(QStringLiteral("data/pilothouse/workspace.db"))));
        log.watch(&monitor, [](const QString &target, const QString &) {
            return AlertLog::Names{target.section(u':', -1), {}};
        });
        HealthFinding finding;
        finding.rule = QStringLiteral("blocked");
        finding.raw = QStringLiteral("processes_blocked = 12");
        finding.since = finding.lastSeen = QDateTime::currentMSecsSinceEpoch() - 90'000;
        monitor.report(QStringLiteral("ssh:lab"), finding);
        m_hot = log.alerts().back().id;
        finding.rule = QStringLiteral("xid-64");
        finding.verdict = HealthVerdict::Replace;
        monitor.report(QStringLiteral("local"), finding);
        m_card = log.alerts().back().id;
        Q_EMIT monitor.examined(QStringLiteral("local"));
    }
    void cleanup() { m_host.reset(); }

    void listsWhatTheConsoleSaw()
    {
        const auto listed = alerts(QStringLiteral("--json"));
        QCOMPARE(listed.code, 0);
        const auto all = listed.json().value(QLatin1String("alerts")).toArray();
        QCOMPARE(all.size(), 2);
        const auto worst = all[0].toObject();
        QCOMPARE(worst[QLatin1String("id")].toString(), m_card);
        QCOMPARE(worst[QLatin1String("verdict")].toString(), QStringLiteral("replace"));
        QCOMPARE(worst[QLatin1String("target")].toString(), QStringLiteral("local"));
        QVERIFY(!worst[QLatin1String("next")].toString().isEmpty());
        QVERIFY(worst[QLatin1String("ended")].isNull());
        const auto examined = listed.json().value(QLatin1String("examined")).toArray();
        QCOMPARE(examined.size(), 1);
        const auto text = alerts({});
        QVERIFY(text.out.contains("processes_blocked = 12"));
        QVERIFY(text.out.indexOf("replace") < text.out.indexOf("watch"));
        QVERIFY(text.err.contains("1 targets examined"));
        const auto one = alerts(QStringLiteral("lab --json"));
        QCOMPARE(only(one)[QLatin1String("id")].toString(), m_hot);
        QCOMPARE(alerts(QStringLiteral("nobody")).code, 5);
    }

    void saysAndTakesBack()
    {
        auto ran = alerts(QStringLiteral("ack %1 --json").arg(m_hot.left(6)));
        QCOMPARE(ran.code, 0);
        QCOMPARE(only(ran)[QLatin1String("state")].toString(), QStringLiteral("acknowledged"));
        ran = alerts(QStringLiteral("--json"));
        QCOMPARE(only(ran)[QLatin1String("id")].toString(), m_card);
        QCOMPARE(ran.json().value(QLatin1String("hidden")).toInt(), 1);
        QCOMPARE(alerts(QStringLiteral("--all --json"))
                     .json()
                     .value(QLatin1String("alerts"))
                     .toArray()
                     .size(),
            2);
        ran = alerts(QStringLiteral("ack %1 --json").arg(m_hot)); // it is already
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.error()[QLatin1String("kind")].toString(), QStringLiteral("conflict"));
        QCOMPARE(alerts(QStringLiteral("unack ") + m_hot).code, 0);
        ran = alerts(QStringLiteral("snooze 8h %1 %2 --json").arg(m_hot, m_card));
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json().value(QLatin1String("alerts")).toArray().size(), 2);
        QCOMPARE(only(ran)[QLatin1String("state")].toString(), QStringLiteral("snoozed"));
        QCOMPARE(alerts(QStringLiteral("wake ") + m_card).code, 0);
        QCOMPARE(only(alerts(QStringLiteral("--json")))[QLatin1String("id")].toString(), m_card);
        QCOMPARE(alerts(QStringLiteral("snooze soon ") + m_hot).code, 2);
        QCOMPARE(alerts(QStringLiteral("ack zzzz")).code, 5);
        const auto audit = m_host->run({QStringLiteral("audit"), QStringLiteral("--json")});
        QVERIFY(audit.out.contains("alert.acknowledge"));
    }

    void watchingNeedsTargets()
    {
        const auto ran = alerts(QStringLiteral("--watch 1 --json"));
        QCOMPARE(ran.code, 2);
        QCOMPARE(alerts(QStringLiteral("lab --watch 1")).code, 3); // nothing listens there
    }

    void ofADemoItWatches()
    {
        const auto ran = m_host->run({QStringLiteral("--demo=nodes=2"), QStringLiteral("alerts"),
            QStringLiteral("--watch"), QStringLiteral("3"), QStringLiteral("--json")});
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json().value(QLatin1String("examined")).toArray().size(), 2);
    }
};

QTEST_GUILESS_MAIN(TestCtlAlerts)
#include "test_ctl_alerts.moc"
