// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Catalogue, Subscribe, BackFill and Processes: the sampler's numbers on the wire.
#include "agents/agent/processes.h"
#include "agents/agent/refusal.h"
#include "agents/agent/service.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <unistd.h>

namespace pilothouse::agent {

static constexpr std::size_t ticksAtOnce = 128;
static constexpr std::size_t batchBytes = 256 * 1024;

static v1::MetricKind kindOf(MetricKind kind)
{
    switch (kind) {
    case MetricKind::Gauge:
        return v1::GAUGE;
    case MetricKind::Counter:
        return v1::COUNTER;
    case MetricKind::State:
        return v1::STATE;
    }
    return v1::METRIC_KIND_UNSPECIFIED;
}

void AgentService::fillCatalogue(v1::CatalogueReply &reply) const
{
    const auto catalogue = m_telemetry.catalogue();
    const auto coverage = m_telemetry.coverage();
    reply.set_ring_id(catalogue.ringId);
    reply.set_version(catalogue.version);
    uint32_t number = 0;
    for (const auto &from : catalogue.series) {
        auto *series = reply.add_series();
        series->set_number(number++);
        series->set_metric(from.metric);
        series->set_device(from.device);
        series->set_unit(from.unit);
        series->set_kind(kindOf(from.kind));
        series->set_step(from.step);
    }
    for (const auto &from : catalogue.unsupported) {
        auto *unsupported = reply.add_unsupported();
        unsupported->set_metric(from.metric);
        unsupported->set_device(from.device);
        unsupported->set_reason(from.reason);
    }
    reply.mutable_coverage()->set_first_number(coverage.firstNumber);
    reply.mutable_coverage()->set_last_number(coverage.lastNumber);
    reply.mutable_coverage()->set_first_wall_ns(coverage.firstWallNs);
    reply.mutable_coverage()->set_last_wall_ns(coverage.lastWallNs);
    reply.mutable_coverage()->set_rollup_first_wall_ns(coverage.rollupFirstWallNs);
}

grpc::Status AgentService::Catalogue(
    Context *, const v1::CatalogueRequest *, v1::CatalogueReply *reply)
{
    fillCatalogue(*reply);
    return Status::OK;
}

static void addEvents(const std::vector<KernelEvent> &events, v1::Batch &batch)
{
    for (const auto &from : events) {
        auto *event = batch.add_kernel_events();
        event->set_wall_ns(from.wallNs);
        event->set_kernel_us(from.kernelUs);
        event->set_kind(from.kind);
        event->set_device(from.device);
        event->set_line(from.line);
        event->set_xid(from.xid);
        event->set_times(from.times);
    }
}

/// The tick after which a subscription begins. Another ring's cursor means nothing here.
static uint64_t startAfter(
    const v1::SubscribeRequest &request, const std::string &ring, const RingCoverage &coverage)
{
    const uint64_t oldest = coverage.firstNumber > 0 ? coverage.firstNumber - 1 : 0;
    uint64_t after = oldest;
    if (request.ring_id() == ring && request.after() <= coverage.lastNumber)
        after = std::max(after, request.after());
    if (request.newest() > 0 && coverage.lastNumber > request.newest())
        after = std::max<uint64_t>(after, coverage.lastNumber - request.newest());
    return after;
}

grpc::Status AgentService::Subscribe(
    Context *context, const v1::SubscribeRequest *request, Writer<v1::Batch> *out)
{
    v1::CatalogueReply catalogue;
    fillCatalogue(catalogue);
    const bool sameRing = request->ring_id() == catalogue.ring_id();
    uint64_t after = startAfter(*request, catalogue.ring_id(), m_telemetry.coverage());
    uint32_t told = sameRing ? request->known_catalogue() : 0;
    bool first = true;
    uint64_t lastEvent = 0;
    wire::TickEncoder encoder;
    while (!gone(context)) {
        if (!first && !m_telemetry.waitForTick(after, cancelCheckMs))
            continue;
        const auto ticks = m_telemetry.ticksAfter(after, ticksAtOnce);
        if (ticks.empty() && !first)
            continue;
        if (m_telemetry.catalogueVersion() != catalogue.version()) {
            catalogue.Clear();
            fillCatalogue(catalogue);
        }
        v1::Batch batch;
        if (first) {
            batch.set_ring_id(catalogue.ring_id());
            batch.set_boot_id(bootId());
        }
        batch.set_catalogue_version(catalogue.version());
        if (catalogue.version() > told || (first && !sameRing)) {
            *batch.mutable_catalogue() = catalogue;
            told = catalogue.version();
        }
        for (const auto &tick : ticks) {
            if (batch.count() == 0)
                batch.set_first_number(tick.number);
            encoder.encode(tick, *batch.mutable_ticks());
            batch.set_count(batch.count() + 1);
            after = tick.number;
            if (batch.ticks().size() > batchBytes)
                break;
        }
        if (request->kernel_events()) {
            const auto events = m_telemetry.kernelEvents(lastEvent);
            lastEvent = events.empty() ? lastEvent : events.back().number;
            addEvents(events, batch);
        }
        batch.set_sent_wall_ns(wallNs());
        batch.set_sent_boottime_ns(boottimeNs());
        first = false;
        if (!out->Write(batch)) // waits while the client does not read
            break;
    }
    return Status::OK;
}

grpc::Status AgentService::BackFill(
    Context *context, const v1::BackFillRequest *request, Writer<v1::RollupBatch> *out)
{
    const auto catalogue = m_telemetry.catalogue();
    if (!request->ring_id().empty() && request->ring_id() != catalogue.ringId)
        return {grpc::StatusCode::FAILED_PRECONDITION, "The host's stored telemetry began anew."};
    for (const auto &rollup : m_telemetry.rollups(request->from_wall_ns(), request->to_wall_ns())) {
        v1::RollupBatch batch;
        batch.set_catalogue_version(catalogue.version);
        batch.set_start_wall_ns(rollup.startWallNs);
        batch.set_seconds(rollup.seconds);
        batch.mutable_values()->Add(rollup.values.begin(), rollup.values.end());
        if (gone(context) || !out->Write(batch))
            break;
    }
    return Status::OK;
}

grpc::Status AgentService::Processes(
    Context *, const v1::ProcessesRequest *request, v1::ProcessesReply *reply)
{
    const std::size_t limit = request->limit() == 0 ? 50 : request->limit();
    for (const auto &from : m_telemetry.processes(limit)) {
        auto *process = reply->add_processes();
        process->set_pid(from.pid);
        process->set_parent(from.parent);
        process->set_user(from.user);
        process->set_command(from.command);
        process->set_cpu_ratio(from.cpuRatio);
        process->set_memory_bytes(from.memoryBytes);
        process->set_job(from.job);
        process->set_started_ns(from.startedNs);
        process->set_cgroup(from.cgroup);
        if (from.state != 0)
            process->set_state(std::string(1, from.state));
        process->set_waits_for(from.waitsFor);
        process->set_start_ticks(from.startTicks);
        for (const auto &use : from.gpus) {
            auto *gpu = process->add_gpus();
            gpu->set_device(use.device);
            gpu->set_memory_bytes(use.memoryBytes);
            gpu->set_memory_known(use.memoryKnown);
            if (use.busyRatio >= 0)
                gpu->set_busy_ratio(use.busyRatio);
        }
    }
    for (const auto &from : m_telemetry.gpuAccounts()) {
        auto *account = reply->add_accounts();
        account->set_job(from.job);
        account->set_cgroup(from.cgroup);
        account->set_user(from.user);
        account->set_gpu_seconds(from.gpuSeconds);
        if (from.busySeconds >= 0)
            account->set_busy_gpu_seconds(from.busySeconds);
        if (from.energyJoules >= 0)
            account->set_energy_joules(from.energyJoules);
        account->set_since_ns(from.sinceNs);
        account->set_last_ns(from.lastNs);
    }
    reply->set_wall_ns(wallNs());
    return Status::OK;
}

grpc::Status AgentService::SignalProcess(
    Context *, const v1::SignalProcessRequest *request, v1::SignalProcessReply *)
{
    const auto pid = static_cast<int>(std::min<uint32_t>(request->pid(), INT32_MAX));
    if (request->signal() < 1 || request->signal() > SIGRTMAX || pid <= 1 || pid == ::getpid())
        return refuse(grpc::StatusCode::INVALID_ARGUMENT, "No such signal, or no such process.");
    const int error = signalProcess(pid, request->start_ticks(), request->signal());
    if (error == ESRCH)
        return refuse(grpc::StatusCode::NOT_FOUND, "The process has ended.");
    if (error == EPERM)
        return refuse(grpc::StatusCode::PERMISSION_DENIED,
            "The process belongs to another user: this host's agent runs as you and may not.");
    return error == 0 ? Status::OK : refuseErrno(error, "The signal could not be sent");
}

} // namespace pilothouse::agent
