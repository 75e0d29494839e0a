// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/gpuchoice.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace pilothouse::agent {

static bool gpusAreKnown(const TelemetrySource &telemetry)
{
    if (!telemetry.devices().empty())
        return true;
    const auto unsupported = telemetry.catalogue().unsupported;
    return std::any_of(unsupported.begin(), unsupported.end(),
        [](const auto &entry) { return entry.metric == "gpu_busy_ratio"; });
}

void waitForGpus(const TelemetrySource &telemetry, const std::function<bool()> &stopped)
{
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::seconds(10);
    while (!gpusAreKnown(telemetry) && Clock::now() < end && !stopped())
        telemetry.waitForTick(telemetry.coverage().lastNumber, 200);
}

std::vector<std::string> gpusByLoad(const TelemetrySource &telemetry)
{
    struct Load {
        double busy = std::numeric_limits<double>::infinity();
        double memory = std::numeric_limits<double>::infinity();
    };
    std::map<std::string, Load> loads;
    const auto catalogue = telemetry.catalogue();
    const auto last = telemetry.coverage().lastNumber;
    const auto ticks = telemetry.ticksAfter(last > 0 ? last - 1 : 0, 1);
    if (!ticks.empty()) {
        const auto &values = ticks.back().values;
        for (std::size_t i = 0; i < catalogue.series.size() && i < values.size(); ++i) {
            const auto &series = catalogue.series[i];
            if (values[i] == wire::absent)
                continue;
            const double value = static_cast<double>(values[i]) * series.step;
            if (series.metric == "gpu_busy_ratio")
                loads[series.device].busy = value;
            else if (series.metric == "gpu_memory_used_bytes")
                loads[series.device].memory = value;
        }
    }
    auto devices = telemetry.devices();
    // Jobs run on the partitions of a device that has some.
    std::set<std::string> partitioned;
    for (const auto &device : devices)
        partitioned.insert(device.parent);
    std::erase_if(devices, [&](const auto &device) {
        return !device.trouble.empty() || partitioned.contains(device.uuid);
    });
    const auto key = [&loads](const DeviceInfo &device) {
        const Load &load = loads[device.uuid];
        return std::make_tuple(load.busy, load.memory, device.index);
    };
    std::sort(devices.begin(), devices.end(),
        [&key](const auto &a, const auto &b) { return key(a) < key(b); });
    std::vector<std::string> uuids;
    for (const auto &device : devices)
        uuids.push_back(device.uuid);
    return uuids;
}

static std::string gpus(std::size_t count)
{
    return count == 1 ? "1 GPU" : std::to_string(count) + " GPUs";
}

GpuChoice chooseGpus(uint32_t count, const std::vector<std::string> &wanted,
    const std::vector<std::string> &byLoad, const std::set<std::string> &taken)
{
    GpuChoice choice;
    if (!wanted.empty()) {
        for (const auto &uuid : wanted) {
            if (std::find(byLoad.begin(), byLoad.end(), uuid) == byLoad.end()) {
                choice.refusal = "There is no usable GPU " + uuid + " on this host.";
                return choice;
            }
        }
        choice.uuids = wanted;
        return choice;
    }
    std::vector<std::string> free;
    std::copy_if(byLoad.begin(), byLoad.end(), std::back_inserter(free),
        [&taken](const auto &uuid) { return !taken.contains(uuid); });
    if (count > byLoad.size()) {
        choice.refusal = gpus(count) + " asked for, but this host has "
            + (byLoad.empty() ? "none that can be used." : gpus(byLoad.size()) + '.');
    } else if (count > free.size()) {
        choice.refusal = gpus(count) + " asked for, but other jobs started here have "
            + std::to_string(byLoad.size() - free.size()) + " of the host's "
            + std::to_string(byLoad.size()) + '.';
    } else {
        choice.uuids.assign(free.begin(), free.begin() + count);
    }
    return choice;
}

} // namespace pilothouse::agent
