// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/ledger.h"

#include "core/jobs/jobjson.h"
#include "core/jobs/ledgerprivate.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace pilothouse {

static const QStringList migrations{QStringLiteral(R"(
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    target TEXT NOT NULL, engine TEXT NOT NULL, name TEXT NOT NULL,
    spec TEXT NOT NULL,            -- JSON, jobjson.h
    state TEXT NOT NULL,
    exit_code INTEGER, signal INTEGER,
    submitted INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL,
    peak_memory INTEGER, gpus TEXT NOT NULL, reason TEXT NOT NULL,
    log_bytes INTEGER NOT NULL, seen INTEGER NOT NULL,
    submission TEXT NOT NULL,      -- intent, sent, accepted, refused
    withdrawn INTEGER NOT NULL DEFAULT 0,
    owner_pid TEXT NOT NULL, owner_start TEXT NOT NULL, owner_boot TEXT NOT NULL);
CREATE INDEX jobs_by_time ON jobs (submitted DESC, id DESC);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL, act TEXT NOT NULL, target TEXT NOT NULL, preview TEXT NOT NULL, user TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '', finished INTEGER NOT NULL DEFAULT 0,
    chain TEXT NOT NULL,           -- SHA-256 of the row before's chain and of this row as it began
    end_chain TEXT NOT NULL DEFAULT ''); -- SHA-256 of chain and of how it ended
)"),
    QStringLiteral(R"(
ALTER TABLE jobs ADD COLUMN gpu_seconds REAL;
ALTER TABLE jobs ADD COLUMN busy_gpu_seconds REAL;
ALTER TABLE jobs ADD COLUMN energy_joules REAL;
)"),
    QStringLiteral(R"(
ALTER TABLE jobs ADD COLUMN native_id TEXT NOT NULL DEFAULT '';  -- the engine's own
ALTER TABLE jobs ADD COLUMN user_name TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN nodes TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0;
)")};

Ledger::Ledger(std::unique_ptr<LedgerPrivate> data)
    : d(std::move(data))
{
}

Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::openFile(const QString &file)
{
    auto database = sqlite::Database::open(file, sqlite::Synchronous::Full, migrations);
    if (!database)
        return fail(database.error());
    auto data = std::make_unique<LedgerPrivate>(std::move(*database));
    return std::unique_ptr<Ledger>(new Ledger(std::move(data)));
}

static Result<> write(sqlite::Database &database, const char *sql, const Job &job,
    Submission submission, const ProcessIdentity &owner)
{
    auto statement = database.prepare(sql);
    if (!statement)
        return fail(statement.error());
    const QJsonDocument spec(specToJson(job.spec));
    statement->bind(job.id).bind(job.target).bind(job.engine);
    statement->bind(QString::fromUtf8(spec.toJson(QJsonDocument::Compact)));
    statement->bind(jobStateName(job.state)).bind(job.exitCode).bind(job.signal);
    statement->bind(job.submittedAt).bind(job.startedAt).bind(job.endedAt);
    if (job.peakMemoryBytes)
        statement->bind(qint64(*job.peakMemoryBytes));
    else
        statement->bindNull();
    statement->bind(job.gpuUuids.join(QLatin1Char(' ')) + QLatin1String(""));
    statement->bind(job.reason + QLatin1String("")).bind(qint64(job.logBytes)).bind(job.seenAt);
    const QLatin1String empty(
        ""); // a null string would be NULL: another console's job has no owner
    statement->bind(submissionName(submission)).bind(owner.pid + empty);
    statement->bind(owner.start + empty).bind(owner.boot + empty);
    statement->bind(job.spec.name + QLatin1String(""));
    statement->bind(job.gpuSeconds).bind(job.busyGpuSeconds).bind(job.energyJoules);
    statement->bind(job.nativeId + empty).bind(job.user + empty);
    statement->bind(job.nodes + empty).bind(qint64(job.restarts));
    return statement->run();
}

Result<> Ledger::addIntent(const Job &job)
{
    const auto done = write(d->database,
        "INSERT INTO jobs (id, target, engine, spec, state, exit_code, signal, submitted, started, "
        "ended,"
        " peak_memory, gpus, reason, log_bytes, seen, submission, owner_pid, owner_start, "
        "owner_boot, name, gpu_seconds, busy_gpu_seconds, energy_joules, native_id, user_name, "
        "nodes, restarts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        job, Submission::Intent, d->self);
    return told(job.id, done);
}

Result<> Ledger::setSubmission(const QString &id, Submission submission, const QString &reason)
{
    auto statement = d->database.prepare(
        "UPDATE jobs SET submission = ?1, reason = CASE WHEN ?2 = '' THEN reason ELSE ?2 END,"
        " state = CASE WHEN ?1 <> 'refused' THEN state WHEN withdrawn THEN 'cancelled' ELSE "
        "'failed' "
        "END WHERE id = ?3");
    if (!statement)
        return fail(statement.error());
    statement->bind(submissionName(submission)).bind(reason + QLatin1String("")).bind(id);
    return told(id, statement->run());
}

Result<> Ledger::withdraw(const QString &id)
{
    auto statement = d->database.prepare("UPDATE jobs SET withdrawn = 1 WHERE id = ?");
    if (!statement)
        return fail(statement.error());
    return told(id, statement->bind(id).run());
}

Result<bool> Ledger::merge(const Job &job)
{
    const auto known = d->row(job.id);
    if (!known)
        return fail(known.error());
    Job merged = job;
    merged.tasks.clear(); // the engine's to tell
    ProcessIdentity owner;
    if (const auto &row = *known) {
        // Refused is our own conclusion; what the node says goes above it. Anything else that
        // has ended and comes back running is an older answer that was under way.
        if (row->submission != Submission::Refused && jobEnded(row->job.state)
            && !jobEnded(job.state))
            return false;
        merged.spec = row->job.spec; // as it was given, with its script
        owner = {row->ownerPid, row->ownerStart, row->ownerBoot};
        if (merged == row->job && row->submission == Submission::Accepted)
            return false;
    }
    const auto done = write(d->database,
        "INSERT INTO jobs (id, target, engine, spec, state, exit_code, signal, submitted, "
        "started, ended, peak_memory, gpus, reason, log_bytes, seen, submission, owner_pid, "
        "owner_start, owner_boot, name, gpu_seconds, busy_gpu_seconds, energy_joules, native_id, "
        "user_name, nodes, restarts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET target = excluded.target, engine = excluded.engine,"
        " state = excluded.state, exit_code = excluded.exit_code, signal = excluded.signal,"
        " submitted = excluded.submitted, started = excluded.started, ended = excluded.ended,"
        " peak_memory = excluded.peak_memory, gpus = excluded.gpus, reason = excluded.reason,"
        " log_bytes = excluded.log_bytes, seen = excluded.seen,"
        " gpu_seconds = COALESCE(excluded.gpu_seconds, jobs.gpu_seconds),"
        " busy_gpu_seconds = COALESCE(excluded.busy_gpu_seconds, jobs.busy_gpu_seconds),"
        " energy_joules = COALESCE(excluded.energy_joules, jobs.energy_joules),"
        " native_id = excluded.native_id, user_name = excluded.user_name,"
        " nodes = excluded.nodes, restarts = excluded.restarts,"
        " submission = excluded.submission",
        merged, Submission::Accepted, owner);
    if (!done)
        return fail(done.error());
    return true;
}

Result<> Ledger::update(const QList<Job> &jobs)
{
    QStringList written;
    // One transaction: another process may be told of a job's end at the same moment, and a node
    // lists all it has at once.
    const auto done = d->database.transaction([&]() -> Result<> {
        for (const Job &job : jobs) {
            const auto merged = merge(job);
            if (!merged)
                return fail(merged.error());
            if (*merged)
                written << job.id;
        }
        return {};
    });
    if (done) {
        for (const auto &id : std::as_const(written))
            told(id, done);
    }
    return done;
}

/// What an own write leads to.
Result<> Ledger::told(const QString &id, const Result<> &done)
{
    if (done) {
        d->follow(id);
        Q_EMIT jobChanged(id);
    }
    return done;
}

Result<> Ledger::forget(const QString &id)
{
    auto statement = d->database.prepare("DELETE FROM jobs WHERE id = ?");
    if (!statement)
        return fail(statement.error());
    return told(id, statement->bind(id).run());
}

QList<LedgerRow> Ledger::jobs() const
{
    QList<LedgerRow> rows;
    const auto &all = d->all();
    rows.reserve(qsizetype(all.size()));
    for (const auto &[key, row] : all)
        rows << row;
    return rows;
}

QList<LedgerRow> Ledger::unended() const
{
    QList<LedgerRow> rows;
    for (const auto &[key, row] : d->all()) {
        if (!jobEnded(row.job.state))
            rows << row;
    }
    return rows;
}

std::optional<LedgerRow> Ledger::row(const QString &id) const
{
    return d->row(id).value_or(std::nullopt);
}

Result<LedgerRow> Ledger::find(const QString &wanted) const
{
    const QByteArray select = QByteArray("SELECT ") + ledgerColumns + " FROM jobs WHERE ";
    // An exact id first; then a prefix of at least six characters; then a name.
    auto exact = d->database.prepare((select + "id = ?1").constData());
    if (!exact)
        return fail(exact.error());
    exact->bind(wanted);
    auto found = rowsOf(exact);
    if (found && found->isEmpty() && wanted.size() >= 6) {
        auto prefix = d->database.prepare((select + "substr(id, 1, length(?1)) = ?1").constData());
        if (!prefix)
            return fail(prefix.error());
        prefix->bind(wanted);
        found = rowsOf(prefix);
    }
    if (found && found->isEmpty()) {
        auto name = d->database.prepare((select + "name = ?1").constData());
        if (!name)
            return fail(name.error());
        name->bind(wanted);
        found = rowsOf(name);
    }
    if (!found)
        return fail(found.error());
    const auto &rows = *found;
    if (rows.size() == 1)
        return rows.first();
    if (rows.isEmpty())
        return fail({ErrorKind::NotFound, QStringLiteral("jobs"),
            QCoreApplication::translate("jobs", "No job is called “%1”.").arg(wanted), {},
            QCoreApplication::translate("jobs",
                "List the jobs, and give an id, six or more of its first characters, or a name.")});
    QStringList ids;
    for (const auto &row : rows)
        ids << row.job.id;
    return fail({ErrorKind::Conflict, QStringLiteral("jobs"),
        QCoreApplication::translate("jobs", "%n job(s) are called “%1”.", nullptr, int(rows.size()))
            .arg(wanted),
        ids.mid(0, 5).join(QStringLiteral(", ")),
        QCoreApplication::translate("jobs", "Give the id of one.")});
}

Result<QList<LedgerRow>> Ledger::claimDoubtful(const QString &target)
{
    QList<LedgerRow> claimed;
    const auto done = d->database.transaction([&]() -> Result<> {
        const QByteArray sql = QByteArray("SELECT ") + ledgerColumns
            + " FROM jobs WHERE target = ? AND submission IN ('intent', 'sent')";
        auto select = d->database.prepare(sql.constData());
        if (!select)
            return fail(select.error());
        select->bind(target);
        const auto rows = rowsOf(select);
        if (!rows)
            return fail(rows.error());
        for (auto row : *rows) {
            const ProcessIdentity owner{row.ownerPid, row.ownerStart, row.ownerBoot};
            if (owner != d->self) {
                if (owner.alive())
                    continue;
                auto take = d->database.prepare(
                    "UPDATE jobs SET owner_pid = ?, owner_start = ?, owner_boot = ?"
                    " WHERE id = ? AND owner_pid = ? AND owner_start = ? AND owner_boot = ?");
                if (!take)
                    return fail(take.error());
                take->bind(d->self.pid).bind(d->self.start).bind(d->self.boot).bind(row.job.id);
                if (auto ran = take->bind(owner.pid).bind(owner.start).bind(owner.boot).run(); !ran)
                    return ran;
                if (d->database.changes() != 1)
                    continue;
                row.ownerPid = d->self.pid;
                row.ownerStart = d->self.start;
                row.ownerBoot = d->self.boot;
            }
            claimed << row;
        }
        return {};
    });
    if (!done)
        return fail(done.error());
    for (const auto &row : std::as_const(claimed))
        d->follow(row.job.id);
    return claimed;
}

} // namespace pilothouse
