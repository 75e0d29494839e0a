// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/job.h"

#include <QList>
#include <QObject>

#include <memory>
#include <optional>

namespace pilothouse {

class LedgerPrivate;

/// How far a submission got. Intent: written before the first byte leaves; Sent: a byte may have
/// left (a doubtful answer is resolved by looking the id up); Accepted: the node has it;
/// Refused: proven never started.
enum class Submission { Intent, Sent, Accepted, Refused };

struct LedgerRow {
    Job job;
    Submission submission = Submission::Intent;
    bool withdrawn = false; ///< the user gave it up before the node's answer was known
    QString ownerPid, ownerStart, ownerBoot; ///< the process that may resolve it while alive
};

struct AuditRow {
    qint64 id = 0;
    qint64 time = 0; ///< Unix ms
    QString act, target, preview, user;
    QString outcome; ///< empty while running; "done", or an error kind
    QString detail; ///< the error's message and cause
    qint64 finishedAt = 0;
};

/// ledger.db: jobs and audit. SQLite, WAL, synchronous=FULL; each call returns after its commit.
/// Owned by one thread (the main one: a row is small and commits take about a millisecond).
class Ledger : public QObject {
    Q_OBJECT

public:
    static Result<std::unique_ptr<Ledger>> openFile(const QString &file);
    ~Ledger() override;

    Result<> addIntent(const Job &job); ///< owner = this process
    Result<> setSubmission(const QString &id, Submission submission, const QString &reason = {});
    /// The user gave up a job whose answer is doubtful: never sent again, ended when it turns up.
    Result<> withdraw(const QString &id);
    /// Merges what a node says of its jobs, all or none. Keeps the first non-empty script; never
    /// goes back from an ended state.
    Result<> update(const QList<Job> &jobs);
    Result<> forget(const QString &id);
    QList<LedgerRow> jobs() const; ///< newest first
    QList<LedgerRow> unended() const; ///< of them, those that have not ended
    std::optional<LedgerRow> row(const QString &id) const; ///< by its whole id
    /// By id, unique prefix of at least 6 characters, or unique name. NotFound or Conflict.
    Result<LedgerRow> find(const QString &idPrefixOrName) const;
    /// Rows Intent or Sent that this process may resolve: its own, or those of dead owners, which
    /// it takes over by compare-and-set in BEGIN IMMEDIATE.
    Result<QList<LedgerRow>> claimDoubtful(const QString &target);

    Result<qint64> auditBegin(const AuditRow &row);
    Result<> auditEnd(qint64 id, const QString &outcome, const QString &detail);
    QList<AuditRow> audit(int newest) const;
    /// Rows are chained by SHA-256: Conflict names the first row that was changed afterwards.
    Result<> verifyAudit() const;

Q_SIGNALS:
    void jobChanged(const QString &id);

private:
    explicit Ledger(std::unique_ptr<LedgerPrivate> data);
    Result<bool> merge(const Job &job); ///< whether there was anything to write
    Result<> told(const QString &id, const Result<> &done);
    std::unique_ptr<LedgerPrivate> d;
};

} // namespace pilothouse
