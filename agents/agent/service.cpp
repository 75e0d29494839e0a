// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/service.h"

#include "agents/agent/hostfacts.h"
#include "agents/agent/processes.h"

namespace pilothouse::agent {

AgentService::AgentService(const Folders &folders, JobStore &jobs, TelemetrySource &telemetry,
    std::function<void(std::string)> handOver)
    : m_folders(folders)
    , m_jobs(jobs)
    , m_telemetry(telemetry)
    , m_handOver(std::move(handOver))
{
    describeHost(m_folders, m_facts);
    m_facts.set_started_ns(wallNs());
}

grpc::Status AgentService::Hello(Context *, const v1::HelloRequest *, v1::HelloReply *reply)
{
    *reply = m_facts;
    for (const auto &from : m_telemetry.devices()) {
        auto *device = reply->add_devices();
        device->set_uuid(from.uuid);
        device->set_index(from.index);
        device->set_name(from.name);
        device->set_kind(from.kind);
        device->set_memory_bytes(from.memoryBytes);
        device->set_driver(from.driver);
        device->set_power_limit_watts(from.powerLimitWatts);
        device->set_simulated(from.simulated);
        device->set_trouble(from.trouble);
        device->set_parent(from.parent);
    }
    bool nvidia = false;
    for (const auto &device : reply->devices())
        nvidia = nvidia || device.kind() == "nvidia";
    if (nvidia)
        reply->add_capabilities("nvml");
    reply->set_wall_ns(wallNs());
    reply->set_boottime_ns(boottimeNs());
    return Status::OK;
}

grpc::Status AgentService::HandOver(
    Context *, const v1::HandOverRequest *request, v1::HandOverReply *)
{
    m_handOver(request->reason());
    return Status::OK;
}

} // namespace pilothouse::agent
