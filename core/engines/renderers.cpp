// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/renderers.h"

#include "core/engines/docker/render.h"
#include "core/engines/kubernetes/render.h"
#include "core/engines/process/render.h"
#include "core/engines/ray/render.h"
#include "core/engines/slurm/sbatchrender.h"
#include "core/engines/slurm/sbatchspec.h"

#include <QCoreApplication>

#include <array>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("engines", text);
}

/// With the file's own bytes, which are what is sent.
static ImportedSpec imported(
    const char *kind, JobSpec spec, const QByteArray &file, const QStringList &notes = {})
{
    spec.texts.insert(QLatin1String(kind), file);
    return {std::move(spec), QLatin1String(kind), notes};
}

static Result<ImportedSpec> readManifest(const QByteArray &file)
{
    const auto read = importKubernetes(file);
    if (!read)
        return fail(read.error());
    return imported("kubernetes", read->spec, file, read->notes);
}

static Result<ImportedSpec> readDockerLine(const QByteArray &file)
{
    const auto spec = readDocker(file, {});
    if (!spec)
        return fail(spec.error());
    return imported("docker", *spec, file);
}

static Result<ImportedSpec> readRayBody(const QByteArray &file)
{
    const auto spec = readRay(file, {});
    if (!spec)
        return fail(spec.error());
    return imported("ray", *spec, file);
}

static Result<RenderedJob> renderSlurm(const JobSpec &spec, const QString &jobId)
{
    return renderSbatch(spec, jobId, {});
}

static Result<JobSpec> backFromSbatch(const QByteArray &text, const JobSpec &base, const QString &)
{
    return readSbatch(text, base);
}

/// What of a job is in the lines of its script, not in directives.
static JobSpec inScript(const JobSpec &spec)
{
    JobSpec body;
    body.argv = spec.argv;
    body.script = spec.script;
    body.interpreter = spec.interpreter;
    body.environment = spec.environment;
    body.secrets = spec.secrets;
    body.image = spec.image;
    body.starter = spec.starter;
    body.retries = spec.retries;
    return body;
}

/// A text of ours that nobody has edited is made anew; in any other only directives are changed.
static Result<EditedText> editSbatchText(
    const QByteArray &text, const JobSpec &before, const JobSpec &after)
{
    JobSpec asMade = before, wanted = after;
    asMade.texts.remove(QStringLiteral("slurm"));
    wanted.texts.remove(QStringLiteral("slurm"));
    if (const auto made = renderSbatch(asMade, {}, {}); made && made->text == text) {
        const auto anew = renderSbatch(wanted, {}, {});
        if (!anew)
            return fail(anew.error());
        return EditedText{anew->text, anew->notes};
    }
    SbatchScript script(text);
    auto notes = editSbatch(script, before, after, {});
    if (inScript(before) != inScript(after))
        notes << tr("Command, environment and image are in the script's own lines: change them in "
                    "the text.");
    return EditedText{script.text(), notes};
}

static bool isSbatch(const QByteArray &file)
{
    return file.startsWith("#!") && file.contains("\n#SBATCH");
}

static Result<ImportedSpec> readSbatchFile(const QByteArray &file)
{
    return imported("slurm", importSbatch(file), file);
}

static bool isDockerLine(const QByteArray &file)
{
    return file.trimmed().startsWith("docker run ");
}

static bool isRayBody(const QByteArray &file)
{
    return file.trimmed().startsWith('{') && file.contains("\"entrypoint\"");
}

static Result<RenderedJob> renderOnHost(const JobSpec &spec, const QString &jobId)
{
    return renderProcess(spec, jobId);
}

static Result<JobSpec> backFromManifest(
    const QByteArray &text, const JobSpec &base, const QString &)
{
    const auto read = readKubernetes(text);
    if (!read)
        return fail(read.error());
    JobSpec said = read->spec;
    // What a manifest has no place for stays as the form has it.
    said.account = base.account;
    said.qos = base.qos;
    said.priority = base.priority;
    said.after = base.after;
    said.checkpoints = base.checkpoints;
    said.gpuUuids = base.gpuUuids;
    said.texts = base.texts;
    return said;
}

static Result<EditedText> editManifest(
    const QByteArray &text, const JobSpec &before, const JobSpec &after)
{
    const auto edited = editKubernetes(text, before, after);
    if (!edited)
        return fail(edited.error());
    return EditedText{edited->text, edited->notes};
}

static Result<EditedText> withoutNotes(const Result<QByteArray> &text)
{
    if (!text)
        return fail(text.error());
    return EditedText{*text, {}};
}

static Result<JobSpec> backFromRay(const QByteArray &text, const JobSpec &base, const QString &)
{
    return readRay(text, base);
}

static Result<EditedText> editRayBody(
    const QByteArray &text, const JobSpec &before, const JobSpec &after)
{
    return withoutNotes(editRay(text, before, after));
}

static Result<JobSpec> backFromDocker(const QByteArray &text, const JobSpec &base, const QString &)
{
    return readDocker(text, base);
}

static Result<EditedText> editDockerLine(
    const QByteArray &text, const JobSpec &before, const JobSpec &after)
{
    return withoutNotes(editDocker(text, before, after));
}

static Result<JobSpec> backFromLine(
    const QByteArray &text, const JobSpec &base, const QString &jobId)
{
    return readProcess(text, base, jobId);
}

/// A host's line has nothing in it that the form does not know.
static Result<EditedText> newLine(const QByteArray &, const JobSpec &, const JobSpec &after)
{
    const auto job = renderProcess(after, {});
    if (!job)
        return fail(job.error());
    return EditedText{job->text, job->notes};
}

// In the order of the form.
static constexpr std::array texts{EngineText{"slurm", "Slurm", &renderSlurm, &backFromSbatch,
                                      &editSbatchText, &isSbatch, &readSbatchFile},
    EngineText{"kubernetes", "Kubernetes", &renderKubernetes, &backFromManifest, &editManifest,
        &looksLikeKubernetes, &readManifest},
    EngineText{"ray", "Ray", &renderRay, &backFromRay, &editRayBody, &isRayBody, &readRayBody},
    EngineText{"docker", "Docker", &renderDocker, &backFromDocker, &editDockerLine, &isDockerLine,
        &readDockerLine},
    EngineText{"process", "Bare host", &renderOnHost, &backFromLine, &newLine, nullptr, nullptr}};

std::span<const EngineText> engineTexts()
{
    return texts;
}

const EngineText *engineText(const QString &kind)
{
    for (const auto &one : texts) {
        if (kind == QLatin1String(one.kind))
            return &one;
    }
    return nullptr;
}

Result<ImportedSpec> importSpec(const QByteArray &file)
{
    for (const auto &one : texts) {
        if (one.looksLike && one.looksLike(file))
            return one.read(file);
    }
    return fail({ErrorKind::BadInput, QStringLiteral("import"),
        tr("This is no file of an engine that is known here."), {},
        tr("An sbatch file, a Kubernetes Job or Pod, a “docker run” line or a Ray job can be "
           "imported.")});
}

} // namespace pilothouse
