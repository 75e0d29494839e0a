// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/watch.h"

#include "agents/gputest/range.h"

extern "C" {
#include "agents/gpuhelper/library.h"
}

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <set>

namespace gputest {

namespace {

/// Counters that only errors move.
struct Counters {
    std::optional<unsigned long long> corrected, uncorrected, replays, remapFailed, remapPending;
};

std::optional<unsigned long long> field(nvmlDevice_t device, unsigned id)
{
    nvmlFieldValue_t value{};
    value.fieldId = id;
    if (CALL(fieldValues, device, 1, &value) != NVML_SUCCESS || value.nvmlReturn != NVML_SUCCESS)
        return std::nullopt;
    return value.valueType == 1 ? value.value.u : value.value.ull;
}

Counters countersOf(nvmlDevice_t device)
{
    Counters counters;
    unsigned long long count = 0;
    if (CALL(eccErrors, device, NVML_ECC_CORRECTED, NVML_ECC_VOLATILE, &count) == NVML_SUCCESS)
        counters.corrected = count;
    if (CALL(eccErrors, device, NVML_ECC_UNCORRECTED, NVML_ECC_VOLATILE, &count) == NVML_SUCCESS)
        counters.uncorrected = count;
    unsigned replays = 0;
    if (CALL(pcieReplays, device, &replays) == NVML_SUCCESS)
        counters.replays = replays;
    counters.remapPending = field(device, NVML_FI_REMAP_PENDING);
    counters.remapFailed = field(device, NVML_FI_REMAP_FAILED);
    return counters;
}

std::optional<unsigned long long> more(
    std::optional<unsigned long long> before, std::optional<unsigned long long> after)
{
    if (!before || !after)
        return std::nullopt;
    return *after >= *before ? *after - *before : *after; // the driver was loaded anew
}

/// nvmlClocksThrottleReason bits and their names in our catalogue.
constexpr std::pair<unsigned long long, const char *> reasons[]
    = {{0x4, "power_cap"}, {0x8, "hardware_slowdown"}, {0x10, "sync_boost"},
        {0x20, "software_thermal"}, {0x40, "hardware_thermal"}, {0x80, "power_brake"}};

} // namespace

struct Watch::Seen {
    nvmlDevice_t device = nullptr;
    Counters before;
    Range clock, memoryClock, power, temperature;
    std::atomic<unsigned long long> throttled = 0;
    unsigned generation = 0, width = 0; ///< of PCIe, at work
    std::set<unsigned long long> xids; ///< written by the listener, read after it has ended
};

Watch::Watch(Report &report, std::vector<std::string> uuids)
    : m_report(report)
{
    for (std::size_t i = 0; i < uuids.size(); ++i)
        m_seen.push_back(std::make_unique<Seen>());
    void *library = openLibrary();
    if (!library) {
        m_report.set("/nvml", "libnvidia-ml.so.1 is not here: no clocks, power and error counters");
        return;
    }
    bindLibrary(library);
    if (const nvmlReturn_t result = CALL(init); result != NVML_SUCCESS) {
        char text[200];
        describeError(text, sizeof text, "nvmlInit", result);
        m_report.set("/nvml", text);
        return;
    }
    m_open = true;
    char version[80] = "";
    if (CALL(driverVersion, version, sizeof version) == NVML_SUCCESS)
        m_report.set("/driver", version);
    unsigned count = 0;
    CALL(count, &count);
    for (unsigned i = 0; i < count; ++i) {
        nvmlDevice_t device = nullptr;
        char uuid[96] = "";
        if (CALL(handle, i, &device) != NVML_SUCCESS
            || CALL(uuid, device, uuid, sizeof uuid) != NVML_SUCCESS)
            continue;
        const auto found = std::find(uuids.begin(), uuids.end(), uuid);
        if (found != uuids.end()) {
            Seen &seen = *m_seen[std::size_t(found - uuids.begin())];
            seen.device = device;
            seen.before = countersOf(device);
        }
    }
    m_looking = std::thread([this] { look(); });
    m_listening = std::thread([this] { listen(); });
}

Watch::~Watch()
{
    m_stop = true;
    for (std::thread *thread : {&m_looking, &m_listening}) {
        if (thread->joinable())
            thread->join();
    }
}

void Watch::beginLoad()
{
    m_loaded = true;
}

void Watch::look()
{
    while (!m_stop) {
        for (const auto &seen : m_seen) {
            if (!seen->device)
                continue;
            unsigned generation = 0, width = 0;
            if (CALL(pcieGeneration, seen->device, &generation) == NVML_SUCCESS)
                seen->generation = std::max(seen->generation, generation);
            if (CALL(pcieWidth, seen->device, &width) == NVML_SUCCESS)
                seen->width = std::max(seen->width, width);
            if (!m_loaded)
                continue;
            unsigned value = 0;
            if (CALL(clock, seen->device, NVML_CLOCK_SM, &value) == NVML_SUCCESS)
                seen->clock.add(value);
            if (CALL(clock, seen->device, NVML_CLOCK_MEM, &value) == NVML_SUCCESS)
                seen->memoryClock.add(value);
            if (CALL(power, seen->device, &value) == NVML_SUCCESS)
                seen->power.add(value / 1000.0);
            if (CALL(temperature, seen->device, NVML_TEMPERATURE_GPU, &value) == NVML_SUCCESS)
                seen->temperature.add(value);
            unsigned long long mask = 0;
            if (CALL(throttle, seen->device, &mask) == NVML_SUCCESS)
                seen->throttled |= mask;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

void Watch::listen()
{
    nvmlEventSet_t set = nullptr;
    if (CALL(eventSetCreate, &set) != NVML_SUCCESS)
        return;
    for (const auto &seen : m_seen) {
        if (seen->device)
            CALL(registerEvents, seen->device, NVML_EVENT_XID, set);
    }
    while (!m_stop) {
        nvmlEventData_t event{};
        const nvmlReturn_t result = CALL(eventSetWait, set, &event, 200);
        if (result != NVML_SUCCESS) {
            if (result != NVML_ERROR_TIMEOUT) // which came back at once
                std::this_thread::sleep_for(std::chrono::milliseconds(200));
            continue;
        }
        for (const auto &seen : m_seen) {
            if (seen->device == event.device && event.eventType == NVML_EVENT_XID)
                seen->xids.insert(event.eventData);
        }
    }
}

void Watch::finish()
{
    if (!m_open)
        return;
    m_stop = true;
    m_looking.join();
    m_listening.join();
    for (std::size_t i = 0; i < m_seen.size(); ++i) {
        const Seen &seen = *m_seen[i];
        if (!seen.device)
            continue;
        const int index = int(i);
        const std::string path = "/devices/" + std::to_string(i);
        const auto range = [&](const char *name, const Range &values) {
            if (values.count > 0)
                m_report.set(path + "/load/" + name, values.json());
        };
        range("sm_clock_mhz", seen.clock);
        range("memory_clock_mhz", seen.memoryClock);
        range("power_watts", seen.power);
        range("temperature_celsius", seen.temperature);
        Json slowed = Json::array();
        for (const auto &[bit, name] : reasons) {
            if (seen.throttled & bit)
                slowed.push_back(name);
        }
        m_report.set(path + "/load/slowed_by", slowed);
        if (seen.throttled & 0xe8)
            m_report.warning(index, "It was slowed by heat or by its power supply under load.");
        if (seen.width > 0)
            m_report.set(path + "/pcie", {{"generation", seen.generation}, {"width", seen.width}});
        const Counters after = countersOf(seen.device);
        const auto count = [&](const char *name, std::optional<unsigned long long> added) {
            if (added)
                m_report.set(path + "/counters/" + name, *added);
            return added.value_or(0);
        };
        const auto words = [](unsigned long long n, const char *what) {
            return std::to_string(n) + ' ' + what + (n == 1 ? " was" : "s were")
                + " counted meanwhile.";
        };
        if (const auto n
            = count("ecc_uncorrected", more(seen.before.uncorrected, after.uncorrected)))
            m_report.error(index, words(n, "uncorrectable ECC error"));
        if (const auto n = count("ecc_corrected", more(seen.before.corrected, after.corrected)))
            m_report.warning(index, words(n, "corrected ECC error"));
        if (const auto n = count("pcie_replays", more(seen.before.replays, after.replays)))
            m_report.warning(index, words(n, "PCIe replay"));
        if (after.remapPending.value_or(0) > 0)
            m_report.warning(index, "A memory row waits to be remapped: reset the GPU.");
        if (after.remapFailed.value_or(0) > 0)
            m_report.error(index, "Remapping a memory row has failed: the GPU needs replacing.");
        for (const auto xid : seen.xids) {
            m_report.append(path + "/xids", xid);
            m_report.error(index, "The driver reported XID " + std::to_string(xid) + " meanwhile.");
        }
    }
}

} // namespace gputest
