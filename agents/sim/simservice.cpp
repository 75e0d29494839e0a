// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/simservice.h"

#include "agents/sim/virtualfiles.h"

#include <csignal>

namespace pilothouse::sim {

static grpc::Status notHere()
{
    return {grpc::StatusCode::FAILED_PRECONDITION,
        "This node is simulated: it has telemetry, jobs and a few files to read, nothing else."};
}

static grpc::Status noJob(const std::string &id)
{
    return {grpc::StatusCode::NOT_FOUND, "There is no job " + id + " on this node."};
}

std::size_t SimService::nodeOf(const Context &context) const
{
    return std::size_t(std::max(0L, m_host.nodeOfPeer(context.peer())));
}

grpc::Status SimService::Hello(Context *context, const v1::HelloRequest *, v1::HelloReply *reply)
{
    m_host.hello(nodeOf(*context), *reply);
    return Status::OK;
}

grpc::Status SimService::HandOver(Context *, const v1::HandOverRequest *, v1::HandOverReply *)
{
    return notHere();
}

grpc::Status SimService::Catalogue(
    Context *context, const v1::CatalogueRequest *, v1::CatalogueReply *reply)
{
    m_host.catalogue(nodeOf(*context), *reply);
    return Status::OK;
}

grpc::Status SimService::BackFill(
    Context *context, const v1::BackFillRequest *request, grpc::ServerWriter<v1::RollupBatch> *out)
{
    const std::size_t node = nodeOf(*context);
    if (!request->ring_id().empty() && request->ring_id() != m_host.ringId(node))
        return {grpc::StatusCode::FAILED_PRECONDITION, "The host's stored telemetry began anew."};
    for (const auto &row : m_host.rollups(node, request->from_wall_ns(), request->to_wall_ns())) {
        if (context->IsCancelled() || !out->Write(row))
            break;
    }
    return Status::OK;
}

grpc::Status SimService::Processes(
    Context *context, const v1::ProcessesRequest *request, v1::ProcessesReply *reply)
{
    m_host.processes(nodeOf(*context), request->limit() == 0 ? 50 : request->limit(), *reply);
    return Status::OK;
}

/// As SignalJob: what ends a program ends the job it belongs to.
grpc::Status SimService::SignalProcess(
    Context *context, const v1::SignalProcessRequest *request, v1::SignalProcessReply *)
{
    v1::ProcessesReply running;
    m_host.processes(nodeOf(*context), 0, running);
    for (const auto &process : running.processes()) {
        if (process.pid() != request->pid() || process.start_ticks() != request->start_ticks())
            continue;
        const int number = request->signal();
        if (process.job().empty())
            return {grpc::StatusCode::PERMISSION_DENIED, "The process belongs to another user."};
        if (number == SIGTERM || number == SIGKILL || number == SIGINT || number == SIGQUIT)
            m_host.cancel(nodeOf(*context), process.job());
        return Status::OK;
    }
    return {grpc::StatusCode::NOT_FOUND, "The process has ended."};
}

grpc::Status SimService::SubmitJob(
    Context *context, const v1::SubmitJobRequest *request, v1::SubmitJobReply *reply)
{
    auto submitted = m_host.submit(nodeOf(*context), request->spec());
    if (!submitted.job)
        return {grpc::StatusCode::INVALID_ARGUMENT, submitted.refusal};
    *reply->mutable_job() = std::move(*submitted.job);
    reply->set_existed(submitted.existed);
    return Status::OK;
}

grpc::Status SimService::ListJobs(
    Context *context, const v1::ListJobsRequest *request, v1::ListJobsReply *reply)
{
    const std::size_t node = nodeOf(*context);
    if (request->ids().empty()) {
        for (auto &job : m_host.jobs(node))
            *reply->add_jobs() = std::move(job);
    }
    for (const auto &id : request->ids()) {
        if (auto job = m_host.job(node, id))
            *reply->add_jobs() = std::move(*job);
    }
    return Status::OK;
}

grpc::Status SimService::cancelled(const Context &context, const std::string &id, v1::Job &job)
{
    const std::size_t node = nodeOf(context);
    m_host.cancel(node, id);
    auto found = m_host.job(node, id);
    if (!found)
        return noJob(id);
    job = std::move(*found);
    return Status::OK;
}

grpc::Status SimService::CancelJob(
    Context *context, const v1::CancelJobRequest *request, v1::CancelJobReply *reply)
{
    return cancelled(*context, request->id(), *reply->mutable_job());
}

/// What ends a program ends the job; other signals are taken and change nothing.
grpc::Status SimService::SignalJob(
    Context *context, const v1::SignalJobRequest *request, v1::SignalJobReply *reply)
{
    const int number = request->signal();
    if (number == SIGTERM || number == SIGKILL || number == SIGINT || number == SIGQUIT)
        return cancelled(*context, request->id(), *reply->mutable_job());
    auto found = m_host.job(nodeOf(*context), request->id());
    if (!found)
        return noJob(request->id());
    *reply->mutable_job() = std::move(*found);
    return Status::OK;
}

grpc::Status SimService::ForgetJob(
    Context *context, const v1::ForgetJobRequest *request, v1::ForgetJobReply *)
{
    if (!m_host.forget(nodeOf(*context), request->id()))
        return {grpc::StatusCode::FAILED_PRECONDITION, "The job runs; cancel it first."};
    return Status::OK;
}

grpc::Status SimService::ListFolder(
    Context *context, const v1::ListFolderRequest *request, v1::ListFolderReply *reply)
{
    const VirtualFiles files(m_host, nodeOf(*context));
    const auto folder = files.look(request->path());
    if (folder.kind() != "folder")
        return {grpc::StatusCode::NOT_FOUND, request->path() + " is not a folder of this node."};
    const std::size_t limit = request->limit() == 0 ? 10'000 : request->limit();
    for (auto &entry : files.list(folder.path())) {
        if (std::size_t(reply->entries_size()) >= limit) {
            reply->set_cut(true);
            break;
        }
        *reply->add_entries() = std::move(entry);
    }
    return Status::OK;
}

grpc::Status SimService::StatFiles(
    Context *context, const v1::StatFilesRequest *request, v1::StatFilesReply *reply)
{
    const VirtualFiles files(m_host, nodeOf(*context));
    for (const auto &path : request->paths()) {
        auto info = files.look(path);
        info.set_path(path);
        *reply->add_files() = std::move(info);
    }
    return Status::OK;
}

grpc::Status SimService::ReadRanges(
    Context *context, const v1::ReadRangesRequest *request, grpc::ServerWriter<v1::RangeChunk> *out)
{
    static constexpr std::size_t chunkBytes = 256 * 1024;
    const VirtualFiles files(m_host, nodeOf(*context));
    for (int i = 0; i < request->ranges_size(); ++i) {
        const auto &range = request->ranges(i);
        uint64_t offset = range.offset();
        uint64_t left = range.length() == 0 ? UINT64_MAX : range.length();
        for (bool end = false; !end;) {
            v1::RangeChunk chunk;
            chunk.set_range(uint32_t(i));
            chunk.set_offset(offset);
            const auto data
                = files.read(range.path(), offset, std::min<uint64_t>(left, chunkBytes));
            if (data)
                chunk.set_data(*data);
            else
                chunk.set_error("No such file");
            offset += chunk.data().size();
            left -= chunk.data().size();
            end = chunk.data().empty() || left == 0;
            chunk.set_end(end);
            if (!out->Write(chunk))
                return Status::OK;
        }
    }
    return Status::OK;
}

grpc::Status SimService::HashFile(Context *, const v1::HashFileRequest *, v1::HashFileReply *)
{
    return notHere();
}

grpc::Status SimService::WriteFile(
    Context *, grpc::ServerReader<v1::WriteFileRequest> *, v1::WriteFileReply *)
{
    return notHere();
}

grpc::Status SimService::StatPartial(
    Context *, const v1::StatPartialRequest *, v1::WriteFileReply *)
{
    return notHere();
}

grpc::Status SimService::Exec(Context *, grpc::ServerReaderWriter<v1::ExecEvent, v1::ExecRequest> *)
{
    return notHere();
}

} // namespace pilothouse::sim
