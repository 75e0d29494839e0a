// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What runs on a node, whose it is, and signals to it.
#include "core/agentlink/grpccalls.h"
#include "core/agentlink/grpcclient.h"
#include "core/attribution/cgroup.h"

#include <QHash>

namespace pilothouse {

using Stub = proto::Agent::Stub;
static constexpr auto usual = std::chrono::seconds(30);

/// Whose a process of a node is: our job, or what its control group says, or else its user.
static QString ownerKey(const QString &job, const QString &cgroup, const QString &user)
{
    if (!job.isEmpty())
        return QStringLiteral("job ") + job;
    // The tasks of a Slurm step have a group each, and so have the processes of a container.
    const CgroupOwner owner = cgroupOwner(cgroup);
    switch (owner.kind) {
    case CgroupOwner::Kind::SlurmStep:
        return QStringLiteral("slurm %1 %2").arg(owner.job, owner.step);
    case CgroupOwner::Kind::Pod:
        return QStringLiteral("pod %1").arg(owner.pod);
    case CgroupOwner::Kind::Container:
        return QStringLiteral("container %1").arg(owner.container);
    case CgroupOwner::Kind::Service:
        return QStringLiteral("service %1 %2").arg(owner.unit, user);
    default:
        return QStringLiteral("user ") + user;
    }
}

static void addOptional(std::optional<double> &sum, const std::optional<double> &part)
{
    if (part)
        sum = sum.value_or(0) + *part;
}

/// Gives each process that uses a GPU what its owner took of them.
static void giveShares(const proto::ProcessesReply &reply, QList<Process> &processes)
{
    QHash<QString, GpuShare> shares;
    for (const auto &account : reply.accounts()) {
        auto &share = shares[ownerKey(
            cleanText(account.job()), cleanText(account.cgroup()), cleanText(account.user()))];
        const GpuShare part = toShare(account);
        share.gpuSeconds += part.gpuSeconds;
        addOptional(share.busySeconds, part.busySeconds);
        addOptional(share.energyJoules, part.energyJoules);
    }
    for (Process &process : processes) {
        if (process.gpus.isEmpty())
            continue; // its group is not told, so neither is whose it is
        const auto share = shares.constFind(ownerKey(process.job, process.cgroup, process.user));
        if (share != shares.cend())
            process.share = *share;
    }
}

Task<Result<QList<Process>>> GrpcClient::processes(Context context, int limit)
{
    proto::ProcessesRequest request;
    request.set_limit(quint32(limit));
    auto future = startCall<proto::ProcessesReply>(context.within(usual), *m_stub,
        &Stub::PrepareAsyncProcesses, request, QStringLiteral("processes"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    QList<Process> processes;
    for (const auto &process : reply->processes())
        processes << toProcess(process);
    giveShares(*reply, processes);
    co_return processes;
}

Task<Result<>> GrpcClient::signalProcess(
    Context context, Permit, quint32 pid, quint64 startTicks, int number)
{
    proto::SignalProcessRequest request;
    request.set_pid(pid);
    request.set_start_ticks(startTicks);
    request.set_signal(number);
    auto future = startCall<proto::SignalProcessReply>(context.within(usual), *m_stub,
        &Stub::PrepareAsyncSignalProcess, request, QStringLiteral("signal"));
    const auto reply = co_await std::move(future);
    if (!reply)
        co_return fail(reply.error());
    co_return Result<>();
}

} // namespace pilothouse
