// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/docker/render.h"

#include "core/base/shellwords.h"
#include "core/jobs/nameinengine.h"
#include "core/jobs/specvalues.h"
#include "core/jobs/starters.h"

#include <QCoreApplication>

namespace pilothouse {

static const QString docker = QStringLiteral("docker");

static QString tr(const char *text)
{
    return QCoreApplication::translate("docker", text);
}

/// Secrets are files below /run/secrets in the container.
static JobSpec withMountedSecrets(const JobSpec &spec, QList<DockerRun::Mount> &mounts)
{
    JobSpec inside = spec;
    for (auto &secret : inside.secrets) {
        const QString target = QStringLiteral("/run/secrets/") + secret.variable;
        if (secret.file.startsWith(QLatin1Char('/')))
            mounts << DockerRun::Mount{secret.file, target, true};
        secret.file = secret.file.startsWith(QLatin1Char('/')) ? target : QString();
    }
    return inside;
}

Result<DockerRun> dockerRunOf(const JobSpec &spec, const QString &jobId)
{
    if (spec.texts.contains(docker)) {
        auto run = parseDockerRun(QString::fromUtf8(spec.texts.value(docker)));
        if (!run)
            return run;
        run->name = nameInEngine(spec.name, jobId);
        run->labels.insert(QLatin1String(jobIdLabel), jobId);
        return run;
    }
    if (const auto good = checkSpec(spec); !good)
        return fail(good.error());
    if (spec.image.isEmpty() || spec.image.startsWith(QLatin1Char('-')))
        return fail(
            {ErrorKind::BadInput, docker, tr("Docker runs images only: name one."), {}, {}});
    for (const auto &secret : spec.secrets) {
        if (secret.file.contains(QLatin1Char('\r'))) // docker's reader of --mount drops it
            return fail({ErrorKind::BadInput, docker,
                tr("The path of %1 holds a carriage return.").arg(secret.variable), {}, {}});
    }
    DockerRun run;
    const auto made = wrap(withMountedSecrets(spec, run.mounts), docker, {jobId, {}, 0, {}});
    if (!made)
        return fail(made.error());
    run.name = nameInEngine(spec.name, jobId);
    run.image = spec.image;
    run.command = made->command();
    run.environment = spec.environment;
    run.labels.insert(QLatin1String(jobIdLabel), jobId);
    if (!spec.name.isEmpty())
        run.labels.insert(QLatin1String(jobNameLabel), spec.name);
    if (spec.tasksPerNode > 1)
        run.labels.insert(QLatin1String(jobTasksLabel), QString::number(spec.tasksPerNode));
    run.folder = spec.folder;
    run.gpus = spec.gpuUuids.isEmpty() ? spec.gpus : 0;
    run.gpuUuids = spec.gpuUuids;
    run.memoryBytes = spec.memoryBytes;
    run.cpus = double(spec.cpusPerTask) * spec.tasksPerNode;
    run.retries = spec.retries;
    run.ipc = spec.gpus > 0 || !spec.gpuUuids.isEmpty() ? QStringLiteral("host") : QString();
    run.init = true;
    return run;
}

static QStringList notesFor(const JobSpec &spec)
{
    QStringList notes;
    const auto note = [&](bool there, const QString &sentence) {
        if (there)
            notes << sentence;
    };
    note(spec.timeLimitSeconds > 0, tr("time: Docker ends no container by itself."));
    note(!spec.gpuType.isEmpty(), tr("gpu_type: a daemon gives out its own GPUs, of any type."));
    note(!spec.gpuUuids.isEmpty() && spec.gpus > 0 && spec.gpus != spec.gpuUuids.size(),
        tr("gpus: the GPUs are named, so their number is not sent."));
    note(!spec.array.isEmpty(), tr("array: Docker runs one container."));
    note(!spec.after.isEmpty(), tr("after: a container waits for no other."));
    note(!spec.checkpoints.isEmpty(),
        tr("resume: Docker starts a container again without a checkpoint."));
    note(!spec.account.isEmpty(), tr("account: Docker has none."));
    note(!spec.queue.isEmpty(), tr("queue: Docker has none."));
    note(!spec.qos.isEmpty(), tr("qos: Docker has none."));
    note(spec.priority.has_value(), tr("priority: Docker has no queue."));
    for (const auto &secret : spec.secrets)
        note(!secret.file.startsWith(QLatin1Char('/')),
            tr("secrets: %1 needs the full path of a file on the Docker host.")
                .arg(secret.variable));
    const auto made = wrap(spec, docker);
    return made ? notes + made->notes : notes;
}

Result<RenderedJob> renderDocker(const JobSpec &spec, const QString &jobId)
{
    const auto run = dockerRunOf(spec, jobId);
    if (!run)
        return fail(run.error());
    const QString line = quotedLine(run->argv());
    if (spec.texts.contains(docker))
        return RenderedJob{spec.texts.value(docker), QStringLiteral("sh"), line, {}};
    return RenderedJob{line.toUtf8() + '\n', QStringLiteral("sh"), line, notesFor(spec)};
}

Result<JobSpec> readDocker(const QByteArray &text, JobSpec base)
{
    const auto run = parseDockerRun(QString::fromUtf8(text));
    if (!run)
        return fail(run.error());
    base.image = run->image;
    base.folder = run->folder;
    base.environment = run->environment;
    base.gpus = run->gpuUuids.isEmpty() ? std::max(run->gpus, 0) : base.gpus;
    base.gpuUuids = run->gpuUuids;
    base.memoryBytes = run->memoryBytes;
    base.retries = run->retries;
    base.name = run->labels.value(QLatin1String(jobNameLabel));
    base.tasksPerNode
        = std::max(1, run->labels.value(QLatin1String(jobTasksLabel), QStringLiteral("1")).toInt());
    base.cpusPerTask = int(run->cpus) / base.tasksPerNode;
    base.nodes = 1;
    base.secrets.clear();
    for (const auto &mount : run->mounts) {
        if (mount.target.startsWith(QLatin1String("/run/secrets/")))
            base.secrets << SecretRef{mount.target.mid(13), mount.source, {}, {}};
    }
    QList<DockerRun::Mount> mounts;
    const auto back = unwrap(run->command, withMountedSecrets(base, mounts), docker,
        {run->labels.value(QLatin1String(jobIdLabel)), {}, 0, {}});
    base.argv = back.argv;
    base.script = back.script;
    base.interpreter = back.interpreter;
    base.starter = back.starter;
    return base;
}

} // namespace pilothouse
