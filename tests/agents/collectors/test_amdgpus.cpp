// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/amdcard.h"
#include "agents/collectors/busdevices.h"
#include "tests/agents/collectors/recordedhost.h"

#include <atomic>
#include <mutex>
#include <thread>

namespace pilothouse::agent {
extern const CollectorInfo amdCollector;
}

static const fs::path tree = fs::path(PILOTHOUSE_SOURCE) / "tests/fixtures/sysfs-amdgpu";
static const CollectorInfo *const only[] = {&amdCollector};
static const std::string first = "GPU-8c1a5ff4d3e2b190";

/// Samples until the cards' threads have answered.
static void sampleUntilHeard(Host &host, const std::string &device)
{
    for (int i = 0; i < 2000 && !(host.value("gpu_busy_ratio", device) >= 0); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        host.sample();
    }
}

class TestAmdGpus : public QObject {
    Q_OBJECT

    std::unique_ptr<TreeFolder> m_folder;

private Q_SLOTS:
    void init() { m_folder = std::make_unique<TreeFolder>(); }
    void cleanup() { m_folder.reset(); }

    void valuesAsNvidias()
    {
        Host host(tree, only);
        sampleUntilHeard(host, first);
        const auto near = [&](const char *metric, double wanted) {
            return std::abs(host.value(metric, first) - wanted) < 1e-6 * std::max(1.0, wanted);
        };
        QVERIFY(near("gpu_busy_ratio", 0.87));
        QVERIFY(near("gpu_memory_busy_ratio", 0.41));
        QVERIFY(near("gpu_memory_used_bytes", 51539607552.0));
        QVERIFY(near("gpu_memory_total_bytes", 68702699520.0));
        QVERIFY(near("gpu_power_watts", 212));
        QVERIFY(near("gpu_power_limit_watts", 300));
        QVERIFY(near("gpu_temperature_celsius", 61));
        QVERIFY(near("gpu_memory_temperature_celsius", 69));
        QVERIFY(near("gpu_sm_clock_hertz", 1.7e9));
        QVERIFY(near("gpu_memory_clock_hertz", 1.6e9));
        QVERIFY(near("gpu_pcie_generation", 4));
        QVERIFY(near("gpu_pcie_width", 16));
        QVERIFY(near("gpu_pcie_replays", 3));
        QVERIFY(near("gpu_ecc_corrected_errors", 15));
        QVERIFY(near("gpu_ecc_uncorrected_errors", 1));
        QCOMPARE(host.reason("gpu_fan_ratio", first), std::string("this card does not offer it"));
        QCOMPARE(
            host.reason("gpu_xid_errors", first), std::string("amdgpu's files do not have it"));
        QVERIFY(!host.has("gpu_xid_errors", first));
    }

    void devicesAreListed()
    {
        Host host(tree, only);
        sampleUntilHeard(host, first);
        const auto devices = host.runner.devices();
        QCOMPARE(devices.size(), 2u); // connectors such as card0-DP-1 are none
        QCOMPARE(devices[0].uuid, first);
        QCOMPARE(devices[0].name, std::string("AMD Instinct MI210"));
        QCOMPARE(devices[0].kind, std::string("amd"));
        QCOMPARE(devices[0].memoryBytes, uint64_t(68702699520));
        QCOMPARE(devices[0].powerLimitWatts, 300.0);
        QVERIFY(devices[0].trouble.empty());
        QVERIFY(QByteArray::fromStdString(devices[1].uuid).startsWith("GPU-pci-"));
        QCOMPARE(devices[1].name, std::string("AMD GPU 0x15bf"));
        QCOMPARE(devices[1].index, 1u);
        sampleUntilHeard(host, devices[1].uuid);
        QCOMPARE(host.reason("gpu_power_watts", devices[1].uuid),
            std::string("this card does not offer it"));
    }

    void otherMakersAreNotTouched()
    {
        write(m_folder->root / "sys/class/drm/card0/device/vendor", "0x10de\n");
        write(m_folder->root / "sys/class/drm/card0/device/gpu_busy_percent", "5\n");
        Host host(m_folder->root, only);
        QVERIFY(host.runner.devices().empty());
        QCOMPARE(host.value("collector_success", "amd"), 1.0);
        Host none(fs::path("/no/such/root"), only);
        QCOMPARE(none.value("collector_success", "amd"), 1.0);
    }

    void aDriverThatHangsHoldsUpNothing()
    {
        auto gate = std::make_shared<std::mutex>();
        auto calls = std::make_shared<std::atomic<int>>(0);
        gate->lock();
        AmdCard card("/nowhere", {}, [gate, calls](const fs::path &) {
            ++*calls;
            const std::lock_guard lock(*gate);
            AmdValues values;
            values[std::size_t(AmdField::Busy)] = 50;
            return values;
        });
        QTRY_VERIFY_WITH_TIMEOUT((!card.read() && !card.info().trouble.empty()), 60'000);
        QCOMPARE(card.info().trouble, std::string("the amdgpu driver does not answer"));
        QCOMPARE(calls->load(), 1); // not asked again while it owes an answer
        gate->unlock();
        std::optional<AmdValues> values;
        QTRY_VERIFY_WITH_TIMEOUT((values = card.read()).has_value(), 60'000);
        QCOMPARE(*(*values)[std::size_t(AmdField::Busy)], int64_t(50));
        QVERIFY(card.info().trouble.empty());
        gate->lock(); // it may hang when we leave, too
        card.read();
        QTest::qWait(20);
        gate->unlock();
    }

    void hostileFilesAreNoValues()
    {
        const auto device = m_folder->root / "sys/class/drm/card0/device";
        write(device / "vendor", "0x1002\n");
        write(device / "unique_id", "\x1b[2J\xff" + std::string(5000, 'x'));
        write(device / "gpu_busy_percent", "-5\n");
        write(device / "mem_info_vram_total", "99999999999999999999999\n");
        write(device / "current_link_speed", "Unknown\n");
        write(device / "hwmon/hwmon0/power1_average", "text\n");
        write(device / "hwmon/hwmon0/pwm1", "9223372036854775807\n");
        write(device / "ras/umc_err_count",
            "ue:\n"
            "ce: 5\n\n"
            "ue: -1\nxx: 7");
        const auto values = readAmdCard(device);
        QVERIFY(!values[std::size_t(AmdField::Busy)]);
        QVERIFY(!values[std::size_t(AmdField::PcieGeneration)]);
        QVERIFY(!values[std::size_t(AmdField::Power)]);
        QVERIFY(!values[std::size_t(AmdField::Fan)]);
        QCOMPARE(*values[std::size_t(AmdField::EccCorrected)], int64_t(5));
        QVERIFY(!values[std::size_t(AmdField::EccUncorrected)]);
        Host host(m_folder->root, only);
        QVERIFY(host.runner.devices().at(0).uuid.size() < 128);
    }

    void aReaderThatThrowsEndsNothing()
    {
        AmdCard card("/nowhere", {}, [](const fs::path &) -> AmdValues { throw std::bad_alloc(); });
        std::optional<AmdValues> values;
        QTRY_VERIFY_WITH_TIMEOUT((values = card.read()).has_value(), 60'000);
        QVERIFY(!(*values)[std::size_t(AmdField::Busy)]);
    }

    void addressesAreDevices()
    {
        DeviceInfo gpu;
        gpu.uuid = "GPU-a";
        gpu.bus = "0000:1b:00.0";
        write(m_folder->root / "sys/bus/pci/devices/0000:18:00.0/net/ib0/mtu", "1500");
        const auto at
            = [&](const char *address) { return deviceAtBus(m_folder->root, address, {gpu}); };
        QCOMPARE(at("0000:1b:00"), std::string("GPU-a"));
        QCOMPARE(at("0000:1B:00.1"), std::string("GPU-a"));
        QCOMPARE(at("0000:18:00.0"), std::string("ib0"));
        QCOMPARE(at("0000:18:00"), std::string("ib0"));
        for (const char *other : {"", "sda1", "../../../..", "0000:19:00.0", "0000:1b:0"})
            QCOMPARE(at(other), std::string());
    }
};

QTEST_GUILESS_MAIN(TestAmdGpus)
#include "test_amdgpus.moc"
