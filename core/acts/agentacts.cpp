// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The agent on a host: put it there, look at it, take it away.
#include "core/acts/actrunner.h"
#include "core/acts/actsupport.h"
#include "core/acts/acttable.h"
#include "core/session/workspace.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("acts", text);
}

namespace {

/// A transport to look at a host with: the open link's, or one of our own that is closed after.
struct Way {
    std::shared_ptr<Transport> transport;
    bool own = false;
    HostProbe probe;
};

Task<Result<Way>> reachHost(Context context, Services *services, Target target)
{
    Way way;
    const auto *session = services->workspace->session(target.id);
    if (const auto link = session ? session->current() : nullptr) {
        way.transport = link->transport;
    } else if (!services->prompter) {
        Error closed{ErrorKind::Unreachable, QStringLiteral("agent"),
            tr("%1 is not connected.").arg(target.name), {}, tr("Connect to it first.")};
        co_return fail(closed);
    } else {
        StageSink quiet = [](const StageReport &) {};
        auto connecting = connectTransport(context, target, services->prompter, std::move(quiet));
        const auto connected = co_await std::move(connecting);
        if (!connected)
            co_return fail(connected.error());
        way.transport = connected->transport;
        way.own = true;
    }
    auto probing = probeHost(context, way.transport, target.protection == Protection::ReadOnly);
    const auto probe = co_await std::move(probing);
    if (!probe) {
        if (way.own)
            way.transport->close();
        co_return fail(probe.error());
    }
    way.probe = *probe;
    chooseAgent(way.probe, agentBinaryFor(way.probe.arch));
    co_return way;
}

} // namespace

static QString previewDeploy(Services &services, const ActRequest &request)
{
    const auto target = targetOf(services, request);
    return QStringLiteral("%1: ~/.local/share/pilothouse/agent/VERSION/pilothouse-agent")
        .arg(target ? target->name : request.target);
}

/// Connecting puts the agent there when it is missing, through this same act.
static Task<Result<QJsonObject>> runDeploy(
    Context context, Permit permit, Services &services, ActRequest request)
{
    auto *all = &services;
    const auto target = targetOf(*all, request);
    if (!target)
        co_return fail(target.error());
    auto reaching = reachHost(context, all, *target);
    const auto way = co_await std::move(reaching);
    if (!way)
        co_return fail(way.error());
    QString path = way->probe.agentPath;
    const bool present = !path.isEmpty();
    const auto binary = agentBinaryFor(way->probe.arch);
    Result<QString> deployed = path;
    if (!binary) {
        deployed = fail({ErrorKind::Unsupported, QStringLiteral("agent"),
            tr("This console has no agent for %1.").arg(way->probe.arch), {}, {}});
    } else if (!present) {
        const QString activity = context.actId();
        Progress progress = [all, activity](qint64 done, qint64 total) {
            if (all->runner)
                all->runner->progress(activity, done, total, tr("uploading agent"));
        };
        auto deploying = deployAgent(
            context, permit, way->transport, way->probe, *binary, std::move(progress));
        deployed = co_await std::move(deploying);
    }
    if (way->own)
        way->transport->close();
    if (!deployed)
        co_return fail(deployed.error());
    QJsonObject result;
    result.insert(QStringLiteral("target"), target->name);
    result.insert(QStringLiteral("path"), *deployed);
    result.insert(QStringLiteral("agent_version"), binary->version);
    result.insert(QStringLiteral("deployed"), !present);
    co_return result;
}

static QString previewStatus(Services &, const ActRequest &)
{
    return QStringLiteral("pilothouse-agent status");
}

static Task<Result<QJsonObject>> runStatus(
    Context context, Permit, Services &services, ActRequest request)
{
    auto *all = &services;
    const auto target = targetOf(*all, request);
    if (!target)
        co_return fail(target.error());
    auto reaching = reachHost(context, all, *target);
    const auto way = co_await std::move(reaching);
    if (!way)
        co_return fail(way.error());
    QString program = way->probe.agentPath;
    if (program.isEmpty() && !way->probe.installedVersions.isEmpty())
        program = installedAgentPath(way->probe, way->probe.installedVersions.last());
    QJsonObject result;
    result.insert(QStringLiteral("target"), target->name);
    result.insert(QStringLiteral("current"), !way->probe.agentPath.isEmpty());
    result.insert(QStringLiteral("installed_versions"),
        QJsonArray::fromStringList(way->probe.installedVersions));
    result.insert(QStringLiteral("arch"), way->probe.arch);
    result.insert(QStringLiteral("trouble"),
        way->probe.trouble.isEmpty() ? QJsonValue() : QJsonValue(way->probe.trouble));
    result.insert(QStringLiteral("status"), QJsonValue());
    if (!program.isEmpty()) {
        const Command command(program, QStringList{QStringLiteral("status")});
        auto asking = way->transport->run(context, command);
        const auto text = printed(co_await std::move(asking), QStringLiteral("agent"));
        if (text) // an agent that cannot run is there all the same
            result.insert(QStringLiteral("status"), QJsonDocument::fromJson(*text).object());
    }
    if (way->own)
        way->transport->close();
    co_return result;
}

/// Parameter: end_jobs (false), without which it is refused while jobs run there.
static bool endsJobs(const ActRequest &request)
{
    return request.parameters.value(QLatin1String("end_jobs")).toBool();
}

static QString previewRemove(Services &, const ActRequest &request)
{
    return endsJobs(request) ? QStringLiteral("pilothouse-agent remove --force")
                             : QStringLiteral("pilothouse-agent remove");
}

static Task<Result<QJsonObject>> runRemove(
    Context context, Permit permit, Services &services, ActRequest request)
{
    auto *all = &services;
    const auto target = targetOf(*all, request);
    if (!target)
        co_return fail(target.error());
    // A session that loses its agent would connect again and put it back.
    all->workspace->session(target->id)->disconnect();
    auto reaching = reachHost(context, all, *target);
    const auto way = co_await std::move(reaching);
    if (!way)
        co_return fail(way.error());
    auto removing = removeAgent(context, permit, way->transport, way->probe, endsJobs(request));
    const auto said = co_await std::move(removing);
    if (way->own)
        way->transport->close();
    if (!said)
        co_return fail(said.error());
    QJsonObject result;
    result.insert(QStringLiteral("target"), target->name);
    result.insert(QStringLiteral("said"), *said);
    co_return result;
}

const Act deployAgentAct{"agent.deploy", QT_TRANSLATE_NOOP("acts", "Deploy agent"), "",
    Mutates::Yes, Destructive::No, QT_TRANSLATE_NOOP("acts", "Remove the agent."), &canForTarget,
    &previewDeploy, &runDeploy};
const Act agentStatus{"agent.status", QT_TRANSLATE_NOOP("acts", "Agent status"), "", Mutates::No,
    Destructive::No, "", &canForTarget, &previewStatus, &runStatus};
const Act removeAgentAct{"agent.remove", QT_TRANSLATE_NOOP("acts", "Remove agent"), "",
    Mutates::Yes, Destructive::Yes,
    QT_TRANSLATE_NOOP("acts", "Deploy it again; logs and samples on the host are gone."),
    &canForTarget, &previewRemove, &runRemove};

} // namespace pilothouse
