// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/sbatchrender.h"

#include "core/engines/shelltext.h"
#include "core/engines/slurm/sbatchspec.h"
#include "core/engines/slurm/slurmjob.h"
#include "core/jobs/starters.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("slurm", text);
}

static bool isName(const QString &name)
{
    static const QRegularExpression form(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*$"));
    return form.match(name).hasMatch();
}

/// Lines of shell that give the job its environment.
static QByteArray exports(const JobSpec &spec, QStringList &notes)
{
    QByteArray lines;
    for (auto it = spec.environment.cbegin(); it != spec.environment.cend(); ++it) {
        if (isName(it.key()))
            lines += "export " + it.key().toUtf8() + '=' + shellQuoted(it.value()) + '\n';
        else
            notes << tr("\"%1\" is no name for a variable: it is left out.").arg(it.key());
    }
    for (const auto &secret : spec.secrets) {
        if (!isName(secret.variable) || secret.file.isEmpty())
            notes << tr("Slurm keeps no secrets: %1 can only come from a file on the node.")
                         .arg(secret.variable);
        else // read where the job runs, so it is in no script and no log
            lines += secret.variable.toUtf8() + "=\"$(cat -- " + shellQuoted(secret.file)
                + ")\" && export " + secret.variable.toUtf8() + '\n';
    }
    return lines;
}

/// The line that runs the command as it is.
static QByteArray plainLine(const JobSpec &spec, QStringList &notes)
{
    QByteArray words;
    if (spec.nodes > 1 || spec.tasksPerNode > 1 || !spec.image.isEmpty())
        words = "srun ";
    if (!spec.image.isEmpty()) {
        words += "--container-image=" + shellQuoted(spec.image) + ' ';
        notes << tr("Containers need the plugin \"pyxis\" on this cluster.");
    }
    for (const QString &word : spec.argv)
        words += shellQuoted(word) + ' ';
    words.chop(1);
    return words;
}

/// `lines`: what runs the command.
static QByteArray commandScript(const JobSpec &spec, const QByteArray &lines, QStringList &notes)
{
    QByteArray script = "#!/bin/bash\n";
    if (spec.retries > 0)
        script += "#SBATCH --requeue\n#SBATCH --open-mode=append\n";
    script += exports(spec, notes);
    if (spec.retries == 0)
        return script + lines + '\n';
    return script + lines
        + "\nstatus=$?\nif [ $status -ne 0 ] && [ \"${SLURM_RESTART_COUNT:-0}\" -lt "
        + QByteArray::number(spec.retries)
        + " ]; then\n    scontrol requeue \"$SLURM_JOB_ID\"\nfi\nexit $status\n";
}

static bool isShell(const QByteArray &interpreter)
{
    for (const QByteArray &word : interpreter.split(' ')) {
        const QByteArray name = word.mid(word.lastIndexOf('/') + 1);
        if (QByteArrayList{"sh", "bash", "dash", "ksh", "zsh"}.contains(name))
            return true;
    }
    return false;
}

/// The user's script; a line that sbatch needs in front when it has none.
static QByteArray ownScript(const JobSpec &spec, QStringList &notes)
{
    QByteArray text = spec.script;
    if (!text.startsWith("#!")) {
        const QByteArray interpreter = spec.interpreter.toUtf8();
        text.prepend(interpreter.isEmpty()    ? "#!/bin/bash\n"
                : interpreter.startsWith('/') ? QByteArray("#!" + interpreter + '\n')
                                              : QByteArray("#!/usr/bin/env " + interpreter + '\n'));
    }
    SbatchScript script(text);
    const QByteArray lines = exports(spec, notes);
    if (!lines.isEmpty() && isShell(script.interpreter()))
        script.insertBody(lines);
    else if (!lines.isEmpty())
        notes << tr("The environment can only be put into shell scripts: set it in this one.");
    if (spec.nodes > 1 || spec.tasksPerNode > 1)
        notes << tr("Slurm runs a script once, on the first node: it starts tasks with srun.");
    if (spec.retries > 0)
        notes << tr("Slurm starts a script again after a node failed, not after it failed itself.");
    if (!spec.image.isEmpty())
        notes << tr("The image is left out: the script has to start its container itself.");
    return script.text();
}

/// What a directive can hold: one line, as long as slurmctld takes.
static QString nameFor(const QString &wanted, QStringList &notes)
{
    QString name = wanted;
    for (QChar &c : name) {
        if (c == u'\n' || c == u'\r' || c.isNull())
            c = u' ';
    }
    if (name != wanted)
        notes << tr("A name in a script has no line breaks: they became spaces.");
    const qsizetype whole = name.size();
    while (name.toUtf8().size() > slurmLongest)
        name.chop(name.back().isLowSurrogate() ? 2 : 1);
    if (name.size() != whole)
        notes << tr("Slurm takes names of at most 1,024 bytes: this one was cut.");
    return name;
}

QStringList sbatchCall(const QByteArray &text, const QString &jobId)
{
    const QString theirs = SbatchScript(text).value(QStringLiteral("comment")).value_or(QString());
    return {QStringLiteral("sbatch"), QStringLiteral("--parsable"),
        QStringLiteral("--comment=") + slurmComment(jobId, theirs)};
}

Result<RenderedJob> renderSbatch(
    const JobSpec &spec, const QString &jobId, const QHash<QString, QString> &natives)
{
    RenderedJob job;
    job.syntax = QStringLiteral("sbatch");
    const QByteArray own = spec.texts.value(QStringLiteral("slurm"));
    if (!own.isEmpty()) {
        job.text = own;
    } else {
        if (spec.argv.isEmpty() && spec.script.isEmpty())
            return fail(Error{ErrorKind::BadInput, QStringLiteral("sbatch"),
                tr("A job needs a command or a script."), {}, {}});
        JobSpec wanted = spec;
        wanted.name = nameFor(spec.name, job.notes);
        QByteArray lines;
        if (spec.starter.isEmpty() || !spec.script.isEmpty()) {
            lines = plainLine(spec, job.notes);
        } else {
            const auto wrapped = wrap(spec, QStringLiteral("slurm"), {jobId, {}, 0, {}});
            if (!wrapped)
                return fail(wrapped.error());
            job.notes << wrapped->notes;
            lines = wrapped->lines().trimmed();
            wanted.secrets.clear(); // the starter's lines read them
        }
        SbatchScript script(spec.script.isEmpty() ? commandScript(wanted, lines, job.notes)
                                                  : ownScript(wanted, job.notes));
        job.notes << editSbatch(script, wanted, natives);
        job.text = script.text();
        if (!slurmDependency(spec.after, natives))
            return fail(Error{ErrorKind::BadInput, QStringLiteral("sbatch"),
                tr("It is to wait for a job that this cluster does not know."), {},
                tr("Wait until that job is accepted, or take the dependency out.")});
        if (spec.gpus == 0 && !spec.gpuType.isEmpty())
            job.notes << tr("It asks for no GPUs, so the type %1 says nothing.").arg(spec.gpuType);
        if (!spec.gpuUuids.isEmpty())
            job.notes << tr("Slurm chooses the GPUs itself: exact ones cannot be asked for.");
        if (!spec.checkpoints.isEmpty())
            job.notes << tr("Slurm does not look for checkpoints: the command finds them itself.");
    }
    job.call = shellLine(sbatchCall(job.text, jobId)) + QStringLiteral(" < job.sbatch");
    return job;
}

} // namespace pilothouse
