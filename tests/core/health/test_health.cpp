// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/watcher.h"
#include "core/health/xids.h"

#include <QHash>
#include <QSet>
#include <QTest>

#include <cmath>

using namespace pilothouse;

namespace {

/// A subject whose values a test sets, one second a step.
struct Subject {
    explicit Subject(RuleSubject kind)
        : watcher(kind)
    {
    }
    void run(int seconds)
    {
        for (int i = 0; i < seconds; ++i) {
            now += 1000;
            watcher.update(
                now,
                [this](const char *metric) {
                    return values.value(QLatin1String(metric), std::nan(""));
                },
                peers);
        }
    }
    double &operator[](const char *metric) { return values[QLatin1String(metric)]; }
    QStringList rules() const
    {
        QStringList ids;
        for (const auto &finding : watcher.findings())
            ids << finding.rule;
        ids.sort();
        return ids;
    }

    HealthWatcher watcher;
    QHash<QString, double> values;
    double peers = std::nan("");
    qint64 now = 1'700'000'000'000;
};

Subject healthyGpu()
{
    Subject gpu(RuleSubject::Gpu);
    gpu["gpu_busy_ratio"] = 0.98;
    gpu["gpu_temperature_celsius"] = 66;
    gpu["gpu_sm_clock_hertz"] = 1.755e9;
    gpu["gpu_throttle_reasons"] = 0x4; // at its power limit, as it should be
    gpu["gpu_ecc_uncorrected_errors"] = 3; // of long ago
    gpu["gpu_ecc_corrected_errors"] = 4000;
    gpu["gpu_xid_errors"] = 2;
    gpu["gpu_xid_last"] = 79;
    gpu["gpu_nvlink_errors"] = 1000;
    gpu["gpu_pcie_replays"] = 1000;
    gpu["gpu_remap_pending"] = 0;
    gpu.peers = 1.755e9;
    return gpu;
}

} // namespace

class TestHealth : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasBeforeIsNotNew()
    {
        auto gpu = healthyGpu();
        gpu.run(600);
        QCOMPARE(gpu.rules(), QStringList());
        QCOMPARE(gpu.watcher.verdict(), HealthVerdict::Ok);
    }

    void eachRule_data()
    {
        QTest::addColumn<QString>("metric");
        QTest::addColumn<double>("bad");
        QTest::addColumn<double>("growth");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<HealthVerdict>("verdict");
        const auto row = [](const char *rule, const char *metric, double bad, double growth,
                             HealthVerdict verdict) {
            QTest::newRow(rule) << QString::fromLatin1(metric) << bad << growth
                                << QString::fromLatin1(rule) << verdict;
        };
        using enum HealthVerdict;
        row("lost", "gpu_temperature_celsius", std::nan(""), 0, Reboot);
        row("ecc-uncorrected", "gpu_ecc_uncorrected_errors", 4, 0, Reboot);
        row("ecc-corrected", "gpu_ecc_corrected_errors", 4000, 1, Watch);
        row("remap-pending", "gpu_remap_pending", 1, 0, Reboot);
        row("remap-failed", "gpu_remap_failed", 1, 0, Replace);
        row("thermal", "gpu_throttle_reasons", 0x20, 0, Watch);
        row("power-brake", "gpu_throttle_reasons", 0x80, 0, Watch);
        row("hardware-slowdown", "gpu_throttle_reasons", 0x8, 0, Watch);
        row("hot", "gpu_temperature_celsius", 95, 0, Watch);
        row("memory-hot", "gpu_memory_temperature_celsius", 107, 0, Watch);
        row("slow", "gpu_sm_clock_hertz", 1.1e9, 0, Watch);
        row("nvlink", "gpu_nvlink_errors", 1000, 2, Watch);
        row("pcie", "gpu_pcie_replays", 1000, 2, Watch);
    }
    void eachRule()
    {
        QFETCH(QString, metric);
        QFETCH(double, bad);
        QFETCH(double, growth);
        QFETCH(QString, rule);
        QFETCH(HealthVerdict, verdict);
        auto gpu = healthyGpu();
        gpu.run(30);
        const auto good = gpu.values.value(metric);
        gpu.values[metric] = bad;
        for (int i = 0; i < 90; ++i) {
            gpu.values[metric] += growth;
            gpu.run(1);
        }
        QCOMPARE(gpu.rules(), QStringList{rule});
        const auto finding = gpu.watcher.findings().first();
        QCOMPARE(finding.verdict, verdict);
        const auto words = finding.words();
        QVERIFY(!words.title.isEmpty() && !words.sentence.isEmpty() && !words.next.isEmpty());
        QVERIFY2(finding.raw.startsWith(metric), qPrintable(finding.raw));
        QVERIFY(finding.since > 1'700'000'030'000 && finding.lastSeen == gpu.now);
        if (growth == 0 && rule != QLatin1String("ecc-uncorrected"))
            gpu.values[metric] = good;
        gpu.run(3 * 3600); // a counter that stands still is forgotten
        QCOMPARE(gpu.rules(), QStringList());
    }

    void aMomentIsNoFault()
    {
        auto gpu = healthyGpu();
        gpu.run(10);
        for (int i = 0; i < 20; ++i) {
            gpu["gpu_throttle_reasons"] = 0x40;
            gpu.run(3);
            gpu["gpu_throttle_reasons"] = 0;
            gpu.run(3);
        }
        QCOMPARE(gpu.rules(), QStringList());
    }

    void idleClocksAreNotSlow()
    {
        auto gpu = healthyGpu();
        gpu["gpu_busy_ratio"] = 0.02;
        gpu["gpu_sm_clock_hertz"] = 345e6;
        gpu.run(600);
        QCOMPARE(gpu.rules(), QStringList());
    }

    void stepsOfTrainingDip()
    {
        auto gpu = healthyGpu();
        gpu["gpu_sm_clock_hertz"] = 1.1e9;
        for (int i = 0; i < 12; ++i) {
            gpu["gpu_busy_ratio"] = 0.95;
            gpu.run(4);
            gpu["gpu_busy_ratio"] = 0.4;
            gpu.run(1);
        }
        QCOMPARE(gpu.rules(), QStringList{QStringLiteral("slow")});
        gpu["gpu_busy_ratio"] = 0.02; // the job is over
        gpu.run(60);
        QCOMPARE(gpu.rules(), QStringList());
    }

    void whatADeviceNeverHadIsNotLost()
    {
        Subject gpu(RuleSubject::Gpu);
        gpu["gpu_busy_ratio"] = 0;
        gpu.run(600);
        QCOMPARE(gpu.rules(), QStringList());
    }

    void growthOverAGapIsSpreadOverIt()
    {
        auto gpu = healthyGpu();
        gpu.run(10);
        gpu.now += 4 * 3'600'000; // not heard
        gpu["gpu_ecc_corrected_errors"] += 400; // 8 in five minutes: nothing for a day either
        gpu["gpu_nvlink_errors"] += 200;
        gpu["gpu_pcie_replays"] += 400;
        gpu.run(1);
        QCOMPARE(gpu.rules(), QStringList());
        gpu.now += 60'000;
        gpu["gpu_ecc_corrected_errors"] += 40; // that is fast
        gpu.run(1);
        QCOMPARE(gpu.rules(), QStringList{QStringLiteral("ecc-corrected")});
        gpu.now += 24 * 3'600'000;
        gpu["gpu_ecc_uncorrected_errors"] += 1; // one is too many, whenever it came
        gpu.run(1);
        QCOMPARE(gpu.rules(), QStringList{QStringLiteral("ecc-uncorrected")});
    }

    void counterThatStartsAnew()
    {
        auto gpu = healthyGpu();
        gpu.run(10);
        gpu["gpu_ecc_uncorrected_errors"] = 0; // the driver was loaded again
        gpu["gpu_xid_errors"] = 0;
        gpu["gpu_xid_last"] = 0;
        gpu["gpu_nvlink_errors"] = 0;
        gpu.run(60);
        QCOMPARE(gpu.rules(), QStringList());
        gpu["gpu_ecc_uncorrected_errors"] = 1;
        gpu.run(1);
        QCOMPARE(gpu.rules(), QStringList{QStringLiteral("ecc-uncorrected")});
    }

    void xidsStayForAnHour()
    {
        auto gpu = healthyGpu();
        gpu.run(10);
        gpu["gpu_xid_errors"] = 3;
        gpu["gpu_xid_last"] = 48;
        gpu.run(1);
        gpu["gpu_xid_errors"] = 4;
        gpu["gpu_xid_last"] = 64;
        gpu.run(1);
        QCOMPARE(gpu.rules(), (QStringList{QStringLiteral("xid-48"), QStringLiteral("xid-64")}));
        QCOMPARE(gpu.watcher.findings().first().rule, QStringLiteral("xid-64")); // the worst
        QCOMPARE(gpu.watcher.verdict(), HealthVerdict::Replace);
        QCOMPARE(gpu.watcher.findings().first().raw, QStringLiteral("Xid 64"));
        gpu.run(3500);
        QCOMPARE(gpu.rules().size(), 2);
        QCOMPARE(gpu.watcher.findings().first().times, 1);
        gpu.run(200);
        QCOMPARE(gpu.rules(), QStringList());
        gpu["gpu_xid_errors"] = 5;
        gpu.run(1);
        gpu.watcher.acknowledgeXids();
        QCOMPARE(gpu.rules(), QStringList());
    }

    void interfacesAndNodes()
    {
        Subject nic(RuleSubject::Interface);
        nic["network_receive_errors"] = 5e6;
        nic.run(100);
        QCOMPARE(nic.rules(), QStringList());
        for (int i = 0; i < 30; ++i) {
            nic["network_receive_errors"] += 3;
            nic.run(1);
        }
        QCOMPARE(nic.rules(), QStringList{QStringLiteral("receive-errors")});
        Subject node(RuleSubject::Node);
        node["processes_blocked"] = 20;
        node.run(59);
        QCOMPARE(node.rules(), QStringList());
        node.run(10);
        QCOMPARE(node.rules(), QStringList{QStringLiteral("blocked")});
    }

    void linkThatWasUp()
    {
        Subject unplugged(RuleSubject::Interface);
        unplugged["network_up"] = 0;
        unplugged.run(60);
        QCOMPARE(unplugged.rules(), QStringList());
        Subject nic(RuleSubject::Interface);
        nic["network_up"] = 1;
        nic.run(5);
        nic["network_up"] = 0;
        nic.run(9);
        QCOMPARE(nic.rules(), QStringList());
        nic.run(3);
        QCOMPARE(nic.rules(), QStringList{QStringLiteral("link-down")});
        QCOMPARE(nic.watcher.findings().first().raw, QStringLiteral("network_up = 0"));
        nic["network_up"] = 1;
        nic.run(12);
        QCOMPARE(nic.rules(), QStringList());
    }

    void loadThatDoesNotRun()
    {
        Subject node(RuleSubject::Node);
        node["load1"] = 64;
        node["processes_running"] = 60;
        node.run(600);
        QCOMPARE(node.rules(), QStringList());
        // A job of 128 ends: the load forgets it within the time that the rule waits.
        node["processes_running"] = 1;
        for (int i = 0; i < 600; ++i) {
            node["load1"] = 128 * std::exp(-i / 60.0);
            node.run(1);
        }
        QCOMPARE(node.rules(), QStringList());
        node["load1"] = 12;
        node.run(299);
        QCOMPARE(node.rules(), QStringList());
        node.run(3);
        QCOMPARE(node.rules(), QStringList{QStringLiteral("stuck")});
        QCOMPARE(
            node.watcher.findings().first().raw, QStringLiteral("load1 - processes_running = 11"));
    }

    void lineAndCounterTellOfTheSameXid_data()
    {
        QTest::addColumn<QString>("order"); // l = a line, c = the counter grows
        QTest::addColumn<int>("times");
        QTest::newRow("line first") << QStringLiteral("lc") << 1;
        QTest::newRow("counter first") << QStringLiteral("cl") << 1;
        QTest::newRow("lines only") << QStringLiteral("ll") << 2;
        QTest::newRow("counter only") << QStringLiteral("cc") << 2;
        QTest::newRow("two, lines first") << QStringLiteral("llcc") << 2;
        QTest::newRow("two, in turn") << QStringLiteral("clcl") << 2;
        QTest::newRow("two, crossed") << QStringLiteral("cllc") << 2;
    }
    void lineAndCounterTellOfTheSameXid()
    {
        QFETCH(QString, order);
        QFETCH(int, times);
        auto gpu = healthyGpu();
        gpu.run(3);
        const QString line = QStringLiteral("NVRM: Xid (PCI:0000:1b:00): 79, fallen off");
        for (const QChar what : order) {
            if (what == QLatin1Char('l')) {
                gpu.watcher.hearXid(79, 1, gpu.now, line);
            } else {
                gpu["gpu_xid_errors"] += 1;
                gpu["gpu_xid_last"] = 79;
            }
            gpu.run(1);
        }
        QCOMPARE(gpu.rules(), QStringList{QStringLiteral("xid-79")});
        const auto finding = gpu.watcher.findings().first();
        QCOMPARE(finding.times, times);
        QCOMPARE(finding.raw, order.contains(QLatin1Char('l')) ? line : QStringLiteral("Xid 79"));
        QCOMPARE(finding.verdict, HealthVerdict::Reboot);
    }

    void aMountThatDoesNotAnswer()
    {
        Subject mount(RuleSubject::Mount);
        mount["mount_stale"] = 0;
        mount.run(60);
        QCOMPARE(mount.rules(), QStringList());
        mount["mount_stale"] = 1;
        mount.run(10);
        QCOMPARE(mount.rules(), QStringList{QStringLiteral("stale-mount")});
        mount["mount_stale"] = 0;
        mount.run(20);
        QCOMPARE(mount.rules(), QStringList());
    }

    void timeThatGoesBackIsLeftOut()
    {
        auto gpu = healthyGpu();
        gpu.run(10);
        gpu.now -= 100'000;
        gpu["gpu_remap_pending"] = 1;
        gpu.run(50);
        QCOMPARE(gpu.rules(), QStringList());
    }

    void tables()
    {
        QSet<QString> ids;
        for (const auto &rule : healthRules()) {
            QVERIFY2(!ids.contains(QString::fromLatin1(rule.id)), rule.id);
            ids.insert(QString::fromLatin1(rule.id));
            QVERIFY(rule.verdict != HealthVerdict::Ok);
            QCOMPARE(rule.test == RuleTest::Exceeds, rule.other != nullptr);
            QCOMPARE(rule.test == RuleTest::Reported, rule.metric == nullptr);
            QCOMPARE(healthRule(QLatin1String(rule.id)), &rule);
            if (rule.test == RuleTest::Grows)
                QVERIFY(rule.holdSeconds > 0);
        }
        QCOMPARE(xidMeaning(79).verdict, HealthVerdict::Reboot);
        QCOMPARE(xidMeaning(64).verdict, HealthVerdict::Replace);
        QCOMPARE(xidMeaning(12345).number, 12345);
        QCOMPARE(xidMeaning(12345).verdict, HealthVerdict::Watch);
        QCOMPARE(healthWords(QStringLiteral("xid-79")).title,
            QStringLiteral("XID 79: fallen off the bus"));
        QCOMPARE(healthWords(QStringLiteral("xid-12345")).title, QStringLiteral("XID 12345"));
        QCOMPARE(healthWords(QStringLiteral("of-a-newer-version")).title,
            QStringLiteral("of-a-newer-version"));
    }
};

QTEST_GUILESS_MAIN(TestHealth)
#include "test_health.moc"
