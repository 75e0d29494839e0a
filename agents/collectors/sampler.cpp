// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/sampler.h"

#include "agents/collectors/busdevices.h"
#include "agents/collectors/clock.h"
#include "agents/collectors/gpus.h"
#include "agents/collectors/ids.h"
#include "agents/collectors/kernellog.h"
#include "agents/collectors/processes.h"
#include "agents/collectors/ring.h"
#include "agents/collectors/runner.h"

#include <algorithm>

namespace pilothouse::agent {

namespace {

Moment clocks()
{
    return {boottimeNs(), wallNs()};
}

RingOptions ringOptions(const SamplerOptions &options)
{
    RingOptions ring;
    ring.folder = options.ringFolder;
    ring.periodNs = std::chrono::nanoseconds(options.period).count();
    auto boot = readOnce("/proc/sys/kernel/random/boot_id");
    boot.resize(std::min(boot.size(), std::size_t(36)));
    // Without one no two runs are the same boot: clocks of one are never compared with the other's.
    ring.boot = parseId(boot).value_or(randomId());
    return ring;
}

class Sampler : public TelemetrySource {
public:
    explicit Sampler(SamplerOptions options)
        : m_options(std::move(options))
        , m_ring(ringOptions(m_options), clocks())
        , m_registry(m_ring.known())
        , m_runner(m_options.root, m_registry)
        , m_gpus(m_options.gpuHelper, m_options.ringFolder)
        , m_accounts(m_options.ringFolder.empty() ? std::filesystem::path()
                                                  : m_options.ringFolder / "gpu-accounts")
        , m_kernelLog(m_options.kernel)
        , m_processes(m_options.root)
    {
        m_thread = std::thread([this] { run(); });
        m_accountant = std::thread([this] { account(); });
    }

    ~Sampler() override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_stop = true;
        }
        m_wake.notify_all();
        m_sleep.notify_all();
        m_thread.join();
        m_accountant.join();
    }

    Catalogue catalogue() const override { return m_registry.catalogue(); }
    uint32_t catalogueVersion() const override { return m_registry.version(); }
    RingCoverage coverage() const override { return m_ring.coverage(); }

    std::vector<wire::Tick> ticksAfter(uint64_t after, std::size_t limit) const override
    {
        return m_ring.ticksAfter(after, limit);
    }

    bool waitForTick(uint64_t after, int timeoutMs) const override
    {
        std::unique_lock lock(m_mutex);
        const auto woken = m_wakes;
        m_wake.wait_for(lock, std::chrono::milliseconds(timeoutMs),
            [&] { return m_stop || m_newest > after || m_wakes != woken; });
        return m_newest > after;
    }

    void wakeAll() override
    {
        {
            const std::lock_guard lock(m_mutex);
            ++m_wakes;
        }
        m_wake.notify_all();
    }

    std::vector<Rollup> rollups(int64_t fromWallNs, int64_t toWallNs) const override
    {
        return m_ring.rollups(fromWallNs, toWallNs);
    }

    std::vector<ProcessInfo> processes(std::size_t limit) override
    {
        const auto gpus = m_gpus.processes();
        const std::lock_guard lock(m_processMutex);
        return m_processes.list(limit, gpus, m_options.jobOfPid);
    }

    std::vector<DeviceInfo> devices() const override
    {
        auto devices = m_gpus.devices();
        for (auto &device : m_runner.devices())
            devices.push_back(std::move(device));
        return devices;
    }

    std::vector<GpuAccount> gpuAccounts(const std::string &job) const override
    {
        return m_accounts.accounts(job, wallNs());
    }

    std::vector<GpuInstant> gpusNow() override { return m_gpus.now(); }

    std::vector<KernelEvent> kernelEvents(uint64_t after) override
    {
        auto events = m_kernelLog.after(after);
        for (auto &event : events) {
            auto device = deviceAtBus(m_options.root, event.device, m_gpus.devices());
            if (!device.empty())
                event.device = std::move(device);
        }
        return events;
    }

    std::string bootIdOf(uint64_t number) const override { return m_ring.bootIdOf(number); }

private:
    void run()
    {
        using Clock = std::chrono::steady_clock;
        auto next = Clock::now();
        std::unique_lock lock(m_mutex);
        while (!m_stop) {
            lock.unlock();
            tick();
            lock.lock();
            m_newest = m_tick.number;
            m_wake.notify_all();
            next += m_options.period;
            if (const auto now = Clock::now();
                next < now) // late by whole periods: back to the grid
                next += (now - next) / m_options.period * m_options.period;
            m_sleep.wait_until(lock, next, [this] { return m_stop; });
        }
    }

    /// A thread of its own: drivers, /proc and the jobs' folder may each take their time.
    void account()
    {
        std::unique_lock lock(m_mutex);
        while (!m_stop) {
            m_sleep.wait_for(lock, m_options.accountPeriod, [this] { return m_stop; });
            if (m_stop)
                break;
            lock.unlock();
            if (!m_gpus.devices().empty()) {
                const auto holdings = m_gpus.holdings();
                const auto now = clocks();
                m_accounts.take(holdings, now.boottimeNs, now.wallNs, [this](uint32_t pid) {
                    const std::lock_guard processLock(m_processMutex);
                    return m_processes.ownerOf(pid, m_options.jobOfPid);
                });
            }
            lock.lock();
        }
    }

    /// Numbers count periods of the boot time clock, so that a suspended or starved host leaves a
    /// gap.
    uint64_t numberAt(int64_t boottimeNs)
    {
        if (m_tick.number == 0) {
            m_firstBoottimeNs = boottimeNs;
            return m_ring.firstNumber();
        }
        const int64_t passed = std::max<int64_t>(0, boottimeNs - m_firstBoottimeNs);
        const auto periods = uint64_t(passed / std::chrono::nanoseconds(m_options.period).count());
        return std::max(m_tick.number + 1, m_ring.firstNumber() + periods);
    }

    void say(const char *what, const std::string &trouble)
    {
        if (trouble.empty())
            m_registry.supported(what, "");
        else
            m_registry.unsupported(what, "", trouble);
    }

    void tick()
    {
        const auto now = clocks();
        m_gpus.request();
        m_runner.sample(now.boottimeNs);
        m_gpus.collect(m_registry);
        say("history", m_ring.trouble());
        say("kernel_log", m_kernelLog.trouble());
        if (m_storedVersion == 0)
            m_registry.dropStaleUnsupported();
        m_tick.number = numberAt(now.boottimeNs);
        m_tick.boottimeNs = now.boottimeNs;
        m_tick.wallNs = now.wallNs;
        m_tick.values = m_registry.values();
        if (const auto version = m_registry.version(); version != m_storedVersion) {
            const auto catalogue = m_registry.catalogue();
            m_ring.append(m_tick, &catalogue);
            m_storedVersion = version;
        } else {
            m_ring.append(m_tick, nullptr);
        }
    }

    const SamplerOptions m_options;
    Ring m_ring;
    Registry m_registry;
    Runner m_runner;
    Gpus m_gpus;
    GpuAccounts m_accounts;
    KernelLog m_kernelLog;
    wire::Tick m_tick;
    int64_t m_firstBoottimeNs = 0;
    uint32_t m_storedVersion = 0;

    std::mutex m_processMutex;
    ProcessLister m_processes;

    mutable std::mutex m_mutex;
    mutable std::condition_variable m_wake;
    std::condition_variable m_sleep;
    uint64_t m_newest = 0, m_wakes = 0;
    bool m_stop = false;
    std::thread m_thread, m_accountant;
};

} // namespace

std::unique_ptr<TelemetrySource> makeSampler(SamplerOptions options)
{
    return std::make_unique<Sampler>(std::move(options));
}

} // namespace pilothouse::agent
