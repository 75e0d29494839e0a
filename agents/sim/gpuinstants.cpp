// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// WatchGpus of a simulated node.
#include "agents/sim/simservice.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace pilothouse::sim {

static void set(v1::GpuInstant &gpu, const std::string &metric, double value)
{
    if (metric == "gpu_busy_ratio")
        gpu.set_busy_ratio(value);
    else if (metric == "gpu_memory_used_bytes")
        gpu.set_memory_used_bytes(value);
    else if (metric == "gpu_power_watts")
        gpu.set_power_watts(value);
    else if (metric == "gpu_temperature_celsius")
        gpu.set_temperature_celsius(value);
    else if (metric == "gpu_sm_clock_hertz")
        gpu.set_sm_clock_hertz(value);
}

void SimHost::gpusNow(std::size_t node, v1::GpuInstants &out)
{
    const std::lock_guard lock(m_mutex);
    const double second = m_clock.second();
    out.set_wall_ns(m_clock.wallNs(second));
    std::vector<int64_t> values;
    if (!m_fleet.values(node, second, values))
        return;
    const auto catalogue = m_fleet.catalogue(node);
    std::map<std::string, v1::GpuInstant *> gpus;
    for (std::size_t i = 0; i < catalogue.size() && i < values.size(); ++i) {
        const auto &series = catalogue[i];
        if (values[i] == wire::absent || !series.metric.starts_with("gpu_"))
            continue;
        auto *&gpu = gpus[series.device];
        if (!gpu) {
            gpu = out.add_gpus();
            gpu->set_uuid(series.device);
        }
        set(*gpu, series.metric, double(values[i]) * series.step);
    }
}

grpc::Status SimService::WatchGpus(
    Context *context, const v1::WatchGpusRequest *request, grpc::ServerWriter<v1::GpuInstants> *out)
{
    const auto rate = request->per_second() == 0 ? 10U : std::min(request->per_second(), 20U);
    const auto period = std::chrono::nanoseconds(std::chrono::seconds(1)) / rate;
    const std::size_t node = nodeOf(*context);
    auto next = std::chrono::steady_clock::now();
    while (!context->IsCancelled() && m_host.isReachable(node)) {
        v1::GpuInstants now;
        m_host.gpusNow(node, now);
        if (!out->Write(now))
            break;
        next = std::max(next + period, std::chrono::steady_clock::now());
        std::this_thread::sleep_until(next);
    }
    return Status::OK;
}

} // namespace pilothouse::sim
