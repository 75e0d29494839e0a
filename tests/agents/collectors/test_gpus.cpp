// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The GPU path from end to end: sampler, the real helper, and a library that behaves as told.
#include "agents/collectors/gpus.h"
#include "agents/gpuhelper/embedded.h"
#include "tests/agents/collectors/watchedgpus.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>
#include <csignal>
#include <dlfcn.h>
#include <fstream>
#include <set>
#include <sys/mount.h>
#include <sys/stat.h>

using namespace pilothouse;
using namespace pilothouse::agent;

class TestGpus : public QObject {
    Q_OBJECT

    std::unique_ptr<ScenarioFolder> m_folder;

    void scenario(const std::string &text) const { m_folder->scenario(text); }

    QString peers(const char *program) const
    {
        const auto cache = qEnvironmentVariable("PILOTHOUSE_TEST_CACHE",
            QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation));
        return cache + QStringLiteral("/pilothouse-build/testvenv/bin/")
            + QString::fromLatin1(program);
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<ScenarioFolder>(); }
    void cleanup()
    {
        QTRY_VERIFY_WITH_TIMEOUT(helpers().empty(), generousMs); // none is left behind
        m_folder.reset();
    }

    void scenarioArrivesInTicks()
    {
        scenario("driver 555.42.06\ngpus 3\n"
                 "gpu 0 busy 87\ngpu 0 memory_busy 41\ngpu 0 memory_used 12GiB\ngpu 0 power 655.5\n"
                 "gpu 0 temperature 64\ngpu 0 sm_clock 1755\n"
                 "gpu 1 name A100-SXM4-40GB\ngpu 1 memory_total 40GiB\ngpu 1 power_limit 400\n"
                 "gpu 2 uuid GPU-of-my-own\n");
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_busy_ratio", uuid(0)), 0.87, generousMs);
        QCOMPARE(host.value("gpu_memory_busy_ratio", uuid(0)), 0.41);
        QCOMPARE(host.value("gpu_memory_used_bytes", uuid(0)), 12.0 * (1ull << 30));
        QCOMPARE(host.value("gpu_memory_total_bytes", uuid(0)), 80.0 * (1ull << 30));
        QCOMPARE(host.value("gpu_power_watts", uuid(0)), 655.5);
        QCOMPARE(host.value("gpu_power_limit_watts", uuid(0)), 700);
        QCOMPARE(host.value("gpu_temperature_celsius", uuid(0)), 64);
        QCOMPARE(host.value("gpu_sm_clock_hertz", uuid(0)), 1.755e9);
        QCOMPARE(host.value("gpu_memory_clock_hertz", uuid(0)), 2.619e9);
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_busy_ratio", "GPU-of-my-own"), 0.0, generousMs);
        const auto devices = host.source->devices();
        QCOMPARE(devices.size(), 3u);
        QCOMPARE(devices[1].uuid, uuid(1));
        QCOMPARE(devices[1].name, std::string("Simulated A100-SXM4-40GB"));
        QCOMPARE(devices[1].kind, std::string("nvidia"));
        QCOMPARE(devices[1].driver, std::string("555.42.06-fake"));
        QCOMPARE(devices[1].memoryBytes, 40ull << 30);
        QCOMPARE(devices[1].powerLimitWatts, 400);
        QCOMPARE(devices[2].index, 2u);
        for (const auto &device : devices) {
            QVERIFY(device.simulated);
            QVERIFY2(device.trouble.empty(), device.trouble.c_str());
        }
        QVERIFY(host.reason("gpu_busy_ratio", "").empty());
        scenario("gpus 3\ngpu 0 busy 12\n");
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_busy_ratio", uuid(0)), 0.12, generousMs);
    }

    /// Out of turn, as often as asked for; one that hangs is absent and delays no other.
    void askedOutOfTurn()
    {
        scenario("gpus 3\ngpu 0 busy 87\ngpu 0 memory_used 12GiB\ngpu 0 power 655.5\n"
                 "gpu 0 temperature 64\ngpu 0 sm_clock 1755\ngpu 1 unsupported power\n"
                 "gpu 2 hang power\n");
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_busy_ratio", uuid(0)), 0.87, generousMs);
        std::vector<GpuInstant> now;
        const auto ask = [&] {
            now = host.source->gpusNow();
            return std::any_of(
                now.begin(), now.end(), [](const auto &one) { return one.uuid == uuid(0); });
        };
        QTRY_VERIFY_WITH_TIMEOUT(ask(), generousMs);
        for (int i = 0; i < 50 && now.size() < 2; ++i)
            now = host.source->gpusNow();
        QCOMPARE(now.size(), 2u); // without the one that hangs
        QCOMPARE(now[0].busyRatio, 0.87);
        QCOMPARE(now[0].memoryBytes, 12.0 * (1ull << 30));
        QCOMPARE(now[0].watts, 655.5);
        QCOMPARE(now[0].celsius, 64);
        QCOMPARE(now[0].smHertz, 1.755e9);
        QCOMPARE(now[1].uuid, uuid(1));
        QVERIFY(std::isnan(now[1].watts));
        QCOMPARE(now[1].busyRatio, 0);
    }

    void curvesMove()
    {
        scenario("gpus 1\ngpu 0 memory_used ramp 0 80GiB 2\ngpu 0 temperature step 30 0.2 60\n"
                 "gpu 0 busy sine 0 100 1\n");
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(
            host.value("gpu_memory_used_bytes", uuid(0)), 80.0 * (1ull << 30), generousMs);
        QCOMPARE(host.value("gpu_temperature_celsius", uuid(0)), 60);
        std::set<double> seen;
        for (const auto &tick : host.source->ticksAfter(0, 1000)) {
            const auto catalogue = host.source->catalogue();
            for (std::size_t i = 0; i < tick.values.size(); ++i) {
                if (catalogue.series[i].metric == "gpu_busy_ratio"
                    && tick.values[i] != wire::absent)
                    seen.insert(double(tick.values[i]));
            }
        }
        QVERIFY(seen.size() > 3);
    }

    void unsupportedIsSaid()
    {
        scenario("gpus 2\ngpu 1 unsupported power\ngpu 1 unsupported temperature\n");
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_power_watts", uuid(0)), 70.0, generousMs);
        QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(host.value("gpu_busy_ratio", uuid(1))), generousMs);
        QVERIFY(!host.has("gpu_power_watts", uuid(1)));
        QVERIFY(!host.has("gpu_temperature_celsius", uuid(1)));
        QCOMPARE(
            host.reason("gpu_power_watts", uuid(1)), std::string("this GPU does not offer it"));
        QVERIFY(host.reason("gpu_power_watts", uuid(0)).empty());
    }

    void hangingGpuStopsNobodyElse()
    {
        scenario("gpus 3\n");
        const Watched host(m_folder->ring);
        QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(host.value("gpu_busy_ratio", uuid(1))), generousMs);
        const auto pids = helpers();
        QCOMPARE(pids.size(), 1u);
        const auto from = host.source->coverage().lastNumber;
        scenario("gpus 3\ngpu 0 busy 33\ngpu 1 hang power\n");
        QTRY_VERIFY_WITH_TIMEOUT(!host.trouble(uuid(1)).empty(), generousMs);
        QVERIFY2(host.trouble(uuid(1)).find("does not answer since") != std::string::npos,
            host.trouble(uuid(1)).c_str());
        QVERIFY(std::isnan(host.value("gpu_busy_ratio", uuid(1))));
        QVERIFY(host.trouble(uuid(0)).empty());
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_busy_ratio", uuid(0)), 0.33, generousMs);
        QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(host.value("gpu_busy_ratio", uuid(2))), generousMs);
        QCOMPARE(helpers(), pids); // replacing it would only risk the others
        // Host ticks came all along: for every number of that time there is one with host values.
        const auto ticks = host.source->ticksAfter(from, 100000);
        QVERIFY(ticks.size() >= 20);
        const auto catalogue = host.source->catalogue();
        for (const auto &tick : ticks) {
            std::size_t present = 0;
            for (const auto value : tick.values)
                present += value != wire::absent;
            QVERIFY(present > 100);
        }
        // And when the call comes back, so does the device.
        scenario("gpus 3\ngpu 1 busy 55\n");
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_busy_ratio", uuid(1)), 0.55, generousMs);
        QVERIFY(host.trouble(uuid(1)).empty());
    }

    void helperThatIsSilentAsAWholeIsReplaced()
    {
        scenario("gpus 2\n");
        HelperLink::Limits limits;
        limits.silentMs = 200;
        limits.firstPauseMs = 50;
        limits.longestPauseMs = 200;
        Registry registry{Catalogue()};
        Gpus gpus({}, m_folder->ring, limits);
        const auto tick = [&] {
            gpus.request();
            QTest::qWait(20);
            gpus.collect(registry);
            return std::any_of(registry.values().begin(), registry.values().end(),
                [](int64_t value) { return value != wire::absent; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(tick(), generousMs);
        const auto first = helpers();
        scenario("gpus 2\ngpu * hang temperature\n");
        QTRY_VERIFY_WITH_TIMEOUT((tick(), !helpers().empty() && helpers() != first), generousMs);
        for (const auto &device : gpus.devices())
            QVERIFY(!device.trouble.empty());
        scenario("gpus 2\n");
        QTRY_VERIFY_WITH_TIMEOUT(tick(), generousMs);
        QTRY_VERIFY_WITH_TIMEOUT((tick(), gpus.devices()[0].trouble.empty()), generousMs);
        QCOMPARE(gpus.devices().size(), 2u);
    }

    void killedHelperIsStartedAgain()
    {
        scenario("gpus 2\ngpu * busy 50\n");
        const Watched host(m_folder->ring);
        QTRY_VERIFY_WITH_TIMEOUT(host.anyGpuValue(), generousMs);
        const auto first = helpers();
        const auto series = host.source->catalogue().series.size();
        QCOMPARE(::kill(first.at(0), SIGKILL), 0);
        QTRY_VERIFY_WITH_TIMEOUT(!helpers().empty() && helpers() != first, generousMs);
        QTRY_COMPARE_WITH_TIMEOUT(host.value("gpu_busy_ratio", uuid(1)), 0.5, generousMs);
        QTRY_VERIFY_WITH_TIMEOUT(host.trouble(uuid(1)).empty(), generousMs);
        QVERIFY(host.source->catalogue().series.size() >= series);
        QCOMPARE(host.source->devices().size(), 2u);
    }

    void lostGpuIsSaid()
    {
        scenario("gpus 2\n");
        const Watched host(m_folder->ring);
        QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(host.value("gpu_busy_ratio", uuid(1))), generousMs);
        scenario("gpus 2\ngpu 1 lost\n");
        QTRY_VERIFY_WITH_TIMEOUT(
            host.trouble(uuid(1)).find("lost") != std::string::npos, generousMs);
        QTRY_VERIFY_WITH_TIMEOUT(std::isnan(host.value("gpu_busy_ratio", uuid(1))), generousMs);
        QVERIFY(
            !std::isnan(host.value("gpu_busy_ratio", uuid(0))) || host.trouble(uuid(0)).empty());
    }

    void hangingStartDelaysNobody()
    {
        scenario("gpus 2\nhang init\n");
        const Watched host(m_folder->ring);
        QTRY_VERIFY_WITH_TIMEOUT(host.source->coverage().lastNumber > 20, generousMs);
        QVERIFY(host.source->devices().empty());
        scenario("gpus 2\n");
        QTRY_VERIFY_WITH_TIMEOUT(host.anyGpuValue(), generousMs);
    }

    void hangingHandleLeavesTheOthers()
    {
        scenario("gpus 3\ngpu 1 hang handle\n");
        const Watched host(m_folder->ring);
        QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(host.value("gpu_busy_ratio", uuid(2))), generousMs);
        QTRY_VERIFY_WITH_TIMEOUT(!std::isnan(host.value("gpu_busy_ratio", uuid(0))), generousMs);
        QCOMPARE(host.source->devices().size(), 2u);
    }

    void stopsWhileADriverCallHangs()
    {
        scenario("gpus 2\ngpu * hang busy\n");
        {
            const Watched host(m_folder->ring);
            QTRY_VERIFY_WITH_TIMEOUT(host.source->devices().size() == 2, generousMs);
            QTRY_VERIFY_WITH_TIMEOUT(host.source->coverage().lastNumber > 5, generousMs);
        }
        QTRY_VERIFY_WITH_TIMEOUT(helpers().empty(), generousMs);
    }

    void processesAreJoined()
    {
        const auto me = std::to_string(QCoreApplication::applicationPid());
        scenario("gpus 2\ngpu 0 process " + me + " 3GiB\ngpu 1 process " + me
            + "\ngpu 1 graphics_process " + me + "\ngpu 1 process 4000000 1GiB\n");
        const Watched host(m_folder->ring);
        QTRY_VERIFY_WITH_TIMEOUT(host.source->devices().size() == 2, generousMs);
        const auto mine = [&] {
            for (const auto &process : host.source->processes(1)) {
                if (process.pid == uint32_t(QCoreApplication::applicationPid()))
                    return process;
            }
            return ProcessInfo();
        };
        QTRY_VERIFY_WITH_TIMEOUT(mine().gpus.size() == 2, generousMs);
        auto uses = mine().gpus;
        std::sort(uses.begin(), uses.end(), [](auto &a, auto &b) { return a.device < b.device; });
        QCOMPARE(uses[0].device, uuid(0));
        QCOMPARE(uses[0].memoryBytes, 3ull << 30);
        QVERIFY(uses[0].memoryKnown);
        QCOMPARE(uses[1].device, uuid(1));
        QVERIFY(!uses[1].memoryKnown);
    }

    void hostWithoutADriverIsSaid()
    {
        qunsetenv("LD_LIBRARY_PATH");
        if (void *real = ::dlopen("libnvidia-ml.so.1", RTLD_LAZY)) {
            ::dlclose(real);
            QSKIP("this host has an NVIDIA driver");
        }
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(host.reason("gpu_busy_ratio", ""),
            std::string("no NVIDIA driver found: libnvidia-ml.so.1"), generousMs);
        QVERIFY(host.source->devices().empty());
        QTRY_VERIFY_WITH_TIMEOUT(helpers().empty(), generousMs); // nothing is kept for nothing
    }

    void driverWithoutGpusIsSaid()
    {
        scenario("gpus 0\n");
        const Watched host(m_folder->ring);
        QTRY_COMPARE_WITH_TIMEOUT(host.reason("gpu_busy_ratio", ""),
            std::string("the NVIDIA driver shows no GPU on this host"), generousMs);
    }

    void missingHelperIsSaid()
    {
        const Watched host(m_folder->ring, "/no/such/helper");
        QTRY_VERIFY_WITH_TIMEOUT(
            host.reason("gpu_busy_ratio", "").find("cannot be started") != std::string::npos,
            generousMs);
        QTRY_VERIFY_WITH_TIMEOUT(host.source->coverage().lastNumber > 5, generousMs);
    }

    void helperThatTalksNonsenseDoesNoHarm()
    {
        const Watched host(m_folder->ring, "/usr/bin/yes");
        QTRY_VERIFY_WITH_TIMEOUT(host.source->coverage().lastNumber > 40, generousMs);
        QVERIFY(host.source->devices().empty());
    }

    void environmentNamesTheHelper()
    {
        qputenv("PILOTHOUSE_GPU_HELPER", "/no/such/helper");
        const Watched host(m_folder->ring);
        QTRY_VERIFY_WITH_TIMEOUT(!host.reason("gpu_busy_ratio", "").empty(), generousMs);
    }

    void embeddedHelperIsUnpackedAndRepaired()
    {
        scenario("gpus 1\n");
        const auto file = m_folder->ring / "pilothouse-gpuhelper";
        for (int round = 0; round < 2; ++round) {
            const Watched host(m_folder->ring);
            // The ring may still hold a value of the round before: the file tells when it is
            // repaired.
            struct stat info { };
            QTRY_VERIFY_WITH_TIMEOUT(::stat(file.c_str(), &info) == 0
                    && std::size_t(info.st_size) == embeddedGpuHelper().size(),
                generousMs);
            QCOMPARE(info.st_mode & 07777, 0700u);
            QTRY_VERIFY_WITH_TIMEOUT(host.anyGpuValue(), generousMs);
            std::ofstream(m_folder->folder / "damaged") << "not a program";
            fs::permissions(m_folder->folder / "damaged", fs::perms::owner_all);
            fs::rename(m_folder->folder / "damaged", file);
        }
    }

    void helperRunsWhereFilesMayNot()
    {
        scenario("gpus 1\n");
        const auto place = m_folder->folder / "noexec";
        fs::create_directory(place);
        if (::mount("tmpfs", place.c_str(), "tmpfs", MS_NOEXEC, "size=64m") != 0)
            QSKIP("needs the right to mount a file system");
        const auto unmount = qScopeGuard([&] { ::umount2(place.c_str(), MNT_DETACH); });
        const Watched host(place / "ring");
        QTRY_VERIFY_WITH_TIMEOUT(host.anyGpuValue(), generousMs);
    }

    void pythonBindingsAcceptTheLibrary()
    {
        if (!QFile::exists(peers("python")))
            QSKIP("needs nvidia-ml-py (installers/fetch-test-peers)");
        scenario(
            "gpus 2\ngpu 1 busy 61\ngpu 1 power 123\ngpu 0 process 4242 2GiB\ngpu 0 process 4243\n"
            "gpu 0 unsupported temperature\n");
        QProcess python;
        python.start(peers("python"), {QStringLiteral("-c"), QStringLiteral(R"(
import pynvml as n
n.nvmlInit()
assert 'fake' in n.nvmlSystemGetDriverVersion()
assert n.nvmlDeviceGetCount() == 2
a, b = (n.nvmlDeviceGetHandleByIndex(i) for i in range(2))
assert n.nvmlDeviceGetName(a).startswith('Simulated'), n.nvmlDeviceGetName(a)
assert n.nvmlDeviceGetUUID(b).startswith('GPU-51')
assert n.nvmlDeviceGetIndex(n.nvmlDeviceGetHandleByUUID(n.nvmlDeviceGetUUID(b))) == 1
assert n.nvmlDeviceGetUtilizationRates(b).gpu == 61
assert n.nvmlDeviceGetPowerUsage(b) == 123000
assert n.nvmlDeviceGetMemoryInfo(a).total == 80 * 2**30
assert n.nvmlDeviceGetMemoryInfo(a, version=n.nvmlMemory_v2).used == 512 * 2**20
assert n.nvmlDeviceGetClockInfo(a, n.NVML_CLOCK_MEM) == 2619
processes = n.nvmlDeviceGetComputeRunningProcesses(a)
assert [(p.pid, p.usedGpuMemory) for p in processes] == [(4242, 2 * 2**30), (4243, None)]
assert n.nvmlDeviceGetComputeRunningProcesses(b) == []
try:
    n.nvmlDeviceGetTemperature(a, n.NVML_TEMPERATURE_GPU)
    raise SystemExit('expected NotSupported')
except n.NVMLError_NotSupported:
    pass
n.nvmlShutdown()
print('fine')
)")});
        QVERIFY(python.waitForFinished(generousMs));
        QCOMPARE(python.readAllStandardError(), QByteArray());
        QCOMPARE(python.readAllStandardOutput(), QByteArray("fine\n"));
    }

    void nvitopShowsTheScenario()
    {
        if (!QFile::exists(peers("nvitop")))
            QSKIP("needs nvitop (installers/fetch-test-peers)");
        scenario("gpus 8\ngpu * busy 73\ngpu * power 456\ngpu * temperature 58\n");
        QProcess nvitop;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
        environment.insert(QStringLiteral("TERM"), QStringLiteral("xterm"));
        nvitop.setProcessEnvironment(environment);
        nvitop.start(peers("nvitop"), {QStringLiteral("-1"), QStringLiteral("--no-unicode")});
        QVERIFY(nvitop.waitForFinished(generousMs));
        const auto shown = QString::fromUtf8(nvitop.readAllStandardOutput());
        QCOMPARE(QString::fromUtf8(nvitop.readAllStandardError()), QString());
        QVERIFY2(shown.contains(QStringLiteral("550.54.15-fake")), qPrintable(shown));
        QCOMPARE(shown.count(QStringLiteral("73%")), 8);
        QCOMPARE(shown.count(QStringLiteral("456W / 700W")), 8);
        QCOMPARE(shown.count(QStringLiteral("58C")), 8);
    }
};

QTEST_GUILESS_MAIN(TestGpus)
#include "test_gpus.moc"
