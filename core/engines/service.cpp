// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/service.h"

#include "core/engines/catalog.h"
#include "core/session/workspace.h"

namespace pilothouse {

using namespace std::chrono_literals;

static constexpr auto lookTime = 10s; ///< for each kind

EngineService::EngineService(Workspace *workspace, QObject *parent)
    : EngineSource(parent)
    , m_workspace(workspace)
{
    connect(workspace, &Workspace::sessionChanged, this, &EngineService::follow);
    const auto targets = workspace->targets();
    for (const auto &target : targets)
        follow(target.id);
}

EngineService::~EngineService()
{
    for (const auto &found : std::as_const(m_found)) {
        const auto waiting = std::exchange(found->waiting, {});
        for (const auto &reply : waiting)
            reply.finish(fail(cancelled(QStringLiteral("engines"))));
    }
}

QList<std::shared_ptr<Engine>> EngineService::engines() const
{
    QList<std::shared_ptr<Engine>> all;
    for (const auto &found : m_found)
        all << found->engines;
    return all;
}

std::shared_ptr<Engine> EngineService::engine(const QString &kind, const QString &target) const
{
    const auto found = m_found.value(target);
    if (!found)
        return nullptr;
    for (const auto &engine : std::as_const(found->engines)) {
        if (engine->kind() == kind)
            return engine;
    }
    return nullptr;
}

QStringList EngineService::problems(const QString &target) const
{
    const auto found = m_found.value(target);
    return found ? found->problems : QStringList();
}

void EngineService::follow(const QString &target)
{
    const auto *session = m_workspace->opened(target);
    const auto link = session ? session->current() : nullptr;
    const auto before = m_found.value(target);
    if (before && before->link == link)
        return;
    if (before) {
        m_found.remove(target);
        const auto waiting = std::exchange(before->waiting, {});
        for (const auto &reply : waiting)
            reply.finish(fail(cancelled(QStringLiteral("engines"))));
    }
    if (before && !before->engines.isEmpty())
        Q_EMIT enginesChanged(target);
    if (!link || !link->agent)
        return;
    const auto found = std::make_shared<Found>();
    found->link = link;
    m_found.insert(target, found);
    const auto known = m_workspace->target(target);
    if (known && known->kind == TargetKind::Simulated) { // it runs no programs
        found->looked = true;
        return;
    }
    look(this, target, found); // goes on by itself
}

Task<> EngineService::look(
    QPointer<EngineService> self, QString target, std::shared_ptr<Found> found)
{
    const EngineContext host{target, {}, self->m_workspace->session(target), {}, {}};
    for (const EngineKind *kind : engineKinds()) {
        auto looking = kind->detect(Context().within(lookTime), host);
        const auto there = co_await std::move(looking);
        if (!self || self->m_found.value(target) != found)
            co_return; // the link has gone
        if (!there) {
            found->problems << tr("Whether there is %1 could not be found out: %2")
                                   .arg(QString::fromLatin1(kind->title), there.error().message);
            continue;
        }
        for (const auto &one : *there)
            found->engines << std::shared_ptr<Engine>(kind->make(one));
    }
    found->looked = true;
    const auto waiting = std::exchange(found->waiting, {});
    for (const auto &reply : waiting)
        reply.finish(true);
    if (!found->engines.isEmpty())
        Q_EMIT self->enginesChanged(target);
}

Task<Result<QList<std::shared_ptr<Engine>>>> EngineService::find(Context context, QString target)
{
    const auto found = m_found.value(target);
    if (!found) {
        Error none{ErrorKind::Unreachable, QStringLiteral("engines"),
            tr("%1 is not connected.")
                .arg(m_workspace->target(target) ? m_workspace->target(target)->name : target),
            {}, tr("Connect to it first.")};
        co_return fail(none);
    }
    if (!found->looked) {
        Reply<bool> reply;
        found->waiting.push_back(reply);
        const std::stop_callback stopped(
            context.stop(), [reply] { reply.finish(fail(cancelled(QStringLiteral("engines")))); });
        auto future = reply.future();
        const auto done = co_await std::move(future);
        if (!done)
            co_return fail(done.error());
    }
    auto engines = found->engines; // a copy: co_return moves from what it is given
    co_return engines;
}

} // namespace pilothouse
