// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sqlite.h"

#include <QCoreApplication>
#include <QFile>

#include <sqlite3.h>

#include <sys/stat.h>

namespace pilothouse::sqlite {

static Error failure(sqlite3 *database)
{
    const int code = database != nullptr ? sqlite3_errcode(database) : SQLITE_NOMEM;
    const QString cause = QString::fromUtf8(
        database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(SQLITE_NOMEM));
    if (code == SQLITE_FULL)
        return {ErrorKind::NoSpace, QStringLiteral("database"),
            QCoreApplication::translate("base", "The disk is full: nothing was stored."), cause,
            QCoreApplication::translate("base", "Free some space and try again.")};
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        return {ErrorKind::BadReply, QStringLiteral("database"),
            QCoreApplication::translate("base", "The database file is damaged."), cause,
            QCoreApplication::translate(
                "base", "Move the file away: a new one is made at the next start.")};
    return {ErrorKind::Internal, QStringLiteral("database"),
        QCoreApplication::translate("base", "The database did not answer as it should."), cause,
        {}};
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement &Statement::bind(qint64 value)
{
    sqlite3_bind_int64(m_statement, m_next++, value);
    return *this;
}

Statement &Statement::bind(double value)
{
    sqlite3_bind_double(m_statement, m_next++, value);
    return *this;
}

Statement &Statement::bind(const QString &value)
{
    if (value.isNull())
        return bindNull();
    const QByteArray utf8 = value.toUtf8();
    sqlite3_bind_text64(m_statement, m_next++, utf8.constData(), sqlite3_uint64(utf8.size()),
        SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement &Statement::bind(const QByteArray &value)
{
    sqlite3_bind_blob64(m_statement, m_next++, value.isNull() ? "" : value.constData(),
        sqlite3_uint64(value.size()), SQLITE_TRANSIENT);
    return *this;
}

Statement &Statement::bindNull()
{
    sqlite3_bind_null(m_statement, m_next++);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return fail(failure(sqlite3_db_handle(m_statement)));
}

Result<> Statement::run()
{
    while (true) {
        const auto row = step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
    }
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

qint64 Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

QString Statement::text(int column) const
{
    const auto *bytes = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    return QString::fromUtf8(bytes, sqlite3_column_bytes(m_statement, column));
}

QByteArray Statement::blob(int column) const
{
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(m_statement, column));
    return QByteArray(bytes, sqlite3_column_bytes(m_statement, column));
}

Result<Database> Database::open(
    const QString &file, Synchronous synchronous, const QStringList &migrations)
{
    sqlite3 *raw = nullptr;
    const mode_t before = ::umask(0077); // the file and its -wal hold what only the user may read
    const int code = sqlite3_open_v2(QFile::encodeName(file).constData(), &raw,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    ::umask(before);
    Database database(raw);
    if (code != SQLITE_OK) {
        Error error = failure(raw);
        error.message = QCoreApplication::translate("base", "%1 could not be opened.").arg(file);
        return fail(std::move(error));
    }
    sqlite3_busy_timeout(raw, 5000);
    const QString pragmas
        = QStringLiteral("PRAGMA journal_mode=WAL; PRAGMA synchronous=%1; PRAGMA foreign_keys=ON")
              .arg(synchronous == Synchronous::Full ? QStringLiteral("FULL")
                                                    : QStringLiteral("NORMAL"));
    if (auto done = database.execute(pragmas); !done)
        return fail(done.error());
    if (auto done = database.migrate(file, migrations); !done)
        return fail(done.error());
    return database;
}

Result<> Database::migrate(const QString &file, const QStringList &migrations)
{
    // Inside BEGIN IMMEDIATE, so that a second program starting at the same time waits and then
    // sees it done.
    return transaction([&]() -> Result<> {
        auto statement = prepare("PRAGMA user_version");
        if (!statement)
            return fail(statement.error());
        if (const auto row = statement->step(); !row)
            return fail(row.error());
        const qint64 version = statement->integer(0);
        if (version > migrations.size())
            return fail({ErrorKind::Conflict, QStringLiteral("database"),
                QCoreApplication::translate(
                    "base", "%1 was written by a newer version of Pilothouse.")
                    .arg(file),
                QStringLiteral("user_version %1, this program knows %2")
                    .arg(version)
                    .arg(migrations.size()),
                QCoreApplication::translate(
                    "base", "Start the newer version, or move the file away.")});
        while (statement->step().value_or(false)) { }
        for (qint64 i = version; i < migrations.size(); ++i) {
            if (auto done = execute(migrations[i]); !done)
                return done;
            if (auto done = execute(QStringLiteral("PRAGMA user_version=%1").arg(i + 1)); !done)
                return done;
        }
        return {};
    });
}

Database &Database::operator=(Database &&other) noexcept
{
    std::swap(m_database, other.m_database);
    return *this;
}

Database::~Database()
{
    sqlite3_close_v2(m_database);
}

Result<Statement> Database::prepare(const char *sql)
{
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v2(m_database, sql, -1, &statement, nullptr) != SQLITE_OK)
        return fail(failure(m_database));
    return Statement(statement);
}

Result<> Database::execute(const QString &sql)
{
    if (sqlite3_exec(m_database, sql.toUtf8().constData(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return fail(failure(m_database));
    return {};
}

qint64 Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_database);
}

int Database::changes() const
{
    return sqlite3_changes(m_database);
}

qint64 Database::othersVersion()
{
    auto others = prepare("PRAGMA data_version"); // of other connections alone
    return others && others->step().value_or(false) ? others->integer(0) : -1;
}

} // namespace pilothouse::sqlite
