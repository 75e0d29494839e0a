// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/targetstore.h"

#include "core/session/workspacefile.h"

namespace pilothouse {

Result<TargetStore> TargetStore::open(const QString &file)
{
    auto database = sqlite::Database::open(file, sqlite::Synchronous::Full, workspaceMigrations());
    if (!database)
        return fail(database.error());
    return TargetStore(std::move(*database));
}

/// A number from the file as an enumerator; anything out of range is the first one.
template <typename Enum> static Enum enumerator(qint64 number, Enum last)
{
    return number >= 0 && number <= qint64(last) ? Enum(number) : Enum(0);
}

Result<QList<Target>> TargetStore::targets()
{
    auto statement = m_database.prepare("SELECT id, name, kind, origin, grouped, favourite, "
                                        "protection, transport, host, user, port,"
                                        " identity_file, proxy_jump FROM targets ORDER BY name");
    if (!statement)
        return fail(statement.error());
    QList<Target> targets;
    while (true) {
        const auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return targets;
        Target target;
        target.id = statement->text(0);
        target.name = statement->text(1);
        target.kind = enumerator(statement->integer(2), TargetKind::SshManual);
        target.origin = statement->text(3);
        target.group = statement->text(4);
        target.favourite = statement->integer(5) != 0;
        target.protection = enumerator(statement->integer(6), Protection::ReadOnly);
        target.transport = enumerator(statement->integer(7), TransportChoice::OpenSsh);
        target.host = statement->text(8);
        target.user = statement->text(9);
        target.port = quint16(statement->integer(10));
        target.identityFile = statement->text(11);
        target.proxyJump = statement->text(12);
        targets << target;
    }
}

Result<> TargetStore::save(const Target &target)
{
    auto statement = m_database.prepare(
        "INSERT OR REPLACE INTO targets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!statement)
        return fail(statement.error());
    const auto text = [](const QString &value) { return value + QLatin1String(""); }; // never NULL
    statement->bind(target.id)
        .bind(text(target.name))
        .bind(int(target.kind))
        .bind(text(target.origin));
    statement->bind(text(target.group)).bind(int(target.favourite)).bind(int(target.protection));
    statement->bind(int(target.transport)).bind(text(target.host)).bind(text(target.user));
    statement->bind(int(target.port)).bind(text(target.identityFile)).bind(text(target.proxyJump));
    return statement->run();
}

Result<> TargetStore::remove(const QString &id)
{
    auto statement = m_database.prepare("DELETE FROM targets WHERE id = ?");
    if (!statement)
        return fail(statement.error());
    return statement->bind(id).run();
}

Result<> TargetStore::remember(const QString &key, const QByteArray &json, qint64 time)
{
    auto statement = m_database.prepare("INSERT OR REPLACE INTO remembered VALUES (?, ?, ?)");
    if (!statement)
        return fail(statement.error());
    return statement->bind(key).bind(json).bind(time).run();
}

std::optional<std::pair<QByteArray, qint64>> TargetStore::remembered(const QString &key)
{
    auto statement = m_database.prepare("SELECT json, time FROM remembered WHERE key = ?");
    if (!statement || !statement->bind(key).step().value_or(false))
        return std::nullopt;
    return std::pair(statement->blob(0), statement->integer(1));
}

} // namespace pilothouse
