// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The audit half of the ledger: rows chained by SHA-256.
#include "core/jobs/ledgerprivate.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>

namespace pilothouse {

static QString chained(const QString &before, const QStringList &content)
{
    // Lengths go in as well, so that no two different rows read the same.
    QByteArray bytes = before.toUtf8();
    for (const auto &part : content) {
        const QByteArray utf8 = part.toUtf8();
        bytes += '\n' + QByteArray::number(utf8.size()) + ':' + utf8;
    }
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

static QStringList beginContent(const AuditRow &row)
{
    return {QString::number(row.time), row.act, row.target, row.preview, row.user};
}

static QStringList endContent(const QString &outcome, const QString &detail, qint64 finished)
{
    return {outcome, detail, QString::number(finished)};
}

Result<qint64> Ledger::auditBegin(const AuditRow &row)
{
    qint64 id = 0;
    const auto done = d->database.transaction([&]() -> Result<> {
        auto last = d->database.prepare("SELECT chain FROM audit ORDER BY id DESC LIMIT 1");
        if (!last)
            return fail(last.error());
        const QString before = last->step().value_or(false) ? last->text(0) : QString();
        auto insert = d->database.prepare("INSERT INTO audit (time, act, target, preview, user, "
                                          "chain) VALUES (?, ?, ?, ?, ?, ?)");
        if (!insert)
            return fail(insert.error());
        const QLatin1String empty("");
        insert->bind(row.time).bind(row.act + empty).bind(row.target + empty);
        insert->bind(row.preview + empty)
            .bind(row.user + empty)
            .bind(chained(before, beginContent(row)));
        if (auto ran = insert->run(); !ran)
            return ran;
        id = d->database.lastInsertId();
        return {};
    });
    if (!done)
        return fail(done.error());
    return id;
}

Result<> Ledger::auditEnd(qint64 id, const QString &outcome, const QString &detail)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    return d->database.transaction([&]() -> Result<> {
        auto select = d->database.prepare("SELECT chain FROM audit WHERE id = ?");
        if (!select)
            return fail(select.error());
        const QString chain = select->bind(id).step().value_or(false) ? select->text(0) : QString();
        auto update = d->database.prepare(
            "UPDATE audit SET outcome = ?, detail = ?, finished = ?, end_chain = ? WHERE id = ?");
        if (!update)
            return fail(update.error());
        update->bind(outcome + QLatin1String("")).bind(detail + QLatin1String("")).bind(now);
        return update->bind(chained(chain, endContent(outcome, detail, now))).bind(id).run();
    });
}

static constexpr const char *auditColumns = "SELECT id, time, act, target, preview, user, outcome, "
                                            "detail, finished, chain, end_chain FROM audit";

static AuditRow auditRow(const sqlite::Statement &row)
{
    return {row.integer(0), row.integer(1), row.text(2), row.text(3), row.text(4), row.text(5),
        row.text(6), row.text(7), row.integer(8)};
}

QList<AuditRow> Ledger::audit(int newest) const
{
    QList<AuditRow> rows;
    auto statement
        = d->database.prepare((QByteArray(auditColumns) + " ORDER BY id DESC LIMIT ?").constData());
    if (!statement)
        return rows;
    statement->bind(newest);
    while (statement->step().value_or(false))
        rows << auditRow(*statement);
    return rows;
}

Result<> Ledger::verifyAudit() const
{
    auto statement = d->database.prepare((QByteArray(auditColumns) + " ORDER BY id").constData());
    if (!statement)
        return fail(statement.error());
    QString before;
    while (statement->step().value_or(false)) {
        const auto row = auditRow(*statement);
        const QString chain = statement->text(9);
        const bool ended = !row.outcome.isEmpty() || !statement->text(10).isEmpty();
        if (chain != chained(before, beginContent(row))
            || (ended
                && statement->text(10)
                    != chained(chain, endContent(row.outcome, row.detail, row.finishedAt))))
            return fail({ErrorKind::Conflict, QStringLiteral("audit"),
                QCoreApplication::translate(
                    "jobs", "Audit row %1 was changed after it was written.")
                    .arg(row.id),
                row.act, {}});
        before = chain;
    }
    return {};
}

} // namespace pilothouse
