// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/ledger.h"

#include "core/jobs/jobjson.h"
#include "core/jobs/ledgerprivate.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <array>

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
)")};

static constexpr const char *columns
    = "id, target, engine, spec, state, exit_code, signal, submitted, started, ended, peak_memory, "
      "gpus, reason,"
      " log_bytes, seen, submission, owner_pid, owner_start, owner_boot, withdrawn,"
      " gpu_seconds, busy_gpu_seconds, energy_joules";

static QString submissionName(Submission submission)
{
    static constexpr std::array names{"intent", "sent", "accepted", "refused"};
    return QString::fromLatin1(names[std::size_t(submission)]);
}

static Submission submissionFromName(const QString &name)
{
    for (const auto one : {Submission::Intent, Submission::Sent, Submission::Accepted}) {
        if (submissionName(one) == name)
            return one;
    }
    return Submission::Refused;
}

static LedgerRow rowOf(const sqlite::Statement &row)
{
    LedgerRow result;
    Job &job = result.job;
    job.id = row.text(0);
    job.target = row.text(1);
    job.engine = row.text(2);
    job.spec = specFromJson(QJsonDocument::fromJson(row.text(3).toUtf8()).object());
    job.state = jobStateFromName(row.text(4)).value_or(JobState::Unknown);
    if (!row.isNull(5))
        job.exitCode = int(row.integer(5));
    if (!row.isNull(6))
        job.signal = int(row.integer(6));
    job.submittedAt = row.integer(7);
    job.startedAt = row.integer(8);
    job.endedAt = row.integer(9);
    if (!row.isNull(10))
        job.peakMemoryBytes = quint64(row.integer(10));
    job.gpuUuids = row.text(11).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    job.reason = row.text(12);
    job.logBytes = quint64(row.integer(13));
    job.seenAt = row.integer(14);
    result.submission = submissionFromName(row.text(15));
    result.ownerPid = row.text(16);
    result.ownerStart = row.text(17);
    result.ownerBoot = row.text(18);
    result.withdrawn = row.integer(19) != 0;
    for (const auto &[column, value] : {std::pair(20, &job.gpuSeconds),
             std::pair(21, &job.busyGpuSeconds), std::pair(22, &job.energyJoules)}) {
        if (!row.isNull(column))
            *value = row.real(column);
    }
    return result;
}

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
    auto data = std::make_unique<LedgerPrivate>(LedgerPrivate{std::move(*database)});
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
    return statement->run();
}

Result<> Ledger::addIntent(const Job &job)
{
    const auto done = write(d->database,
        "INSERT INTO jobs (id, target, engine, spec, state, exit_code, signal, submitted, started, "
        "ended,"
        " peak_memory, gpus, reason, log_bytes, seen, submission, owner_pid, owner_start, "
        "owner_boot, name, gpu_seconds, busy_gpu_seconds, energy_joules)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        job, Submission::Intent, d->self);
    if (done)
        Q_EMIT jobChanged(job.id);
    return done;
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
    const auto done = statement->run();
    if (done)
        Q_EMIT jobChanged(id);
    return done;
}

Result<> Ledger::withdraw(const QString &id)
{
    auto statement = d->database.prepare("UPDATE jobs SET withdrawn = 1 WHERE id = ?");
    if (!statement)
        return fail(statement.error());
    const auto done = statement->bind(id).run();
    if (done)
        Q_EMIT jobChanged(id);
    return done;
}

Result<> Ledger::update(const Job &job)
{
    bool written = false;
    // One transaction: another process may be told of the job's end at the same moment.
    const auto done = d->database.transaction([&]() -> Result<> {
        const auto known = find(job.id);
        Job merged = job;
        ProcessIdentity owner;
        if (known && known->job.id == job.id) {
            // Refused is our own conclusion; what the node says goes above it. Anything else that
            // has ended and comes back running is an older answer that was under way.
            if (known->submission != Submission::Refused && jobEnded(known->job.state)
                && !jobEnded(job.state))
                return {};
            merged.spec = known->job.spec; // as it was given, with its script
            owner = {known->ownerPid, known->ownerStart, known->ownerBoot};
            if (merged == known->job && known->submission == Submission::Accepted)
                return {};
        }
        written = true;
        return write(d->database,
            "INSERT INTO jobs (id, target, engine, spec, state, exit_code, signal, submitted, "
            "started, ended, peak_memory, gpus, reason, log_bytes, seen, submission, owner_pid, "
            "owner_start, owner_boot, name, gpu_seconds, busy_gpu_seconds, energy_joules)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET target = excluded.target, engine = excluded.engine,"
            " state = excluded.state, exit_code = excluded.exit_code, signal = excluded.signal,"
            " submitted = excluded.submitted, started = excluded.started, ended = excluded.ended,"
            " peak_memory = excluded.peak_memory, gpus = excluded.gpus, reason = excluded.reason,"
            " log_bytes = excluded.log_bytes, seen = excluded.seen,"
            " gpu_seconds = COALESCE(excluded.gpu_seconds, jobs.gpu_seconds),"
            " busy_gpu_seconds = COALESCE(excluded.busy_gpu_seconds, jobs.busy_gpu_seconds),"
            " energy_joules = COALESCE(excluded.energy_joules, jobs.energy_joules),"
            " submission = excluded.submission",
            merged, Submission::Accepted, owner);
    });
    if (done && written)
        Q_EMIT jobChanged(job.id);
    return done;
}

Result<> Ledger::forget(const QString &id)
{
    auto statement = d->database.prepare("DELETE FROM jobs WHERE id = ?");
    if (!statement)
        return fail(statement.error());
    const auto done = statement->bind(id).run();
    if (done)
        Q_EMIT jobChanged(id);
    return done;
}

static QList<LedgerRow> rowsOf(Result<sqlite::Statement> &statement)
{
    QList<LedgerRow> rows;
    while (statement && statement->step().value_or(false))
        rows << rowOf(*statement);
    return rows;
}

QList<LedgerRow> Ledger::jobs() const
{
    const auto state = d->database.state();
    if (state.first >= 0 && state == d->rowsAt)
        return d->rows;
    const QByteArray sql
        = QByteArray("SELECT ") + columns + " FROM jobs ORDER BY submitted DESC, id DESC";
    auto statement = d->database.prepare(sql.constData());
    const bool readable = statement.has_value();
    d->rows = rowsOf(statement);
    if (readable)
        d->rowsAt = state;
    return d->rows;
}

Result<LedgerRow> Ledger::find(const QString &wanted) const
{
    const QByteArray select = QByteArray("SELECT ") + columns + " FROM jobs WHERE ";
    // An exact id first; then a prefix of at least six characters; then a name.
    auto exact = d->database.prepare((select + "id = ?1").constData());
    if (!exact)
        return fail(exact.error());
    exact->bind(wanted);
    auto rows = rowsOf(exact);
    if (rows.isEmpty() && wanted.size() >= 6) {
        auto prefix = d->database.prepare((select + "substr(id, 1, length(?1)) = ?1").constData());
        if (!prefix)
            return fail(prefix.error());
        prefix->bind(wanted);
        rows = rowsOf(prefix);
    }
    if (rows.isEmpty()) {
        auto name = d->database.prepare((select + "name = ?1").constData());
        if (!name)
            return fail(name.error());
        name->bind(wanted);
        rows = rowsOf(name);
    }
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
        const QByteArray sql = QByteArray("SELECT ") + columns
            + " FROM jobs WHERE target = ? AND submission IN ('intent', 'sent')";
        auto select = d->database.prepare(sql.constData());
        if (!select)
            return fail(select.error());
        select->bind(target);
        const auto rows = rowsOf(select);
        for (auto row : rows) {
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
    return claimed;
}

} // namespace pilothouse
