// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// WatchGpus: a few values of the GPUs ten times a second, for as long as somebody looks.
#include "agents/agent/service.h"
#include "agents/collectors/clock.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace pilothouse::agent {

static constexpr uint32_t usualRate = 10, highestRate = 20;

static v1::GpuInstants toMessage(const std::vector<GpuInstant> &gpus, int64_t wallNs)
{
    v1::GpuInstants message;
    message.set_wall_ns(wallNs);
    for (const auto &from : gpus) {
        auto *gpu = message.add_gpus();
        gpu->set_uuid(from.uuid);
        if (!std::isnan(from.busyRatio))
            gpu->set_busy_ratio(from.busyRatio);
        if (!std::isnan(from.memoryBytes))
            gpu->set_memory_used_bytes(from.memoryBytes);
        if (!std::isnan(from.watts))
            gpu->set_power_watts(from.watts);
        if (!std::isnan(from.celsius))
            gpu->set_temperature_celsius(from.celsius);
        if (!std::isnan(from.smHertz))
            gpu->set_sm_clock_hertz(from.smHertz);
    }
    return message;
}

grpc::Status AgentService::WatchGpus(
    Context *context, const v1::WatchGpusRequest *request, Writer<v1::GpuInstants> *out)
{
    using Clock = std::chrono::steady_clock;
    const auto rate
        = request->per_second() == 0 ? usualRate : std::min(request->per_second(), highestRate);
    const auto period = std::chrono::nanoseconds(std::chrono::seconds(1)) / rate;
    auto next = Clock::now();
    while (!gone(context)) {
        const auto gpus = m_telemetry.gpusNow();
        if (!out->Write(toMessage(gpus, wallNs()))) // waits while the client does not read
            break;
        next = std::max(next + period, Clock::now());
        std::this_thread::sleep_until(next);
    }
    return Status::OK;
}

} // namespace pilothouse::agent
