// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Targets: connect, disconnect, test, and what is stored of them.
#include "core/acts/actsupport.h"
#include "core/acts/acttable.h"
#include "core/acts/resultjson.h"
#include "core/session/workspace.h"

#include <QCoreApplication>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("acts", text);
}

static QString previewConnect(Services &services, const ActRequest &request)
{
    const auto target = targetOf(services, request);
    if (!target || target->kind == TargetKind::Local)
        return QStringLiteral("pilothouse-agent connect");
    if (target->kind == TargetKind::Simulated)
        return target->host;
    return QStringLiteral("ssh %1 pilothouse-agent connect").arg(target->name);
}

static Task<Result<QJsonObject>> runConnect(
    Context context, Permit, Services &services, ActRequest request)
{
    auto *all = &services;
    const auto target = targetOf(*all, request);
    if (!target)
        co_return fail(target.error());
    auto opening = all->workspace->session(target->id)->open(context);
    const auto link = co_await std::move(opening);
    if (!link)
        co_return fail(link.error());
    const auto *session = all->workspace->session(target->id);
    if (!session) // removed meanwhile
        co_return fail(cancelled(QStringLiteral("connect")));
    co_return connectionToJson(*session, link->get());
}

static Task<Result<QJsonObject>> runDisconnect(
    Context, Permit, Services &services, ActRequest request)
{
    const auto target = targetOf(services, request);
    if (!target)
        co_return fail(target.error());
    services.workspace->session(target->id)->disconnect();
    co_return QJsonObject();
}

static Task<Result<QJsonObject>> runTest(
    Context context, Permit, Services &services, ActRequest request)
{
    const auto target = targetOf(services, request);
    if (!target)
        co_return fail(target.error());
    auto *all = &services;
    auto testing = services.workspace->session(target->id)->test(context);
    const auto stages = co_await std::move(testing);
    if (!stages)
        co_return fail(stages.error());
    const auto *session = all->workspace->session(target->id);
    if (!session) // removed meanwhile
        co_return fail(cancelled(QStringLiteral("test")));
    co_return testToJson(*session);
}

static QString previewName(Services &services, const ActRequest &request)
{
    const auto target = targetOf(services, request);
    return target ? target->name : request.target;
}

/// Parameters: name, host, user, port, identity_file, proxy_jump, group, favourite, transport.
static Target edited(Target target, const QJsonObject &edits)
{
    const auto text = [&edits](const char *key, QString &value) {
        if (edits.contains(QLatin1String(key)))
            value = edits.value(QLatin1String(key)).toString();
    };
    text("name", target.name);
    text("host", target.host);
    text("user", target.user);
    text("identity_file", target.identityFile);
    text("proxy_jump", target.proxyJump);
    text("group", target.group);
    if (edits.contains(QLatin1String("port")))
        target.port = quint16(std::clamp(edits.value(QLatin1String("port")).toInt(), 0, 65535));
    if (edits.contains(QLatin1String("favourite")))
        target.favourite = edits.value(QLatin1String("favourite")).toBool();
    const QString transport = edits.value(QLatin1String("transport")).toString();
    for (const auto choice :
        {TransportChoice::Automatic, TransportChoice::Libssh, TransportChoice::OpenSsh}) {
        if (transport == transportName(choice))
            target.transport = choice;
    }
    return target;
}

static Result<QJsonObject> saved(Services &services, const Target &target)
{
    if (auto done = services.workspace->save(target); !done)
        return fail(done.error());
    return QJsonObject{{QStringLiteral("id"), target.id}, {QStringLiteral("name"), target.name}};
}

static QString previewAdd(Services &, const ActRequest &request)
{
    const auto target = edited(Target(), request.parameters);
    QStringList words{QStringLiteral("ssh")};
    if (target.port != 0)
        words << QStringLiteral("-p") << QString::number(target.port);
    if (!target.user.isEmpty())
        words << QStringLiteral("-l") << target.user;
    if (!target.identityFile.isEmpty())
        words << QStringLiteral("-i") << target.identityFile;
    if (!target.proxyJump.isEmpty())
        words << QStringLiteral("-J") << target.proxyJump;
    words << target.host;
    return target.name + QStringLiteral(": ") + shellWords(words);
}

static Task<Result<QJsonObject>> runAdd(Context, Permit, Services &services, ActRequest request)
{
    Target target = edited(Target(), request.parameters);
    target.kind = TargetKind::SshManual;
    target.id = QStringLiteral("ssh:") + target.name;
    target.origin = tr("added here");
    if (services.workspace->target(target.id) || services.workspace->target(target.name)) {
        Error taken{ErrorKind::Conflict, QStringLiteral("targets"),
            tr("“%1” is taken.").arg(target.name), {}, tr("Choose another name.")};
        co_return fail(taken);
    }
    co_return saved(services, target);
}

static Task<Result<QJsonObject>> runChange(Context, Permit, Services &services, ActRequest request)
{
    const auto target = targetOf(services, request);
    if (!target)
        co_return fail(target.error());
    co_return saved(services, edited(*target, request.parameters));
}

static Task<Result<QJsonObject>> runRemove(Context, Permit, Services &services, ActRequest request)
{
    const auto target = targetOf(services, request);
    if (!target)
        co_return fail(target.error());
    if (auto done = services.workspace->remove(target->id); !done)
        co_return fail(done.error());
    co_return QJsonObject();
}

static QString previewProtect(Services &services, const ActRequest &request)
{
    return previewName(services, request) + QStringLiteral(": ") + parameter(request, "protection");
}

/// Parameter: protection, one of open, protected, read_only.
static Task<Result<QJsonObject>> runProtect(Context, Permit, Services &services, ActRequest request)
{
    auto target = targetOf(services, request);
    if (!target)
        co_return fail(target.error());
    const QString wanted = parameter(request, "protection");
    for (const auto mode : {Protection::Open, Protection::Protected, Protection::ReadOnly}) {
        if (wanted == protectionName(mode)) {
            target->protection = mode;
            co_return saved(services, *target);
        }
    }
    Error error{ErrorKind::BadInput, QStringLiteral("protection"),
        tr("Protection is open, protected or read_only."), wanted, {}};
    co_return fail(error);
}

static QString previewFavourite(Services &services, const ActRequest &request)
{
    const bool favourite = request.parameters.value(QLatin1String("favourite")).toBool(true);
    return previewName(services, request)
        + (favourite ? QStringLiteral(": favourite") : QStringLiteral(": no favourite"));
}

static Task<Result<QJsonObject>> runFavourite(
    Context, Permit, Services &services, ActRequest request)
{
    auto target = targetOf(services, request);
    if (!target)
        co_return fail(target.error());
    target->favourite = request.parameters.value(QLatin1String("favourite")).toBool(true);
    co_return saved(services, *target);
}

static Can canRemove(Services &services, const ActRequest &request)
{
    const auto target = targetOf(services, request);
    if (!target)
        return Can::absent();
    return target->kind == TargetKind::SshManual
        ? Can::allowed()
        : Can::refused(tr("%1 comes from %2 and stays as long as it is there.")
                           .arg(target->name, target->origin));
}

/// NotOpened without making a session: asking must not open anything.
static TargetState stateOf(Services &services, const Target &target)
{
    return services.workspace->openedSessions().contains(target.id)
        ? services.workspace->session(target.id)->state()
        : TargetState::NotOpened;
}

static Can canDisconnect(Services &services, const ActRequest &request)
{
    const auto target = targetOf(services, request);
    if (!target)
        return Can::absent();
    const auto state = stateOf(services, *target);
    if (state == TargetState::NotOpened)
        return Can::refused(tr("%1 is not connected.").arg(target->name));
    if (state == TargetState::Failed
        && services.workspace->session(target->id)->nextAttemptAt() == 0)
        return Can::refused(tr("%1 is not connected.").arg(target->name));
    return Can::allowed();
}

static Can canTest(Services &services, const ActRequest &request)
{
    const auto target = targetOf(services, request);
    if (!target)
        return Can::absent();
    const auto state = stateOf(services, *target);
    return state == TargetState::Connecting || state == TargetState::Connected
        ? Can::refused(tr("%1 is connected: disconnect it to test.").arg(target->name))
        : Can::allowed();
}

const Act connectTarget{"target.connect", QT_TRANSLATE_NOOP("acts", "Connect"), "Ctrl+O",
    Mutates::No, Destructive::No, "", &canForTarget, &previewConnect, &runConnect};
const Act disconnectTarget{"target.disconnect", QT_TRANSLATE_NOOP("acts", "Disconnect"), "",
    Mutates::No, Destructive::No, "", &canDisconnect, &previewName, &runDisconnect};
const Act testTarget{"target.test", QT_TRANSLATE_NOOP("acts", "Test connection"), "", Mutates::No,
    Destructive::No, "", &canTest, &previewConnect, &runTest};
const Act addTarget{"target.add", QT_TRANSLATE_NOOP("acts", "Add host"), "Ctrl+N", Mutates::Locally,
    Destructive::No, QT_TRANSLATE_NOOP("acts", "Remove the host."), &canAlways, &previewAdd,
    &runAdd};
const Act changeTarget{"target.change", QT_TRANSLATE_NOOP("acts", "Change host"), "",
    Mutates::Locally, Destructive::No, QT_TRANSLATE_NOOP("acts", "Change it back."), &canForTarget,
    &previewName, &runChange};
const Act removeTarget{"target.remove", QT_TRANSLATE_NOOP("acts", "Remove host"), "",
    Mutates::Locally, Destructive::Yes, QT_TRANSLATE_NOOP("acts", "Add the host again."),
    &canRemove, &previewName, &runRemove};
const Act protectTarget{"target.protect", QT_TRANSLATE_NOOP("acts", "Set protection"), "",
    Mutates::Locally, Destructive::No, QT_TRANSLATE_NOOP("acts", "Set it back."), &canForTarget,
    &previewProtect, &runProtect};
const Act favouriteTarget{"target.favourite", QT_TRANSLATE_NOOP("acts", "Mark as favourite"), "",
    Mutates::Locally, Destructive::No, QT_TRANSLATE_NOOP("acts", "Unmark it."), &canForTarget,
    &previewFavourite, &runFavourite};

} // namespace pilothouse
