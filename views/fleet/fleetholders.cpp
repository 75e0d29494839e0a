// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/fleetholders.h"

#include "core/attribution/cgroup.h"

#include <QCoroTask>

#include <utility>

namespace pilothouse {

FleetHolders::FleetHolders(QString me, Ask ask, QObject *parent)
    : QObject(parent)
    , m_me(std::move(me))
    , m_ask(std::move(ask))
{
}

void FleetHolders::setJobs(const QList<Job> &jobs)
{
    m_jobs.clear();
    for (const Job &job : jobs) {
        if (job.state != JobState::Running)
            continue;
        for (const QString &uuid : job.gpuUuids)
            m_jobs.insert(job.target + QLatin1Char('/') + uuid, {job.id, job.spec.name, job.user});
    }
}

void FleetHolders::give(FleetGpu *gpu, const QString &user, qint64 now)
{
    const bool inUse = gpu->util >= idleRatio || gpu->memoryUsed >= usedBytes;
    Holder holder;
    if (const auto job = m_jobs.constFind(gpu->key()); job != m_jobs.cend()) {
        holder = *job;
        if (holder.person.isEmpty()) // its agent is older and runs jobs as this user
            holder.person = user;
    } else if (inUse) {
        ask(gpu->target, now);
        holder = m_others.value(gpu->target).value(gpu->uuid);
    }
    gpu->job = holder.job;
    gpu->jobName = holder.name;
    gpu->person = holder.person;
    gpu->mine = !holder.person.isEmpty() && (holder.person == user || holder.person == m_me);
}

void FleetHolders::ask(const QString &target, qint64 now)
{
    auto &next = m_nextAsk[target];
    if (next == 0 || next > now + everyMs)
        next = now + settleMs;
    if (now < next)
        return;
    next = now + everyMs;
    QCoro::connect(m_ask(target), this, [this, target](const Result<QList<Process>> &processes) {
        if (processes)
            take(target, *processes);
    });
}

void FleetHolders::take(const QString &target, const QList<Process> &processes)
{
    QHash<QString, Holder> holders;
    QHash<QString, quint64> most; // of several on one GPU whoever has the most memory counts
    for (const Process &process : processes) {
        if (!process.job.isEmpty())
            continue;
        for (const GpuUse &use : process.gpus) {
            if (holders.contains(use.device) && use.memoryBytes <= most.value(use.device))
                continue;
            most[use.device] = use.memoryBytes;
            QString name = cgroupOwnerText(cgroupOwner(process.cgroup));
            if (name.isEmpty())
                name
                    = process.command.section(QLatin1Char(' '), 0, 0).section(QLatin1Char('/'), -1);
            holders.insert(use.device, {{}, name, process.user});
        }
    }
    m_others[target] = holders;
    Q_EMIT answered(target);
}

} // namespace pilothouse
