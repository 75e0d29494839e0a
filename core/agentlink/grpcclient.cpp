// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/grpcfiles.h"

#include "core/agentlink/agentchannel.h"
#include "core/agentlink/grpccalls.h"
#include "core/agentlink/telemetrydecoder.h"

#include <QPointer>
#include <QThreadPool>

#include <grpcpp/create_channel_posix.h>
#include <grpcpp/support/channel_arguments.h>

#include <fcntl.h>

#ifndef PILOTHOUSE_VERSION
#error "PILOTHOUSE_VERSION comes from CMake"
#endif

namespace pilothouse {

using Stub = proto::Agent::Stub;
static constexpr auto usual = std::chrono::seconds(30);
static constexpr qsizetype mostEntries = 1'000'000; // of one folder
static constexpr qsizetype entriesPerCall = 1000;

std::unique_ptr<AgentClient> makeAgentClient(Descriptor socket)
{
    grpc::ChannelArguments arguments;
    // A half-open link is silent both ways: 10 s + 5 s make it "lost" after 15 s.
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    arguments.SetMaxReceiveMessageSize(16 * 1024 * 1024); // a catalogue of 100,000 series, and more
    const int fd = socket.release();
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    return std::make_unique<GrpcClient>(
        grpc::CreateCustomInsecureChannelFromFd("agent", fd, arguments));
}

QThreadPool *TransferPool::instance()
{
    static QThreadPool pool;
    pool.setMaxThreadCount(16);
    return &pool;
}

GrpcClient::GrpcClient(std::shared_ptr<grpc::Channel> channel)
    : m_stub(proto::Agent::NewStub(channel))
{
}

GrpcClient::~GrpcClient() = default;

void GrpcClient::sayLost(const Error &error)
{
    if (std::exchange(m_lost, true))
        return;
    Q_EMIT lost(error);
}

void GrpcClient::watchHealth()
{
    // Connectivity watching does not work on a channel made from a descriptor: a call that stays
    // open until the link goes tells it.
    JobHandlers handlers;
    handlers.ended = [this](const Error &error) { sayLost(error); };
    m_health = watchJobs(std::move(handlers));
}

Task<Result<NodeFacts>> GrpcClient::hello(Context context)
{
    const auto stub = m_stub;
    QPointer<GrpcClient> self(this);
    proto::HelloRequest request;
    request.set_console_version(PILOTHOUSE_VERSION);
    request.set_protocol(1);
    auto future = startCall<proto::HelloReply>(context.within(usual), *stub,
        &Stub::PrepareAsyncHello, request, QStringLiteral("handshake"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    if (self && !self->m_health)
        self->watchHealth();
    co_return toFacts(*reply);
}

std::unique_ptr<AgentStream> GrpcClient::subscribe(
    TelemetryCursor cursor, quint32 newest, TelemetryHandlers handlers)
{
    using State = StreamState<proto::Batch, TelemetryItem>;
    proto::SubscribeRequest request;
    request.set_ring_id(cursor.ringId.toStdString());
    request.set_after(cursor.after);
    request.set_newest(newest);
    request.set_kernel_events(bool(handlers.kernel));
    auto decoder = std::make_shared<TelemetryDecoder>(m_gate);
    auto deliver = [handlers](TelemetryItem &item) {
        if (item.catalogue && handlers.catalogue)
            handlers.catalogue(*item.catalogue);
        if (!item.kernel.empty() && handlers.kernel)
            handlers.kernel(item.kernel);
        if (!item.ticks.empty() && handlers.ticks)
            handlers.ticks(std::move(item.ticks), item.sentWallNs, item.sentBoottimeNs);
    };
    auto ended = [handlers, self = QPointer<GrpcClient>(this)](
                     const grpc::Status &status, const std::optional<Error> &error) {
        if (handlers.ended)
            handlers.ended(error ? *error : toError(status, QStringLiteral("telemetry")));
        if (self && error && error->kind == ErrorKind::Denied)
            self->sayLost(*error);
    };
    auto state = std::make_shared<State>(
        4, [decoder](proto::Batch &batch) { return (*decoder)(batch); }, deliver, ended);
    state->start(m_stub->PrepareAsyncSubscribe(&state->client, request, grpcQueue()));
    return std::make_unique<StreamHandle<State>>(state);
}

std::unique_ptr<AgentStream> GrpcClient::watchJobs(JobHandlers handlers)
{
    using State = StreamState<proto::JobEvent, proto::JobEvent>;
    auto deliver = [handlers](proto::JobEvent &event) {
        if (event.has_job() && event.forgotten()) {
            if (handlers.forgotten)
                handlers.forgotten(cleanText(event.job().id()));
        } else if (event.has_job() && handlers.job) {
            handlers.job(toJob(event.job()));
        }
        if (event.listed() && handlers.listed)
            handlers.listed();
    };
    auto ended = [handlers](const grpc::Status &status, const std::optional<Error> &error) {
        if (handlers.ended)
            handlers.ended(error ? *error : toError(status, QStringLiteral("jobs")));
    };
    auto state = std::make_shared<State>(
        256,
        [gate = m_gate](proto::JobEvent &event) -> Result<proto::JobEvent> {
            if (!gate->take(event.ByteSizeLong()))
                return fail(flooding());
            return std::move(event);
        },
        deliver, ended);
    state->start(
        m_stub->PrepareAsyncWatchJobs(&state->client, proto::WatchJobsRequest(), grpcQueue()));
    return std::make_unique<StreamHandle<State>>(state);
}

std::unique_ptr<AgentStream> GrpcClient::readLog(
    QString id, quint64 offset, bool follow, quint64 limit, LogHandlers handlers)
{
    using State = StreamState<proto::LogChunk, proto::LogChunk>;
    proto::ReadLogRequest request;
    request.set_id(id.toStdString());
    request.set_offset(offset);
    request.set_follow(follow);
    request.set_limit(limit);
    auto complete = std::make_shared<bool>(false);
    auto deliver = [handlers, complete](proto::LogChunk &chunk) {
        *complete |= chunk.end();
        if (!chunk.data().empty() && handlers.data)
            handlers.data(chunk.offset(), QByteArray::fromStdString(chunk.data()));
    };
    auto ended
        = [handlers, complete](const grpc::Status &status, const std::optional<Error> &error) {
              if (!handlers.ended)
                  return;
              if (error || !status.ok())
                  handlers.ended(false, error ? *error : toError(status, QStringLiteral("log")));
              else
                  handlers.ended(*complete, std::nullopt);
          };
    auto state = std::make_shared<State>(
        64, [](proto::LogChunk &chunk) -> Result<proto::LogChunk> { return std::move(chunk); },
        deliver, ended);
    state->start(m_stub->PrepareAsyncReadLog(&state->client, request, grpcQueue()));
    return std::make_unique<StreamHandle<State>>(state);
}

Task<Result<Submitted>> GrpcClient::submit(Context context, Permit, QString id, JobSpec spec)
{
    proto::SubmitJobRequest request;
    *request.mutable_spec() = fromSpec(id, spec);
    auto future = startCall<proto::SubmitJobReply>(context.within(usual), *m_stub,
        &Stub::PrepareAsyncSubmitJob, request, QStringLiteral("submit"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    Submitted submitted;
    submitted.job = toJob(reply->job());
    submitted.existed = reply->existed();
    co_return submitted;
}

Task<Result<QList<Job>>> GrpcClient::jobs(Context context, QStringList ids)
{
    proto::ListJobsRequest request;
    for (const auto &id : ids)
        request.add_ids(id.toStdString());
    auto future = startCall<proto::ListJobsReply>(context.within(usual), *m_stub,
        &Stub::PrepareAsyncListJobs, request, QStringLiteral("jobs"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    QList<Job> jobs;
    for (const auto &job : reply->jobs())
        jobs << toJob(job);
    co_return jobs;
}

Task<Result<Job>> GrpcClient::cancel(Context context, Permit, QString id, int graceSeconds)
{
    proto::CancelJobRequest request;
    request.set_id(id.toStdString());
    request.set_grace_seconds(quint32(graceSeconds));
    auto future = startCall<proto::CancelJobReply>(context.within(usual), *m_stub,
        &Stub::PrepareAsyncCancelJob, request, QStringLiteral("cancel"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    co_return toJob(reply->job());
}

Task<Result<Job>> GrpcClient::signal(Context context, Permit, QString id, int number)
{
    proto::SignalJobRequest request;
    request.set_id(id.toStdString());
    request.set_signal(number);
    auto future = startCall<proto::SignalJobReply>(context.within(usual), *m_stub,
        &Stub::PrepareAsyncSignalJob, request, QStringLiteral("signal"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    co_return toJob(reply->job());
}

Task<Result<>> GrpcClient::forget(Context context, Permit, QString id)
{
    proto::ForgetJobRequest request;
    request.set_id(id.toStdString());
    auto future = startCall<proto::ForgetJobReply>(context.within(usual), *m_stub,
        &Stub::PrepareAsyncForgetJob, request, QStringLiteral("forget"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    co_return Result<>();
}

Task<Result<QList<FileInfo>>> GrpcClient::listFolder(Context context, QString path)
{
    const auto stub = m_stub;
    proto::ListFolderRequest request;
    request.set_path(path.toStdString());
    QList<FileInfo> files;
    for (bool more = true; more;) {
        auto future = startCall<proto::ListFolderReply>(context.within(usual), *stub,
            &Stub::PrepareAsyncListFolder, request, QStringLiteral("list"));
        const auto reply = co_await std::move(future);
        if (!reply)
            co_return fail(reply.error());
        for (const auto &entry : reply->entries())
            files << toFileInfo(entry);
        more = reply->cut();
        if (more && (reply->last() <= request.after() || files.size() > mostEntries)) {
            Error endless{ErrorKind::BadReply, QStringLiteral("list"),
                QCoreApplication::translate("agentlink", "%1 holds too many files to list.")
                    .arg(path),
                {}, {}};
            co_return fail(endless);
        }
        request.set_after(reply->last());
    }
    co_return files;
}

Task<Result<QList<FileInfo>>> GrpcClient::placeFiles(
    Context context, Permit, QList<FileInfo> entries)
{
    const auto stub = m_stub;
    QList<FileInfo> answers;
    for (qsizetype done = 0; done < entries.size(); done += entriesPerCall) {
        proto::PlaceFilesRequest request;
        const auto part = entries.mid(done, entriesPerCall);
        for (const auto &entry : part)
            *request.add_entries() = fromFileInfo(entry);
        auto future = startCall<proto::PlaceFilesReply>(
            context, *stub, &Stub::PrepareAsyncPlaceFiles, request, QStringLiteral("copy"));
        const auto reply = co_await std::move(future);
        if (!reply)
            co_return fail(reply.error());
        for (const auto &entry : reply->entries())
            answers << toFileInfo(entry);
    }
    co_return answers;
}

Task<Result<QList<FileInfo>>> GrpcClient::stat(Context context, QStringList paths)
{
    proto::StatFilesRequest request;
    for (const auto &path : paths)
        request.add_paths(path.toStdString());
    auto future = startCall<proto::StatFilesReply>(context.within(usual), *m_stub,
        &Stub::PrepareAsyncStatFiles, request, QStringLiteral("stat"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    QList<FileInfo> files;
    for (const auto &file : reply->files())
        files << toFileInfo(file);
    co_return files;
}

Task<Result<QString>> GrpcClient::hash(Context context, QString path)
{
    proto::HashFileRequest request;
    request.set_path(path.toStdString());
    auto future = startCall<proto::HashFileReply>(
        context, *m_stub, &Stub::PrepareAsyncHashFile, request, QStringLiteral("hash"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    co_return cleanText(reply->xxh3_128());
}

Task<Result<>> GrpcClient::handOver(Context context, QString reason)
{
    proto::HandOverRequest request;
    request.set_reason(reason.toStdString());
    auto future = startCall<proto::HandOverReply>(context.within(usual), *m_stub,
        &Stub::PrepareAsyncHandOver, request, QStringLiteral("hand over"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    co_return Result<>();
}

/// Runs a blocking function of ours on the transfer pool.
template <typename T> static QFuture<Result<T>> onTransferPool(std::function<Result<T>()> work)
{
    Reply<T> reply;
    TransferPool::instance()->start([reply, work = std::move(work)] { reply.finish(work()); });
    return reply.future();
}

Task<Result<std::vector<AgentRollup>>> GrpcClient::backFill(
    Context context, QString ringId, qint64 fromWallNs, qint64 toWallNs)
{
    auto future = onTransferPool<std::vector<AgentRollup>>(
        [stub = m_stub, context, ringId, fromWallNs, toWallNs] {
            return fetchRollups(stub, context, ringId, fromWallNs, toWallNs);
        });
    co_return co_await std::move(future);
}

Task<Result<QList<QByteArray>>> GrpcClient::readRanges(Context context, QList<ByteRange> ranges)
{
    auto future = onTransferPool<QList<QByteArray>>(
        [stub = m_stub, context, ranges] { return fetchRanges(stub, context, ranges); });
    co_return co_await std::move(future);
}

/// Progress told on the main thread.
static std::function<void(qint64, qint64)> posted(std::function<void(qint64, qint64)> progress)
{
    return [progress = std::move(progress)](qint64 done, qint64 total) {
        if (progress)
            onMainThread([progress, done, total] { progress(done, total); });
    };
}

Task<Result<>> GrpcClient::download(
    Context context, QString remote, QString local, std::function<void(qint64, qint64)> progress)
{
    auto future = onTransferPool<void>(
        [stub = m_stub, context, remote, local, told = posted(std::move(progress))] {
            return downloadFile(stub, context, remote, local, told);
        });
    co_return co_await std::move(future);
}

Task<Result<>> GrpcClient::uploadFile(Context context, Permit, QString local, QString remote,
    std::function<void(qint64, qint64)> progress)
{
    auto future = onTransferPool<void>(
        [stub = m_stub, context, remote, local, told = posted(std::move(progress))] {
            return sendFile(stub, context, local, remote, told);
        });
    co_return co_await std::move(future);
}

std::unique_ptr<ExecStream> GrpcClient::exec(Permit, QStringList argv, QString folder,
    QMap<QString, QString> environment, ExecHandlers handlers)
{
    return startExec(m_stub, argv, folder, environment, std::move(handlers));
}

} // namespace pilothouse
