// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Looking jobs of ours up. "Not there" makes the caller send a job again, so it is only said when
// it is certain.
#include "core/engines/slurm/slurmengine.h"
#include "core/engines/slurm/slurmjob.h"
#include "core/engines/slurm/slurmstate.h"
#include "core/engines/slurm/slurmtext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QSet>

#include <algorithm>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("slurm", text);
}

/// When an id was made, Unix ms: its first ten digits (core/jobs/jobid.h). 0 = it is none.
static qint64 madeAt(const QString &id)
{
    static const QString digits = QStringLiteral("0123456789abcdefghjkmnpqrstvwxyz");
    qint64 made = 0;
    for (const QChar c : id.left(10)) {
        const qsizetype digit = digits.indexOf(c);
        if (digit < 0)
            return 0;
        made = made << 5 | digit;
    }
    return id.size() == 26 ? made : 0;
}

static qint64 secondsIn(const QMap<QString, QString> &config, const char *key, qint64 otherwise)
{
    bool ok = false;
    const qint64 value = config.value(QString::fromLatin1(key)).section(u' ', 0, 0).toLongLong(&ok);
    return ok ? value : otherwise;
}

static QList<Job> oursAmong(const QList<Job> &jobs, const QSet<QString> &ids)
{
    QList<Job> ours;
    std::copy_if(jobs.begin(), jobs.end(), std::back_inserter(ours),
        [&](const Job &job) { return ids.contains(job.id); });
    return ours;
}

namespace {
enum class Sending { No, Yes };
}

/// Whether an sbatch of ours for one of these still runs on the login node: while the controller
/// is busy it goes on trying for minutes.
static Task<Result<Sending>> stillSending(Context context, SlurmClient client, QStringList ids)
{
    const QString any = ids.size() > 500 ? QString() : u'(' + ids.join(u'|') + u')';
    const QString pattern = QStringLiteral("[-]-comment=ph:") + any;
    auto looking
        = client.look(std::move(context), {QStringLiteral("pgrep"), QStringLiteral("-f"), pattern});
    const auto found = co_await std::move(looking);
    if (!found)
        co_return fail(found.error());
    if (found->exitCode > 1 || found->signal != 0)
        co_return fail(Error{ErrorKind::BadReply, QStringLiteral("pgrep"),
            tr("It could not be seen whether a submission is still on its way."),
            QString::fromUtf8(found->err), {}});
    co_return found->exitCode == 0 ? Sending::Yes : Sending::No;
}

/// Those of the ids that squeue shows.
static Task<Result<QList<Job>>> inQueue(
    Context context, std::shared_ptr<SlurmState> state, SlurmClient client, QSet<QString> ids)
{
    auto reading = client.records(std::move(context), {QStringLiteral("--me")});
    const auto records = co_await std::move(reading);
    if (!records)
        co_return fail(records.error());
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const auto found = oursAmong(slurmJobs(*records, state->context.target, now), ids);
    state->remember(found);
    co_return found;
}

/// Those of the ids that accounting shows.
static Task<Result<QList<Job>>> inAccounting(
    Context context, std::shared_ptr<SlurmState> state, SlurmClient client, QSet<QString> ids)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    qint64 oldest = now;
    for (const QString &id : ids)
        oldest = std::min(oldest, madeAt(id));
    const qint64 since = std::max<qint64>(0, oldest / 1000 - 86'400); // clocks differ
    auto asking = client.accounted(std::move(context), since);
    const auto records = co_await std::move(asking);
    if (!records)
        co_return fail(records.error());
    const auto found = oursAmong(slurmJobs(*records, state->context.target, now), ids);
    state->remember(found);
    co_return found;
}

/// One that Slurm may have forgotten: neither there nor missing.
static Job forgottenJob(const QString &id, const QString &target)
{
    Job job;
    job.id = id;
    job.target = target;
    job.engine = QStringLiteral("slurm");
    job.reason = tr("Slurm does not know it, but may have forgotten it: without accounting it "
                    "keeps ended jobs for some minutes only.");
    job.seenAt = QDateTime::currentMSecsSinceEpoch();
    return job;
}

static void take(QList<Job> &found, QSet<QString> &missing, const QList<Job> &more)
{
    found << more;
    for (const auto &job : more)
        missing.remove(job.id);
}

Task<Result<QList<Job>>> SlurmEngine::find(Context context, QStringList ids)
{
    const auto state = m_state;
    const auto client = state->client();
    if (!client)
        co_return fail(client.error());
    QSet<QString> missing(ids.begin(), ids.end());
    QList<Job> found;
    auto looking = inQueue(context, state, *client, missing);
    const auto queued = co_await std::move(looking);
    if (!queued)
        co_return fail(queued.error());
    take(found, missing, *queued);
    const auto forgotten = QSet<QString>(missing).intersect(state->forgotten);
    for (const QString &id : forgotten) // what was looked for once is not looked for each time
        take(found, missing, {forgottenJob(id, state->context.target)});
    if (missing.isEmpty())
        co_return found;
    // What may still be sending is looked for before the queue is: what arrives between is seen.
    auto watching = stillSending(context, *client, missing.values());
    const auto sending = co_await std::move(watching);
    if (!sending)
        co_return fail(sending.error());
    auto asking = client->ask(
        context, {QStringLiteral("scontrol"), QStringLiteral("show"), QStringLiteral("config")});
    const auto configText = co_await std::move(asking);
    if (!configText)
        co_return fail(configText.error());
    auto again = inQueue(context, state, *client, missing);
    const auto late = co_await std::move(again);
    if (!late)
        co_return fail(late.error());
    take(found, missing, *late);
    const auto config = slurmPairs(*configText);
    const bool accounting
        = config.value(QStringLiteral("AccountingStorageType")).endsWith(QLatin1String("slurmdbd"));
    if (accounting && !missing.isEmpty()) {
        auto accounted = inAccounting(context, state, *client, missing);
        const auto old = co_await std::move(accounted);
        if (!old)
            co_return fail(old.error());
        take(found, missing, *old);
    }
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const qint64 remembered = secondsIn(config, "MinJobAge", 300);
    const qint64 settled = 2 * secondsIn(config, "MessageTimeout", 10);
    for (const QString &id : std::as_const(missing)) {
        // What an engine before this one sent, over a link that is gone, is not in `doubtful`.
        const qint64 sent = std::max({state->doubtful.value(id), madeAt(id), state->since});
        if (*sending == Sending::Yes || now - sent < settled * 1000)
            co_return fail(Error{ErrorKind::Conflict, QStringLiteral("lookup"),
                tr("Its submission may still be on its way."), id,
                tr("Look again in %1 seconds.").arg(settled)});
        const bool mayBeForgotten = !accounting && remembered > 0 // 0 = Slurm forgets nothing
            && now - madeAt(id) > (remembered - 10) * 1000;
        if (mayBeForgotten) {
            state->forgotten.insert(id);
            found << forgottenJob(id, state->context.target);
        } else {
            state->doubtful.remove(id);
        }
    }
    co_return found;
}

} // namespace pilothouse
