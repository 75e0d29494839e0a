// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What is done about doubtful submissions, and what engines are asked about their jobs.
#include "core/base/log.h"
#include "core/jobs/jobserviceprivate.h"

#include <QDateTime>

namespace pilothouse {

using namespace std::chrono_literals;

static constexpr auto lookUpTime = 15s;

/// Adopts what is found, sends again or gives up what is not there.
static Task<> resolveAt(
    std::shared_ptr<JobServicePrivate> d, QString engine, QString target, QStringList ids)
{
    const auto place = d->place(engine, target);
    if (!place)
        co_return;
    auto looking = (*place)->find(Context().within(lookUpTime), ids);
    const auto found = co_await std::move(looking);
    if (!found || !d->ledger || !d->service)
        co_return; // still doubtful; the next link tries again
    for (const auto &job : *found) {
        ids.removeAll(job.id);
        d->merge(target, {job}); // adopts it, or asks to cancel it when it was withdrawn
    }
    for (const auto &id : std::as_const(ids)) {
        const auto row = d->ledger->find(id);
        if (!row || d->unanswered.contains(id)
            || (row->submission != Submission::Intent && row->submission != Submission::Sent))
            continue;
        if (!row->withdrawn) {
            d->ask(JobService::Remedy::Resubmit, id);
            continue;
        }
        if (d->ledger->setSubmission(
                id, Submission::Refused, JobService::tr("Cancelled before it was started.")))
            d->announce(id);
    }
}

Task<> resolveDoubtful(std::shared_ptr<JobServicePrivate> d, QString target)
{
    const auto rows = d->ledger->claimDoubtful(target);
    if (!rows) {
        qCWarning(lcActs) << rows.error().message << rows.error().cause;
        co_return;
    }
    QHash<QString, QStringList> ids; // by engine
    for (const auto &row : *rows) {
        if (!d->unanswered.contains(row.job.id))
            ids[row.job.engine] << row.job.id;
    }
    for (auto engine = ids.cbegin(); engine != ids.cend(); ++engine) {
        auto resolving = resolveAt(d, engine.key(), target, engine.value());
        co_await std::move(resolving);
    }
}

/// Those of one engine on one target.
using EngineKey = std::pair<QString, QString>;

static QHash<EngineKey, QStringList> unendedOnEngines(const JobServicePrivate &d)
{
    QHash<EngineKey, QStringList> ids;
    const auto rows = d.ledger ? d.ledger->unended() : QList<LedgerRow>();
    for (const auto &row : rows) {
        if (row.job.engine != QLatin1String("process") && row.submission == Submission::Accepted)
            ids[{row.job.engine, row.job.target}] << row.job.id;
    }
    return ids;
}

static Task<Result<>> askEngine(
    std::shared_ptr<JobServicePrivate> d, EngineKey key, QStringList ids)
{
    const auto &[engine, target] = key;
    const auto place = d->place(engine, target);
    if (!place)
        co_return fail(place.error());
    if (d->asking.contains(key))
        co_return Result<>();
    d->asking.insert(key);
    auto looking = (*place)->find(Context().within(lookUpTime), ids);
    const auto found = co_await std::move(looking);
    d->asking.remove(key);
    if (!found)
        co_return fail(found.error()); // what we show ages
    if (!d->service)
        co_return Result<>();
    d->merge(target, *found);
    // A job that was launched meanwhile was not asked for.
    QSet<QString> listed;
    const auto now = unendedOnEngines(*d).value(key);
    for (const auto &id : now) {
        if (!ids.contains(id))
            listed.insert(id);
    }
    for (const auto &job : *found)
        listed.insert(job.id);
    d->ageUnlisted(engine, target, listed);
    co_return Result<>();
}

/// Whether a submission arrived may take an engine a while to say.
static Task<> lookAgain(std::shared_ptr<JobServicePrivate> d, QString target)
{
    if (d->looking.contains(target))
        co_return;
    d->looking.insert(target);
    auto resolving = resolveDoubtful(d, target);
    co_await std::move(resolving);
    d->looking.remove(target);
}

static void lookForDoubtful(const std::shared_ptr<JobServicePrivate> &d)
{
    QSet<QString> targets;
    const auto rows = d->ledger ? d->ledger->unended() : QList<LedgerRow>();
    for (const auto &row : rows) {
        if (row.submission != Submission::Accepted && row.job.engine != QLatin1String("process")
            && !d->unanswered.contains(row.job.id) && !d->asked.contains(row.job.id)
            && d->place(row.job))
            targets.insert(row.job.target);
    }
    for (const auto &target : std::as_const(targets))
        lookAgain(d, target); // goes on by itself
}

void askEngines(const std::shared_ptr<JobServicePrivate> &d)
{
    if (!d->engines || d->engines->engines().isEmpty())
        return;
    if (++d->rounds % 3 == 0)
        lookForDoubtful(d);
    const auto ids = unendedOnEngines(*d);
    for (auto one = ids.cbegin(); one != ids.cend(); ++one)
        askEngine(d, one.key(), one.value()); // goes on by itself
}

Task<Result<>> askEnginesOf(std::shared_ptr<JobServicePrivate> d, QString target)
{
    const auto ids = unendedOnEngines(*d);
    for (auto one = ids.cbegin(); one != ids.cend(); ++one) {
        if (one.key().second != target)
            continue;
        auto asking = askEngine(d, one.key(), one.value());
        if (const auto asked = co_await std::move(asking); !asked)
            co_return fail(asked.error());
    }
    co_return Result<>();
}

} // namespace pilothouse
