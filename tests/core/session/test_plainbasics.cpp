// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/plainbasics.h"

#include <QProcess>
#include <QTest>

using namespace pilothouse;

static std::optional<double> valueOf(
    const PlainSample &sample, const char *metric, const char *device = "")
{
    for (const auto &value : sample.values) {
        if (value.metric == QLatin1String(metric) && value.device == QLatin1String(device))
            return value.value;
    }
    return std::nullopt;
}

class TestPlainBasics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void sectionsBecomeTheAgentsMetrics()
    {
        const auto sample
            = parsePlain("== stat\n"
                         "cpu  100 10 50 800 40 5 5 0 7 0\ncpu0 100 10 50 800 40 5 5 0 7 0\n"
                         "== meminfo\nMemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable:  400 kB\n"
                         "SwapTotal: 500 kB\nSwapFree:  380 kB\n"
                         "== loadavg\n0.50 1.25 2.00 3/400 1234\n"
                         "== nvidia\n"
                         "GPU-ab, 25, 1024, 81559, 70.50, 41\n"
                         "GPU-cd, [Not Supported], 0, 81559, [N/A], 39\n");
        QVERIFY(sample.cpu);
        QCOMPARE(sample.cpu->busySeconds, 1.7);
        QCOMPARE(sample.cpu->totalSeconds, 10.1);
        QCOMPARE(valueOf(sample, "memory_used_bytes"), 600 * 1024.0);
        QCOMPARE(valueOf(sample, "swap_used_bytes"), 120 * 1024.0);
        QCOMPARE(valueOf(sample, "load15"), 2.0);
        QCOMPARE(valueOf(sample, "gpu_busy_ratio", "GPU-ab"), 0.25);
        QCOMPARE(valueOf(sample, "gpu_memory_used_bytes", "GPU-ab"), 1073741824.0);
        QVERIFY(!valueOf(sample, "gpu_busy_ratio", "GPU-cd")); // absent, not 0
        QVERIFY(!valueOf(sample, "gpu_power_watts", "GPU-cd"));
        QCOMPARE(valueOf(sample, "gpu_temperature_celsius", "GPU-cd"), 39.0);
    }

    void damageLeavesValuesOut()
    {
        QVERIFY(parsePlain({}).values.isEmpty());
        const auto sample
            = parsePlain("noise\n== stat\ncpu  x y z 1 2 3\n== meminfo\nMemTotal: kB\n"
                         "== loadavg\n\n== nvidia\nNo devices were found\n");
        QVERIFY(sample.values.isEmpty());
        QVERIFY(!sample.cpu);
    }

    void busyRatioNeedsTwoSamples()
    {
        PlainSample::Cpu before, after;
        before.busySeconds = 10, before.totalSeconds = 100;
        after.busySeconds = 12, after.totalSeconds = 108;
        QVERIFY(!cpuBusyRatio(std::nullopt, after));
        QCOMPARE(cpuBusyRatio(before, after), 0.25);
        QVERIFY(!cpuBusyRatio(after, before)); // rebooted meanwhile
        QVERIFY(!cpuBusyRatio(after, after));
    }

    void theScriptRunsHere()
    {
        QProcess shell;
        shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-s")});
        shell.write(plainScript());
        shell.closeWriteChannel();
        QVERIFY(shell.waitForFinished());
        const auto sample = parsePlain(shell.readAllStandardOutput());
        QVERIFY(sample.cpu && sample.cpu->totalSeconds > 0);
        QVERIFY(valueOf(sample, "memory_total_bytes").value_or(0) > 0);
        QVERIFY(valueOf(sample, "load1"));
    }
};

QTEST_GUILESS_MAIN(TestPlainBasics)
#include "test_plainbasics.moc"
