// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/process/render.h"

#include "core/base/shellwords.h"
#include "core/jobs/specvalues.h"
#include "core/jobs/starters.h"

#include <QCoreApplication>

namespace pilothouse {

static const QString process = QStringLiteral("process");

static QString tr(const char *text)
{
    return QCoreApplication::translate("process", text);
}

/// The spec that an edited line stands for.
static JobSpec withText(JobSpec spec, const QString &jobId)
{
    const auto text = spec.texts.take(process);
    return text.isEmpty() ? spec : readProcess(text, spec, jobId);
}

Result<JobSpec> processPart(
    const JobSpec &asked, const QString &jobId, const QStringList &hosts, int rank)
{
    const JobSpec spec = withText(asked, jobId);
    if (const auto good = checkSpec(spec); !good)
        return fail(good.error());
    JobSpec part = spec;
    const bool several = spec.nodes > 1 && !hosts.isEmpty();
    if (several) {
        const qsizetype gpus = spec.gpus > 0 ? spec.gpus : spec.gpuUuids.size();
        const qsizetype each = gpus > 0 ? gpus : spec.tasksPerNode;
        part.environment.insert(QStringLiteral("MASTER_ADDR"), hosts.first());
        part.environment.insert(QStringLiteral("MASTER_PORT"), QString::number(meetingPort(jobId)));
        part.environment.insert(QStringLiteral("NODE_RANK"), QString::number(rank));
        part.environment.insert(QStringLiteral("WORLD_SIZE"), QString::number(each * spec.nodes));
    }
    const bool asItIs = spec.starter.isEmpty()
        && std::none_of(spec.secrets.begin(), spec.secrets.end(),
            [](const SecretRef &secret) { return !secret.file.isEmpty(); });
    if (asItIs)
        return part;
    const auto made = wrap(spec, process, {jobId, hosts, rank, {}});
    if (!made)
        return fail(made.error());
    part.argv = made->command();
    part.script.clear();
    part.interpreter.clear();
    return part;
}

static QStringList notesFor(const JobSpec &spec, const QStringList &hosts)
{
    QStringList notes;
    const auto note = [&](bool there, const QString &sentence) {
        if (there)
            notes << sentence;
    };
    note(!spec.image.isEmpty(), tr("image: a bare host runs programs, no images."));
    note(!spec.gpuType.isEmpty(), tr("gpu_type: a host has the GPUs it has."));
    note(spec.cpusPerTask > 0, tr("cpus: a bare host shares its CPUs."));
    note(spec.memoryBytes > 0, tr("memory: a bare host sets no limit."));
    note(!spec.array.isEmpty(), tr("array: a bare host runs one job."));
    note(!spec.after.isEmpty(), tr("after: a bare host keeps no order of jobs."));
    note(spec.retries > 0, tr("retries: a bare host runs a job once."));
    note(!spec.checkpoints.isEmpty(), tr("resume: a bare host runs a job once."));
    note(!spec.account.isEmpty(), tr("account: a bare host has none."));
    note(!spec.queue.isEmpty(), tr("queue: a bare host has none."));
    note(!spec.qos.isEmpty(), tr("qos: a bare host has none."));
    note(spec.priority.has_value(), tr("priority: a bare host has no queue."));
    for (const auto &secret : spec.secrets)
        note(secret.file.isEmpty(),
            tr("secrets: %1 comes from a Kubernetes Secret; a host reads files.")
                .arg(secret.variable));
    const auto made = wrap(spec, process, {{}, hosts, 0, {}});
    return made ? notes + made->notes : notes;
}

/// Folder, environment and command: the same to every shell.
static QString lineOf(const JobSpec &part, const QStringList &command)
{
    QStringList words;
    for (auto it = part.environment.begin(); it != part.environment.end(); ++it)
        words << it.key() + QLatin1Char('=') + it.value();
    if (!words.isEmpty())
        words.prepend(QStringLiteral("env"));
    if (!words.isEmpty() && command.first().contains(QLatin1Char('='))) // env would set it
        words << QStringLiteral("/bin/sh") << QStringLiteral("-c") << QStringLiteral("exec \"$@\"")
              << QStringLiteral("sh");
    const QString folder = part.folder.isEmpty()
        ? QString()
        : QStringLiteral("cd ") + quotedWord(part.folder) + QStringLiteral(" && ");
    return folder + quotedLine(words + command);
}

Result<RenderedJob> renderProcess(
    const JobSpec &asked, const QString &jobId, const QStringList &hosts)
{
    const JobSpec spec = withText(asked, jobId);
    QStringList lines;
    const bool several = spec.nodes > 1 && !hosts.isEmpty();
    for (int rank = 0; rank < (several ? spec.nodes : 1); ++rank) {
        const auto part = processPart(spec, jobId, hosts, rank);
        const auto made = wrap(spec, process, {jobId, hosts, rank, {}});
        if (!part || !made)
            return fail(part ? made.error() : part.error());
        const QString line = lineOf(*part, made->command());
        lines << (several
                ? quotedLine({QStringLiteral("ssh"), QStringLiteral("--"), hosts.value(rank), line})
                : line);
    }
    const QByteArray text = lines.join(QLatin1Char('\n')).toUtf8() + '\n';
    return RenderedJob{
        text, QStringLiteral("sh"), QString::fromUtf8(text).trimmed(), notesFor(spec, hosts)};
}

JobSpec readProcess(const QByteArray &text, JobSpec base, const QString &jobId)
{
    QString line = QString::fromUtf8(text);
    if (line.endsWith(QLatin1Char('\n')))
        line.chop(1);
    base.folder.clear();
    base.environment.clear();
    for (auto at = line.indexOf(QLatin1String(" && "));
         line.startsWith(QLatin1String("cd ")) && at > 0;
         at = line.indexOf(QLatin1String(" && "), at + 1)) {
        const auto words = splitLikeShell(line.left(at));
        if (!words || words->size() != 2)
            continue;
        base.folder = words->last();
        line = line.mid(at + 4);
        break;
    }
    auto words = splitLikeShell(line);
    if (!words || words->isEmpty()) {
        base.script.clear();
        base.argv = QStringList{QStringLiteral("/bin/sh"), QStringLiteral("-c"), line};
        return base;
    }
    if (words->first() == QLatin1String("env")) {
        words->removeFirst();
        while (!words->isEmpty() && words->first().contains(QLatin1Char('='))) {
            const auto equals = words->first().indexOf(QLatin1Char('='));
            base.environment.insert(words->first().left(equals), words->first().mid(equals + 1));
            words->removeFirst();
        }
    }
    return unwrap(*words, base, process, {jobId, {}, 0, {}});
}

} // namespace pilothouse
