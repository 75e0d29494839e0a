// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storeoptions.h"
#include "views/node/nodecharts.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestComparedCharts : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<TelemetryStore> m_store;

    SeriesId add(const QString &target, const char *device, const char *metric, const char *unit)
    {
        return m_store->series({{target, QString::fromLatin1(device), QString::fromLatin1(metric)},
            QString::fromLatin1(unit), StoredKind::Gauge});
    }
    static const NodeChart *find(const std::vector<NodeChart> &charts, const char *id)
    {
        for (const auto &chart : charts)
            if (chart.id == QLatin1String(id))
                return &chart;
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_store = std::move(*openStore(m_folder.path(), {}));
        for (const char *node : {"ssh:a", "ssh:b"}) {
            const auto target = QString::fromLatin1(node);
            for (const char *gpu : {"GPU-0", "GPU-1"}) {
                add(target, gpu, "gpu_power_watts", "watts");
                add(target, gpu, "gpu_busy_ratio", "ratio");
            }
            add(target, "", "cpu_busy_ratio", "ratio");
            add(target, "", "memory_used_bytes", "bytes");
            add(target, "cpu0", "cpu_busy_ratio", "ratio");
        }
    }

    void oneCurveForEachDeviceInOrder()
    {
        const QList<ChartSubject> ranks{{"ssh:b", "GPU-1", "rank 0"}, {"ssh:a", "GPU-0", "rank 1"},
            {"ssh:a", "GPU-9", "rank 2"}};
        const auto charts = comparedCharts(*m_store, ranks);
        QCOMPARE(charts.size(), 2u);
        const auto *power = find(charts, "gpu_power");
        QVERIFY(power != nullptr);
        QCOMPARE(power->spec.series.size(), 2u); // nobody has heard of GPU-9
        QCOMPARE(power->spec.series[0].name, "rank 0");
        QCOMPARE(m_store->describe(power->spec.series[0].id)->key,
            (SeriesKey{"ssh:b", "GPU-1", "gpu_power_watts"}));
        QCOMPARE(power->spec.unit, "watts");
    }

    void oneMetricOverNodes()
    {
        const auto charts = comparedCharts(*m_store, {{"ssh:a", {}, "a"}, {"ssh:b", {}, "b"}});
        const auto *cpu = find(charts, "cpu");
        QVERIFY(cpu != nullptr);
        QCOMPARE(cpu->spec.series.size(), 2u);
        QCOMPARE(cpu->spec.series[1].name, "b");
        QCOMPARE(m_store->describe(cpu->spec.series[1].id)->key,
            (SeriesKey{"ssh:b", {}, "cpu_busy_ratio"}));
        QVERIFY(find(charts, "memory") != nullptr);
        QVERIFY(find(charts, "cores") == nullptr); // of no node as a whole
        QVERIFY(find(charts, "gpu_power") == nullptr);
    }

    /// What goes wrong on a GPU, and what it says of its links, is on its node's page.
    void errorsLinksAndThrottling()
    {
        const auto metric = [&](const char *name, const char *unit, StoredKind kind) {
            for (const char *gpu : {"GPU-0", "GPU-1"})
                m_store->series({{"ssh:c", QString::fromLatin1(gpu), QString::fromLatin1(name)},
                    QString::fromLatin1(unit), kind});
        };
        metric("gpu_throttle_reasons", "", StoredKind::State);
        metric("gpu_nvlink_receive_bytes", "bytes", StoredKind::Counter);
        metric("gpu_nvlink_transmit_bytes", "bytes", StoredKind::Counter);
        metric("gpu_pcie_receive_bytes", "bytes", StoredKind::Counter);
        metric("gpu_ecc_corrected_errors", "", StoredKind::Counter);
        metric("gpu_ecc_uncorrected_errors", "", StoredKind::Counter);
        metric("gpu_remapped_rows", "", StoredKind::Counter);
        metric("gpu_nvlink_errors", "", StoredKind::Counter);
        metric("gpu_pcie_replays", "", StoredKind::Counter);
        const auto charts
            = nodeCharts(*m_store, "ssh:c", [](const QString &device) { return device.right(1); });
        const auto *throttle = find(charts, "gpu_throttle");
        QVERIFY(throttle != nullptr && throttle->spec.lanes);
        QCOMPARE(throttle->spec.lanes->words(0x20), "thermal");
        QCOMPARE(throttle->spec.series.size(), 2u);
        const auto *link = find(charts, "gpu_nvlink");
        QVERIFY(link != nullptr);
        QCOMPARE(link->spec.unit, "bytes_per_second");
        QCOMPARE(link->spec.series[1].name, "0 out");
        for (const char *id :
            {"gpu_ecc", "gpu_remapped", "gpu_nvlink_errors", "gpu_pcie_replays"}) {
            const auto *chart = find(charts, id);
            QVERIFY2(chart != nullptr, id);
            QCOMPARE(chart->spec.unit, "per_second");
        }
        QCOMPARE(find(charts, "gpu_ecc")->spec.series[0].name, "0 uncorrected");
        QVERIFY(find(charts, "gpu_pcie") != nullptr);
        const auto compared
            = comparedCharts(*m_store, {{"ssh:c", "GPU-0", "a"}, {"ssh:c", "GPU-1", "b"}});
        QVERIFY(find(compared, "gpu_throttle")->spec.lanes);
    }

    void theFirst64()
    {
        const QList<ChartSubject> many(100, {"ssh:a", "GPU-0", "x"});
        QCOMPARE(comparedCharts(*m_store, many).front().spec.series.size(), 64u);
    }
};

QTEST_GUILESS_MAIN(TestComparedCharts)
#include "test_comparedcharts.moc"
