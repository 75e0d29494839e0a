// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/processes.h"
#include "agents/collectors/tables.h"
#include "tests/agents/collectors/recordedhost.h"

#include <QTest>
#include <atomic>
#include <cmath>
#include <fstream>
#include <new>
#include <random>
#include <unistd.h>

static std::atomic<uint64_t> allocations{0};

void *operator new(std::size_t size)
{
    ++allocations;
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept
{
    std::free(memory);
}
void operator delete(void *memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace {

class Throwing : public Collector {
public:
    explicit Throwing(const fs::path &) { }
    std::string read(Reading &) override { throw std::runtime_error("out of paper"); }
};

class Counting : public Collector {
public:
    explicit Counting(const fs::path &) { }
    std::string read(Reading &reading) override
    {
        m_id = reading.registry.add("count", "", "", MetricKind::Gauge);
        reading.registry.set(m_id, ++m_count);
        return {};
    }

private:
    SeriesId m_id = 0;
    int m_count = 0;
};

constexpr const char *paper[] = {"paper_sheets"};
constexpr CollectorInfo throwing{"throwing", 1, paper, &makeCollector<Throwing>};
constexpr CollectorInfo counting{"counting", 3, {}, &makeCollector<Counting>};

} // namespace

class TestCollectors : public QObject {
    Q_OBJECT

    std::unique_ptr<TreeFolder> m_folder;
    fs::path m_root;

    void copyRecorded() const { m_folder->copyRecorded(); }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TreeFolder>();
        m_root = m_folder->root;
    }
    void cleanup() { m_folder.reset(); }

    void recordedTreeGivesItsValues_data()
    {
        QTest::addColumn<QString>("metric");
        QTest::addColumn<QString>("device");
        QTest::addColumn<double>("value");
        const auto row = [](const char *metric, const char *device, double value) {
            QTest::addRow("%s %s", metric, device)
                << QString::fromLatin1(metric) << QString::fromLatin1(device) << value;
        };
        row("load1", "", 3.46);
        row("load15", "", 1.11);
        row("threads", "", 145);
        row("memory_total_bytes", "", 24684092.0 * 1024);
        row("memory_available_bytes", "", 24167824.0 * 1024);
        row("memory_used_bytes", "", (24684092.0 - 24167824) * 1024);
        row("swap_total_bytes", "", 0);
        row("memory_huge_pages_total", "", 0);
        row("pressure_cpu_some_ratio", "", 0.0423);
        row("pressure_cpu_some_seconds", "", 151.480578);
        row("pressure_io_full_ratio", "", std::nan("any"));
        row("disk_read_bytes", "vda", 11877898.0 * 512);
        row("disk_write_bytes", "vda", 11408448.0 * 512);
        row("disk_busy_seconds", "vda", 23.408);
        row("disk_flushes", "vda", 7251);
        row("network_receive_bytes", "eth0", 426959568);
        row("network_transmit_packets", "eth0", 5299);
        row("network_up", "eth0", 1);
        row("network_up", "lo", 1);
        row("paging_in_bytes", "", 5938949.0 * 1024);
        row("page_faults", "", 37764116);
        row("sockets_used", "", 35);
        row("tcp_memory_bytes", "", 156.0 * double(::sysconf(_SC_PAGESIZE)));
        row("file_handles_open", "", 945);
        row("file_handles_max", "", 2466177);
        row("uptime_seconds", "", 3549);
        row("numa_memory_total_bytes", "numa0", 6383828.0 * 1024);
        row("collector_success", "cpu", 1);
        row("collector_success", "disks", 1);
    }
    void recordedTreeGivesItsValues()
    {
        QFETCH(QString, metric);
        QFETCH(QString, device);
        QFETCH(double, value);
        static const Host host(recorded);
        const double got = host.value(metric.toStdString(), device.toStdString());
        QVERIFY2(host.has(metric.toStdString(), device.toStdString()), "no such series");
        if (!std::isnan(value))
            QVERIFY2(
                std::abs(got - value) <= std::abs(value) * 1e-9, qPrintable(QString::number(got)));
    }

    void recordedTreeIsAFullHost()
    {
        const Host host(recorded);
        const auto catalogue = host.registry.catalogue();
        QVERIFY2(
            catalogue.series.size() >= 500, qPrintable(QString::number(catalogue.series.size())));
        QVERIFY(!host.has("disk_read_bytes", "loop0"));
        QVERIFY(!host.has("network_receive_bytes", "ifb0"));
        for (const auto &series : catalogue.series) {
            QVERIFY2(snakeCase(series.metric) == series.metric, series.metric.c_str());
            QVERIFY(series.step > 0);
        }
    }

    void sharesOfProcessorTimeAreOfTheLastTick()
    {
        copyRecorded();
        write(
            m_root / "proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 50 0 50 400 0 0 0 0 0 0\n");
        Host host(m_root);
        QVERIFY(std::isnan(host.value("cpu_busy_ratio"))); // one reading is no share
        write(m_root / "proc/stat",
            "cpu  140 10 120 900 20 3 7 20 0 0\ncpu0 51 0 50 499 0 0 0 0 0 0\nintr 5\n");
        host.sample();
        QCOMPARE(host.value("cpu_user_ratio"), 0.227);
        QCOMPARE(host.value("cpu_system_ratio"), 0.136);
        QCOMPARE(host.value("cpu_iowait_ratio"), 0.091);
        QCOMPARE(host.value("cpu_steal_ratio"), 0.091);
        QCOMPARE(host.value("cpu_busy_ratio"), 0.455);
        QCOMPARE(host.value("cpu_busy_ratio", "cpu0"), 0.01);
        QCOMPARE(host.value("interrupts"), 5);
        host.sample(); // nothing passed: no share either
        QVERIFY(std::isnan(host.value("cpu_busy_ratio")));
    }

    void unpluggedThingsBecomeAbsentAndNewOnesAppear()
    {
        copyRecorded();
        Host host(m_root);
        const auto before = host.registry.catalogue();
        write(m_root / "proc/net/dev",
            "a\nb\n  ib0: 7 1 0 0 0 0 0 0 8 1 0 0 0 0 0 0\n veth12: 7 1 0 0 0 0 0 0 8 1 0 0 0 0 0 "
            "0\n");
        host.sample();
        QVERIFY(std::isnan(host.value("network_receive_bytes", "eth0")));
        QCOMPARE(host.value("network_receive_bytes", "ib0"), 7);
        QCOMPARE(host.value("network_transmit_bytes", "ib0"), 8);
        QVERIFY(!host.has("network_receive_bytes", "veth12"));
        const auto after = host.registry.catalogue();
        QVERIFY(after.version > before.version);
        for (std::size_t i = 0; i < before.series.size(); ++i)
            QCOMPARE(after.series[i].metric, before.series[i].metric);
    }

    void missingSourcesAreSaidAndNeverZero()
    {
        copyRecorded();
        fs::remove_all(m_root / "proc/pressure");
        const Host host(m_root);
        QVERIFY(!host.has("pressure_cpu_some_ratio"));
        const auto reason = host.reason("pressure_cpu_some_ratio");
        QVERIFY2(reason.find("pressure stall") != std::string::npos, reason.c_str());
        QCOMPARE(host.value("collector_success", "pressure"), 0);
        QCOMPARE(host.value("collector_success", "cpu"), 1);
        QVERIFY(!host.reason("temperature_celsius").empty());
        QVERIFY(!host.reason("cpu_frequency_hertz").empty());
    }

    void emptyTreeFailsEverywhereAndNowhereElse()
    {
        const Host host(m_root);
        QVERIFY(!host.reason("cpu_busy_ratio").empty());
        QVERIFY(!host.reason("memory_total_bytes").empty());
        QCOMPARE(host.value("collector_success", "agent"), 1);
    }

    void sourceThatComesBackIsReadAgain()
    {
        copyRecorded();
        fs::rename(m_root / "proc/loadavg", m_root / "proc/away");
        Host host(m_root);
        QVERIFY(!host.has("load1"));
        QVERIFY(!host.reason("load1").empty());
        fs::rename(m_root / "proc/away", m_root / "proc/loadavg");
        for (int i = 0; i < 61; ++i)
            host.sample();
        QCOMPARE(host.value("load1"), 3.46);
        QVERIFY(host.reason("load1").empty());
        QVERIFY(host.reason("collector_success", "load").empty());
    }

    void hostileTreesDoNoHarm_data()
    {
        QTest::addColumn<QString>("file");
        for (const auto &entry : fs::recursive_directory_iterator(recorded)) {
            if (entry.is_regular_file()) {
                const auto name = fs::relative(entry.path(), recorded).string();
                QTest::newRow(name.c_str()) << QString::fromStdString(name);
            }
        }
    }
    void hostileTreesDoNoHarm()
    {
        QFETCH(QString, file);
        copyRecorded();
        const auto path = m_root / file.toStdString();
        const auto whole = read(path);
        std::mt19937 random(11);
        const auto check = [&](const std::string &text) {
            write(path, text);
            Host host(m_root);
            host.sample();
            ProcessLister(m_root).list(50, {}, {});
            // Whatever one file says, the others are read.
            QCOMPARE(host.value("collector_success", "agent"), 1);
            if (file != QStringLiteral("proc/loadavg"))
                QCOMPARE(host.value("load1"), 3.46);
            if (file != QStringLiteral("proc/uptime"))
                QCOMPARE(host.value("uptime_seconds"), 3549);
        };
        check({});
        const std::size_t pieces = std::min<std::size_t>(whole.size(), 24);
        for (std::size_t i = 0; i < pieces; ++i)
            check(whole.substr(0, whole.size() * i / pieces));
        std::string huge, letters;
        for (const char c : whole) {
            huge += c >= '0' && c <= '9' ? std::string("99999999999") : std::string(1, c);
            letters += c >= '0' && c <= '9' ? 'x' : c;
        }
        check(huge);
        check(letters);
        check("-" + whole);
        for (int round = 0; round < 12; ++round) {
            auto noise = whole;
            for (auto &c : noise) {
                if (random() % 20 == 0)
                    c = char(random());
            }
            check(noise);
        }
        check(std::string(100000, '\xff'));
        check(std::string(100000, '\n'));
        check(std::string(5 * 1024 * 1024, '7')); // larger than any file of the kernel's
    }

    void sensorsAreNamedApart()
    {
        copyRecorded();
        const auto hwmon = m_root / "sys/class/hwmon";
        for (const auto *chip : {"hwmon0", "hwmon1"}) {
            write(hwmon / chip / "name", "nvme\n");
            write(hwmon / chip / "temp1_input", "38850\n");
            write(hwmon / chip / "temp1_label", "Composite\n");
        }
        write(hwmon / "hwmon2/name", "coretemp\n");
        write(hwmon / "hwmon2/temp2_input", "-5000\n");
        write(hwmon / "hwmon2/fan1_input", "1000\n");
        for (int core = 0; core < 2; ++core)
            write(m_root / ("sys/devices/system/cpu/cpu" + std::to_string(core))
                    / "cpufreq/scaling_cur_freq",
                core ? "2400000\n" : "800000\n");
        const Host host(m_root);
        QCOMPARE(host.value("temperature_celsius", "nvme Composite"), 38.85);
        QCOMPARE(host.value("temperature_celsius", "nvme Composite (hwmon1)"), 38.85);
        QCOMPARE(host.value("temperature_celsius", "coretemp temp2"), -5);
        QCOMPARE(host.value("cpu_frequency_hertz", "cpu1"), 2.4e9);
        QVERIFY(host.reason("temperature_celsius").empty());
    }

    void fileSystemsThatCouldHangAreNotAsked()
    {
        copyRecorded();
        fs::create_directories(m_root / "dev/shm");
        const Host host(m_root);
        QVERIFY(host.value("filesystem_size_bytes", "/") > 0);
        QVERIFY(host.value("filesystem_free_bytes", "/dev/shm") > 0);
        QVERIFY(!host.has("filesystem_size_bytes", "/srv/bind mount")); // the same device again
        QVERIFY(!host.has("filesystem_free_bytes", "/home")); // of NFS: test_networkmounts
        QVERIFY(!host.has("filesystem_free_bytes", "/mnt/with blank"));
    }

    void failingCollectorIsSaidAndOthersGoOn()
    {
        static constexpr const CollectorInfo *infos[] = {&throwing, &counting};
        Host host(m_root, infos);
        QCOMPARE(host.value("collector_success", "throwing"), 0);
        QCOMPARE(host.reason("paper_sheets"), std::string("out of paper"));
        QCOMPARE(host.value("collector_success", "counting"), 1);
        QVERIFY(host.value("collector_duration_seconds", "counting") >= 0);
        // Every third tick, and in between the value stays.
        std::vector<double> seen{host.value("count")};
        for (int i = 0; i < 6; ++i) {
            host.sample();
            seen.push_back(host.value("count"));
        }
        QCOMPARE(seen.back(), 3);
        QCOMPARE(std::count(seen.begin(), seen.end(), 2.0), 3);
    }

    void steadyTicksAllocateNothing()
    {
        std::vector<const CollectorInfo *> eachTick;
        for (const auto *info : collectors()) {
            if (info->everyTicks == 1)
                eachTick.push_back(info);
        }
        Host host(recorded, eachTick);
        host.sample();
        const auto before = allocations.load();
        for (int i = 0; i < 10; ++i)
            host.sample();
        QCOMPARE(allocations.load(), before);
    }
};

QTEST_GUILESS_MAIN(TestCollectors)
#include "test_collectors.moc"
