// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/gpus.h"

#include <algorithm>
#include <cstdio>
#include <tuple>
#include <utility>

namespace pilothouse::agent {

namespace {

constexpr std::size_t gpuOwner = 100; // after all collectors

constexpr struct {
    const char *metric, *unit;
    double step;
    int64_t divide; ///< the driver's value by this is in steps
    MetricKind kind = MetricKind::Gauge;
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
    {"gpu_throttle_reasons", "", 1, 1, MetricKind::State},
    {"gpu_ecc_corrected_errors", "", 1, 1, MetricKind::Counter},
    {"gpu_ecc_uncorrected_errors", "", 1, 1, MetricKind::Counter},
    {"gpu_remapped_rows", "", 1, 1, MetricKind::Counter},
    {"gpu_remapped_rows_uncorrectable", "", 1, 1, MetricKind::Counter},
    {"gpu_remap_pending", "", 1, 1, MetricKind::State},
    {"gpu_remap_failed", "", 1, 1, MetricKind::State},
    {"gpu_pcie_transmit_bytes", "bytes", 1024, 1024, MetricKind::Counter},
    {"gpu_pcie_receive_bytes", "bytes", 1024, 1024, MetricKind::Counter},
    {"gpu_pcie_replays", "", 1, 1, MetricKind::Counter},
    {"gpu_pcie_generation", "", 1, 1, MetricKind::State},
    {"gpu_pcie_width", "", 1, 1, MetricKind::State},
    {"gpu_energy_joules", "joules", 0.001, 1, MetricKind::Counter},
    {"gpu_encoder_busy_ratio", "ratio", 0.01, 1},
    {"gpu_decoder_busy_ratio", "ratio", 0.01, 1},
    {"gpu_fan_ratio", "ratio", 0.01, 1},
    {"gpu_memory_temperature_celsius", "celsius", 1, 1},
    {"gpu_nvlink_transmit_bytes", "bytes", 1024, 1024, MetricKind::Counter},
    {"gpu_nvlink_receive_bytes", "bytes", 1024, 1024, MetricKind::Counter},
    {"gpu_nvlink_errors", "", 1, 1, MetricKind::Counter},
    {"gpu_sm_active_ratio", "ratio", 0.001, 1},
    {"gpu_sm_occupancy_ratio", "ratio", 0.001, 1},
    {"gpu_tensor_active_ratio", "ratio", 0.001, 1},
    {"gpu_dram_active_ratio", "ratio", 0.001, 1},
    {"gpu_xid_errors", "", 1, 1, MetricKind::Counter},
    {"gpu_xid_last", "", 1, 1, MetricKind::State},
    {"gpu_mig_enabled", "", 1, 1, MetricKind::State},
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
        std::erase_if(m_entries,
            [](const auto &entry) { return !entry->shown && !entry->info.parent.empty(); });
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
    // Partitions stay as long as the device says so, whether it answers in time or not.
    for (const auto &one : device.instances) {
        if (auto *part = find(one.uuid))
            part->shown = true;
    }
    if (HelperLink::isSilent(device, HelperLink::nowMs(), m_link.limits())) {
        entry.info.trouble = silence("the driver", device.owesSinceWallNs);
        for (const auto &one : device.instances) {
            if (auto *part = find(one.uuid))
                part->info.trouble = entry.info.trouble;
        }
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
    collectInstances(registry, entry, device);
}

// MIG partitions are devices of their own, with their memory; the rest the driver only knows of the
// whole.
void Gpus::collectInstances(Registry &registry, Entry &whole, const HelperLink::Device &device)
{
    for (const auto &one : device.instances) {
        auto *entry = find(one.uuid);
        if (!entry) {
            entry = &add(one.uuid);
            entry->info.name = one.name;
            entry->info.kind = "nvidia-mig";
            entry->info.parent = whole.info.uuid;
            entry->info.driver = whole.info.driver;
            entry->info.simulated = whole.info.simulated;
        }
        entry->info.index = whole.info.index;
        entry->shown = true;
        entry->info.trouble = one.result == Fine ? std::string() : reasonOf(one.result);
        if (one.result != Fine)
            continue;
        entry->info.memoryBytes = one.memory_total;
        setValue(registry, *entry, PH_MEMORY_USED, int64_t(one.memory_used));
        setValue(registry, *entry, PH_MEMORY_TOTAL, int64_t(one.memory_total));
    }
}

void Gpus::setValue(Registry &registry, Entry &entry, int metric, int64_t value)
{
    const auto &field = fields[metric];
    if (entry.series[metric] == Registry::none)
        entry.series[metric]
            = registry.add(field.metric, entry.info.uuid, field.unit, field.kind, field.step);
    registry.set(entry.series[metric], value / field.divide);
}

void Gpus::setValues(Registry &registry, Entry &entry, const ph_sample &sample)
{
    entry.info.trouble.clear();
    for (int i = 0; i < PH_METRICS; ++i) {
        const int result = sample.result[i];
        if (result == PH_NOT_YET)
            continue;
        if (result == GpuIsLost) {
            entry.info.trouble = reasonOf(result);
        } else if (result != Fine) {
            entry.refused[i] = true;
            registry.unsupported(fields[i].metric, entry.info.uuid, reasonOf(result));
        } else {
            if (std::exchange(entry.refused[i], false))
                registry.supported(fields[i].metric, entry.info.uuid);
            setValue(registry, entry, i, sample.value[i]);
        }
    }
    if (sample.result[PH_POWER_LIMIT] == Fine)
        entry.info.powerLimitWatts = double(sample.value[PH_POWER_LIMIT]) / 1000;
}

Gpus::Entry &Gpus::entryOf(const HelperLink::State &state, std::size_t index)
{
    const auto &info = state.devices[index].info;
    if (auto *known = find(info.uuid)) {
        known->info.index = uint32_t(index);
        return *known;
    }
    auto *entry = &add(info.uuid);
    entry->info.name = info.name;
    entry->info.kind = "nvidia";
    entry->info.bus = info.bus;
    entry->info.index = uint32_t(index);
    entry->info.memoryBytes = info.memory;
    entry->info.powerLimitWatts = info.power_limit / 1000.0;
    if (state.library) {
        entry->info.driver = state.library->driver;
        entry->info.simulated = state.library->simulated != 0;
    }
    return *entry;
}

Gpus::Entry *Gpus::find(std::string_view uuid)
{
    const auto place = std::find_if(m_entries.begin(), m_entries.end(),
        [&](const auto &entry) { return entry->info.uuid == uuid; });
    return place == m_entries.end() ? nullptr : place->get();
}

Gpus::Entry &Gpus::add(std::string_view uuid)
{
    m_entries.push_back(std::make_unique<Entry>());
    std::fill(
        std::begin(m_entries.back()->series), std::end(m_entries.back()->series), Registry::none);
    m_entries.back()->info.uuid = uuid;
    return *m_entries.back();
}

// The partition a process runs in, else the device.
static std::string deviceOf(const HelperLink::Device &device, const ph_process &process)
{
    for (const auto &one : device.instances) {
        if (one.gpu_instance == process.gpu_instance
            && one.compute_instance == process.compute_instance)
            return one.uuid;
    }
    return device.info.uuid;
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
                uses[process.pid].push_back({deviceOf(device, process), process.bytes,
                    process.known != 0, process.busy == PH_UNKNOWN ? -1 : process.busy / 100.0});
        }
    });
    return uses;
}

std::vector<GpuHolding> Gpus::holdings()
{
    if (const auto request = m_link.ask(PH_PROCESSES); request != 0)
        m_link.waitForAnswers(PH_PROCESSES, request, processAnswerMs);
    std::vector<GpuHolding> all;
    m_link.visit([&](const HelperLink::State &state) {
        for (const auto &device : state.devices) {
            if (!device.known || HelperLink::isSilent(device, HelperLink::nowMs(), m_link.limits()))
                continue;
            GpuHolding holding;
            holding.device = device.info.uuid;
            if (device.sampleRequest != 0 && device.sample.result[PH_ENERGY] == Fine)
                holding.joules = double(device.sample.value[PH_ENERGY]) / 1000;
            if (device.sampleRequest != 0 && device.sample.result[PH_POWER] == Fine)
                holding.watts = double(device.sample.value[PH_POWER]) / 1000;
            for (const auto &process : device.processes)
                holding.holders.push_back(
                    {process.pid, process.busy == PH_UNKNOWN ? -1 : process.busy / 100.0});
            all.push_back(std::move(holding));
        }
    });
    return all;
}

std::vector<DeviceInfo> Gpus::devices() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<DeviceInfo> devices;
    for (const auto &entry : m_entries)
        devices.push_back(entry->info);
    std::stable_sort(devices.begin(), devices.end(), [](const auto &a, const auto &b) {
        return std::tie(a.index, a.parent) < std::tie(b.index, b.parent);
    });
    return devices;
}

std::vector<GpuInstant> Gpus::now()
{
    std::vector<GpuInstant> result;
    const auto request = m_link.ask(PH_FAST);
    if (request == 0)
        return result;
    m_link.waitForAnswers(PH_FAST, request, fastAnswerMs);
    m_link.visit([&](const HelperLink::State &state) {
        for (const auto &device : state.devices) {
            // One that answers another's request as late as this is as fresh.
            if (!device.known || device.fastRequest < request)
                continue;
            GpuInstant now;
            now.uuid = device.info.uuid;
            const auto read = [&](ph_metric metric, double &value) {
                const auto &field = fields[metric];
                if (device.fast.result[metric] == Fine)
                    value = double(device.fast.value[metric]) / double(field.divide) * field.step;
            };
            read(PH_BUSY, now.busyRatio);
            read(PH_MEMORY_USED, now.memoryBytes);
            read(PH_POWER, now.watts);
            read(PH_TEMPERATURE, now.celsius);
            read(PH_SM_CLOCK, now.smHertz);
            result.push_back(std::move(now));
        }
    });
    return result;
}

} // namespace pilothouse::agent
