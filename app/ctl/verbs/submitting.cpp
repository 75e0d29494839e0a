// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/launchspec.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/engines/process/render.h"
#include "core/engines/renderers.h"
#include "core/jobs/jobid.h"
#include "core/jobs/jobjson.h"
#include "core/jobs/specyaml.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>

#include <unistd.h>

namespace pilothouse::ctl {

static Result<QByteArray> fileBytes(const QString &path)
{
    QFile file(path);
    if (!file.open(QFile::ReadOnly))
        return fail({ErrorKind::NotFound, QStringLiteral("file"), tr("The file cannot be read."),
            path + QStringLiteral(": ") + file.errorString(), {}});
    return file.read((1 << 20) + 1); // more is refused by whoever reads it
}

/// The spec of a file, with the file's name in what is wrong with it.
static Result<JobSpec> specOfFile(const QString &path)
{
    const auto bytes = fileBytes(path);
    if (!bytes)
        return fail(bytes.error());
    auto spec = specFromYaml(*bytes);
    if (!spec)
        return fail(about(spec.error(), tr("%1, %2"), path));
    if (spec->name.isEmpty())
        spec->name = QFileInfo(path).completeBaseName();
    return spec;
}

static QJsonObject renderedJson(const EngineText &engine, const Result<RenderedJob> &job)
{
    QJsonObject object{{QStringLiteral("engine"), QLatin1String(engine.kind)}};
    if (!job) {
        object.insert(QStringLiteral("error"), errorToJson(job.error()));
        return object;
    }
    object.insert(QStringLiteral("syntax"), job->syntax);
    object.insert(QStringLiteral("text"), QString::fromUtf8(job->text));
    object.insert(QStringLiteral("call"), job->call);
    object.insert(QStringLiteral("notes"), QJsonArray::fromStringList(job->notes));
    return object;
}

static void printRendered(const EngineText &engine, const Result<RenderedJob> &job, bool alone)
{
    if (!alone)
        printLine(QStringLiteral("# %1").arg(tr(engine.title)));
    if (!job) {
        printNote(job.error().message);
        return;
    }
    for (const auto &note : job->notes)
        printNote(QLatin1String(engine.kind) + QStringLiteral(": ") + note);
    writeAll(STDOUT_FILENO, alone ? job->text : job->text + '\n');
}

/// Prints what would be sent to one kind of engine, or to each.
static int render(const Desk &desk, const JobSpec &spec, const QString &kind)
{
    const auto *only = kind.isEmpty() ? nullptr : engineText(kind);
    if (!kind.isEmpty() && !only) {
        QStringList kinds;
        for (const auto &engine : engineTexts())
            kinds << QLatin1String(engine.kind);
        return failed(desk,
            {ErrorKind::BadInput, QStringLiteral("usage"),
                tr("There is no kind of engine “%1”.").arg(kind), {},
                tr("There are: %1.").arg(kinds.join(QStringLiteral(", ")))});
    }
    const QString id = newJobId();
    QJsonArray array;
    for (const auto &engine : engineTexts()) {
        if (only && only != &engine)
            continue;
        const auto job = engine.render(spec, id);
        if (only && !job)
            return failed(desk, job.error());
        if (desk.json())
            array.append(renderedJson(engine, job));
        else
            printRendered(engine, job, only != nullptr);
    }
    if (desk.json())
        printJson("rendered", {{QStringLiteral("rendered"), array}});
    return 0;
}

/// What a bare host gets of it; refused when that is not all, unless it is accepted so.
static Result<JobSpec> forHost(const JobSpec &spec, bool accepted)
{
    const auto rendered = renderProcess(spec, {});
    if (!rendered)
        return fail(rendered.error());
    if (!rendered->notes.isEmpty() && !accepted)
        return fail({ErrorKind::BadInput, QStringLiteral("submit"),
            tr("A bare host cannot do all of this job."), rendered->notes.join(QLatin1Char('\n')),
            tr("Launch it without that by --accept, or on an engine that can.")});
    return processPart(spec, {});
}

/// The same for another engine.
static Result<JobSpec> forEngine(const JobSpec &spec, const QString &kind, bool accepted)
{
    const auto rendered = engineText(kind)->render(spec, newJobId());
    if (!rendered)
        return fail(rendered.error());
    if (!rendered->notes.isEmpty() && !accepted)
        return fail({ErrorKind::BadInput, QStringLiteral("submit"),
            tr("This engine cannot do all of this job."), rendered->notes.join(QLatin1Char('\n')),
            tr("Launch it without that by --accept, or on an engine that can.")});
    return spec;
}

static Task<int> runSubmit(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto spec = specOfFile(invocation.words.first());
    if (!spec)
        co_return failed(*all, spec.error());
    const QString on = invocation.value("on");
    if (invocation.has("render"))
        co_return render(*all, *spec, on);
    if (on.isEmpty()) {
        const Error error{ErrorKind::BadInput, QStringLiteral("usage"),
            tr("--on NAME says where it is launched; --render only shows it."), {}, {}};
        co_return failed(*all, error);
    }
    // KIND@TARGET; a target alone is its agent.
    const auto at = on.indexOf(QLatin1Char('@'));
    const QString kind = at > 0 && engineText(on.left(at)) ? on.left(at) : QString();
    const bool agent = kind.isEmpty() || kind == QLatin1String("process");
    const QString target = kind.isEmpty() ? on : on.mid(at + 1);
    const auto part = agent ? forHost(*spec, invocation.has("accept"))
                            : forEngine(*spec, kind, invocation.has("accept"));
    if (!part)
        co_return failed(*all, part.error());
    auto launching
        = launchSpec(*all, target, agent ? QString() : kind, *part, invocation.has("wait"));
    co_return co_await std::move(launching);
}

static Task<int> runImport(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto bytes = fileBytes(invocation.words.first());
    if (!bytes)
        co_return failed(*all, bytes.error());
    const auto read = importSpec(*bytes);
    if (!read)
        co_return failed(*all, about(read.error(), tr("%1, %2"), invocation.words.first()));
    if (all->json()) {
        QJsonObject object;
        object.insert(QStringLiteral("engine"), read->kind);
        object.insert(QStringLiteral("spec"), specToJson(read->spec));
        object.insert(QStringLiteral("notes"), QJsonArray::fromStringList(read->notes));
        printJson("spec", object);
        co_return 0;
    }
    for (const auto &note : read->notes)
        printNote(note);
    writeAll(STDOUT_FILENO, specToYaml(read->spec));
    co_return 0;
}

const Verb submitVerb{"submit", "SPEC.yaml [OPTIONS]",
    QT_TRANSLATE_NOOP("ctl", "launch a job described in a file, or show it for each engine"),
    "submit train.yaml --on slurm@login1", 1, 1, true,
    {{"on", "NAME",
         QT_TRANSLATE_NOOP("ctl", "where: TARGET or KIND@TARGET; with --render a kind of engine")},
        {"render", nullptr, QT_TRANSLATE_NOOP("ctl", "print what would be sent, and send nothing")},
        {"accept", nullptr,
            QT_TRANSLATE_NOOP("ctl", "launch it although the engine cannot do all of it")},
        {"wait", nullptr, QT_TRANSLATE_NOOP("ctl", "show its log and end with its exit code")}},
    &runSubmit,
    QT_TRANSLATE_NOOP("ctl",
        "Kinds of engines: slurm, kubernetes, ray, docker, process. What one of them cannot "
        "express "
        "is said\n"
        "on stderr. Launches go to bare hosts, through their agent, and to Slurm.")};
const Verb importVerb{"import", "FILE",
    QT_TRANSLATE_NOOP("ctl", "print an engine's own file as a SPEC.yaml"), "import job.yaml", 1, 1,
    false, {}, &runImport,
    QT_TRANSLATE_NOOP("ctl",
        "Reads sbatch files, Kubernetes Jobs and Pods, “docker run” lines and bodies of Ray jobs. "
        "The "
        "file itself "
        "goes\nalong, so that nothing of it is lost where it came from. Runs nothing of it.")};

} // namespace pilothouse::ctl
