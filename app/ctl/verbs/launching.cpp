// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/joblog.h"
#include "app/ctl/launchspec.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/engines/service.h"
#include "core/jobs/jobjson.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/templates.h"

#include <QFile>
#include <QFileInfo>

namespace pilothouse::ctl {

/// Ours failed: a program that gives the command's own code says so with 255.
static int oursFailed(const Desk &desk, const Error &error, bool waits)
{
    const int code = failed(desk, error);
    return waits ? 255 : code;
}

static auto badSpec(const QString &message)
{
    return fail({ErrorKind::BadInput, QStringLiteral("usage"), message, {}, {}});
}

static Result<> putScript(JobSpec &spec, const QString &path)
{
    QFile file(path);
    if (!file.open(QFile::ReadOnly))
        return fail(
            {ErrorKind::NotFound, QStringLiteral("script"), tr("The script cannot be read."),
                path + QStringLiteral(": ") + file.errorString(), {}});
    spec.argv.clear();
    spec.script = file.readAll();
    const bool python = path.endsWith(QLatin1String(".py"));
    spec.interpreter = python ? QStringLiteral("python3") : QStringLiteral("/bin/sh");
    return {};
}

/// `spec` with the command line's words and options laid over it.
static Result<JobSpec> edited(JobSpec spec, const Invocation &invocation)
{
    const auto argv = invocation.words.mid(1);
    if (invocation.has("script") && !argv.isEmpty())
        return badSpec(tr("A job is either a command or a script."));
    if (invocation.has("script")) {
        if (const auto put = putScript(spec, invocation.value("script")); !put)
            return fail(put.error());
    } else if (!argv.isEmpty()) {
        spec.argv = argv;
        spec.script.clear();
        spec.interpreter.clear();
    }
    if (invocation.has("name"))
        spec.name = invocation.value("name");
    if (invocation.has("chdir"))
        spec.folder = invocation.value("chdir");
    spec.timeLimitSeconds = invocation.number("time-limit", spec.timeLimitSeconds);
    spec.nodes = invocation.number("nodes", spec.nodes);
    if (invocation.has("queue"))
        spec.queue = invocation.value("queue");
    if (invocation.has("gpus")) {
        spec.gpus = invocation.number("gpus", 0);
        spec.gpuUuids.clear();
    }
    const auto variables = invocation.values("env");
    for (const auto &variable : variables) {
        const auto equals = variable.indexOf(QLatin1Char('='));
        if (equals < 1)
            return badSpec(tr("--env takes NAME=VALUE, not “%1”.").arg(variable));
        spec.environment.insert(variable.left(equals), variable.mid(equals + 1));
    }
    return spec;
}

/// What --template names; an empty spec without it.
static Result<JobSpec> templateOf(const Invocation &invocation)
{
    if (!invocation.has("template"))
        return JobSpec();
    if (invocation.has("script") || invocation.words.size() > 1)
        return badSpec(tr("A job is either a template, a command or a script."));
    QStringList names;
    const auto templates = jobTemplates();
    for (const auto &one : templates) {
        if (one.id == invocation.value("template"))
            return one.spec;
        names << one.id;
    }
    return fail({ErrorKind::BadInput, QStringLiteral("usage"),
        tr("There is no template “%1”.").arg(invocation.value("template")), {},
        tr("There are: %1.").arg(names.join(QStringLiteral(", ")))});
}

static Result<JobSpec> specOf(const Invocation &invocation)
{
    const auto start = templateOf(invocation);
    if (!start)
        return start;
    auto spec = edited(*start, invocation);
    if (!spec)
        return spec;
    if (spec->argv.isEmpty() && !invocation.has("script") && !invocation.has("template"))
        return badSpec(tr("A command, --script FILE or --template NAME is needed."));
    if (spec->name.isEmpty())
        spec->name
            = QFileInfo(spec->argv.isEmpty() ? invocation.value("script") : spec->argv.first())
                  .fileName();
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
    if (!job)
        co_return waitFailed(*all, job.error(), id);
    if (all->json())
        printJson("job", jobToJson(*job, all->targetName(job->target)));
    else if (job->state != JobState::Succeeded)
        printNote(jobSummary(*job));
    co_return jobExitCode(*job);
}

Task<int> launchSpec(Desk &desk, QString target, QString engine, JobSpec spec, bool waits)
{
    auto *all = &desk;
    const auto known = all->target(target);
    if (!known)
        co_return oursFailed(*all, known.error(), waits);
    auto connecting = all->connectToAgent(*known);
    const auto link = co_await std::move(connecting);
    if (!link)
        co_return oursFailed(*all, link.error(), waits);
    auto looking = all->services().engines->find(all->context(), known->id);
    if (const auto engines = co_await std::move(looking); !engines)
        co_return oursFailed(*all, engines.error(), waits);
    ActRequest request;
    request.target = known->id;
    request.parameters = specToJson(spec);
    request.parameters.insert(QStringLiteral("engine"), engine);
    auto launching = all->run(QStringLiteral("job.launch"), request);
    const auto told = co_await std::move(launching);
    if (!told)
        co_return oursFailed(*all, told.error(), waits);
    auto showing = launched(*all, *told, waits);
    co_return co_await std::move(showing);
}

static Task<int> runRun(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto spec = specOf(invocation);
    if (!spec)
        co_return failed(*all, spec.error());
    auto launching = launchSpec(
        *all, invocation.words.first(), invocation.value("engine"), *spec, invocation.has("wait"));
    co_return co_await std::move(launching);
}

static Task<int> runRerun(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const bool waits = invocation.has("wait");
    if (const auto sound = edited(JobSpec(), invocation); !sound) // before anybody is asked
        co_return failed(*all, sound.error());
    auto reaching = all->reachJob(invocation.words.first());
    const auto job = co_await std::move(reaching);
    if (!job)
        co_return oursFailed(*all, job.error(), waits);
    const auto spec = edited(job->spec, invocation);
    if (!spec)
        co_return failed(*all, spec.error());
    ActRequest request;
    request.subject = job->id;
    request.parameters = specToJson(*spec);
    auto launching = all->run(QStringLiteral("job.rerun"), request);
    const auto told = co_await std::move(launching);
    if (!told)
        co_return oursFailed(*all, told.error(), waits);
    auto showing = launched(*all, *told, waits);
    co_return co_await std::move(showing);
}

/// What `run` and `rerun` take, and `more`.
static std::vector<Option> jobOptions(std::vector<Option> more = {})
{
    std::vector<Option> options{
        {"gpus", "N", QT_TRANSLATE_NOOP("ctl", "so many GPUs, least busy first")},
        {"name", "NAME", QT_TRANSLATE_NOOP("ctl", "name of the job")},
        {"wait", nullptr, QT_TRANSLATE_NOOP("ctl", "show its log and end with its exit code")},
        {"env", "NAME=VALUE", QT_TRANSLATE_NOOP("ctl", "set a variable; may be given again")},
        {"chdir", "DIR", QT_TRANSLATE_NOOP("ctl", "working directory; home when left out")},
        {"time-limit", "N", QT_TRANSLATE_NOOP("ctl", "end it after so many seconds")},
        {"nodes", "N", QT_TRANSLATE_NOOP("ctl", "on so many nodes, where an engine has several")},
        {"queue", "NAME", QT_TRANSLATE_NOOP("ctl", "partition or queue of the engine")},
        {"script", "FILE", QT_TRANSLATE_NOOP("ctl", "run this script instead of a command")}};
    options.insert(options.end(), more.begin(), more.end());
    return options;
}

const Verb runVerb{"run", "ALIAS [OPTIONS] -- CMD...",
    QT_TRANSLATE_NOOP("ctl", "launch a job that survives this program and the link"),
    "run lab --gpus 1 --name train --wait -- python3 train.py --epochs 3", 1, -1, true,
    jobOptions({{"engine", "KIND",
                    QT_TRANSLATE_NOOP("ctl", "by that engine (slurm), not by the agent")},
        {"template", "NAME",
            QT_TRANSLATE_NOOP("ctl", "instead of a command: selftest, gputest, shell or python")}}),
    &runRun,
    QT_TRANSLATE_NOOP("ctl",
        "The command's words are passed on as they are; for a shell line use sh -c '...'. The job "
        "goes on\n"
        "when the link drops, this program ends or the agent is killed. Prints its id. With --wait "
        "and\n--timeout it ends with 6 when the time is over, and the job goes on.")};
const Verb rerunVerb{"rerun", "JOB [OPTIONS] [-- CMD...]",
    QT_TRANSLATE_NOOP("ctl", "launch a job once more, with edits"),
    "rerun train --env LR=0.001 --wait", 1, -1, true, jobOptions(), &runRerun,
    QT_TRANSLATE_NOOP("ctl",
        "The same command or script, folder, environment, GPUs and time limit, except for what is "
        "given\nhere, as a new job with a new id.")};

} // namespace pilothouse::ctl
