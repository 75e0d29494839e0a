// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/gpureading.h"

#include "core/types/partition.h"

#include <algorithm>
#include <utility>

namespace pilothouse {

FleetGpu gpuReading(const TelemetryStore &store, const QString &target, const Device &device,
    const QList<Device> &all, qint64 now, bool linked, const QList<HealthFinding> &findings)
{
    FleetGpu gpu;
    gpu.target = target;
    gpu.uuid = device.uuid;
    gpu.model = device.name;
    gpu.index = device.index;
    gpu.part = partitionName(device, all);
    gpu.divided = std::any_of(all.begin(), all.end(),
        [&device](const Device &other) { return other.parent == device.uuid; });
    gpu.trouble = device.trouble;
    gpu.simulated = device.simulated;
    if (device.memoryBytes > 0)
        gpu.memoryTotal = double(device.memoryBytes);
    if (device.powerLimitWatts > 0)
        gpu.powerLimit = device.powerLimitWatts;
    const std::pair<const char *, double *> wanted[] = {{"gpu_busy_ratio", &gpu.util},
        {"gpu_memory_used_bytes", &gpu.memoryUsed}, {"gpu_memory_total_bytes", &gpu.memoryTotal},
        {"gpu_power_watts", &gpu.power}, {"gpu_power_limit_watts", &gpu.powerLimit},
        {"gpu_temperature_celsius", &gpu.temperature}};
    for (const auto id : store.seriesOf(target)) {
        const auto series = store.describe(id);
        if (!series || series->key.device != device.uuid)
            continue;
        for (const auto &[metric, value] : wanted) {
            if (series->key.metric != QLatin1String(metric))
                continue;
            if (const auto latest = store.latest(id)) {
                *value = latest->value;
                gpu.sampledAt = std::max(gpu.sampledAt, latest->time);
            }
        }
    }
    return withFindings(judged(std::move(gpu), now, linked), findings, linked);
}

std::optional<double> latestOf(const TelemetryStore &store, const QString &target,
    const QString &device, const char *metric, qint64 now)
{
    for (const auto id : store.seriesOf(target)) {
        const auto series = store.describe(id);
        if (!series || !(series->key == SeriesKey{target, device, QString::fromLatin1(metric)}))
            continue;
        const auto latest = store.latest(id);
        return latest && now - latest->time < staleAfterMs ? std::optional(latest->value)
                                                           : std::nullopt;
    }
    return std::nullopt;
}

} // namespace pilothouse
