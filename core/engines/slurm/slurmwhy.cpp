// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmwhy.h"

#include "core/engines/slurm/slurmengine.h"
#include "core/engines/slurm/slurmjob.h"
#include "core/engines/slurm/slurmstate.h"

#include <algorithm>

namespace pilothouse {

/// A read that failed explains nothing about the job.
static Explanation notRead(const Error &error)
{
    Explanation why;
    why.sentence = error.message;
    why.evidence << Explanation::Evidence{error.stage, QStringLiteral("error"), error.cause};
    why.next = error.next;
    return why;
}

/// What we saw of it when it was there, for one that Slurm has forgotten.
static QList<SlurmRecord> lastSeen(const Job &job)
{
    SlurmRecord record;
    record.id = record.arrayId = job.nativeId;
    record.state = job.reason.section(QLatin1String(", "), 0, 0);
    if (slurmState(record.state) == JobState::Unknown) {
        record.reason = job.reason;
        record.state = job.state == JobState::Failed ? QStringLiteral("FAILED")
            : job.state == JobState::Cancelled       ? QStringLiteral("CANCELLED")
                                                     : QStringLiteral("COMPLETED");
    } else {
        record.reason = job.reason.section(QLatin1String(", "), 1);
    }
    record.exitCode = job.exitCode;
    record.signal = job.signal;
    record.nodes = job.nodes;
    return {record};
}

Task<Result<Explanation>> SlurmEngine::why(Context context, Job job)
{
    const auto client = m_state->client();
    if (!client)
        co_return notRead(client.error());
    if (job.nativeId.isEmpty()) {
        Explanation none;
        none.sentence = tr("Slurm has not taken it yet.");
        co_return none;
    }
    const QString which = QStringLiteral("--jobs=") + job.nativeId;
    auto reading = client->records(context, {which}, true);
    const auto records = co_await std::move(reading);
    const bool forgotten
        = records ? records->isEmpty() : records.error().kind == ErrorKind::NotFound;
    if (!records && !forgotten)
        co_return notRead(records.error());
    SlurmCase known;
    if (!forgotten) {
        known.records = *records;
    } else {
        const qint64 since = std::max<qint64>(0, job.submittedAt / 1000 - 86'400);
        auto asking = client->accounted(context, since, {which});
        const auto old = co_await std::move(asking);
        known.source = old && !old->isEmpty() ? QStringLiteral("sacct") : tr("as last seen");
        if (old && !old->isEmpty())
            known.records = *old;
        else if (jobEnded(job.state))
            known.records = lastSeen(job);
        co_return explainSlurm(known);
    }
    const bool waits = std::any_of(known.records.begin(), known.records.end(),
        [](auto &record) { return slurmState(record.state) == JobState::Queued; });
    if (waits) { // what cannot be read of these is only less evidence
        const QString partition = known.records.front().partition;
        auto queue = client->records(context,
            {QStringLiteral("--states=PENDING"), QStringLiteral("--partition=") + partition});
        auto having = client->nodes(context, partition);
        const auto waiting = co_await std::move(queue);
        const auto nodes = co_await std::move(having);
        known.waiting = waiting.value_or(QList<SlurmRecord>());
        known.nodes = nodes.value_or(QList<SlurmNode>());
    }
    co_return explainSlurm(known);
}

} // namespace pilothouse
