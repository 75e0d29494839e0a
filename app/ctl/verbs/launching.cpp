// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/joblog.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/acts/exitcode.h"
#include "core/jobs/jobjson.h"
#include "core/jobs/jobservice.h"

#include <QFile>
#include <QFileInfo>

namespace pilothouse::ctl {

/// Ours failed: a program that gives the command's own code says so with 255.
static int oursFailed(const Desk &desk, const Error &error, bool waits)
{
    const int code = failed(desk, error);
    return waits ? 255 : code;
}

static Result<JobSpec> specOf(const Invocation &invocation)
{
    const auto bad = [](const QString &message) {
        return fail({ErrorKind::BadInput, QStringLiteral("usage"), message, {}, {}});
    };
    JobSpec spec;
    spec.argv = invocation.words.mid(1);
    spec.name = invocation.value("name");
    if (invocation.has("script")) {
        if (!spec.argv.isEmpty())
            return bad(tr("A job is either a command or a script."));
        QFile file(invocation.value("script"));
        if (!file.open(QFile::ReadOnly))
            return fail(
                {ErrorKind::NotFound, QStringLiteral("script"), tr("The script cannot be read."),
                    invocation.value("script") + QStringLiteral(": ") + file.errorString(), {}});
        spec.script = file.readAll();
        const bool python = file.fileName().endsWith(QLatin1String(".py"));
        spec.interpreter = python ? QStringLiteral("python3") : QStringLiteral("/bin/sh");
        if (spec.name.isEmpty())
            spec.name = QFileInfo(file.fileName()).fileName();
    } else if (spec.argv.isEmpty()) {
        return bad(tr("A command or --script FILE is needed."));
    }
    if (spec.name.isEmpty())
        spec.name = QFileInfo(spec.argv.first()).fileName();
    spec.gpus = invocation.number("gpus", 0);
    spec.folder = invocation.value("chdir");
    spec.timeLimitSeconds = invocation.number("time-limit", 0);
    const auto variables = invocation.values("env");
    for (const auto &variable : variables) {
        const auto equals = variable.indexOf(QLatin1Char('='));
        if (equals < 1)
            return bad(tr("--env takes NAME=VALUE, not “%1”.").arg(variable));
        spec.environment.insert(variable.left(equals), variable.mid(equals + 1));
    }
    return spec;
}

/// Says which job it is, and with --wait stays to its end.
static Task<int> launched(Desk &desk, QJsonObject told, bool waits)
{
    auto *all = &desk;
    const QString id = told.value(QLatin1String("id")).toString();
    if (!waits) {
        if (all->json())
            printJson("job", told);
        else
            printLine(id);
        co_return 0;
    }
    if (!all->json())
        printNote(id);
    auto watching = watchToTheEnd(*all, id, !all->json());
    const auto job = co_await std::move(watching);
    if (!job) {
        Error error = job.error();
        if (error.kind == ErrorKind::Cancelled)
            error.next = tr("The job goes on: pilothousectl logs -f %1").arg(id);
        co_return oursFailed(*all, error, true);
    }
    if (all->json())
        printJson("job", jobToJson(*job, all->targetName(job->target)));
    else if (job->state != JobState::Succeeded)
        printNote(jobSummary(*job));
    co_return jobExitCode(*job);
}

static Task<int> runRun(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const bool waits = invocation.has("wait");
    const auto spec = specOf(invocation);
    if (!spec)
        co_return failed(*all, spec.error());
    const auto target = all->target(invocation.words.first());
    if (!target)
        co_return oursFailed(*all, target.error(), waits);
    auto connecting = all->connectToAgent(*target);
    const auto link = co_await std::move(connecting);
    if (!link)
        co_return oursFailed(*all, link.error(), waits);
    ActRequest request;
    request.target = target->id;
    request.parameters = specToJson(*spec);
    auto launching = all->run(QStringLiteral("job.launch"), request);
    const auto told = co_await std::move(launching);
    if (!told)
        co_return oursFailed(*all, told.error(), waits);
    auto showing = launched(*all, *told, waits);
    co_return co_await std::move(showing);
}

static Task<int> runRerun(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const bool waits = invocation.has("wait");
    auto reaching = all->reachJob(invocation.words.first());
    const auto job = co_await std::move(reaching);
    if (!job)
        co_return oursFailed(*all, job.error(), waits);
    ActRequest request;
    request.subject = job->id;
    auto launching = all->run(QStringLiteral("job.rerun"), request);
    const auto told = co_await std::move(launching);
    if (!told)
        co_return oursFailed(*all, told.error(), waits);
    auto showing = launched(*all, *told, waits);
    co_return co_await std::move(showing);
}

const Verb runVerb{"run", "ALIAS [OPTIONS] -- CMD...",
    QT_TRANSLATE_NOOP("ctl", "launch a job that survives this program and the link"),
    "run lab --gpus 1 --name train --wait -- python3 train.py --epochs 3", 1, -1, true,
    {{"gpus", "N", QT_TRANSLATE_NOOP("ctl", "so many GPUs, least busy first")},
        {"name", "NAME", QT_TRANSLATE_NOOP("ctl", "name of the job")},
        {"wait", nullptr, QT_TRANSLATE_NOOP("ctl", "show its log and end with its exit code")},
        {"env", "NAME=VALUE", QT_TRANSLATE_NOOP("ctl", "set a variable; may be given again")},
        {"chdir", "DIR", QT_TRANSLATE_NOOP("ctl", "working directory; home when left out")},
        {"time-limit", "N", QT_TRANSLATE_NOOP("ctl", "end it after so many seconds")},
        {"script", "FILE", QT_TRANSLATE_NOOP("ctl", "run this script instead of a command")}},
    &runRun,
    QT_TRANSLATE_NOOP("ctl",
        "The command's words are passed on as they are; for a shell line use sh -c '...'. The job "
        "goes on\n"
        "when the link drops, this program ends or the agent is killed. Prints its id.")};
const Verb rerunVerb{"rerun", "JOB", QT_TRANSLATE_NOOP("ctl", "launch a job once more"),
    "rerun train --wait", 1, 1, true,
    {{"wait", nullptr, QT_TRANSLATE_NOOP("ctl", "show its log and end with its exit code")}},
    &runRerun,
    QT_TRANSLATE_NOOP("ctl",
        "The same command or script, folder, environment and GPUs count, as a new job with a new "
        "id.")};

} // namespace pilothouse::ctl
