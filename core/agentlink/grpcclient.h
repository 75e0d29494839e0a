// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/agentlink: AgentClient over one gRPC channel.

#include "core/agentlink/agentclient.h"
#include "core/agentlink/floodgate.h"

#include <grpcpp/channel.h>
#include <pilothouse/agent/v1/agent.grpc.pb.h>

namespace pilothouse {

namespace proto = ::pilothouse::agent::v1;

class GrpcClient : public AgentClient {
    Q_OBJECT

public:
    explicit GrpcClient(std::shared_ptr<grpc::Channel> channel);
    ~GrpcClient() override;

    Task<Result<NodeFacts>> hello(Context context) override;
    std::unique_ptr<AgentStream> subscribe(
        TelemetryCursor cursor, quint32 newest, TelemetryHandlers handlers) override;
    Task<Result<std::vector<AgentRollup>>> backFill(
        Context context, QString ringId, qint64 fromWallNs, qint64 toWallNs) override;
    std::unique_ptr<AgentStream> watchGpus(int perSecond, GpuHandlers handlers) override;
    Task<Result<QList<Process>>> processes(Context context, int limit) override;
    Task<Result<>> signalProcess(
        Context context, Permit permit, quint32 pid, quint64 startTicks, int number) override;

    Task<Result<Submitted>> submit(
        Context context, Permit permit, QString id, JobSpec spec) override;
    Task<Result<QList<Job>>> jobs(Context context, QStringList ids) override;
    std::unique_ptr<AgentStream> watchJobs(JobHandlers handlers) override;
    Task<Result<Job>> cancel(Context context, Permit permit, QString id, int graceSeconds) override;
    Task<Result<Job>> signal(Context context, Permit permit, QString id, int number) override;
    Task<Result<>> forget(Context context, Permit permit, QString id) override;
    std::unique_ptr<AgentStream> readLog(
        QString id, quint64 offset, bool follow, quint64 limit, LogHandlers handlers) override;

    Task<Result<QList<FileInfo>>> listFolder(Context context, QString path) override;
    Task<Result<QList<FileInfo>>> stat(Context context, QStringList paths) override;
    Task<Result<QList<QByteArray>>> readRanges(Context context, QList<ByteRange> ranges) override;
    Task<Result<QString>> hash(Context context, QString path) override;
    Task<Result<>> download(Context context, QString remote, QString local,
        std::function<void(qint64, qint64)> progress) override;
    Task<Result<>> uploadFile(Context context, Permit permit, QString local, QString remote,
        std::function<void(qint64, qint64)> progress) override;
    Task<Result<QList<FileInfo>>> placeFiles(
        Context context, Permit permit, QList<FileInfo> entries) override;
    std::unique_ptr<ExecStream> exec(Permit permit, QStringList argv, QString folder,
        QMap<QString, QString> environment, ExecHandlers handlers) override;
    Task<Result<>> handOver(Context context, QString reason) override;

private:
    void watchHealth();
    void sayLost(const Error &error);

    /// Shared with running calls: the stub outlives us while they finish.
    std::shared_ptr<proto::Agent::Stub> m_stub;
    std::unique_ptr<AgentStream> m_health;
    std::shared_ptr<FloodGate> m_gate = std::make_shared<FloodGate>();
    bool m_lost = false;
};

/// Runs a blocking transfer on a thread of its own pool (a transfer must not hold up parsing).
class TransferPool {
public:
    static class QThreadPool *instance();
};

Result<QList<QByteArray>> fetchRanges(const std::shared_ptr<proto::Agent::Stub> &stub,
    const Context &context, const QList<ByteRange> &ranges);
Result<std::vector<AgentRollup>> fetchRollups(const std::shared_ptr<proto::Agent::Stub> &stub,
    const Context &context, const QString &ringId, qint64 fromWallNs, qint64 toWallNs);
std::unique_ptr<ExecStream> startExec(std::shared_ptr<proto::Agent::Stub> stub,
    const QStringList &argv, const QString &folder, const QMap<QString, QString> &environment,
    ExecHandlers handlers);

} // namespace pilothouse
