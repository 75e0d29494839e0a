// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/session/workspace.h"

#include <QJsonArray>

namespace pilothouse::ctl {

static QString kindName(TargetKind kind)
{
    switch (kind) {
    case TargetKind::Local:
        return QStringLiteral("local");
    case TargetKind::SshAlias:
        return QStringLiteral("ssh_alias");
    case TargetKind::Simulated:
        return QStringLiteral("simulated");
    case TargetKind::SshManual:
        break;
    }
    return QStringLiteral("ssh_manual");
}

static QJsonObject targetToJson(const Desk &desk, const Target &target)
{
    QJsonObject one;
    one.insert(QStringLiteral("id"), target.id);
    one.insert(QStringLiteral("name"), desk.targetName(target.id));
    one.insert(QStringLiteral("kind"), kindName(target.kind));
    one.insert(QStringLiteral("origin"), target.origin);
    one.insert(QStringLiteral("group"), orNull(target.group));
    one.insert(QStringLiteral("favourite"), target.favourite);
    one.insert(QStringLiteral("protection"), protectionName(target.protection));
    one.insert(QStringLiteral("transport"), transportName(target.transport));
    return one;
}

static Task<int> runTargets(Desk &desk, Invocation)
{
    const auto targets = desk.services().workspace->targets();
    const auto problems = desk.services().workspace->configProblems();
    if (desk.json()) {
        QJsonArray all;
        for (const auto &target : targets)
            all.append(targetToJson(desk, target));
        QJsonObject object;
        object.insert(QStringLiteral("targets"), all);
        object.insert(QStringLiteral("problems"), QJsonArray::fromStringList(problems));
        printJson("targets", object);
        co_return 0;
    }
    QList<QStringList> rows;
    for (const auto &target : targets) {
        QStringList row;
        row << desk.targetName(target.id) << (target.favourite ? tr("yes") : tr("no"))
            << protectionName(target.protection) << transportName(target.transport) << target.group
            << target.origin;
        rows << row;
    }
    QStringList heads;
    heads << tr("NAME") << tr("FAVOURITE") << tr("PROTECTION") << tr("TRANSPORT") << tr("GROUP")
          << tr("FROM");
    printTable(heads, rows);
    for (const auto &problem : problems)
        printNote(problem);
    co_return 0;
}

/// Runs an act on a target and prints `done`, or the target as it is now.
static Task<int> actOn(Desk &desk, QString act, ActRequest request, QString done)
{
    auto *all = &desk;
    auto running = all->run(act, request);
    const auto result = co_await std::move(running);
    if (!result)
        co_return failed(*all, result.error());
    const auto now = all->target(result->value(QLatin1String("id")).toString());
    if (all->json())
        printJson("target", now ? targetToJson(*all, *now) : *result);
    else
        printLine(done);
    co_return 0;
}

static Task<int> runAdd(Desk &desk, Invocation invocation)
{
    ActRequest request;
    auto &parameters = request.parameters;
    parameters.insert(QStringLiteral("name"), invocation.words.first());
    parameters.insert(QStringLiteral("host"),
        invocation.has("host") ? invocation.value("host") : invocation.words.first());
    if (invocation.has("user"))
        parameters.insert(QStringLiteral("user"), invocation.value("user"));
    if (invocation.has("identity"))
        parameters.insert(QStringLiteral("identity_file"), invocation.value("identity"));
    if (invocation.has("jump"))
        parameters.insert(QStringLiteral("proxy_jump"), invocation.value("jump"));
    if (invocation.has("group"))
        parameters.insert(QStringLiteral("group"), invocation.value("group"));
    if (invocation.has("port"))
        parameters.insert(QStringLiteral("port"), invocation.number("port", 0));
    const QString done = tr("%1 added.").arg(invocation.words.first());
    auto acting = actOn(desk, QStringLiteral("target.add"), request, done);
    co_return co_await std::move(acting);
}

static Task<int> runRemove(Desk &desk, Invocation invocation)
{
    ActRequest request;
    request.target = invocation.words.first();
    const QString done = tr("%1 removed.").arg(request.target);
    auto acting = actOn(desk, QStringLiteral("target.remove"), request, done);
    co_return co_await std::move(acting);
}

static Task<int> runProtect(Desk &desk, Invocation invocation)
{
    ActRequest request;
    request.target = invocation.words[0];
    const QString mode = QString(invocation.words[1]).replace(QLatin1Char('-'), QLatin1Char('_'));
    request.parameters.insert(QStringLiteral("protection"), mode);
    const QString done = tr("%1 is %2.").arg(request.target, mode);
    auto acting = actOn(desk, QStringLiteral("target.protect"), request, done);
    co_return co_await std::move(acting);
}

/// One of `words`, or BadInput that names them.
static Result<QString> oneOf(
    const Invocation &invocation, const char *option, const QStringList &words)
{
    const QString value = invocation.value(option);
    if (words.contains(value))
        return value;
    return fail({ErrorKind::BadInput, QStringLiteral("usage"),
        tr("--%1 is %2, not “%3”.").arg(QLatin1String(option), words.join(tr(" or ")), value), {},
        {}});
}

static Result<QJsonObject> settingsOf(const Invocation &invocation)
{
    QJsonObject settings;
    if (invocation.has("group"))
        settings.insert(QStringLiteral("group"), invocation.value("group"));
    if (invocation.has("favourite")) {
        const auto answer
            = oneOf(invocation, "favourite", {QStringLiteral("yes"), QStringLiteral("no")});
        if (!answer)
            return fail(answer.error());
        settings.insert(QStringLiteral("favourite"), *answer == QLatin1String("yes"));
    }
    if (invocation.has("transport")) {
        const auto choice = oneOf(invocation, "transport",
            {transportName(TransportChoice::Automatic), transportName(TransportChoice::Libssh),
                transportName(TransportChoice::OpenSsh)});
        if (!choice)
            return fail(choice.error());
        settings.insert(QStringLiteral("transport"), *choice);
    }
    if (settings.isEmpty())
        return fail({ErrorKind::BadInput, QStringLiteral("usage"),
            tr("Say what to set: --group, --favourite or --transport."), {}, {}});
    return settings;
}

static Task<int> runSet(Desk &desk, Invocation invocation)
{
    const auto settings = settingsOf(invocation);
    if (!settings)
        co_return failed(desk, settings.error());
    ActRequest request;
    request.target = invocation.words.first();
    request.parameters = *settings;
    const QString done = tr("%1 changed.").arg(request.target);
    auto acting = actOn(desk, QStringLiteral("target.change"), request, done);
    co_return co_await std::move(acting);
}

const Verb targetsVerb{"targets", "", QT_TRANSLATE_NOOP("ctl", "list this machine and all hosts"),
    "targets", 0, 0, false, {}, &runTargets,
    QT_TRANSLATE_NOOP("ctl",
        "This machine, each concrete Host of ~/.ssh/config with its Includes, and hosts that were "
        "added.\n"
        "Nothing is contacted.")};
const Verb addVerb{"add", "NAME", QT_TRANSLATE_NOOP("ctl", "add a host that is in no ssh_config"),
    "add lab --host 10.2.0.41 --user mia", 1, 1, false,
    {{"host", "HOST", QT_TRANSLATE_NOOP("ctl", "its name or address; NAME when left out")},
        {"user", "USER", QT_TRANSLATE_NOOP("ctl", "user there")},
        {"port", "N", QT_TRANSLATE_NOOP("ctl", "port of its SSH server")},
        {"identity", "FILE", QT_TRANSLATE_NOOP("ctl", "private key to log in with")},
        {"jump", "HOSTS", QT_TRANSLATE_NOOP("ctl", "jump hosts, as ProxyJump takes them")},
        {"group", "GROUP", QT_TRANSLATE_NOOP("ctl", "group in the inventory")}},
    &runAdd,
    QT_TRANSLATE_NOOP("ctl",
        "Kept in Pilothouse's own store; ssh_config stays as it is. Its Host * lines hold for it "
        "too.")};
const Verb removeVerb{"remove", "NAME", QT_TRANSLATE_NOOP("ctl", "remove a host that was added"),
    "remove lab", 1, 1, false, {}, &runRemove,
    QT_TRANSLATE_NOOP(
        "ctl", "Only hosts that were added here; an alias goes when its Host block goes.")};
const Verb protectVerb{"protect", "ALIAS MODE",
    QT_TRANSLATE_NOOP("ctl", "set protection: open, protected or read_only"),
    "protect lab read_only", 2, 2, false, {}, &runProtect,
    QT_TRANSLATE_NOOP("ctl",
        "protected asks for the target's name before anything destructive (--confirm NAME without "
        "a\n"
        "terminal); read_only lets nothing through that changes something there.")};

const Verb setVerb{"set", "ALIAS OPTIONS",
    QT_TRANSLATE_NOOP("ctl", "set a target's group, favourite mark and transport"),
    "set lab --group vision --favourite yes", 1, 1, false,
    {{"group", "GROUP", QT_TRANSLATE_NOOP("ctl", "group in the inventory; '' for none")},
        {"favourite", "yes|no", QT_TRANSLATE_NOOP("ctl", "whether it stands among the favourites")},
        {"transport", "KIND", QT_TRANSLATE_NOOP("ctl", "automatic, libssh or openssh")}},
    &runSet,
    QT_TRANSLATE_NOOP("ctl",
        "Kept in Pilothouse's own store, for the console too; nothing is contacted. With "
        "--transport\n"
        "automatic libssh is used, or the system's ssh where the configuration needs it.")};

} // namespace pilothouse::ctl
