// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/runner.h"

#include <algorithm>
#include <ctime>
#include <exception>

namespace pilothouse::agent {

namespace {

// A reason stays readable for a while, so that a source that comes and goes does not send the
// catalogue out each second.
constexpr int goodTicksUntilForgiven = 60;
constexpr std::size_t runnerOwner = 0;

int64_t monotonicNs()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t(now.tv_sec) * 1000000000 + now.tv_nsec;
}

} // namespace

struct Runner::Entry {
    const CollectorInfo *info = nullptr;
    std::unique_ptr<Collector> collector;
    SeriesId success = Registry::none, duration = Registry::none;
    bool failing = false;
    int goodTicks = 0;
};

Runner::Runner(const std::filesystem::path &root, Registry &registry,
    std::span<const CollectorInfo *const> infos)
    : m_registry(registry)
{
    m_registry.setOwner(runnerOwner);
    for (const auto *info : infos) {
        Entry entry{info, info->make(root)};
        entry.success = registry.add("collector_success", info->name, "", MetricKind::State);
        entry.duration = registry.add(
            "collector_duration_seconds", info->name, "seconds", MetricKind::Gauge, 1e-5);
        m_entries.push_back(std::move(entry));
    }
}

Runner::~Runner() = default;

void Runner::sample(int64_t boottimeNs)
{
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        // The first tick reads everything; the slow ones then spread over the ticks.
        const auto every = uint64_t(m_entries[i].info->everyTicks);
        if (m_ticks == 0 || every <= 1 || (m_ticks + i) % every == 0)
            readOne(i, boottimeNs);
    }
    ++m_ticks;
}

std::vector<DeviceInfo> Runner::devices() const
{
    const std::lock_guard lock(m_mutex);
    return m_devices;
}

// Hardly any collector has some, and then a reading allocates nothing.
void Runner::takeDevices(const Entry &entry)
{
    auto devices = entry.collector->devices();
    if (devices.empty())
        return;
    const std::lock_guard lock(m_mutex);
    for (auto &device : devices) {
        const auto known = std::find_if(m_devices.begin(), m_devices.end(),
            [&](const DeviceInfo &one) { return one.uuid == device.uuid; });
        if (known == m_devices.end())
            m_devices.push_back(std::move(device));
        else
            *known = std::move(device);
    }
}

void Runner::readOne(std::size_t place, int64_t boottimeNs)
{
    auto &entry = m_entries[place];
    const std::size_t owner = place + runnerOwner + 1;
    m_registry.setOwner(owner);
    m_registry.clear(owner);
    Reading reading{m_registry, m_buffer, boottimeNs};
    const int64_t from = monotonicNs();
    std::string wrong;
    try {
        wrong = entry.collector->read(reading);
    } catch (const std::exception &e) {
        wrong = e.what();
    }
    takeDevices(entry);
    m_registry.set(entry.duration, (monotonicNs() - from) / 10000);
    m_registry.set(entry.success, wrong.empty() ? 1 : 0);
    if (!wrong.empty()) {
        entry.failing = true;
        entry.goodTicks = 0;
        m_registry.unsupported("collector_success", entry.info->name, wrong);
        if (m_registry.seriesOf(owner) == 0) {
            for (const auto *metric : entry.info->metrics)
                m_registry.unsupported(metric, "", wrong);
        }
    } else if (entry.failing && ++entry.goodTicks >= goodTicksUntilForgiven) {
        entry.failing = false;
        m_registry.supported("collector_success", entry.info->name);
        for (const auto *metric : entry.info->metrics)
            m_registry.supported(metric, "");
    }
}

} // namespace pilothouse::agent
