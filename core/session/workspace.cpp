// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/workspace.h"

#include "core/base/log.h"
#include "core/session/targetstore.h"
#include "core/transport/sshconfig.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QHash>
#include <QTimer>

#include <algorithm>
#include <map>

namespace pilothouse {

class WorkspacePrivate {
public:
    QString file;
    Prompter *prompter = nullptr;
    std::optional<TargetStore> store;
    QList<Target> targets;
    QHash<QString, qsizetype> places; ///< in `targets`, by id
    QList<Target> given; ///< by setTargets()
    QList<Target> stored; ///< as they were read last
    QStringList problems;
    std::map<QString, std::unique_ptr<Session>> sessions;
    Deployer deployer;
    Connector connector = &connectTransport;
    QFileSystemWatcher watcher;
    QTimer reload, look;
    qint64 version = 0; ///< of the stored targets as they were read
};

static Target thisMachine()
{
    Target local;
    local.id = QStringLiteral("local");
    local.name = QCoreApplication::translate("workspace", "This machine");
    local.kind = TargetKind::Local;
    local.origin = QCoreApplication::translate("workspace", "this machine");
    return local;
}

Workspace::Workspace(const QString &database, Prompter *prompter, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<WorkspacePrivate>())
{
    d->file = database;
    d->prompter = prompter;
    // Editors write a file several times in a row.
    d->reload.setSingleShot(true);
    d->reload.setInterval(300);
    connect(&d->reload, &QTimer::timeout, this, &Workspace::reloadSshConfig);
    d->look.setInterval(1000);
    connect(&d->look, &QTimer::timeout, this, &Workspace::takeChanges);
    connect(&d->watcher, &QFileSystemWatcher::fileChanged, this, [this] { d->reload.start(); });
    connect(
        &d->watcher, &QFileSystemWatcher::directoryChanged, this, [this] { d->reload.start(); });
}

Workspace::~Workspace()
{
    blockSignals(true);
}

void Workspace::setTargets(const QList<Target> &targets)
{
    d->given = targets;
}

Result<> Workspace::load()
{
    auto store = TargetStore::open(d->file);
    if (!store)
        return fail(store.error());
    d->store.emplace(std::move(*store));
    reloadSshConfig();
    d->look.start();
    return {};
}

void Workspace::takeChanges()
{
    if (!d->store || d->store->version() == d->version)
        return;
    // Mostly it was something else in the same file: alerts, last-known values.
    const auto version = d->store->version();
    const auto loaded = d->store->targets();
    if (!loaded)
        return; // asked again in a second
    if (*loaded == d->stored)
        d->version = version;
    else
        reloadSshConfig();
}

void Workspace::reloadSshConfig()
{
    if (d->store) {
        const auto version = d->store->version();
        if (const auto loaded = d->store->targets()) {
            d->stored = *loaded;
            d->version = version;
        } else { // what was known of protection holds
            qCWarning(lcAgent) << loaded.error().message << loaded.error().cause;
        }
    }
    const auto &stored = d->stored;
    QHash<QString, Target> byId;
    for (const auto &target : std::as_const(stored))
        byId.insert(target.id, target);

    QList<Target> next;
    const auto listed = d->given.isEmpty() ? listSshAliases(userSshConfig()) : AliasList();
    d->problems = listed.problems;
    const auto add = [&](Target target) {
        const auto known = byId.constFind(target.id);
        if (known != byId.constEnd()) { // what a person set, on top of where it comes from
            target.group = known->group;
            target.favourite = known->favourite;
            target.protection = known->protection;
            target.transport = known->transport;
        }
        next << target;
    };
    if (d->given.isEmpty())
        add(thisMachine());
    for (const auto &target : std::as_const(d->given))
        add(target);
    for (const auto &alias : listed.aliases) {
        Target target;
        target.id = QStringLiteral("ssh:") + alias;
        target.name = alias;
        target.kind = TargetKind::SshAlias;
        target.origin = QStringLiteral("~/.ssh/config");
        add(target);
    }
    for (const auto &target : std::as_const(stored)) {
        if (target.kind == TargetKind::SshManual)
            next << target;
    }

    QStringList watched = listed.filesRead;
    watched << QFileInfo(userSshConfig()).absolutePath();
    watched.removeIf([](const QString &path) { return !QFileInfo::exists(path); });
    const QStringList before = d->watcher.files() + d->watcher.directories();
    for (const auto &path : std::as_const(watched)) {
        if (!before.contains(path))
            d->watcher.addPath(path);
    }
    if (next == d->targets)
        return;
    d->targets = next;
    d->places.clear();
    for (qsizetype i = 0; i < next.size(); ++i)
        d->places.insert(next[i].id, i);
    for (const auto &target : std::as_const(next)) {
        const auto session = d->sessions.find(target.id);
        if (session != d->sessions.end())
            session->second->setTarget(target);
    }
    // Removed, perhaps by another process. That of an alias stays: editors empty a file for a
    // moment before they write it.
    QStringList gone;
    std::erase_if(d->sessions, [&](const auto &one) {
        const bool removed
            = !d->places.contains(one.first) && one.second->target().kind == TargetKind::SshManual;
        if (removed)
            gone << one.first;
        return removed;
    });
    Q_EMIT targetsChanged();
    for (const auto &id : std::as_const(gone))
        Q_EMIT sessionChanged(id);
}

QStringList Workspace::configProblems() const
{
    return d->problems;
}

QList<Target> Workspace::targets() const
{
    return d->targets;
}

std::optional<Target> Workspace::target(const QString &idOrName) const
{
    const auto place = d->places.constFind(idOrName);
    if (place != d->places.cend())
        return d->targets[*place];
    for (const auto &target : std::as_const(d->targets)) {
        if (target.name == idOrName)
            return target;
    }
    return std::nullopt;
}

Result<> Workspace::save(const Target &target)
{
    if (target.id.isEmpty() || target.name.trimmed().isEmpty())
        return fail(
            {ErrorKind::BadInput, QStringLiteral("targets"), tr("A target needs a name."), {}, {}});
    if (target.kind == TargetKind::SshManual) {
        const auto same = this->target(target.name);
        if (same && same->id != target.id)
            return fail({ErrorKind::Conflict, QStringLiteral("targets"),
                tr("“%1” is taken.").arg(target.name), same->origin, tr("Choose another name.")});
        if (target.host.isEmpty() || target.host.startsWith(QLatin1Char('-')))
            return fail({ErrorKind::BadInput, QStringLiteral("targets"),
                tr("A host name or address is needed."), target.host, {}});
    }
    if (!d->store)
        return fail({ErrorKind::Internal, QStringLiteral("targets"),
            tr("The workspace is not open."), {}, {}});
    if (auto saved = d->store->save(target); !saved)
        return saved;
    const auto session = d->sessions.find(target.id);
    if (session != d->sessions.end())
        session->second->setTarget(target);
    reloadSshConfig();
    return {};
}

Result<> Workspace::remove(const QString &id)
{
    const auto known = target(id);
    if (!known)
        return fail({ErrorKind::NotFound, QStringLiteral("targets"), tr("There is no such target."),
            id, {}});
    if (known->kind != TargetKind::SshManual)
        return fail({ErrorKind::Unsupported, QStringLiteral("targets"),
            tr("%1 comes from %2 and stays as long as it is there.")
                .arg(known->name, known->origin),
            {}, tr("Remove its Host block from the file.")});
    if (!d->store)
        return fail({ErrorKind::Internal, QStringLiteral("targets"),
            tr("The workspace is not open."), {}, {}});
    if (auto removed = d->store->remove(id); !removed)
        return removed;
    reloadSshConfig();
    return {};
}

Session *Workspace::opened(const QString &id) const
{
    const auto found = d->sessions.find(id);
    return found != d->sessions.end() ? found->second.get() : nullptr;
}

Session *Workspace::session(const QString &id)
{
    const auto found = d->sessions.find(id);
    if (found != d->sessions.end())
        return found->second.get();
    const auto known = target(id);
    if (!known || known->id != id)
        return nullptr;
    auto session = std::make_unique<Session>(*known, d->prompter);
    session->setDeployer(d->deployer);
    session->setConnector(d->connector);
    const auto changed = [this, id] { Q_EMIT sessionChanged(id); };
    connect(session.get(), &Session::stateChanged, this, changed);
    connect(session.get(), &LinkSource::linkChanged, this, changed);
    connect(session.get(), &Session::stagesChanged, this, [this, id] { Q_EMIT stagesChanged(id); });
    return d->sessions.emplace(id, std::move(session)).first->second.get();
}

void Workspace::setDeployer(Deployer deployer)
{
    d->deployer = std::move(deployer);
    for (const auto &[id, session] : d->sessions)
        session->setDeployer(d->deployer);
}

void Workspace::setConnector(Connector connector)
{
    d->connector = std::move(connector);
    for (const auto &[id, session] : d->sessions)
        session->setConnector(d->connector);
}

QStringList Workspace::openedSessions() const
{
    QStringList ids;
    for (const auto &[id, session] : d->sessions)
        ids << id;
    return ids;
}

void Workspace::remember(const QString &key, const QByteArray &json)
{
    if (!d->store)
        return;
    if (const auto done = d->store->remember(key, json, QDateTime::currentMSecsSinceEpoch()); !done)
        qCWarning(lcAgent) << done.error().message << done.error().cause;
}

std::optional<std::pair<QByteArray, qint64>> Workspace::remembered(const QString &key) const
{
    return d->store ? d->store->remembered(key) : std::nullopt;
}

} // namespace pilothouse
