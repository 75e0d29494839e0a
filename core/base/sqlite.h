// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QStringList>

#include <memory>
#include <optional>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace pilothouse {

/// A thin wrapper of the SQLite C API. One owner thread. Every failure is an Error with stage
/// "database" and SQLite's own message as cause.
namespace sqlite {

enum class Synchronous { Normal, Full };

/// A prepared statement; reset when it dies. Parameters are bound in order by bind(...).
class Statement {
public:
    Statement(Statement &&other) noexcept
        : m_statement(std::exchange(other.m_statement, nullptr))
    {
    }
    Statement &operator=(Statement &&) = delete;
    Statement(const Statement &) = delete;
    ~Statement();

    Statement &bind(qint64 value);
    Statement &bind(int value) { return bind(qint64(value)); }
    Statement &bind(double value);
    Statement &bind(const QString &value); ///< a null string is NULL
    Statement &bind(const QByteArray &value); ///< BLOB
    Statement &bindNull();
    template <typename T> Statement &bind(const std::optional<T> &value)
    {
        return value ? bind(*value) : bindNull();
    }

    /// true: a row is there; false: done.
    Result<bool> step();
    /// Runs to the end; for statements without rows.
    Result<> run();

    bool isNull(int column) const;
    qint64 integer(int column) const;
    double real(int column) const;
    QString text(int column) const;
    QByteArray blob(int column) const;

private:
    friend class Database;
    explicit Statement(sqlite3_stmt *statement)
        : m_statement(statement)
    {
    }
    sqlite3_stmt *m_statement = nullptr;
    int m_next = 1;
};

class Database {
public:
    /// Opens or makes `file` (0600), WAL, busy timeout 5 s. `migrations[i]` brings user_version i
    /// to i + 1, all in one transaction; a file of a newer version is refused (Conflict).
    static Result<Database> open(
        const QString &file, Synchronous synchronous, const QStringList &migrations);
    Database(Database &&other) noexcept
        : m_database(std::exchange(other.m_database, nullptr))
    {
    }
    Database &operator=(Database &&other) noexcept;
    Database(const Database &) = delete;
    ~Database();

    Result<Statement> prepare(const char *sql);
    Result<> execute(const QString &sql); ///< several statements, no parameters
    qint64 lastInsertId() const;
    int changes() const; ///< rows the last statement changed
    /// Another one after another connection has written: what was read before, and followed by own
    /// writes, still holds while it stays the same. -1 = not known. Costs microseconds. Outside of
    /// transactions.
    qint64 othersVersion();

    /// BEGIN IMMEDIATE, then `work()` (returns Result<>), then COMMIT; ROLLBACK when it failed.
    template <typename Work> Result<> transaction(Work work)
    {
        if (auto begun = execute(QStringLiteral("BEGIN IMMEDIATE")); !begun)
            return begun;
        Result<> done = work();
        const auto ended = execute(done ? QStringLiteral("COMMIT") : QStringLiteral("ROLLBACK"));
        if (done && !ended) {
            static_cast<void>(execute(QStringLiteral("ROLLBACK")));
            return ended;
        }
        return done;
    }

private:
    explicit Database(sqlite3 *database)
        : m_database(database)
    {
    }
    Result<> migrate(const QString &file, const QStringList &migrations);
    sqlite3 *m_database = nullptr;
};

} // namespace sqlite
} // namespace pilothouse
