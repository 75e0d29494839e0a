// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/session: the alerts in workspace.db.

#include "core/base/sqlite.h"
#include "core/health/alert.h"

#include <QHash>

#include <vector>

namespace pilothouse {

/// Alerts as rows. The console writes what the rules see, anybody what a person says: the two touch
/// different columns, so console and ctl do not undo each other.
class AlertStore {
public:
    static Result<AlertStore> open(const QString &file);

    Result<std::vector<Alert>> alerts(); ///< by their first sight
    /// What the rules see; a new row begins without acknowledgement.
    Result<> saveSeen(const QList<Alert> &alerts);
    /// What a person said, one of the two: the other may just have been said by another process.
    /// All of them or none.
    Result<> saveAcknowledged(const QList<Alert> &alerts);
    Result<> saveSnoozed(const QList<Alert> &alerts);
    Result<> remove(const QStringList &ids);
    /// When a target was examined last: how old what the rows say is.
    Result<> saveExamined(const QHash<QString, qint64> &times);
    QHash<QString, qint64> examined();
    /// Differs after another process (or connection) has written.
    qint64 version();

private:
    Result<> update(const char *sql, const QList<Alert> &alerts, qint64 Alert::*value);
    explicit AlertStore(sqlite::Database database)
        : m_database(std::move(database))
    {
    }
    sqlite::Database m_database;
};

} // namespace pilothouse
