// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/agentlink/deploy.h"
#include "core/base/paths.h"
#include "core/base/units.h"
#include "core/jobs/ledger.h"
#include "core/telemetry/storeoptions.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QSysInfo>

namespace pilothouse::ctl {

static Task<int> runAudit(Desk &desk, Invocation invocation)
{
    if (invocation.has("verify")) {
        const auto sound = desk.services().ledger->verifyAudit();
        if (!sound)
            co_return failed(desk, sound.error());
        QJsonObject object;
        object.insert(QStringLiteral("verified"), true);
        if (desk.json())
            printJson("audit_verification", object);
        else
            printLine(tr("The audit is whole: no row was changed after it was written."));
        co_return 0;
    }
    const auto rows = desk.services().ledger->audit(invocation.number("limit", 100));
    QJsonArray array;
    QList<QStringList> lines;
    for (const auto &row : rows) {
        QJsonObject one;
        one.insert(QStringLiteral("id"), row.id);
        one.insert(QStringLiteral("time"), orNull(rfc3339(row.time)));
        one.insert(QStringLiteral("act"), row.act);
        one.insert(QStringLiteral("target"), orNull(row.target));
        one.insert(QStringLiteral("preview"), orNull(row.preview));
        one.insert(QStringLiteral("user"), orNull(row.user));
        one.insert(QStringLiteral("outcome"), orNull(row.outcome));
        one.insert(QStringLiteral("detail"), orNull(row.detail));
        one.insert(QStringLiteral("finished_at"), orNull(rfc3339(row.finishedAt)));
        array.append(one);
        QStringList line;
        line << rfc3339(row.time) << row.act << desk.targetName(row.target)
             << (row.outcome.isEmpty() ? tr("not ended") : row.outcome)
             << QString(row.preview).replace(QLatin1Char('\n'), QLatin1Char(' '));
        lines << line;
    }
    if (desk.json()) {
        QJsonObject object;
        object.insert(QStringLiteral("audit"), array);
        printJson("audit", object);
        co_return 0;
    }
    QStringList heads;
    heads << tr("TIME") << tr("ACT") << tr("TARGET") << tr("OUTCOME") << tr("COMMAND");
    printTable(heads, lines);
    co_return 0;
}

static Task<int> runStorage(Desk &desk, Invocation)
{
    const QString folder = paths::data() + QStringLiteral("/telemetry");
    QStringList damage;
    if (QFileInfo::exists(folder)) {
        StoreOptions options;
        options.onlyReads = true; // the writer's place is for a console, should one start now
        const auto store = openStore(folder, std::move(options));
        if (!store)
            co_return failed(desk, store.error());
        damage = (*store)->damage();
    }
    if (desk.json()) {
        QJsonObject object;
        object.insert(QStringLiteral("folder"), folder);
        object.insert(QStringLiteral("damage"), QJsonArray::fromStringList(damage));
        printJson("storage", object);
    } else if (damage.isEmpty()) {
        printLine(tr("Nothing that is stored in %1 is known to be damaged.").arg(folder));
    }
    for (const auto &sentence : std::as_const(damage)) {
        if (!desk.json())
            printLine(sentence);
    }
    co_return damage.isEmpty() ? 0 : 1;
}

static Task<int> runVersion(Desk &desk, Invocation)
{
    const QString version = QCoreApplication::applicationVersion();
    const auto agent = agentBinaryFor(QSysInfo::currentCpuArchitecture());
    if (!desk.json()) {
        printLine(QStringLiteral("pilothousectl ") + version);
        if (agent)
            printLine(QStringLiteral("pilothouse-agent ") + agent->version);
        co_return 0;
    }
    QJsonObject object;
    object.insert(QStringLiteral("program_version"), version);
    object.insert(
        QStringLiteral("agent_version"), agent ? QJsonValue(agent->version) : QJsonValue());
    printJson("version", object);
    co_return 0;
}

const Verb auditVerb{"audit", "", QT_TRANSLATE_NOOP("ctl", "list what was done, newest first"),
    "audit --limit 20", 0, 0, false,
    {{"limit", "N", QT_TRANSLATE_NOOP("ctl", "at most so many rows (100)")},
        {"verify", nullptr, QT_TRANSLATE_NOOP("ctl", "check that no row was changed afterwards")}},
    &runAudit,
    QT_TRANSLATE_NOOP("ctl",
        "Each act is one row, written before it begins: what, on which target, by whom, and how "
        "it\n"
        "ended. With --verify it fails when a row was changed after it was written.")};
const Verb storageVerb{"storage", "",
    QT_TRANSLATE_NOOP("ctl", "check the telemetry that is stored here"), "storage", 0, 0, false, {},
    &runStorage,
    QT_TRANSLATE_NOOP("ctl",
        "Looks through the files as a console does when it starts, and prints what cannot be read "
        "and what\nis left out. It fails when there is any. Values are checked when they are "
        "read.")};
const Verb versionVerb{"version", "",
    QT_TRANSLATE_NOOP("ctl", "print the versions of this program and its agent"), "version", 0, 0,
    false, {}, &runVersion,
    QT_TRANSLATE_NOOP("ctl",
        "The agent's version holds a hash of its binary: the one that “agent deploy” puts on a "
        "host.")};

} // namespace pilothouse::ctl
