// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"

#include <QJsonArray>

namespace pilothouse::ctl {

static Task<Result<QJsonObject>> onAgent(
    Desk *desk, QString act, QString alias, QJsonObject parameters = {})
{
    const auto target = desk->target(alias);
    if (!target)
        co_return fail(target.error());
    ActRequest request;
    request.target = target->id;
    request.parameters = parameters;
    auto running = desk->run(act, request);
    co_return co_await std::move(running);
}

static Task<int> runDeploy(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    auto acting = onAgent(all, QStringLiteral("agent.deploy"), invocation.words.first());
    const auto result = co_await std::move(acting);
    if (!result)
        co_return failed(*all, result.error());
    if (all->json())
        printJson("agent", *result);
    else
        printLine((result->value(QLatin1String("deployed")).toBool() ? tr("%1 put at %2")
                                                                     : tr("%1 is there: %2"))
                      .arg(result->value(QLatin1String("agent_version")).toString(),
                          result->value(QLatin1String("path")).toString()));
    co_return 0;
}

static Task<int> runStatus(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    auto acting = onAgent(all, QStringLiteral("agent.status"), invocation.words.first());
    const auto result = co_await std::move(acting);
    if (!result)
        co_return failed(*all, result.error());
    if (all->json()) {
        printJson("agent", *result);
        co_return 0;
    }
    QStringList versions;
    const auto array = result->value(QLatin1String("installed_versions")).toArray();
    for (const auto &version : array)
        versions << version.toString();
    printLine(versions.isEmpty() ? tr("The agent is not there.")
                                 : tr("installed: %1").arg(versions.join(QStringLiteral(", "))));
    const QString trouble = result->value(QLatin1String("trouble")).toString();
    if (!trouble.isEmpty())
        printLine(trouble);
    const auto status = result->value(QLatin1String("status")).toObject();
    if (!status.isEmpty()) {
        printLine(status.value(QLatin1String("daemon")).toBool()
                ? tr("daemon: running, pid %1").arg(status.value(QLatin1String("pid")).toInteger())
                : tr("daemon: not running"));
        printLine(tr("jobs: %1, running %2")
                      .arg(status.value(QLatin1String("jobs")).toInt())
                      .arg(status.value(QLatin1String("jobs_running")).toInt()));
    }
    co_return 0;
}

static Task<int> runRemove(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    QJsonObject parameters;
    parameters.insert(QStringLiteral("end_jobs"), invocation.has("force"));
    auto acting
        = onAgent(all, QStringLiteral("agent.remove"), invocation.words.first(), parameters);
    auto result = co_await std::move(acting);
    if (!result) {
        if (result.error().cause.contains(QLatin1String("--force"))) // jobs run there
            result.error().next = tr("Cancel them, or give --force, which ends them.");
        co_return failed(*all, result.error());
    }
    if (all->json())
        printJson("agent", *result);
    else
        printLine(result->value(QLatin1String("said")).toString());
    co_return 0;
}

const Verb agentDeployVerb{"agent deploy", "ALIAS",
    QT_TRANSLATE_NOOP("ctl", "put the agent on a host"), "agent deploy lab", 1, 1, false, {},
    &runDeploy,
    QT_TRANSLATE_NOOP("ctl",
        "Uploads one static binary below your home there and checks its SHA-256. Nothing needs "
        "root.\n"
        "Other verbs do the same by themselves when the agent is missing.")};
const Verb agentStatusVerb{"agent status", "ALIAS",
    QT_TRANSLATE_NOOP("ctl", "say whether the agent is there and runs"), "agent status lab", 1, 1,
    false, {}, &runStatus,
    QT_TRANSLATE_NOOP(
        "ctl", "Connects, and asks the agent's program there; nothing is started or changed.")};
const Verb agentRemoveVerb{"agent remove", "ALIAS",
    QT_TRANSLATE_NOOP("ctl", "take the agent and all its files off a host"), "agent remove lab", 1,
    1, false, {{"force", nullptr, QT_TRANSLATE_NOOP("ctl", "end the jobs that run there")}},
    &runRemove,
    QT_TRANSLATE_NOOP("ctl",
        "Stops the daemon and removes its binary, its jobs' logs and its samples. Fails while jobs "
        "run,\nunless --force ends them.")};

} // namespace pilothouse::ctl
