// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/session: workspace.db.

#include "core/base/sqlite.h"
#include "core/types/target.h"

#include <QList>

namespace pilothouse {

/// Stored targets and small last-known values. Only what a person changed is stored of an alias.
class TargetStore {
public:
    static Result<TargetStore> open(const QString &file);

    Result<QList<Target>> targets();
    /// Another one after another process has written; costs microseconds.
    qint64 version() { return m_database.othersVersion(); }
    Result<> save(const Target &target);
    Result<> remove(const QString &id);
    Result<> remember(const QString &key, const QByteArray &json, qint64 time);
    std::optional<std::pair<QByteArray, qint64>> remembered(const QString &key);

private:
    explicit TargetStore(sqlite::Database database)
        : m_database(std::move(database))
    {
    }
    sqlite::Database m_database;
};

} // namespace pilothouse
