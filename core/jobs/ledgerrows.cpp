// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the ledger's jobs: reading them, and those that are kept.
#include "core/jobs/jobjson.h"
#include "core/jobs/ledgerprivate.h"

#include <QJsonDocument>

#include <array>
#include <utility>

namespace pilothouse {

const char *const ledgerColumns
    = "id, target, engine, spec, state, exit_code, signal, submitted, started, ended, peak_memory, "
      "gpus, reason,"
      " log_bytes, seen, submission, owner_pid, owner_start, owner_boot, withdrawn,"
      " gpu_seconds, busy_gpu_seconds, energy_joules, native_id, user_name, nodes, "
      "restarts";

QString submissionName(Submission submission)
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
    job.nativeId = row.text(23);
    job.user = row.text(24);
    job.nodes = row.text(25);
    job.restarts = int(row.integer(26));
    return result;
}

Result<QList<LedgerRow>> rowsOf(Result<sqlite::Statement> &statement)
{
    if (!statement)
        return fail(statement.error());
    QList<LedgerRow> rows;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return rows;
        rows << rowOf(*statement);
    }
}

const LedgerPrivate::Rows &LedgerPrivate::all()
{
    const qint64 version = database.othersVersion();
    if (version >= 0 && version == m_readAt)
        return m_rows;
    const QByteArray sql = QByteArray("SELECT ") + ledgerColumns + " FROM jobs";
    auto statement = database.prepare(sql.constData());
    const auto rows = rowsOf(statement);
    m_readAt = rows ? version : -1;
    if (!rows)
        return m_rows; // as they were; read again the next time
    m_rows.clear();
    m_submitted.clear();
    for (const auto &row : *rows)
        put(row);
    return m_rows;
}

void LedgerPrivate::put(LedgerRow row)
{
    const auto key = std::make_pair(row.job.submittedAt, row.job.id);
    m_submitted.insert(row.job.id, row.job.submittedAt);
    m_rows.insert_or_assign(key, std::move(row));
}

void LedgerPrivate::follow(const QString &id)
{
    if (m_readAt < 0)
        return;
    auto now = row(id);
    const auto before = m_submitted.constFind(id);
    if (before != m_submitted.constEnd()) {
        m_rows.erase({*before, id});
        m_submitted.erase(before);
    }
    if (!now)
        m_readAt = -1;
    else if (*now)
        put(std::move(**now));
}

Result<std::optional<LedgerRow>> LedgerPrivate::row(const QString &id)
{
    const QByteArray sql = QByteArray("SELECT ") + ledgerColumns + " FROM jobs WHERE id = ?1";
    auto exact = database.prepare(sql.constData());
    if (exact)
        exact->bind(id);
    auto rows = rowsOf(exact);
    if (!rows)
        return fail(rows.error());
    if (rows->isEmpty())
        return std::optional<LedgerRow>();
    return std::optional<LedgerRow>(std::move(rows->first()));
}

} // namespace pilothouse
