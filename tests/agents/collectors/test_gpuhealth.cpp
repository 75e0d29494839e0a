// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What a GPU says of its health, its links, its partitions and who uses it.
#include "tests/agents/collectors/watchedgpus.h"

#include <QTest>

#include <unistd.h>

class TestGpuHealth : public QObject {
    Q_OBJECT

    std::unique_ptr<ScenarioFolder> m_folder;

    void scenario(const std::string &text) const { m_folder->scenario(text); }

    static std::vector<double> column(
        const Watched &host, std::string_view metric, std::string_view device)
    {
        std::vector<double> values;
        const auto catalogue = host.source->catalogue();
        for (const auto &tick : host.source->ticksAfter(0, 100000)) {
            for (std::size_t i = 0; i < tick.values.size(); ++i) {
                if (catalogue.series[i].metric == metric && catalogue.series[i].device == device
                    && tick.values[i] != wire::absent)
                    values.push_back(double(tick.values[i]) * catalogue.series[i].step);
            }
        }
        return values;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<ScenarioFolder>(); }
    void cleanup()
    {
        QTRY_VERIFY_WITH_TIMEOUT(helpers().empty(), generousMs);
        m_folder.reset();
    }

    void errorsAndLinks()
    {
        scenario("gpus 2\ndriver 550.90.07\n"
                 "gpu 0 throttle 64\ngpu 0 ecc_corrected 12\ngpu 0 ecc_uncorrected 3\n"
                 "gpu 0 remapped_correctable 2\ngpu 0 remapped_uncorrectable 5\n"
                 "gpu 0 remap_pending 1\ngpu 0 remap_failed 1\ngpu 0 pcie_replays 9\n"
                 "gpu 0 pcie_generation 3\ngpu 0 pcie_width 8\ngpu 0 energy 1234.567\n"
                 "gpu 0 encoder 20\ngpu 0 decoder 30\ngpu 0 memory_temperature 88\n"
                 "gpu 0 nvlink_tx 8MiB\ngpu 0 nvlink_rx 4MiB\ngpu 0 nvlink_errors 7\n"
                 "gpu 0 pcie_tx 3MiB\ngpu 0 pcie_rx 2MiB\n"
                 "gpu 1 unsupported nvlink_tx\ngpu 1 unsupported nvlink_errors\n");
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_throttle_reasons", uuid(0)), 64.0, generousMs);
        const std::pair<const char *, double> wanted[]
            = {{"gpu_ecc_corrected_errors", 12}, {"gpu_ecc_uncorrected_errors", 3},
                {"gpu_remapped_rows", 7}, {"gpu_remapped_rows_uncorrectable", 5},
                {"gpu_remap_pending", 1}, {"gpu_remap_failed", 1}, {"gpu_pcie_replays", 9},
                {"gpu_pcie_generation", 3}, {"gpu_pcie_width", 8}, {"gpu_energy_joules", 1234.567},
                {"gpu_encoder_busy_ratio", 0.2}, {"gpu_decoder_busy_ratio", 0.3},
                {"gpu_memory_temperature_celsius", 88}, {"gpu_nvlink_transmit_bytes", 8 << 20},
                {"gpu_nvlink_receive_bytes", 4 << 20}, {"gpu_nvlink_errors", 7},
                {"gpu_pcie_transmit_bytes", 3 << 20}, {"gpu_pcie_receive_bytes", 2 << 20}};
        for (const auto &[metric, value] : wanted)
            QCOMPARE(host.value(metric, uuid(0)), value);
        QTRY_VERIFY_WITH_TIMEOUT(!host.reason("gpu_nvlink_errors", uuid(1)).empty(), generousMs);
        QVERIFY(!host.has("gpu_nvlink_transmit_bytes", uuid(1)));
        QVERIFY(host.has("gpu_nvlink_receive_bytes", uuid(1)));
        QVERIFY(!host.has("gpu_fan_ratio", uuid(0))); // passively cooled, never shown as 0
    }

    // Before R545 the driver does not count bytes on PCIe.
    void oldDriversPcieIsAddedUp()
    {
        scenario("driver 535.104.05\ngpus 1\ngpu 0 pcie_tx 100000000\ngpu 0 pcie_rx 50000000\n");
        const Watched host(m_folder->ring);
        const auto sent = [&] { return column(host, "gpu_pcie_transmit_bytes", uuid(0)); };
        QTRY_VERIFY_WITH_TIMEOUT(sent().size() > 20, generousMs);
        const auto values = sent();
        QVERIFY(std::is_sorted(values.begin(), values.end()));
        QVERIFY(values.back() > values.front());
        const auto received = column(host, "gpu_pcie_receive_bytes", uuid(0));
        QVERIFY(std::abs(received.back() / values.back() - 0.5) < 0.2);
    }

    void xidsAreCounted()
    {
        scenario("gpus 2\ngpu 1 xid 63 0\ngpu 1 xid 79 0.5\n");
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_xid_last", uuid(1)), 79.0, generousMs);
        QCOMPARE(host.value("gpu_xid_errors", uuid(1)), 2.0);
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_xid_errors", uuid(0)), 0.0, generousMs);
    }

    void insideTheChip()
    {
        scenario("gpus 2\ngpu 0 sm_active 91.5\ngpu 0 sm_occupancy 42\ngpu 0 tensor_active 63.1\n"
                 "gpu 0 dram_active 55\ngpu 1 unsupported sm_active\n");
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_sm_active_ratio", uuid(0)), 0.915, generousMs);
        QCOMPARE(host.value("gpu_sm_occupancy_ratio", uuid(0)), 0.42);
        QCOMPARE(host.value("gpu_tensor_active_ratio", uuid(0)), 0.631);
        QCOMPARE(host.value("gpu_dram_active_ratio", uuid(0)), 0.55);
        QTRY_COMPARE_WITH_TIMEOUT(host.reason("gpu_tensor_active_ratio", uuid(1)),
            std::string("this GPU does not offer it"), generousMs);
        QVERIFY(!host.has("gpu_sm_active_ratio", uuid(1)));
    }

    void partitionsAreDevices()
    {
        const auto self = std::to_string(::getpid());
        scenario("gpus 2\ngpu 0 mig 1g.10gb MIG-aaa 10GiB 4GiB\ngpu 0 mig 2g.20gb MIG-bbb 20GiB\n"
                 "gpu 0 process "
            + self + " 3GiB -1 1\n");
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_mig_enabled", uuid(0)), 1.0, generousMs);
        QCOMPARE(host.value("gpu_memory_used_bytes", "MIG-aaa"), 4.0 * (1ull << 30));
        QCOMPARE(host.value("gpu_memory_total_bytes", "MIG-bbb"), 20.0 * (1ull << 30));
        QVERIFY(!host.has("gpu_busy_ratio", uuid(0))); // the driver does not tell it of the whole
        QTRY_COMPARE_WITH_TIMEOUT(host.source->devices().size(), std::size_t(4), generousMs);
        const auto devices = host.source->devices();
        QCOMPARE(devices[0].uuid, uuid(0));
        QCOMPARE(devices[1].uuid, std::string("MIG-aaa"));
        QCOMPARE(devices[1].kind, std::string("nvidia-mig"));
        QCOMPARE(devices[1].parent, uuid(0));
        QCOMPARE(devices[1].memoryBytes, 10ull << 30);
        QVERIFY(devices[1].simulated);
        bool found = false;
        for (const auto &process : host.source->processes(5))
            for (const auto &use : process.gpus)
                found = found || (use.device == "MIG-bbb" && use.memoryBytes == 3ull << 30);
        QVERIFY(found);
        // And back to a whole device.
        scenario("gpus 2\ngpu 0 busy 31\n");
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_busy_ratio", uuid(0)), 0.31, generousMs);
        QTRY_COMPARE_WITH_TIMEOUT(host.source->devices().size(), std::size_t(2), generousMs);
        QTRY_VERIFY_WITH_TIMEOUT(
            std::isnan(host.value("gpu_memory_used_bytes", "MIG-aaa")), generousMs);
    }

    void partitionsOfASilentDriverStay()
    {
        scenario("gpus 2\ngpu 0 mig 1g.10gb MIG-aaa 10GiB 4GiB\n");
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(
            host.value("gpu_memory_used_bytes", "MIG-aaa"), 4.0 * (1ull << 30), generousMs);
        scenario("gpus 2\ngpu 0 mig 1g.10gb MIG-aaa 10GiB 4GiB\ngpu 0 hang power\n");
        QTRY_VERIFY_WITH_TIMEOUT(
            host.trouble("MIG-aaa").find("does not answer since") != std::string::npos, generousMs);
        QCOMPARE(host.trouble("MIG-aaa"), host.trouble(uuid(0)));
        QVERIFY(std::isnan(host.value("gpu_memory_used_bytes", "MIG-aaa"))); // not repeated
        QCOMPARE(host.source->devices().size(), std::size_t(3));
        // And when the driver is back, so is the partition.
        scenario("gpus 2\ngpu 0 mig 1g.10gb MIG-aaa 10GiB 5GiB\n");
        QTRY_COMPARE_WITH_TIMEOUT(
            host.value("gpu_memory_used_bytes", "MIG-aaa"), 5.0 * (1ull << 30), generousMs);
        QVERIFY(host.trouble("MIG-aaa").empty());
    }

    void shareOfEachProcess()
    {
        const auto self = std::to_string(::getpid()), parent = std::to_string(::getppid());
        scenario(
            "gpus 1\ngpu 0 process " + self + " 2GiB 70\ngpu 0 process " + parent + " 1GiB 15\n");
        const Watched host(m_folder->ring);
        const auto share = [&](pid_t pid) {
            for (const auto &process : host.source->processes(5))
                if (process.pid == uint32_t(pid) && !process.gpus.empty())
                    return process.gpus[0].busyRatio;
            return -2.0;
        };
        QTRY_COMPARE_WITH_TIMEOUT(share(::getpid()), 0.7, generousMs);
        QTest::qWait(400); // the driver samples some times a second
        QCOMPARE(share(::getppid()), 0.15);
        bool told = false;
        for (const auto &process : host.source->processes(5))
            told = told || (!process.gpus.empty() && process.cgroup.starts_with('/'));
        QVERIFY(told);
    }
};

QTEST_GUILESS_MAIN(TestGpuHealth)
#include "test_gpuhealth.moc"
