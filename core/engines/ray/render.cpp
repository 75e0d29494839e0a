// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Fields: https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html
#include "core/engines/ray/render.h"

#include "core/base/shellwords.h"
#include "core/jobs/nameinengine.h"
#include "core/jobs/specvalues.h"
#include "core/jobs/starters.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {

static const QString ray = QStringLiteral("ray");
static const QString typePrefix = QStringLiteral("accelerator_type:");

static QString tr(const char *text)
{
    return QCoreApplication::translate("ray", text);
}

static auto wrong(const QString &message, const QString &cause = {})
{
    return fail({ErrorKind::BadInput, ray, message, cause, {}});
}

static Result<QJsonObject> parsed(const QByteArray &text)
{
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(text, &error);
    if (!document.isObject())
        return wrong(tr("It is no JSON object."), error.errorString());
    return document.object();
}

/// Ray gives the entrypoint to /bin/sh, so a line for that very shell is the entrypoint itself.
static QString entrypointOf(const JobSpec &spec, const QStringList &command)
{
    const QString folder = spec.folder.isEmpty()
        ? QString()
        : QStringLiteral("cd ") + quotedWord(spec.folder) + QStringLiteral(" && ");
    const bool line = command.size() == 3 && command[0] == QLatin1String("/bin/sh")
        && command[1] == QLatin1String("-c");
    if (line && folder.isEmpty())
        return command[2];
    return folder + quotedLine(command);
}

static QStringList notesFor(const JobSpec &spec)
{
    QStringList notes;
    const auto note = [&](bool there, const QString &sentence) {
        if (there)
            notes << sentence;
    };
    note(spec.timeLimitSeconds > 0, tr("time: Ray ends no job by itself."));
    note(spec.retries > 0, tr("retries: Ray runs a job's entrypoint once."));
    note(!spec.array.isEmpty(), tr("array: Ray runs one job."));
    note(!spec.after.isEmpty(), tr("after: a Ray job waits for no other."));
    note(!spec.checkpoints.isEmpty(), tr("resume: Ray knows no checkpoints of a job."));
    note(!spec.gpuUuids.isEmpty(), tr("gpu_uuids: which GPUs it gets is Ray's choice."));
    note(!spec.account.isEmpty(), tr("account: Ray has none."));
    note(!spec.queue.isEmpty(), tr("queue: Ray has none."));
    note(!spec.qos.isEmpty(), tr("qos: Ray has none."));
    note(spec.priority.has_value(), tr("priority: Ray has none for jobs."));
    for (const auto &secret : spec.secrets)
        note(secret.file.isEmpty(),
            tr("secrets: %1 comes from a Kubernetes Secret; Ray reads files of its node.")
                .arg(secret.variable));
    const auto made = wrap(spec, ray);
    return made ? notes + made->notes : notes;
}

static QJsonObject bodyOf(const JobSpec &spec, const QString &jobId, const QStringList &command)
{
    QJsonObject body{{QStringLiteral("entrypoint"), entrypointOf(spec, command)}}, runtime,
        variables;
    for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it)
        variables.insert(it.key(), it.value());
    if (!variables.isEmpty())
        runtime.insert(QStringLiteral("env_vars"), variables);
    if (!spec.image.isEmpty())
        runtime.insert(QStringLiteral("image_uri"), spec.image);
    if (!runtime.isEmpty())
        body.insert(QStringLiteral("runtime_env"), runtime);
    QJsonObject metadata{{QLatin1String(jobIdLabel), jobId}};
    if (!spec.name.isEmpty())
        metadata.insert(QStringLiteral("name"), spec.name);
    if (spec.tasksPerNode > 1)
        metadata.insert(QLatin1String(jobTasksLabel), QString::number(spec.tasksPerNode));
    body.insert(QStringLiteral("metadata"), metadata);
    if (spec.gpus > 0)
        body.insert(QStringLiteral("entrypoint_num_gpus"), spec.gpus);
    if (spec.cpusPerTask > 0)
        body.insert(
            QStringLiteral("entrypoint_num_cpus"), qint64(spec.cpusPerTask) * spec.tasksPerNode);
    if (spec.memoryBytes > 0)
        body.insert(QStringLiteral("entrypoint_memory"), qint64(spec.memoryBytes));
    if (!spec.gpuType.isEmpty()) // Ray's own way to ask for a type: a little of its resource
        body.insert(QStringLiteral("entrypoint_resources"),
            QJsonObject{{typePrefix + spec.gpuType, 0.001}});
    return body;
}

static Result<RenderedJob> rendered(
    QJsonObject body, const QString &jobId, const QStringList &notes)
{
    body.insert(QStringLiteral("submission_id"), jobId);
    const QString call = quotedLine({QStringLiteral("ray"), QStringLiteral("job"),
        QStringLiteral("submit"), QStringLiteral("--no-wait"), QStringLiteral("--submission-id"),
        jobId, QStringLiteral("--"), body.value(QLatin1String("entrypoint")).toString()});
    return RenderedJob{QJsonDocument(body).toJson(), QStringLiteral("json"), call, notes};
}

Result<RenderedJob> renderRay(const JobSpec &spec, const QString &jobId)
{
    if (spec.texts.contains(ray)) {
        auto body = parsed(spec.texts.value(ray));
        if (!body)
            return fail(body.error());
        auto metadata = body->value(QLatin1String("metadata")).toObject();
        metadata.insert(QLatin1String(jobIdLabel), jobId);
        body->insert(QStringLiteral("metadata"), metadata);
        return rendered(*body, jobId, {});
    }
    if (const auto good = checkSpec(spec); !good)
        return fail(good.error());
    const auto made = wrap(spec, ray, {jobId, {}, 0, {}});
    if (!made)
        return fail(made.error());
    return rendered(bodyOf(spec, jobId, made->command()), jobId, notesFor(spec));
}

/// Takes "cd FOLDER && " off its front.
static QString withoutFolder(const QString &entrypoint, QString &folder)
{
    for (auto at = entrypoint.indexOf(QLatin1String(" && "));
         entrypoint.startsWith(QLatin1String("cd ")) && at > 0;
         at = entrypoint.indexOf(QLatin1String(" && "), at + 1)) {
        const auto words = splitLikeShell(entrypoint.left(at));
        if (!words || words->size() != 2)
            continue;
        folder = words->last();
        return entrypoint.mid(at + 4);
    }
    return entrypoint;
}

Result<JobSpec> readRay(const QByteArray &text, JobSpec base)
{
    const auto body = parsed(text);
    if (!body)
        return fail(body.error());
    const auto metadata = body->value(QLatin1String("metadata")).toObject();
    const auto runtime = body->value(QLatin1String("runtime_env")).toObject();
    const auto variables = runtime.value(QLatin1String("env_vars")).toObject();
    base.name = metadata.value(QLatin1String("name")).toString();
    base.tasksPerNode
        = std::max(1, metadata.value(QLatin1String(jobTasksLabel)).toString().toInt());
    base.image = runtime.value(QLatin1String("image_uri")).toString();
    base.environment.clear();
    for (auto it = variables.begin(); it != variables.end(); ++it)
        base.environment.insert(it.key(), it.value().toString());
    base.nodes = 1;
    base.gpus = body->value(QLatin1String("entrypoint_num_gpus")).toInt();
    base.cpusPerTask
        = body->value(QLatin1String("entrypoint_num_cpus")).toInt() / base.tasksPerNode;
    base.memoryBytes = quint64(body->value(QLatin1String("entrypoint_memory")).toInteger());
    base.gpuType.clear();
    const auto resources = body->value(QLatin1String("entrypoint_resources")).toObject();
    for (auto it = resources.begin(); it != resources.end(); ++it) {
        if (it.key().startsWith(typePrefix))
            base.gpuType = it.key().mid(typePrefix.size());
    }
    base.folder.clear();
    const QString line
        = withoutFolder(body->value(QLatin1String("entrypoint")).toString(), base.folder);
    const auto words = splitLikeShell(line);
    if (words && !words->isEmpty()) {
        const QString id = body->value(QLatin1String("submission_id")).toString();
        return unwrap(*words, base, ray, {id, {}, 0, {}});
    }
    const QStringList shell{QStringLiteral("/bin/sh"), QStringLiteral("-c"), line};
    base.script.clear();
    base.argv = shell;
    return base;
}

/// Lays the difference from `old` to `now` over an object.
static void follow(QJsonObject &to, const QJsonObject &old, const QJsonObject &now)
{
    QStringList keys = old.keys();
    const auto more = now.keys();
    for (const auto &key : more) {
        if (!keys.contains(key))
            keys << key;
    }
    for (const auto &key : keys) {
        const auto was = old.value(key), is = now.value(key);
        if (was == is)
            continue;
        if (was.isObject() || is.isObject()) {
            QJsonObject inner = to.value(key).toObject();
            follow(inner, was.toObject(), is.toObject());
            to.insert(key, inner);
        } else {
            to.insert(key, is);
        }
        if (is.isUndefined() && (!was.isObject() || to.value(key).toObject().isEmpty()))
            to.remove(key);
    }
}

Result<QByteArray> editRay(const QByteArray &text, const JobSpec &before, const JobSpec &after)
{
    auto body = parsed(text);
    if (!body)
        return fail(body.error());
    const QString id = body->value(QLatin1String("submission_id")).toString();
    const StarterPlace place{id, {}, 0, {}};
    const auto old = wrap(before, ray, place), now = wrap(after, ray, place);
    if (!old || !now)
        return fail(old ? now.error() : old.error());
    follow(*body, bodyOf(before, id, old->command()), bodyOf(after, id, now->command()));
    return QJsonDocument(*body).toJson();
}

} // namespace pilothouse
