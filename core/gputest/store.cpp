// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gputest/store.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse {

static const QStringList migrations{QStringLiteral(R"(
CREATE TABLE jobs (job TEXT PRIMARY KEY);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, job TEXT NOT NULL, target TEXT NOT NULL, device TEXT NOT NULL,
    verdict TEXT NOT NULL, time INTEGER NOT NULL, simulated INTEGER NOT NULL, json BLOB NOT NULL);
CREATE UNIQUE INDEX run_of_job ON runs (job, device);
CREATE INDEX runs_of_device ON runs (device, time);
CREATE TABLE baselines (device TEXT PRIMARY KEY, run INTEGER NOT NULL);
)")};

Result<GpuTestStore> GpuTestStore::openFile(const QString &file)
{
    auto database = sqlite::Database::open(file, sqlite::Synchronous::Normal, migrations);
    if (!database)
        return fail(database.error());
    return GpuTestStore(std::move(*database));
}

bool GpuTestStore::knows(const QString &job)
{
    auto statement = m_database.prepare("SELECT 1 FROM jobs WHERE job = ?");
    if (!statement)
        return false;
    const auto row = statement->bind(job).step();
    return row && *row;
}

Result<> GpuTestStore::addWithout(const QString &job)
{
    auto statement = m_database.prepare("INSERT OR IGNORE INTO jobs VALUES (?)");
    if (!statement)
        return fail(statement.error());
    return statement->bind(job).run();
}

Result<> GpuTestStore::add(const GpuTestResult &result, const QString &job, const QString &target)
{
    return m_database.transaction([&]() -> Result<> {
        if (knows(job))
            return {};
        for (const auto &device : result.devices) {
            // What went wrong on the host may have hit any of them: a driver that hangs says not
            // which.
            const auto errors = device.errors + result.errors;
            auto whole = device.json;
            whole.insert(QStringLiteral("errors"), QJsonArray::fromStringList(errors));
            auto insert = m_database.prepare(
                "INSERT INTO runs (job, target, device, verdict, time, simulated, json)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)");
            if (!insert)
                return fail(insert.error());
            const bool good = errors.isEmpty();
            const auto json = QJsonDocument(whole).toJson(QJsonDocument::Compact);
            const auto done = insert->bind(job)
                                  .bind(target)
                                  .bind(device.uuid)
                                  .bind(good ? QStringLiteral("ok") : QStringLiteral("errors"))
                                  .bind(result.startedMs)
                                  .bind(int(result.simulated))
                                  .bind(json)
                                  .run();
            if (!done)
                return done;
            if (!good || result.verdict == QLatin1String("unfinished"))
                continue; // no baseline
            const qint64 run = m_database.lastInsertId();
            auto first = m_database.prepare("INSERT OR IGNORE INTO baselines VALUES (?, ?)");
            if (!first)
                return fail(first.error());
            if (const auto kept = first->bind(device.uuid).bind(run).run(); !kept)
                return kept;
        }
        return addWithout(job);
    });
}

static Result<QList<GpuTestRun>> readRuns(sqlite::Statement &statement)
{
    QList<GpuTestRun> runs;
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return runs;
        GpuTestRun run;
        run.id = statement.integer(0);
        run.job = statement.text(1);
        run.target = statement.text(2);
        run.device = statement.text(3);
        run.verdict = statement.text(4);
        run.time = statement.integer(5);
        run.simulated = statement.integer(6) != 0;
        // What the program wrote, read by the same rules.
        QJsonObject whole;
        whole.insert(QStringLiteral("schema"), QStringLiteral("pilothouse-gputest/1"));
        whole.insert(QStringLiteral("devices"),
            QJsonArray{QJsonDocument::fromJson(statement.blob(7)).object()});
        const auto parsed = parseGpuTest(QJsonDocument(whole).toJson(QJsonDocument::Compact));
        if (parsed && !parsed->devices.isEmpty())
            run.result = parsed->devices.first();
        runs << run;
    }
}

#define RUN_COLUMNS "id, job, target, device, verdict, time, simulated, json"

Result<QList<GpuTestRun>> GpuTestStore::runs(const QString &device, int most)
{
    auto statement = m_database.prepare(
        "SELECT " RUN_COLUMNS " FROM runs WHERE device = ? ORDER BY time DESC, id DESC"
        " LIMIT ?");
    if (!statement)
        return fail(statement.error());
    statement->bind(device).bind(most);
    return readRuns(*statement);
}

Result<std::optional<GpuTestRun>> GpuTestStore::baseline(const QString &device)
{
    auto statement = m_database.prepare("SELECT " RUN_COLUMNS " FROM runs WHERE id ="
                                        " (SELECT run FROM baselines WHERE device = ?)");
    if (!statement)
        return fail(statement.error());
    statement->bind(device);
    const auto found = readRuns(*statement);
    if (!found)
        return fail(found.error());
    return found->isEmpty() ? std::nullopt : std::optional(found->first());
}

Result<> GpuTestStore::setBaseline(qint64 run)
{
    auto statement = m_database.prepare(
        "INSERT OR REPLACE INTO baselines SELECT device, id FROM runs WHERE id = ?");
    if (!statement)
        return fail(statement.error());
    return statement->bind(run).run();
}

Result<QStringList> GpuTestStore::devices(const QString &target)
{
    auto statement
        = m_database.prepare("SELECT DISTINCT device FROM runs WHERE target = ? ORDER BY device");
    if (!statement)
        return fail(statement.error());
    statement->bind(target);
    QStringList all;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return all;
        all << statement->text(0);
    }
}

} // namespace pilothouse
