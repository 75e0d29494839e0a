// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fakenode.h"
#include "tests/support/permitfortests.h"

namespace pilothouse {

/// An AgentClient in memory on a FakeNode. Every call suspends before it answers, obeys stop and
/// deadline, and ends with Unreachable once the link is lost, as the real one does.
class FakeAgentClient : public AgentClient {
public:
    explicit FakeAgentClient(std::shared_ptr<FakeNode> node = FakeNode::make());
    ~FakeAgentClient() override;

    const std::shared_ptr<FakeNode> &node() const { return m_node; }
    /// The link goes: streams and pending calls end, `lost` is emitted, later calls fail.
    void lose();

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
    struct State {
        std::shared_ptr<FakeNode> node;
        bool lost = false;
    };
    /// Suspends, then says whether the call `name` may act.
    static Task<Result<>> arrive(
        std::shared_ptr<State> state, Context context, QString name, QString detail);
    /// After it acted: whether the answer arrives.
    static Result<> answered(const std::shared_ptr<State> &state, const QString &name);
    std::shared_ptr<FakeNode::Watcher> watch();

    std::shared_ptr<FakeNode> m_node;
    std::shared_ptr<State> m_state;
    std::vector<std::weak_ptr<FakeNode::Watcher>> m_own;
};

} // namespace pilothouse
