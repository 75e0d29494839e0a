// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/joblog.h"
#include "app/ctl/output.h"
#include "app/ctl/overview.h"
#include "app/ctl/verbs/verbs.h"
#include "core/jobs/jobjson.h"
#include "core/jobs/templates.h"

namespace pilothouse::ctl {

/// What the window does at its first start, where there is no display.
static Task<int> runFirst(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto target = all->target(QStringLiteral("local"));
    if (!target)
        co_return failed(*all, target.error());
    if (!all->json())
        printLine(tr("Connecting this machine."));
    auto connecting = all->connectToAgent(*target);
    const auto link = co_await std::move(connecting);
    if (!link)
        co_return failed(*all, link.error());
    TakeSample take = [all](const Sample &sample) -> Result<bool> {
        if (all->json()) {
            printJson("top", overviewToJson(QStringLiteral("local"), sample));
            return true;
        }
        const auto lines = overview(QStringLiteral("local"), sample);
        for (const auto &line : lines)
            printLine(line);
        return true;
    };
    auto following = followSamples(*all, *link, invocation.number("samples", 10), std::move(take));
    const auto seen = co_await std::move(following);
    if (!seen)
        co_return failed(*all, seen.error());

    const JobSpec spec = jobTemplates().first().spec;
    if (!all->json())
        printLine(tr("Launching: %1").arg(jobTemplates().first().title));
    ActRequest request;
    request.target = target->id;
    request.parameters = specToJson(spec);
    auto launching = all->run(QStringLiteral("job.launch"), request);
    const auto told = co_await std::move(launching);
    if (!told)
        co_return failed(*all, told.error());
    auto watching = watchToTheEnd(*all, told->value(QLatin1String("id")).toString(), !all->json());
    const auto job = co_await std::move(watching);
    if (!job)
        co_return failed(*all, job.error());
    if (all->json())
        printJson("job", jobToJson(*job, QStringLiteral("local")));
    else
        printLine(tr("The job %1.").arg(jobSummary(*job)));
    co_return jobExitCode(*job);
}

const Verb firstRunVerb{"first-run", "",
    QT_TRANSLATE_NOOP("ctl", "connect this machine, show it live, and run the self-test"),
    "first-run", 0, 0, false,
    {{"samples", "N", QT_TRANSLATE_NOOP("ctl", "show so many seconds of values (10)")}}, &runFirst,
    QT_TRANSLATE_NOOP("ctl", "What ./installers/run does where there is no display.")};

} // namespace pilothouse::ctl
