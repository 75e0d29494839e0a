// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/gpus.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace pilothouse::agent {

namespace {

constexpr std::size_t gpuOwner = 100; // after all collectors

constexpr struct {
    const char *metric, *unit;
    double step;
    int64_t divide; ///< the driver's value by this is in steps
} fields[PH_METRICS] = {
    {"gpu_busy_ratio", "ratio", 0.01, 1},
    {"gpu_memory_busy_ratio", "ratio", 0.01, 1},
    {"gpu_memory_used_bytes", "bytes", 4096, 4096},
    {"gpu_memory_total_bytes", "bytes", 4096, 4096},
    {"gpu_power_watts", "watts", 0.001, 1},
    {"gpu_power_limit_watts", "watts", 0.001, 1},
    {"gpu_temperature_celsius", "celsius", 1, 1},
    {"gpu_sm_clock_hertz", "hertz", 1e6, 1},
    {"gpu_memory_clock_hertz", "hertz", 1e6, 1},
};

enum Result { Fine = 0, NoPermission = 4, NotSupported = 3, FunctionNotFound = 13, GpuIsLost = 15 };

std::string reasonOf(int result)
{
    switch (result) {
    case NotSupported:
        return "this GPU does not offer it";
    case FunctionNotFound:
        return "this driver version does not offer it";
    case NoPermission:
        return "the driver does not let this user see it";
    case GpuIsLost:
        return "the GPU is lost: it does not answer on its bus until the host restarts";
    default:
        return "the driver reports error " + std::to_string(result);
    }
}

std::string silence(const char *who, int64_t sinceWallNs)
{
    const int64_t second = sinceWallNs / 1000000000 % 86400;
    char text[96];
    std::snprintf(text, sizeof text, "%s does not answer since %02d:%02d:%02d UTC", who,
        int(second / 3600), int(second / 60 % 60), int(second % 60));
    return text;
}

} // namespace

Gpus::Gpus(const std::filesystem::path &helper, const std::filesystem::path &unpackTo,
    HelperLink::Limits limits)
    : m_link(HelperProgram(helper, unpackTo), limits)
{
}

void Gpus::request()
{
    m_request = m_link.ask(PH_SAMPLE);
}

void Gpus::collect(Registry &registry)
{
    registry.setOwner(gpuOwner);
    registry.clear(gpuOwner);
    if (m_request != 0)
        m_link.waitForAnswers(PH_SAMPLE, m_request, answerMs);
    const std::lock_guard lock(m_mutex);
    m_link.visit([&](const HelperLink::State &state) {
        std::string none = state.problem;
        if (none.empty() && state.library)
            none = state.library->problem;
        if (none.empty() && state.library && state.devices.empty())
            none = "the NVIDIA driver shows no GPU on this host";
        if (none.empty() && state.silentSinceWallNs != 0)
            none = silence("the NVIDIA driver", state.silentSinceWallNs);
        if (!none.empty())
            registry.unsupported("gpu_busy_ratio", "", none);
        else if (state.library)
            registry.supported("gpu_busy_ratio", "");
        for (auto &entry : m_entries)
            entry->shown = false;
        for (std::size_t i = 0; i < state.devices.size(); ++i)
            collectDevice(registry, state, i);
        const bool complete = std::all_of(state.devices.begin(), state.devices.end(),
            [](const auto &device) { return device.known; });
        if (none.empty())
            none = complete ? "the driver does not show this GPU any more"
                            : "the driver has not answered yet";
        for (auto &entry : m_entries) {
            if (!entry->shown && state.library && entry->info.trouble.empty())
                entry->info.trouble = none;
        }
    });
}

void Gpus::collectDevice(Registry &registry, const HelperLink::State &state, std::size_t index)
{
    const auto &device = state.devices[index];
    if (!device.known)
        return;
    if (device.info.uuid[0] == '\0' || device.info.problem[0] != '\0') {
        registry.unsupported("gpu_busy_ratio", "GPU " + std::to_string(index), device.info.problem);
        return;
    }
    auto &entry = entryOf(state, index);
    entry.shown = true;
    if (HelperLink::isSilent(device, HelperLink::nowMs(), m_link.limits())) {
        entry.info.trouble = silence("the driver", device.owesSinceWallNs);
        return;
    }
    // Only what was answered since the last tick: repeating an old value would hide a stall.
    if (device.sampleRequest == 0
        || (entry.generation == state.generation && entry.usedRequest == device.sampleRequest))
        return;
    if (entry.generation != state.generation) // it may have been refused by the helper before
        registry.supported("gpu_busy_ratio", "GPU " + std::to_string(index));
    entry.generation = state.generation;
    entry.usedRequest = device.sampleRequest;
    setValues(registry, entry, device.sample);
}

void Gpus::setValues(Registry &registry, Entry &entry, const ph_sample &sample)
{
    entry.info.trouble.clear();
    for (int i = 0; i < PH_METRICS; ++i) {
        const int result = sample.result[i];
        if (result == GpuIsLost) {
            entry.info.trouble = reasonOf(result);
        } else if (result != Fine) {
            entry.refused[i] = true;
            registry.unsupported(fields[i].metric, entry.info.uuid, reasonOf(result));
        } else {
            if (entry.series[i] == Registry::none)
                entry.series[i] = registry.add(fields[i].metric, entry.info.uuid, fields[i].unit,
                    MetricKind::Gauge, fields[i].step);
            if (std::exchange(entry.refused[i], false))
                registry.supported(fields[i].metric, entry.info.uuid);
            registry.set(entry.series[i], sample.value[i] / fields[i].divide);
        }
    }
    if (sample.result[PH_POWER_LIMIT] == Fine)
        entry.info.powerLimitWatts = double(sample.value[PH_POWER_LIMIT]) / 1000;
}

Gpus::Entry &Gpus::entryOf(const HelperLink::State &state, std::size_t index)
{
    const auto &info = state.devices[index].info;
    const auto place = std::find_if(m_entries.begin(), m_entries.end(),
        [&](const auto &entry) { return entry->info.uuid == info.uuid; });
    if (place != m_entries.end()) {
        (*place)->info.index = uint32_t(index);
        return **place;
    }
    auto entry = std::make_unique<Entry>();
    std::fill(std::begin(entry->series), std::end(entry->series), Registry::none);
    entry->info.uuid = info.uuid;
    entry->info.name = info.name;
    entry->info.kind = "nvidia";
    entry->info.index = uint32_t(index);
    entry->info.memoryBytes = info.memory;
    entry->info.powerLimitWatts = info.power_limit / 1000.0;
    if (state.library) {
        entry->info.driver = state.library->driver;
        entry->info.simulated = state.library->simulated != 0;
    }
    m_entries.push_back(std::move(entry));
    return *m_entries.back();
}

Gpus::Uses Gpus::processes()
{
    if (const auto request = m_link.ask(PH_PROCESSES); request != 0)
        m_link.waitForAnswers(PH_PROCESSES, request, processAnswerMs);
    Uses uses;
    m_link.visit([&](const HelperLink::State &state) {
        for (const auto &device : state.devices) {
            if (HelperLink::isSilent(device, HelperLink::nowMs(), m_link.limits()))
                continue;
            for (const auto &process : device.processes)
                uses[process.pid].push_back({device.info.uuid, process.bytes, process.known != 0});
        }
    });
    return uses;
}

std::vector<DeviceInfo> Gpus::devices() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<DeviceInfo> devices;
    for (const auto &entry : m_entries)
        devices.push_back(entry->info);
    std::sort(devices.begin(), devices.end(),
        [](const auto &a, const auto &b) { return a.index < b.index; });
    return devices;
}

} // namespace pilothouse::agent
