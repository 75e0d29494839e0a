// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmengine.h"

#include "core/base/offload.h"
#include "core/engines/slurm/slurmjob.h"
#include "core/engines/slurm/slurmstate.h"

#include <QDateTime>

namespace pilothouse {

SlurmEngine::SlurmEngine(EngineContext context, QObject *parent)
    : Engine(parent)
    , m_state(std::make_shared<SlurmState>())
{
    m_state->context = std::move(context);
}

SlurmEngine::~SlurmEngine() = default;

QString SlurmEngine::target() const
{
    return m_state->context.target;
}

QString SlurmEngine::name() const
{
    return m_state->context.name;
}

Task<Result<EngineStatus>> SlurmEngine::status(Context context)
{
    const auto client = m_state->client();
    if (!client)
        co_return fail(client.error());
    auto reading = readSlurmStatus(std::move(context), *client);
    co_return co_await std::move(reading);
}

Task<Result<QList<Job>>> SlurmEngine::jobs(Context context)
{
    const auto state = m_state;
    const auto client = state->client();
    if (!client)
        co_return fail(client.error());
    auto reading = client->records(std::move(context), {});
    const auto records = co_await std::move(reading);
    if (!records)
        co_return fail(records.error());
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    auto joining = offload([records = *records, target = state->context.target, now] {
        return slurmJobs(records, target, now);
    });
    const auto jobs = co_await std::move(joining);
    state->remember(jobs);
    co_return jobs;
}

} // namespace pilothouse
