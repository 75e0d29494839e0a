// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/folders.h"
#include "agents/agent/jobstore.h"
#include "agents/agent/telemetrysource.h"

#include "pilothouse/agent/v1/agent.grpc.pb.h"

#include <atomic>
#include <functional>
#include <map>

namespace pilothouse::agent {

/// How long a waiting stream sleeps before it looks whether its client has gone. The synchronous
/// API has no other way; it is free of the 100 ms sleep of Debian's callback API.
inline constexpr int cancelCheckMs = 900;

/// Every call but Exec, which needs to answer while it still reads (execservice.h).
class AgentService final : public v1::Agent::WithAsyncMethod_Exec<v1::Agent::Service> {
public:
    AgentService(const Folders &folders, JobStore &jobs, TelemetrySource &telemetry,
        std::function<void(std::string reason)> handOver);

    /// Streams end soon after.
    void stop()
    {
        m_stop = true;
        m_jobs.stopWaiting();
        m_telemetry.wakeAll();
    }

    using Context = grpc::ServerContext;
    using Status = grpc::Status;
    template <typename T> using Writer = grpc::ServerWriter<T>;

    Status Hello(Context *, const v1::HelloRequest *, v1::HelloReply *reply) override;
    Status HandOver(Context *, const v1::HandOverRequest *request, v1::HandOverReply *) override;

    Status Catalogue(Context *, const v1::CatalogueRequest *, v1::CatalogueReply *reply) override;
    Status Subscribe(
        Context *context, const v1::SubscribeRequest *request, Writer<v1::Batch> *out) override;
    Status BackFill(Context *context, const v1::BackFillRequest *request,
        Writer<v1::RollupBatch> *out) override;
    Status WatchGpus(Context *context, const v1::WatchGpusRequest *request,
        Writer<v1::GpuInstants> *out) override;
    Status Processes(
        Context *, const v1::ProcessesRequest *request, v1::ProcessesReply *reply) override;
    Status SignalProcess(
        Context *, const v1::SignalProcessRequest *request, v1::SignalProcessReply *) override;

    Status SubmitJob(
        Context *, const v1::SubmitJobRequest *request, v1::SubmitJobReply *reply) override;
    Status ListJobs(
        Context *, const v1::ListJobsRequest *request, v1::ListJobsReply *reply) override;
    Status WatchJobs(
        Context *context, const v1::WatchJobsRequest *, Writer<v1::JobEvent> *out) override;
    Status SignalJob(
        Context *, const v1::SignalJobRequest *request, v1::SignalJobReply *reply) override;
    Status CancelJob(
        Context *, const v1::CancelJobRequest *request, v1::CancelJobReply *reply) override;
    Status ForgetJob(Context *, const v1::ForgetJobRequest *request, v1::ForgetJobReply *) override;
    Status ReadLog(
        Context *context, const v1::ReadLogRequest *request, Writer<v1::LogChunk> *out) override;

    Status ListFolder(
        Context *, const v1::ListFolderRequest *request, v1::ListFolderReply *reply) override;
    Status StatFiles(
        Context *, const v1::StatFilesRequest *request, v1::StatFilesReply *reply) override;
    Status ReadRanges(Context *context, const v1::ReadRangesRequest *request,
        Writer<v1::RangeChunk> *out) override;
    Status HashFile(
        Context *context, const v1::HashFileRequest *request, v1::HashFileReply *reply) override;
    Status WriteFile(Context *context, grpc::ServerReader<v1::WriteFileRequest> *in,
        v1::WriteFileReply *reply) override;
    Status StatPartial(Context *context, const v1::StatPartialRequest *request,
        v1::WriteFileReply *reply) override;
    Status PlaceFiles(
        Context *, const v1::PlaceFilesRequest *request, v1::PlaceFilesReply *reply) override;

private:
    bool gone(Context *context) const { return m_stop || context->IsCancelled(); }
    void fillCatalogue(v1::CatalogueReply &reply) const;

    const Folders &m_folders;
    JobStore &m_jobs;
    TelemetrySource &m_telemetry;
    std::function<void(std::string)> m_handOver;
    v1::HelloReply m_facts;
    std::atomic<bool> m_stop = false;
};

} // namespace pilothouse::agent
