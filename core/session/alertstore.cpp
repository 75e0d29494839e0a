// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/alertstore.h"

#include "core/session/workspacefile.h"

namespace pilothouse {

Result<AlertStore> AlertStore::open(const QString &file)
{
    // A crash of the machine may cost the last alert, which the rules find again.
    auto database
        = sqlite::Database::open(file, sqlite::Synchronous::Normal, workspaceMigrations());
    if (!database)
        return fail(database.error());
    return AlertStore(std::move(*database));
}

Result<std::vector<Alert>> AlertStore::alerts()
{
    auto statement = m_database.prepare(
        "SELECT id, target, device, node_name, device_name, rule, verdict, raw, times, since, "
        "last_seen, ended, acknowledged, snoozed FROM alerts ORDER BY since, id");
    if (!statement)
        return fail(statement.error());
    std::vector<Alert> all;
    while (true) {
        const auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return all;
        Alert alert;
        alert.id = statement->text(0);
        alert.target = statement->text(1);
        alert.device = statement->text(2);
        alert.nodeName = statement->text(3);
        alert.deviceName = statement->text(4);
        alert.rule = statement->text(5);
        alert.verdict = verdictFromName(statement->text(6));
        alert.raw = statement->text(7);
        alert.times = int(statement->integer(8));
        alert.since = statement->integer(9);
        alert.lastSeen = statement->integer(10);
        alert.endedAt = statement->integer(11);
        alert.acknowledgedAt = statement->integer(12);
        alert.snoozedUntil = statement->integer(13);
        all.push_back(std::move(alert));
    }
}

Result<> AlertStore::saveSeen(const QList<Alert> &alerts)
{
    return m_database.transaction([&]() -> Result<> {
        for (const Alert &alert : alerts) {
            auto statement = m_database.prepare(
                "INSERT INTO alerts (id, target, device, node_name, device_name, rule, verdict, "
                "raw, times, since, last_seen, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET node_name = excluded.node_name, device_name = "
                "excluded.device_name, verdict = excluded.verdict, raw = excluded.raw, times = "
                "excluded.times, last_seen = excluded.last_seen, ended = excluded.ended");
            if (!statement)
                return fail(statement.error());
            const auto text = [](const QString &value) { return value + QLatin1String(""); };
            statement->bind(alert.id).bind(text(alert.target)).bind(text(alert.device));
            statement->bind(text(alert.nodeName)).bind(text(alert.deviceName));
            statement->bind(text(alert.rule)).bind(verdictName(alert.verdict));
            statement->bind(text(alert.raw)).bind(alert.times).bind(alert.since);
            statement->bind(alert.lastSeen).bind(alert.endedAt);
            if (auto done = statement->run(); !done)
                return done;
        }
        return {};
    });
}

Result<> AlertStore::update(const char *sql, const QList<Alert> &alerts, qint64 Alert::*value)
{
    return m_database.transaction([&]() -> Result<> {
        for (const Alert &alert : alerts) {
            auto statement = m_database.prepare(sql);
            if (!statement)
                return fail(statement.error());
            if (auto done = statement->bind(alert.*value).bind(alert.id).run(); !done)
                return done;
        }
        return {};
    });
}

Result<> AlertStore::saveAcknowledged(const QList<Alert> &alerts)
{
    return update(
        "UPDATE alerts SET acknowledged = ? WHERE id = ?", alerts, &Alert::acknowledgedAt);
}

Result<> AlertStore::saveSnoozed(const QList<Alert> &alerts)
{
    return update("UPDATE alerts SET snoozed = ? WHERE id = ?", alerts, &Alert::snoozedUntil);
}

Result<> AlertStore::remove(const QStringList &ids)
{
    return m_database.transaction([&]() -> Result<> {
        for (const QString &id : ids) {
            auto statement = m_database.prepare("DELETE FROM alerts WHERE id = ?");
            if (!statement)
                return fail(statement.error());
            if (auto done = statement->bind(id).run(); !done)
                return done;
        }
        return {};
    });
}

Result<> AlertStore::saveExamined(const QHash<QString, qint64> &times)
{
    return m_database.transaction([&]() -> Result<> {
        for (auto one = times.begin(); one != times.end(); ++one) {
            auto statement = m_database.prepare("INSERT OR REPLACE INTO examined VALUES (?, ?)");
            if (!statement)
                return fail(statement.error());
            if (auto done = statement->bind(one.key()).bind(one.value()).run(); !done)
                return done;
        }
        return {};
    });
}

QHash<QString, qint64> AlertStore::examined()
{
    QHash<QString, qint64> times;
    auto statement = m_database.prepare("SELECT target, time FROM examined");
    while (statement && statement->step().value_or(false))
        times.insert(statement->text(0), statement->integer(1));
    return times;
}

qint64 AlertStore::version()
{
    auto statement = m_database.prepare("PRAGMA data_version");
    return statement && statement->step().value_or(false) ? statement->integer(0) : 0;
}

} // namespace pilothouse
