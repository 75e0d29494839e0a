// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/alertwatch.h"

#include "app/ctl/output.h"
#include "core/base/foreachlimited.h"
#include "core/base/reply.h"
#include "core/jobs/rankwatch.h"
#include "core/session/alertlog.h"
#include "core/session/alertnames.h"
#include "core/session/healthmonitor.h"
#include "core/session/silencewatch.h"
#include "core/session/telemetryservice.h"
#include "core/session/workspace.h"
#include "core/transport/bounded.h"

#include <QTemporaryDir>

namespace pilothouse::ctl {

static Task<> reach(Desk *desk, Target target, std::shared_ptr<int> reached)
{
    auto connecting = desk->connectTo(target);
    const auto link = co_await std::move(connecting);
    if (link)
        ++*reached;
    else
        printSetback(
            about(link.error(), tr("%1 could not be reached: %2"), target.name), desk->json());
}

/// Over after the time; an error when the context ends before.
static Task<Result<>> wait(Context context, int seconds)
{
    const std::chrono::seconds time(seconds);
    const bool tooShort = context.deadline() < QDeadlineTimer(time);
    auto waiting = bounded(context.within(time), Reply<>(), QStringLiteral("alerts"), {});
    const auto ended = co_await std::move(waiting);
    if (context.stopped() || tooShort)
        co_return ended;
    co_return Result<>();
}

Task<Result<>> watchAlerts(Desk *desk, QList<Target> targets, int seconds, AlertLog *log)
{
    if (targets.isEmpty()) {
        const Error none{ErrorKind::BadInput, QStringLiteral("usage"),
            tr("Watching needs the targets to connect to."), {},
            tr("Name some: pilothousectl alerts --watch 60 local")};
        co_return fail(none);
    }
    QTemporaryDir folder;
    auto store = TelemetryStore::openFolder(folder.path());
    if (!store)
        co_return fail(store.error());
    auto *workspace = desk->services().workspace;
    TelemetryService telemetry(workspace, store->get());
    HealthMonitor monitor(store->get());
    QObject::connect(
        &telemetry, &TelemetryService::sampleArrived, &monitor, &HealthMonitor::examine);
    QObject::connect(
        &telemetry, &TelemetryService::catalogueChanged, &monitor, &HealthMonitor::forgetCatalogue);
    QObject::connect(
        &telemetry, &TelemetryService::kernelSaid, &monitor, &HealthMonitor::takeMessages);
    SilenceWatch silence(workspace, &monitor);
    const RankWatch ranks(desk->services().jobs, &monitor);
    log->watch(&monitor, namesFrom(workspace));
    const auto reached = std::make_shared<int>(0);
    std::vector<Target> all(targets.begin(), targets.end());
    auto reaching = forEachLimited(std::move(all), 16,
        [desk, reached](Target target) { return reach(desk, target, reached); });
    co_await std::move(reaching);
    if (*reached == 0) {
        const Error none{ErrorKind::Unreachable, QStringLiteral("connect"),
            tr("None of the targets could be reached."), {}, {}};
        co_return fail(none);
    }
    if (!desk->json())
        printNote(tr("Watching %1 of %2 targets for %3 s.")
                      .arg(*reached)
                      .arg(targets.size())
                      .arg(seconds));
    auto waiting = wait(desk->context(), seconds);
    co_return co_await std::move(waiting);
}

} // namespace pilothouse::ctl
