// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/host.h"

#include "pilothouse/agent/v1/agent.grpc.pb.h"

namespace pilothouse::sim {

/// One service for all nodes: a call's node is the one whose socket its connection came in by.
/// Streams that stay open are asynchronous (streams.h), so that thousands need no thread each.
class SimService final
    : public v1::Agent::WithAsyncMethod_Subscribe<v1::Agent::WithAsyncMethod_WatchJobs<
          v1::Agent::WithAsyncMethod_ReadLog<v1::Agent::Service>>> {
public:
    explicit SimService(SimHost &host)
        : m_host(host)
    {
    }

    using Context = grpc::ServerContext;
    using Status = grpc::Status;

    Status Hello(Context *context, const v1::HelloRequest *, v1::HelloReply *reply) override;
    Status HandOver(Context *, const v1::HandOverRequest *, v1::HandOverReply *) override;
    Status Catalogue(
        Context *context, const v1::CatalogueRequest *, v1::CatalogueReply *reply) override;
    Status BackFill(Context *context, const v1::BackFillRequest *request,
        grpc::ServerWriter<v1::RollupBatch> *out) override;
    Status WatchGpus(Context *context, const v1::WatchGpusRequest *request,
        grpc::ServerWriter<v1::GpuInstants> *out) override;
    Status Processes(
        Context *context, const v1::ProcessesRequest *request, v1::ProcessesReply *reply) override;
    Status SignalProcess(Context *context, const v1::SignalProcessRequest *request,
        v1::SignalProcessReply *) override;
    Status SubmitJob(
        Context *context, const v1::SubmitJobRequest *request, v1::SubmitJobReply *reply) override;
    Status ListJobs(
        Context *context, const v1::ListJobsRequest *request, v1::ListJobsReply *reply) override;
    Status SignalJob(
        Context *context, const v1::SignalJobRequest *request, v1::SignalJobReply *reply) override;
    Status CancelJob(
        Context *context, const v1::CancelJobRequest *request, v1::CancelJobReply *reply) override;
    Status ForgetJob(
        Context *context, const v1::ForgetJobRequest *request, v1::ForgetJobReply *) override;
    Status ListFolder(Context *context, const v1::ListFolderRequest *request,
        v1::ListFolderReply *reply) override;
    Status StatFiles(
        Context *context, const v1::StatFilesRequest *request, v1::StatFilesReply *reply) override;
    Status ReadRanges(Context *context, const v1::ReadRangesRequest *request,
        grpc::ServerWriter<v1::RangeChunk> *out) override;
    Status HashFile(Context *, const v1::HashFileRequest *, v1::HashFileReply *) override;
    Status WriteFile(
        Context *, grpc::ServerReader<v1::WriteFileRequest> *, v1::WriteFileReply *) override;
    Status StatPartial(Context *, const v1::StatPartialRequest *, v1::WriteFileReply *) override;
    Status Exec(
        Context *, grpc::ServerReaderWriter<v1::ExecEvent, v1::ExecRequest> *stream) override;

private:
    /// Of the socket that a call came in by.
    std::size_t nodeOf(const Context &context) const;
    Status cancelled(const Context &context, const std::string &id, v1::Job &job);

    SimHost &m_host;
};

} // namespace pilothouse::sim
