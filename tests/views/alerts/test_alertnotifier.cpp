// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// On a real session bus of its own, with a notification service that writes down its calls.
#include "core/session/alertlog.h"
#include "core/session/healthmonitor.h"
#include "views/alerts/alertnotifier.h"
#include "views/alerts/alertsetting.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QProcess>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

/// The desktop's side.
class FakeNotificationService : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Call {
        QString summary, body;
        uint replaces = 0;
        int urgency = -1;
        QStringList actions;
    };
    QList<Call> calls;
    QList<uint> closed;

public Q_SLOTS:
    uint Notify(const QString &, uint replaces, const QString &, const QString &summary,
        const QString &body, const QStringList &actions, const QVariantMap &hints, int)
    {
        calls << Call{summary, body, replaces,
            int(hints.value(QStringLiteral("urgency")).value<uchar>()), actions};
        return replaces != 0 ? replaces : uint(calls.size());
    }
    void CloseNotification(uint id) { closed << id; }

Q_SIGNALS:
    void ActionInvoked(uint id, const QString &action);
    void NotificationClosed(uint id, uint reason);
};

class TestAlertNotifier : public QObject {
    Q_OBJECT

    QProcess m_daemon;
    QString m_address;
    QTemporaryDir m_folder;
    std::unique_ptr<HealthMonitor> m_monitor;
    std::unique_ptr<AlertLog> m_log;
    FakeNotificationService *m_service = nullptr;
    std::unique_ptr<DesktopNotifications> m_desktop;
    std::unique_ptr<AlertNotifier> m_notifier;
    int m_run = 0;

    void report(const char *rule, HealthVerdict verdict, int node = 1)
    {
        HealthFinding finding;
        finding.rule = QString::fromLatin1(rule);
        finding.verdict = verdict;
        finding.raw = QStringLiteral("raw");
        finding.since = finding.lastSeen = m_log->now();
        m_monitor->report(QStringLiteral("ssh:n%1").arg(node), finding);
    }
    QDBusConnection busNamed(const QString &name) const
    {
        return QDBusConnection::connectToBus(m_address, name);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_daemon.start(QStringLiteral("dbus-daemon"),
            {QStringLiteral("--session"), QStringLiteral("--nofork"),
                QStringLiteral("--print-address")});
        if (!m_daemon.waitForStarted())
            QSKIP("there is no dbus-daemon here");
        while (!m_daemon.canReadLine())
            QVERIFY(m_daemon.waitForReadyRead(20'000));
        m_address = QString::fromUtf8(m_daemon.readLine()).trimmed();
    }
    void cleanupTestCase()
    {
        m_daemon.terminate();
        m_daemon.waitForFinished();
    }
    void init()
    {
        ++m_run;
        AlertSetting::instance().load({});
        AlertSetting::instance().setNotifies(true);
        m_monitor = std::make_unique<HealthMonitor>(nullptr);
        m_log = std::make_unique<AlertLog>();
        m_log->watch(m_monitor.get(), [](const QString &target, const QString &device) {
            return AlertLog::Names{target.mid(4), device};
        });
        auto bus = busNamed(QStringLiteral("service%1").arg(m_run));
        QVERIFY2(bus.isConnected(), qPrintable(bus.lastError().message()));
        m_service = new FakeNotificationService;
        QVERIFY(bus.registerObject(QStringLiteral("/org/freedesktop/Notifications"), m_service,
            QDBusConnection::ExportAllContents));
        QVERIFY(bus.registerService(QStringLiteral("org.freedesktop.Notifications")));
        const auto mine = busNamed(QStringLiteral("console%1").arg(m_run));
        m_desktop = std::make_unique<DesktopNotifications>(nullptr, &mine);
        m_notifier = std::make_unique<AlertNotifier>(m_log.get(), m_desktop.get());
    }
    void cleanup()
    {
        m_notifier.reset();
        m_desktop.reset();
        m_log.reset();
        m_monitor.reset();
        QDBusConnection::disconnectFromBus(QStringLiteral("service%1").arg(m_run));
        QDBusConnection::disconnectFromBus(QStringLiteral("console%1").arg(m_run));
        delete m_service;
    }

    void oneSaysAll()
    {
        report("xid-64", HealthVerdict::Replace);
        m_notifier->flush();
        QTRY_COMPARE(m_service->calls.size(), 1);
        const auto call = m_service->calls.first();
        QCOMPARE(call.summary, QStringLiteral("n1: XID 64: memory row not repairable"));
        QVERIFY(call.body.contains(QStringLiteral("Have the card replaced.")));
        QCOMPARE(call.urgency, 2);
        QVERIFY(call.actions.contains(QStringLiteral("default")));
    }

    void aBurstIsOne()
    {
        for (int node = 1; node <= 40; ++node)
            report("xid-79", HealthVerdict::Reboot, node);
        report("xid-64", HealthVerdict::Replace, 3);
        QTRY_COMPARE(m_service->calls.size(), 1); // by its own timer
        m_notifier->flush();
        const auto call = m_service->calls.first();
        QCOMPARE(call.summary, QStringLiteral("41 alerts on 40 nodes"));
        QVERIFY(call.body.contains(QStringLiteral("40 × XID 79: fallen off the bus")));
        QTest::qWait(50);
        QCOMPARE(m_service->calls.size(), 1);
    }

    void theNextTakesItsPlace()
    {
        report("xid-79", HealthVerdict::Reboot);
        m_notifier->flush();
        QTRY_COMPARE(m_service->calls.size(), 1);
        QTest::qWait(50); // the id comes back
        report("xid-79", HealthVerdict::Reboot, 2);
        m_notifier->flush();
        QTRY_COMPARE(m_service->calls.size(), 2);
        QCOMPARE(m_service->calls[1].replaces, 1U);
        Q_EMIT m_service->NotificationClosed(1, 2);
        QTest::qWait(50);
        report("xid-79", HealthVerdict::Reboot, 3);
        m_notifier->flush();
        QTRY_COMPARE(m_service->calls.size(), 3);
        QCOMPARE(m_service->calls[2].replaces, 0U); // that one is gone
        QTest::qWait(50);
        m_desktop->withdraw();
        QTRY_COMPARE(m_service->closed, QList<uint>{3});
    }

    void silentAbout_data()
    {
        QTest::addColumn<QString>("what");
        QTest::newRow("watch") << "watch";
        QTest::newRow("acknowledged") << "acknowledged";
        QTest::newRow("snoozed") << "snoozed";
        QTest::newRow("over by then") << "over";
        QTest::newRow("turned off") << "off";
    }
    void silentAbout()
    {
        QFETCH(QString, what);
        report("xid-79",
            what == QLatin1String("watch") ? HealthVerdict::Watch : HealthVerdict::Reboot);
        const auto id = m_log->alerts().front().id;
        if (what == QLatin1String("acknowledged"))
            QVERIFY(m_log->acknowledge({id}, true));
        else if (what == QLatin1String("snoozed"))
            QVERIFY(m_log->snooze({id}, Alert::untilChange));
        else if (what == QLatin1String("over"))
            m_monitor->withdraw(QStringLiteral("ssh:n1"), QStringLiteral("xid-79"));
        else if (what == QLatin1String("off"))
            AlertSetting::instance().setNotifies(false);
        m_notifier->flush();
        // One that is told comes after it on the same bus: had the first been, it would be there.
        AlertSetting::instance().setNotifies(true);
        report("xid-64", HealthVerdict::Replace, 2);
        m_notifier->flush();
        QTRY_COMPARE(m_service->calls.size(), 1);
        QVERIFY(m_service->calls.first().summary.startsWith(QStringLiteral("n2:")));
    }

    void aClickLeadsToTheAlert()
    {
        QSignalSpy wanted(m_notifier.get(), &AlertNotifier::alertWanted);
        report("xid-79", HealthVerdict::Reboot);
        m_notifier->flush();
        QTRY_COMPARE(m_service->calls.size(), 1);
        QTest::qWait(50);
        Q_EMIT m_service->ActionInvoked(77, QStringLiteral("default")); // somebody else's
        Q_EMIT m_service->ActionInvoked(1, QStringLiteral("default"));
        QTRY_COMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().first().toString(), m_log->alerts().front().id);
    }

    void simulatedIsSaid()
    {
        report("xid-64", HealthVerdict::Replace);
        m_notifier->setSimulated(true);
        m_notifier->flush();
        QTRY_COMPARE(m_service->calls.size(), 1);
        QVERIFY(m_service->calls.first().summary.startsWith(QStringLiteral("Simulated: n1")));
        QCOMPARE(m_service->calls.first().urgency, 1);
    }

    void markupIsText()
    {
        m_desktop->show({QStringLiteral("s"), QStringLiteral("<b>a & b</b>"), false});
        QTRY_COMPARE(m_service->calls.size(), 1);
        QCOMPARE(m_service->calls.first().body, QStringLiteral("&lt;b&gt;a &amp; b&lt;/b&gt;"));
    }

    void noServiceIsQuiet()
    {
        auto bus = QDBusConnection(QStringLiteral("service%1").arg(m_run));
        QVERIFY(bus.unregisterService(QStringLiteral("org.freedesktop.Notifications")));
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        report("xid-79", HealthVerdict::Reboot);
        m_notifier->flush();
        QTest::qWait(100);
        QCOMPARE(m_service->calls.size(), 0);
    }

    void noBusIsQuiet()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        const QDBusConnection none(QStringLiteral("no such connection"));
        DesktopNotifications desktop(nullptr, &none);
        desktop.show({QStringLiteral("s"), QStringLiteral("b"), false});
        desktop.withdraw();
        QCOMPARE(m_service->calls.size(), 0);
    }

    void theSettingIsKept()
    {
        const QString file = m_folder.filePath(QStringLiteral("window.ini"));
        auto &setting = AlertSetting::instance();
        setting.load(file);
        QVERIFY(setting.notifies());
        setting.setNotifies(false);
        setting.load({});
        QVERIFY(setting.notifies());
        setting.load(file);
        QVERIFY(!setting.notifies());
    }
};

QTEST_MAIN(TestAlertNotifier)
#include "test_alertnotifier.moc"
