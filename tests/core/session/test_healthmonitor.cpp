// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/rules.h"
#include "core/session/alertlog.h"
#include "core/session/healthmonitor.h"
#include "core/telemetry/store.h"

#include <QCoroTask>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace pilothouse;

/// The monitor over a real store.
class TestHealthMonitor : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<TelemetryStore> m_store;
    std::unique_ptr<HealthMonitor> m_monitor;
    std::vector<SeriesId> m_ids;
    qint64 m_time = 0;

    static QString gpu(int index) { return QStringLiteral("GPU-%1").arg(index); }
    const QString m_target = QStringLiteral("node1");

    // Values of four GPUs (busy, clock, temperature, XIDs, last XID) and one interface's errors.
    void seconds(int count, const std::function<void(std::vector<double> &)> &change = {})
    {
        for (int i = 0; i < count; ++i) {
            std::vector<double> values;
            for (int g = 0; g < 4; ++g)
                values.insert(values.end(), {0.97, 1.7e9, 60, 5, 31});
            values.push_back(1000);
            if (change)
                change(values);
            m_time += 1000;
            m_store->append(m_ids, {StoreTick{m_time, values}});
            QCoro::waitFor(m_store->flush());
            m_monitor->examine(m_target);
        }
    }

    static void withoutGpus(std::vector<double> &values, const QList<int> &gpus)
    {
        for (const int g : gpus)
            std::fill_n(values.begin() + g * 5, 5, std::nan(""));
    }

private Q_SLOTS:
    void init()
    {
        static int run = 0;
        auto store = TelemetryStore::openFolder(m_folder.filePath(QString::number(++run)));
        QVERIFY(store.has_value());
        m_store = std::move(*store);
        m_monitor = std::make_unique<HealthMonitor>(m_store.get());
        m_ids.clear();
        m_time = 1'790'000'000'000;
        for (int g = 0; g < 4; ++g)
            for (const char *metric : {"gpu_busy_ratio", "gpu_sm_clock_hertz",
                     "gpu_temperature_celsius", "gpu_xid_errors", "gpu_xid_last"})
                m_ids.push_back(m_store->series(
                    {{m_target, gpu(g), QString::fromLatin1(metric)}, {}, StoredKind::Gauge}));
        m_ids.push_back(m_store->series(
            {{m_target, QStringLiteral("eth0"), QStringLiteral("network_receive_errors")}, {},
                StoredKind::Counter}));
    }
    void cleanup()
    {
        m_monitor.reset();
        m_store.reset();
    }

    void healthyIsSilent()
    {
        QSignalSpy raised(m_monitor.get(), &HealthMonitor::raised);
        seconds(20);
        QCOMPARE(m_monitor->alerts().size(), 0);
        QCOMPARE(raised.size(), 0);
    }

    void eachDeviceForItself()
    {
        QSignalSpy raised(m_monitor.get(), &HealthMonitor::raised);
        QSignalSpy changed(m_monitor.get(), &HealthMonitor::changed);
        seconds(3);
        seconds(2, [](auto &values) {
            values[1 * 5 + 3] = 6;
            values[1 * 5 + 4] = 79;
        });
        QCOMPARE(m_monitor->verdict(m_target, gpu(1)), HealthVerdict::Reboot);
        QCOMPARE(m_monitor->verdict(m_target, gpu(0)), HealthVerdict::Ok);
        QCOMPARE(raised.size(), 1);
        QCOMPARE(changed.size(), 1);
        const auto alert = raised.first().first().value<HealthAlert>();
        QCOMPARE(alert.device, gpu(1));
        QCOMPARE(alert.finding.rule, QStringLiteral("xid-79"));
    }

    void lostWhileTheOthersAreHeard()
    {
        seconds(3);
        seconds(12, [](auto &values) { withoutGpus(values, {2}); });
        const auto alerts = m_monitor->alerts();
        QCOMPARE(alerts.size(), 1);
        QCOMPARE(alerts.first().device, gpu(2));
        QCOMPARE(alerts.first().finding.rule, QStringLiteral("lost"));
        seconds(6);
        QCOMPARE(m_monitor->alerts().size(), 0);
    }

    void whatTheNodeSaysIsTheRawLine()
    {
        seconds(3);
        seconds(12, [](auto &values) { withoutGpus(values, {2}); });
        QSignalSpy changed(m_monitor.get(), &HealthMonitor::changed);
        m_monitor->setTrouble(m_target, gpu(2), QStringLiteral("the GPU is lost"));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(
            m_monitor->alertsOf(m_target).first().finding.raw, QStringLiteral("the GPU is lost"));
        m_monitor->setTrouble(m_target, gpu(2), QStringLiteral("the GPU is lost"));
        QCOMPARE(changed.size(), 1);
    }

    void lostFromTheBeginning()
    {
        const auto nothing = [](auto &values) { withoutGpus(values, {2}); };
        seconds(12, nothing);
        QCOMPARE(m_monitor->alerts().size(), 0); // nobody says that it should give something
        m_monitor->setTrouble(m_target, gpu(2), QStringLiteral("the GPU is lost"));
        m_monitor->setTrouble(m_target, gpu(7), QStringLiteral("fell off"));
        seconds(12, nothing);
        const auto alerts = m_monitor->alerts();
        QCOMPARE(alerts.size(), 2); // also one that has no series at all
        QCOMPARE(alerts[0].finding.rule, QStringLiteral("lost"));
        QCOMPARE(m_monitor->findings(m_target, gpu(7)).first().raw, QStringLiteral("fell off"));
        m_monitor->setTrouble(m_target, gpu(0), QStringLiteral("not yet"));
        seconds(12, nothing);
        QCOMPARE(m_monitor->findings(m_target, gpu(0)).size(), 0); // it gives values
    }

    static QList<Device> devices(const QList<int> &gpus)
    {
        QList<Device> all;
        for (const int g : gpus) {
            Device one;
            one.uuid = gpu(g);
            one.index = int(all.size());
            all << one;
        }
        return all;
    }
    void aGpuThatWasTakenOutIsLetGoByThePerson()
    {
        AlertLog log;
        log.watch(m_monitor.get(), {});
        const auto without2 = [](auto &values) { withoutGpus(values, {2}); };
        m_monitor->setDevices(m_target, QStringLiteral("boot1"), devices({0, 1, 2, 3}));
        seconds(3);
        m_monitor->setTrouble(m_target, gpu(2), QStringLiteral("the GPU is lost"));
        seconds(12, without2);
        QCOMPARE(log.openCount(), 1);
        const auto id = log.alerts().front().id;
        // The helper was started anew, or the boot is the same: it is only not there now.
        m_monitor->setDevices(m_target, QStringLiteral("boot1"), devices({0, 1, 3}));
        QCOMPARE(m_monitor->missing(m_target), QStringList());
        m_monitor->setDevices(m_target, QStringLiteral("boot2"), devices({0, 1, 3}));
        QCOMPARE(m_monitor->missing(m_target), QStringList(gpu(2)));
        seconds(12, without2);
        QCOMPARE(log.openCount(), 1); // nobody has said that it is right so
        QVERIFY(log.acknowledge({id}, true));
        seconds(1, without2);
        QVERIFY(log.alerts().front().endedAt != 0);
        QCOMPARE(m_monitor->missing(m_target), QStringList());
        m_monitor->forgetCatalogue(m_target);
        seconds(12, without2);
        QCOMPARE(m_monitor->alerts().size(), 0);
        seconds(3); // it is back
        seconds(12, without2);
        QCOMPARE(m_monitor->alerts().size(), 1);
        // Not what the node said long ago of it.
        QVERIFY(m_monitor->alerts().first().finding.raw != QStringLiteral("the GPU is lost"));
    }

    void aGpuThatWasReplacedIsLetGo()
    {
        const auto without2 = [](auto &values) { withoutGpus(values, {2}); };
        m_monitor->setDevices(m_target, QStringLiteral("boot1"), devices({0, 1, 2, 3}));
        seconds(3);
        seconds(12, without2);
        QCOMPARE(m_monitor->alerts().size(), 1);
        m_monitor->setDevices(m_target, QStringLiteral("boot2"), devices({0, 1, 9, 3}));
        seconds(1, without2);
        QCOMPARE(m_monitor->alerts().size(), 0);
        QCOMPARE(m_monitor->missing(m_target), QStringList());
    }

    void aSilentDriverWhoseGpusWereTakenOut()
    {
        AlertLog log;
        log.watch(m_monitor.get(), {});
        const auto none = [](auto &values) { withoutGpus(values, {0, 1, 2, 3}); };
        m_monitor->setDevices(m_target, QStringLiteral("boot1"), devices({0, 1, 2, 3}));
        seconds(3);
        seconds(12, none);
        QCOMPARE(log.alerts().size(), std::size_t(1));
        QCOMPARE(log.alerts().front().rule, QStringLiteral("driver-silent"));
        m_monitor->setDevices(m_target, QStringLiteral("boot2"), {});
        seconds(12, none);
        QCOMPARE(log.openCount(), 1);
        QVERIFY(log.acknowledge({log.alerts().front().id}, true));
        seconds(12, none);
        QCOMPARE(log.alerts().size(), std::size_t(1));
        QVERIFY(log.alerts().front().endedAt != 0);
    }

    void whatTheNodeSaysIsOver()
    {
        seconds(3);
        m_monitor->setTrouble(m_target, gpu(2), QStringLiteral("the GPU is lost"));
        m_monitor->setDevices(m_target, QStringLiteral("boot1"), devices({0, 1, 2, 3}));
        seconds(12, [](auto &values) { withoutGpus(values, {2}); });
        QCOMPARE(m_monitor->alertsOf(m_target).first().finding.raw,
            QStringLiteral("gpu_temperature_celsius absent"));
    }

    void allGpusAtOnceAreTheDriver()
    {
        seconds(3);
        seconds(12, [](auto &values) { withoutGpus(values, {0, 1, 2, 3}); });
        const auto alerts = m_monitor->alerts();
        QCOMPARE(alerts.size(), 1);
        QCOMPARE(alerts.first().device, QString());
        QCOMPARE(alerts.first().finding.rule, QStringLiteral("driver-silent"));
        QCOMPARE(alerts.first().finding.raw, QStringLiteral("gpus_heard = 0"));
        // Nothing that a rule reads of a GPU is there: none of them has recovered.
        for (const char *rule : {"hot", "slow", "lost"})
            QVERIFY2(!m_monitor->canJudge(m_target, gpu(0), QString::fromLatin1(rule)), rule);
        QVERIFY(!m_monitor->canJudge(m_target, {}, QStringLiteral("driver-silent")));
        QVERIFY(m_monitor->canJudge(
            m_target, QStringLiteral("eth0"), QStringLiteral("receive-errors")));
        QVERIFY(m_monitor->canJudge(m_target, {}, QLatin1String(silentRule)));
        seconds(6);
        QVERIFY(m_monitor->canJudge(m_target, gpu(0), QStringLiteral("hot")));
        QVERIFY(m_monitor->canJudge(m_target, {}, QStringLiteral("driver-silent")));
        QVERIFY(!m_monitor->canJudge(m_target, gpu(9), QStringLiteral("hot")));
        QCOMPARE(m_monitor->alerts().size(), 0);
    }

    void whatOthersReport()
    {
        QSignalSpy raised(m_monitor.get(), &HealthMonitor::raised);
        QSignalSpy changed(m_monitor.get(), &HealthMonitor::changed);
        HealthFinding silent;
        silent.rule = QLatin1String(silentRule);
        silent.raw = QStringLiteral("connection refused");
        m_monitor->report(m_target, silent);
        m_monitor->report(m_target, silent);
        QCOMPARE(raised.size(), 1);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(
            m_monitor->findings(m_target, {}).first().words().title, QStringLiteral("Not heard"));
        QCOMPARE(m_monitor->verdict(m_target, {}), HealthVerdict::Watch);
        m_monitor->withdraw(m_target, silent.rule);
        m_monitor->withdraw(m_target, silent.rule);
        QCOMPARE(changed.size(), 2);
        QCOMPARE(m_monitor->alerts().size(), 0);
    }

    KernelMessage said(const char *kind, const QString &device, const char *line, int xid = 0)
    {
        KernelMessage message;
        message.at = m_time;
        message.kernelUs = m_time * 1000 + qint64(qstrlen(line));
        message.kind = QString::fromLatin1(kind);
        message.device = device;
        message.line = QString::fromLatin1(line);
        message.xid = xid;
        return message;
    }

    void theKernelsLineExplainsALostGpu()
    {
        seconds(3);
        const char *line = "NVRM: Xid (PCI:0000:1b:00): 79, GPU has fallen off the bus.";
        QSignalSpy raised(m_monitor.get(), &HealthMonitor::raised);
        m_monitor->takeMessages(m_target, {said("xid", gpu(2), line, 79)});
        m_monitor->takeMessages(m_target, {said("xid", gpu(2), line, 79)}); // sent again
        QCOMPARE(raised.size(), 1);
        QCOMPARE(raised.first().first().value<HealthAlert>().finding.raw, QLatin1String(line));
        QCOMPARE(m_monitor->findings(m_target, gpu(2)).first().times, 1);
        seconds(12, [](auto &values) { withoutGpus(values, {2}); });
        m_monitor->setTrouble(m_target, gpu(2), QStringLiteral("the GPU is lost"));
        QStringList raws;
        const auto findings = m_monitor->findings(m_target, gpu(2));
        for (const auto &finding : findings)
            raws << finding.raw;
        raws.sort();
        QCOMPARE(raws,
            QStringList(
                {QLatin1String(line), QStringLiteral("the GPU is lost\n") + QLatin1String(line)}));
        QCOMPARE(m_monitor->findings(m_target, gpu(1)).size(), 0);
    }

    void whatOnlyTheKernelSays()
    {
        seconds(3);
        m_monitor->takeMessages(m_target,
            {said("oom", {}, "Out of memory: Killed process 1 (a)"),
                said("nic", QStringLiteral("eth0"), "mlx5_core: cable error"),
                said("pcie", gpu(1), "AER: Corrected error received: 0000:1b:00.0")});
        const auto alerts = m_monitor->alertsOf(m_target);
        QCOMPARE(alerts.size(), 1); // of the others the counters tell
        QCOMPARE(alerts.first().finding.rule, QStringLiteral("kernel-oom"));
        QCOMPARE(alerts.first().finding.raw, QStringLiteral("Out of memory: Killed process 1 (a)"));
        // The counter grows: there is its line.
        double errors = 1000;
        seconds(12, [&](auto &values) { values.back() = errors += 10; });
        const auto found = m_monitor->findings(m_target, QStringLiteral("eth0"));
        QCOMPARE(found.size(), 1);
        QVERIFY(found.first().raw.startsWith(QLatin1String("network_receive_errors = ")));
        QVERIFY(found.first().raw.endsWith(QLatin1String("\nmlx5_core: cable error")));
    }

    void oldLinesRaiseNothing()
    {
        seconds(3);
        auto old = said("oom", {}, "Out of memory: Killed process 1 (a)");
        old.at -= 2 * 3600 * 1000;
        m_monitor->takeMessages(m_target, {old});
        QCOMPARE(m_monitor->alerts().size(), 0);
        m_monitor->takeMessages(m_target, {said("oom", {}, "Out of memory: Killed process 22")});
        QCOMPARE(m_monitor->alerts().size(), 1);
        m_time += 3601 * 1000; // nothing takes it back but time
        seconds(2);
        QCOMPARE(m_monitor->alerts().size(), 0);
    }

    void slowAmongItsPeers()
    {
        seconds(50, [](auto &values) { values[3 * 5 + 1] = 1.1e9; });
        const auto alerts = m_monitor->alerts();
        QCOMPARE(alerts.size(), 1);
        QCOMPARE(alerts.first().device, gpu(3));
        QCOMPARE(alerts.first().finding.rule, QStringLiteral("slow"));
    }

    void slowAmongTheRanksOfItsJob()
    {
        const auto slow = [](auto &values) {
            values[3 * 5 + 1] = 1.1e9;
            values[0] = values[5] = 0.01; // two of the neighbours rest
        };
        seconds(60, slow);
        QCOMPARE(m_monitor->alerts().size(), 0);
        m_monitor->setRanks(
            {{m_target, gpu(2), QStringLiteral("job")}, {m_target, gpu(3), QStringLiteral("job")}});
        seconds(60, slow);
        const auto alerts = m_monitor->alerts();
        QCOMPARE(alerts.size(), 1);
        QCOMPARE(alerts.first().device, gpu(3));
        QCOMPARE(alerts.first().finding.rule, QStringLiteral("slow"));
    }

    void worstFirst()
    {
        double errors = 1000;
        seconds(3);
        seconds(12, [&](auto &values) {
            values.back() = errors += 10;
            values[3] = 6;
            values[4] = 64;
        });
        const auto alerts = m_monitor->alerts();
        QCOMPARE(alerts.size(), 2);
        QCOMPARE(alerts[0].finding.verdict, HealthVerdict::Replace);
        QCOMPARE(alerts[1].device, QStringLiteral("eth0"));
        QCOMPARE(alerts[1].finding.rule, QStringLiteral("receive-errors"));
    }
};

QTEST_GUILESS_MAIN(TestHealthMonitor)
#include "test_healthmonitor.moc"
