// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/starters.h"

#include "core/base/shellwords.h"
#include "core/jobs/starterlines.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace pilothouse {

static constexpr qsizetype mostBytes = 100'000; // Linux takes arguments of up to 128 KiB

static QString tr(const char *text)
{
    return QCoreApplication::translate("jobs", text);
}

static auto wrong(const QString &message)
{
    return fail({ErrorKind::BadInput, QStringLiteral("starter"), message, {}, {}});
}

QList<StarterInfo> starters()
{
    return {{QStringLiteral("torchrun"), tr("PyTorch: torchrun (DDP, FSDP)")},
        {QStringLiteral("huggingface"), tr("Hugging Face: accelerate launch")},
        {QStringLiteral("jax"), tr("JAX: one process per node")},
        {QStringLiteral("tensorflow"), tr("TensorFlow, Keras: MultiWorker")}};
}

int meetingPort(const QString &jobId)
{
    quint32 hash = 2166136261U; // FNV-1a
    const QByteArray bytes = jobId.toUtf8();
    for (const char c : bytes)
        hash = (hash ^ uchar(c)) * 16777619U;
    return 20'000 + int(hash % 10'000);
}

QStringList WrappedCommand::command() const
{
    if (each.isEmpty())
        return words;
    return QStringList{QStringLiteral("/bin/sh"), QStringLiteral("-c"), QString::fromUtf8(each),
               QStringLiteral("sh")}
    + words;
}

QByteArray WrappedCommand::lines() const
{
    return once + (launcher.isEmpty() ? QByteArray() : launcher + ' ')
        + quotedLine(command()).toUtf8() + '\n';
}

/// A secret's file as a word of sh; "~/" is the home of whoever runs it.
static QByteArray fileWord(const QString &file)
{
    if (file.startsWith(QLatin1String("~/")))
        return "\"$HOME\"/" + quotedWord(file.mid(2)).toUtf8();
    return quotedWord(file).toUtf8();
}

static QByteArray secretLines(const JobSpec &spec)
{
    QByteArray lines;
    for (const auto &secret : spec.secrets) {
        if (secret.file.isEmpty())
            continue;
        const QByteArray name = secret.variable.toLatin1();
        lines += name + "=\"$(cat -- " + fileWord(secret.file) + ")\" || exit 1\nexport " + name
            + '\n';
    }
    return lines;
}

/// The script as arguments, and the line that makes a file of it again. Our shell is replaced by
/// the program, so the file stays until the node's temporary folder is cleaned.
static Result<> packScript(const JobSpec &spec, const StarterPlace &place, WrappedCommand &made)
{
    const QStringList first = scriptProgram(spec);
    if (!place.script.isEmpty()) {
        made.words = first + QStringList{place.script};
        return {};
    }
    const QString text = QString::fromUtf8(spec.script);
    if (spec.script.contains('\0') || text.toUtf8() != spec.script)
        return wrong(tr("The script holds bytes that no argument of a program can hold."));
    if (spec.script.size() > mostBytes)
        return wrong(
            tr("The script is too large to travel in a command: put it into a file there."));
    made.each
        += "script=\"$(mktemp)\" && printf %s \"$1\" >\"$script\" && chmod 700 \"$script\" || exit "
           "1\nshift\nset -- \"$@\" \"$script\"\n";
    made.words = QStringList{text} + first;
    return {};
}

/// How many nodes there are, which this is, and where rank 0 listens.
static Result<> addPlace(
    const QString &kind, const StarterPlace &place, int nodes, WrappedCommand &made)
{
    static const QRegularExpression host(QStringLiteral("\\A[A-Za-z0-9_.:%-]{1,253}\\z"));
    for (const auto &name : place.hosts) {
        if (!host.match(name).hasMatch())
            return wrong(tr("“%1” is no host name or address.").arg(name.left(64)));
    }
    if (kind == QLatin1String("slurm")) {
        made.once
            += "MASTER_ADDR=\"$(scontrol show hostnames \"$SLURM_JOB_NODELIST\" | head -n 1)\"\n"
               "MASTER_PORT=\"$((20000 + SLURM_JOB_ID % 10000))\"\n"
               "export MASTER_ADDR MASTER_PORT\n";
        made.each += "export NNODES=\"$SLURM_NNODES\" NODE_RANK=\"$SLURM_NODEID\"\n";
        return {};
    }
    if (place.hosts.size() != nodes)
        return wrong(
            tr("The job has %1 nodes, but %2 hosts are known.").arg(nodes).arg(place.hosts.size()));
    const bool indexed = kind == QLatin1String("kubernetes") && nodes > 1;
    made.each += "export MASTER_ADDR=" + place.hosts.first().toLatin1()
        + " MASTER_PORT=" + QByteArray::number(meetingPort(place.jobId))
        + " NNODES=" + QByteArray::number(nodes) + " NODE_RANK="
        + (indexed ? QByteArray("\"$JOB_COMPLETION_INDEX\"") : QByteArray::number(place.nodeRank))
        + '\n';
    return {};
}

/// Slurm starts what runs on the nodes by srun; since 22.05 it has to be told the CPUs again.
static QByteArray slurmLauncher(const JobSpec &spec)
{
    QByteArray launcher = "srun";
    if (oncePerNode(spec.starter))
        launcher += " --ntasks=\"$SLURM_NNODES\" --ntasks-per-node=1";
    if (spec.cpusPerTask > 0)
        launcher += " --cpus-per-task="
            + QByteArray::number(
                qint64(spec.cpusPerTask) * (oncePerNode(spec.starter) ? spec.tasksPerNode : 1));
    return launcher;
}

Result<WrappedCommand> wrap(const JobSpec &spec, const QString &kind, const StarterPlace &place)
{
    WrappedCommand made;
    const bool slurm = kind == QLatin1String("slurm");
    if (!spec.starter.isEmpty() && !isStarter(spec.starter))
        return wrong(tr("There is no starter “%1”.").arg(spec.starter.left(64)));
    (slurm ? made.once : made.each) += kind == QLatin1String("kubernetes") ? "" : secretLines(spec);
    made.words = spec.argv;
    if (spec.argv.isEmpty()) {
        if (const auto packed = packScript(spec, place, made); !packed)
            return fail(packed.error());
    }
    const bool several = spec.nodes > 1
        && (slurm || kind == QLatin1String("kubernetes") || !place.hosts.isEmpty());
    if (spec.nodes > 1 && !several)
        made.notes << tr("It runs on one node here, not on %1.").arg(spec.nodes);
    if (spec.tasksPerNode > 1 && !slurm && !oncePerNode(spec.starter))
        made.notes << tr("It runs once on a node here, not %1 times.").arg(spec.tasksPerNode);
    StarterPlace at = place;
    if (!several)
        at = {place.jobId, {QStringLiteral("localhost")}, 0, {}};
    if (readsVariables(spec.starter) || (several && !spec.starter.isEmpty())) {
        if (const auto placed = addPlace(kind, at, several ? spec.nodes : 1, made); !placed)
            return fail(placed.error());
    }
    if (slurm && (several || spec.tasksPerNode > 1 || readsVariables(spec.starter)))
        made.launcher = slurmLauncher(spec);
    made.each += starterLines(spec, kind, at, made);
    if (!spec.starter.isEmpty() || !made.each.isEmpty())
        made.each += runLine(spec, several);
    if (made.each == "exec \"$@\"")
        made.each.clear();
    if (made.each.size() > mostBytes)
        return wrong(tr("The job has too many nodes to name each of them in a command."));
    return made;
}

JobSpec unwrap(
    const QStringList &command, JobSpec spec, const QString &kind, const StarterPlace &place)
{
    const bool shell = command.size() > 4 && command[0] == QLatin1String("/bin/sh")
        && command[1] == QLatin1String("-c") && command[3] == QLatin1String("sh");
    const QStringList words = shell ? command.mid(4) : command;
    if (command.isEmpty())
        return spec;
    QStringList names{QString()};
    const auto all = starters();
    for (const auto &starter : all)
        names << starter.id;
    for (const auto &name : names) {
        JobSpec asCommand = spec, asScript = spec;
        asCommand.starter = asScript.starter = name;
        asCommand.argv = words;
        asCommand.script.clear();
        asScript.argv.clear();
        if (place.script.isEmpty())
            asScript.script = words.value(0).toUtf8();
        const auto program = place.script.isEmpty() ? words.mid(1) : words.mid(0, words.size() - 1);
        const bool usual = program == QStringList{QStringLiteral("/bin/sh")};
        const bool named = asScript.script.startsWith("#!") || usual;
        asScript.interpreter = named ? QString() : program.join(QLatin1Char(' '));
        for (const auto &guess : {asScript, asCommand}) {
            const bool hasOne = !guess.argv.isEmpty() || !guess.script.isEmpty();
            const auto made = hasOne ? wrap(guess, kind, place) : fail(Error());
            if (made && made->command() == command)
                return guess;
        }
    }
    spec.argv = command;
    return spec;
}

} // namespace pilothouse
