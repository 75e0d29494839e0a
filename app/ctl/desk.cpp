// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/desk.h"

#include "app/ctl/output.h"
#include "core/acts/actrunner.h"
#include "core/acts/exitcode.h"
#include "core/base/paths.h"
#include "core/engines/service.h"
#include "core/gputest/service.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/session/demofleet.h"
#include "core/session/workspace.h"

namespace pilothouse::ctl {

Desk::Desk() = default;

Desk::~Desk() = default;

Result<> Desk::open(const Invocation &invocation, const DemoFleet *demo)
{
    m_json = invocation.json;
    m_confirm = invocation.value("confirm");
    m_prompter.setHostKey(invocation.value("host-key"));
    m_context = Context(m_stop.get_token());
    if (invocation.has("timeout"))
        m_context = m_context.within(std::chrono::seconds(invocation.number("timeout", 0)));
    m_workspace
        = std::make_unique<Workspace>(paths::data() + QStringLiteral("/workspace.db"), &m_prompter);
    if (demo) {
        m_workspace->setTargets(demo->targets());
        m_workspace->setConnector(DemoFleet::connector());
    }
    if (auto loaded = m_workspace->load(); !loaded)
        return loaded;
    auto ledger = Ledger::openFile(paths::data() + QStringLiteral("/ledger.db"));
    if (!ledger)
        return fail(ledger.error());
    m_ledger = std::move(*ledger);
    m_engines = std::make_unique<EngineService>(m_workspace.get());
    m_jobs = std::make_unique<JobService>(m_workspace.get(), m_ledger.get());
    m_jobs->setEngines(m_engines.get());
    // Without it only its own verb does not work.
    if (auto tests = GpuTestStore::openFile(paths::data() + QStringLiteral("/gputests.db")))
        m_gpuTests = std::make_unique<GpuTestService>(m_jobs.get(), std::move(*tests));
    m_services.workspace = m_workspace.get();
    m_services.ledger = m_ledger.get();
    m_services.jobs = m_jobs.get();
    m_services.engines = m_engines.get();
    m_services.gpuTests = m_gpuTests.get();
    m_services.prompter = &m_prompter;
    m_runner = std::make_unique<ActRunner>(m_services);
    m_services.runner = m_runner.get();
    return {};
}

Result<Target> Desk::target(const QString &name) const
{
    const auto known = m_workspace->target(name);
    if (known)
        return *known;
    return fail({ErrorKind::NotFound, QStringLiteral("targets"),
        tr("There is no target called “%1”.").arg(name), {},
        tr("List them with: pilothousectl targets. Add one with: pilothousectl add.")});
}

QString Desk::targetName(const QString &idOrName) const
{
    const auto known = m_workspace->target(idOrName);
    if (!known)
        return idOrName;
    return known->kind == TargetKind::Local ? known->id : known->name;
}

Task<Result<QJsonObject>> Desk::run(QString act, ActRequest request)
{
    request.typedName = m_confirm;
    if (m_runner->needsTypedName(act, request) && m_confirm.isEmpty()
        && m_runner->can(act, request).ok()) {
        auto asking = m_prompter.askLine(m_context, tr("Protected. Type the target's name: "));
        const auto typed = co_await std::move(asking);
        if (typed)
            request.typedName = *typed;
    }
    auto running = m_runner->run(m_context, act, request);
    auto result = co_await std::move(running);
    if (!result && result.error().kind == ErrorKind::Denied
        && result.error().stage == QLatin1String("protection"))
        result.error().next = tr("Give its name with --confirm NAME.");
    const QString place = QStringLiteral("target");
    if (result && result->contains(place)) // as the other verbs call it
        result->insert(place, targetName(result->value(place).toString()));
    co_return result;
}

Task<Result<std::shared_ptr<const Link>>> Desk::connectTo(Target target)
{
    ActRequest request;
    request.target = target.id;
    auto connecting = run(QStringLiteral("target.connect"), request);
    const auto connected = co_await std::move(connecting);
    if (!connected)
        co_return fail(connected.error());
    const auto *session = m_workspace->session(target.id);
    const auto link = session ? session->current() : nullptr;
    if (!link) {
        Error lost{ErrorKind::Unreachable, QStringLiteral("connect"),
            tr("The connection to %1 was lost.").arg(target.name), {}, {}};
        co_return fail(session && session->error() ? *session->error() : lost);
    }
    co_return link;
}

Task<Result<std::shared_ptr<const Link>>> Desk::connectToAgent(Target target)
{
    auto connecting = connectTo(target);
    const auto link = co_await std::move(connecting);
    if (link && !(*link)->agent) {
        Error none{ErrorKind::Unsupported, QStringLiteral("agent"),
            tr("This needs the agent, which does not run on %1.").arg(target.name),
            (*link)->without, {}};
        co_return fail(none);
    }
    co_return link;
}

Task<Result<>> Desk::refresh(Target connected)
{
    auto looking = m_engines->find(m_context, connected.id);
    if (const auto found = co_await std::move(looking); !found)
        co_return fail(found.error());
    auto refreshing = m_jobs->refresh(m_context, connected.id);
    co_return co_await std::move(refreshing);
}

Task<Result<Job>> Desk::reachJob(QString idPrefixOrName)
{
    const auto known = m_jobs->find(idPrefixOrName);
    if (!known)
        co_return fail(known.error());
    const auto where = target(known->target);
    if (!where)
        co_return fail(where.error());
    auto connecting = connectToAgent(*where);
    const auto link = co_await std::move(connecting);
    if (!link)
        co_return fail(link.error());
    auto asking = refresh(*where);
    const auto fresh = co_await std::move(asking);
    if (!fresh)
        co_return fail(fresh.error());
    co_return m_jobs->find(known->id);
}

int failed(const Desk &desk, const Error &error)
{
    printError(error, desk.json());
    return exitCode(error.kind);
}

} // namespace pilothouse::ctl
