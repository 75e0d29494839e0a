// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/jobs.

#include "core/base/sqlite.h"
#include "core/jobs/ledger.h"
#include "core/jobs/processidentity.h"

#include <QHash>

#include <functional>
#include <map>
#include <optional>

namespace pilothouse {

extern const char *const ledgerColumns; ///< as rowsOf() reads them
QString submissionName(Submission submission);
Result<QList<LedgerRow>> rowsOf(Result<sqlite::Statement> &statement); ///< all, or why not

class LedgerPrivate {
public:
    explicit LedgerPrivate(sqlite::Database opened)
        : database(std::move(opened))
    {
    }

    /// By when it was handed in and id: newest first.
    using Rows = std::map<std::pair<qint64, QString>, LedgerRow, std::greater<>>;

    sqlite::Database database;
    ProcessIdentity self = ProcessIdentity::ofThisProcess();

    /// All rows. Pages and charts ask for them each second, and a fleet has ten thousands, so they
    /// are read anew only after another process has written.
    const Rows &all();
    /// This process has written or removed the row.
    void follow(const QString &id);
    Result<std::optional<LedgerRow>> row(const QString &id);

private:
    void put(LedgerRow row);

    Rows m_rows;
    QHash<QString, qint64> m_submitted; ///< by id: the other half of its key
    qint64 m_readAt = -1; ///< SQLite's data_version, which others' commits change; -1 = not read
};

} // namespace pilothouse
