// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/acts/resultjson.h"
#include "core/session/nodeclock.h"
#include "core/session/workspace.h"
#include "core/transport/sshconfig.h"

#include <QJsonArray>

namespace pilothouse::ctl {

static void printStages(const QJsonArray &stages)
{
    for (const auto &value : stages) {
        const auto stage = value.toObject();
        const auto took = stage.value(QLatin1String("milliseconds"));
        if (took.isNull())
            continue; // it did not come so far
        const QString hop = stage.value(QLatin1String("hop")).toString();
        QString title = stage.value(QLatin1String("title")).toString();
        if (!hop.isEmpty())
            title += QStringLiteral(" (%1)").arg(hop);
        printLine(QStringLiteral("%1  %2  %3  %4")
                      .arg(stage.value(QLatin1String("state")).toString(), -8)
                      .arg(title, -24)
                      .arg(QStringLiteral("%1 ms").arg(took.toInteger()), 8)
                      .arg(stage.value(QLatin1String("result")).toString()));
    }
}

static Task<int> runConfig(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto target = all->target(invocation.words.first());
    if (!target)
        co_return failed(*all, target.error());
    if (target->kind == TargetKind::Local) {
        const Error local{ErrorKind::Unsupported, QStringLiteral("resolve"),
            tr("This machine is reached without SSH: there is nothing to resolve."), {}, {}};
        co_return failed(*all, local);
    }
    if (target->kind == TargetKind::Simulated) {
        const Error simulated{ErrorKind::Unsupported, QStringLiteral("resolve"),
            tr("%1 is simulated: it is reached without SSH, so there is nothing to resolve.")
                .arg(target->name),
            {}, {}};
        co_return failed(*all, simulated);
    }
    auto resolving = resolveHost(all->context(), *target);
    const auto host = co_await std::move(resolving);
    if (!host)
        co_return failed(*all, host.error());
    const auto &found = **host;
    QJsonArray jumps;
    QStringList hops;
    for (const auto &jump : found.jumps) {
        const QString hop
            = QStringLiteral("%1@%2:%3").arg(jump->user, jump->hostName).arg(jump->port);
        jumps.append(hop);
        hops << hop;
    }
    if (!all->json()) {
        const auto line = [](const QString &name, const QString &value) {
            if (!value.isEmpty())
                printLine(name.leftJustified(22) + value);
        };
        line(tr("host"), found.hostName);
        line(tr("port"), QString::number(found.port));
        line(tr("user"), found.user);
        line(tr("jump hosts"), hops.join(QStringLiteral(" > ")));
        line(tr("identity files"), found.identityFiles.join(QStringLiteral(", ")));
        line(tr("known hosts"), found.userKnownHosts.join(QStringLiteral(", ")));
        line(tr("proxy command"), found.proxyCommand);
        line(tr("needs the ssh program"), found.needsOpenSsh.join(QStringLiteral(", ")));
        line(tr("better with it for"), found.prefersOpenSsh.join(QStringLiteral(", ")));
        line(tr("read from"), found.filesRead.join(QStringLiteral(", ")));
        co_return 0;
    }
    QJsonObject object;
    object.insert(QStringLiteral("alias"), target->name);
    object.insert(QStringLiteral("host_name"), found.hostName);
    object.insert(QStringLiteral("port"), found.port);
    object.insert(QStringLiteral("user"), orNull(found.user));
    object.insert(QStringLiteral("jump_hosts"), jumps);
    object.insert(
        QStringLiteral("identity_files"), QJsonArray::fromStringList(found.identityFiles));
    object.insert(QStringLiteral("known_hosts"), QJsonArray::fromStringList(found.userKnownHosts));
    object.insert(QStringLiteral("strict_host_key_checking"), orNull(found.strictHostKeyChecking));
    object.insert(QStringLiteral("proxy_command"), orNull(found.proxyCommand));
    object.insert(QStringLiteral("needs_openssh"), QJsonArray::fromStringList(found.needsOpenSsh));
    object.insert(
        QStringLiteral("prefers_openssh"), QJsonArray::fromStringList(found.prefersOpenSsh));
    object.insert(QStringLiteral("files_read"), QJsonArray::fromStringList(found.filesRead));
    printJson("config", object);
    co_return 0;
}

/// How far an attempt came that failed. Nothing when none was begun.
static void printFailedStages(const Desk &desk, const QString &id, const char *schema, bool tested)
{
    const auto *session = desk.services().workspace->session(id);
    if (!session || session->stages().isEmpty())
        return;
    auto told = tested ? testToJson(*session) : connectionToJson(*session, nullptr);
    told.insert(QStringLiteral("target"), desk.targetName(id));
    if (desk.json())
        printJson(schema, told);
    else
        printStages(told.value(QLatin1String("stages")).toArray());
}

static Task<int> staged(Desk &desk, QString act, QString alias, const char *schema)
{
    auto *all = &desk;
    const auto target = all->target(alias);
    if (!target)
        co_return failed(*all, target.error());
    ActRequest request;
    request.target = target->id;
    auto running = all->run(act, request);
    const auto result = co_await std::move(running);
    if (!result) {
        printFailedStages(*all, target->id, schema, act == QLatin1String("target.test"));
        co_return failed(*all, result.error());
    }
    if (all->json()) {
        printJson(schema, *result);
        co_return 0;
    }
    printStages(result->value(QLatin1String("stages")).toArray());
    if (result->contains(QLatin1String("summary"))) {
        printLine(tr("connected: %1").arg(result->value(QLatin1String("summary")).toString()));
        printLine(result->value(QLatin1String("transport_why")).toString());
    }
    if (const auto skew = result->value(QLatin1String("clock_skew_ms")); skew.isDouble())
        printLine(skewSentence(all->targetName(target->id), skew.toInteger()));
    for (const auto *key : {"without_agent", "warnings"}) {
        const auto value = result->value(QLatin1String(key));
        const auto warnings = value.toArray();
        if (value.isString())
            printLine(value.toString());
        for (const auto &warning : warnings)
            printLine(warning.toString());
    }
    co_return 0;
}

static Task<int> runTest(Desk &desk, Invocation invocation)
{
    auto testing = staged(desk, QStringLiteral("target.test"), invocation.words.first(), "test");
    co_return co_await std::move(testing);
}

static Task<int> runConnect(Desk &desk, Invocation invocation)
{
    auto connecting
        = staged(desk, QStringLiteral("target.connect"), invocation.words.first(), "connection");
    co_return co_await std::move(connecting);
}

const Verb configVerb{"config resolve", "ALIAS",
    QT_TRANSLATE_NOOP("ctl", "say what ssh_config makes of an alias"), "config resolve lab", 1, 1,
    false, {}, &runConfig,
    QT_TRANSLATE_NOOP("ctl",
        "Prints what “ssh -G” makes of the alias and of its jump hosts, and what of it libssh "
        "cannot\n"
        "do. Nothing is contacted; Match exec lines of the configuration are run.")};
const Verb testVerb{"test", "ALIAS",
    QT_TRANSLATE_NOOP("ctl", "try a connection, stage by stage, and change nothing"), "test lab", 1,
    1, false, {}, &runTest,
    QT_TRANSLATE_NOOP("ctl",
        "Prints each stage with its time and result, and how far the host's clock is off when that "
        "is\n"
        "more than 2 s. The first stage that fails ends it, with the reason and the next step on "
        "stderr;\n--json prints the same object then, and null for what is not known.")};
const Verb connectVerb{"connect", "ALIAS",
    QT_TRANSLATE_NOOP("ctl", "connect once, put the agent there, and say what is found"),
    "connect lab", 1, 1, false, {}, &runConnect,
    QT_TRANSLATE_NOOP("ctl",
        "As “test”, and then the agent is put there when it is missing, started, and asked for "
        "the\n"
        "first sample. Its daemon stays, for jobs and charts.")};

} // namespace pilothouse::ctl
