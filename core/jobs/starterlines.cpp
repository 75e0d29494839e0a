// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Options of torchrun: torch/distributed/run.py; of accelerate launch:
// accelerate/commands/launch.py; JAX_COORDINATOR_ADDRESS: jax/_src/distributed.py; TF_CONFIG:
// TensorFlow's distributed training guide.
#include "core/jobs/starterlines.h"

#include "core/base/shellwords.h"

#include <QRegularExpression>

namespace pilothouse {

bool isStarter(const QString &name)
{
    const auto all = starters();
    return std::any_of(
        all.begin(), all.end(), [&](const StarterInfo &one) { return one.id == name; });
}

bool oncePerNode(const QString &starter)
{
    return !starter.isEmpty() && starter != QLatin1String("jax");
}

QStringList scriptProgram(const JobSpec &spec)
{
    if (!spec.script.startsWith("#!") && spec.interpreter.isEmpty())
        return {QStringLiteral("/bin/sh")};
    if (!spec.script.startsWith("#!"))
        return splitLikeShell(spec.interpreter).value_or(QStringList{spec.interpreter});
    const QByteArray first = spec.script.left(spec.script.indexOf('\n'));
    return !spec.starter.isEmpty() && first.contains("python")
        ? QStringList{QStringLiteral("python3")}
        : QStringList();
}

static QByteArray jaxLines(const QString &kind)
{
    const bool slurm = kind == QLatin1String("slurm");
    return QByteArray("export JAX_COORDINATOR_ADDRESS=\"$MASTER_ADDR:$MASTER_PORT\"")
        + (slurm ? " JAX_NUM_PROCESSES=\"$SLURM_NTASKS\" JAX_PROCESS_ID=\"$SLURM_PROCID\"\n"
                 : " JAX_NUM_PROCESSES=\"$NNODES\" JAX_PROCESS_ID=\"$NODE_RANK\"\n");
}

static QByteArray tensorFlowLines(
    const QString &kind, const StarterPlace &place, WrappedCommand &made)
{
    QByteArray workers = "$TF_WORKERS";
    if (kind == QLatin1String("slurm")) {
        made.once
            += "TF_WORKERS=\"$(scontrol show hostnames \"$SLURM_JOB_NODELIST\" | "
               "sed \"s/.*/\\\"&:$MASTER_PORT\\\"/\" | paste -s -d , -)\"\nexport TF_WORKERS\n";
    } else {
        QByteArrayList quoted;
        for (const auto &host : place.hosts)
            quoted << "\\\"" + host.toLatin1() + ":$MASTER_PORT\\\"";
        workers = quoted.join(',');
    }
    return "export TF_CONFIG=\"{\\\"cluster\\\":{\\\"worker\\\":[" + workers
        + "]},\\\"task\\\":{\\\"type\\\":\\\"worker\\\",\\\"index\\\":$NODE_RANK}}\"\n";
}

bool readsVariables(const QString &starter)
{
    return starter == QLatin1String("jax") || starter == QLatin1String("tensorflow");
}

QByteArray starterLines(
    const JobSpec &spec, const QString &kind, const StarterPlace &place, WrappedCommand &made)
{
    if (spec.starter == QLatin1String("jax"))
        return jaxLines(kind);
    if (spec.starter == QLatin1String("tensorflow"))
        return tensorFlowLines(kind, place, made);
    return {};
}

namespace {

/// How one program that starts Python programs is called.
struct Launching {
    QByteArray program; // on the PATH
    QByteArray module; // the same by a given python
    QByteArray flags;
    QByteArray anyProgram; // flag for a program that is not Python's
};

} // namespace

static Launching launchingOf(const JobSpec &spec, bool several)
{
    const qsizetype gpus = spec.gpus > 0 ? spec.gpus : spec.gpuUuids.size();
    const QByteArray perNode = QByteArray::number(gpus > 0 ? gpus : spec.tasksPerNode);
    if (spec.starter == QLatin1String("torchrun"))
        // By node rank, not by c10d: that compares host names, and hangs where they differ.
        return {"torchrun", "torch.distributed.run",
            several ? "--nnodes=\"$NNODES\" --node-rank=\"$NODE_RANK\" --nproc-per-node=" + perNode
                    + " --master-addr=\"$MASTER_ADDR\" --master-port=\"$MASTER_PORT\""
                    : "--standalone --nproc-per-node=" + perNode,
            "--no-python"};
    QByteArray flags = several
        ? "--num_machines=\"$NNODES\" --machine_rank=\"$NODE_RANK\" --num_processes=\"$((NNODES * "
            + perNode
            + "))\" --main_process_ip=\"$MASTER_ADDR\" --main_process_port=\"$MASTER_PORT\""
        : "--num_machines=1 --num_processes=" + perNode;
    if (gpus > 0 && (several || gpus > 1))
        flags += " --multi_gpu";
    return {"accelerate launch", "accelerate.commands.launch", flags, "--no_python"};
}

QByteArray runLine(const JobSpec &spec, bool several)
{
    if (spec.starter != QLatin1String("torchrun") && spec.starter != QLatin1String("huggingface"))
        return "exec \"$@\"";
    const auto how = launchingOf(spec, several);
    // A script's file comes last, behind the program that runs it.
    const QStringList called = spec.argv.isEmpty()
        ? scriptProgram(spec) + QStringList{QStringLiteral("script")}
        : spec.argv;
    const QString first = called.first(), second = called.value(1);
    const QByteArray run = "exec " + how.program + ' ' + how.flags + " \"$@\"";
    static const QRegularExpression python(QStringLiteral("(?:\\A|/)python[0-9.]*\\z"));
    const bool ofPython = python.match(first).hasMatch() && !second.isEmpty()
        && (!second.startsWith(QLatin1Char('-')) || second == QLatin1String("-m"));
    if (ofPython && !first.contains(QLatin1Char('/')))
        return "shift\n" + run;
    if (ofPython) // the program that belongs to just this python
        return "python=\"$1\"\nshift\nexec \"$python\" -m " + how.module + ' ' + how.flags
            + " \"$@\"";
    const auto ownWords = how.program.count(' ') + 1; // the user called it himself
    if (called.first(std::min(ownWords, called.size())).join(QLatin1Char(' '))
        == QLatin1String(how.program))
        return "shift " + QByteArray::number(ownWords) + '\n' + run;
    if (first.endsWith(QLatin1String(".py")))
        return run;
    return "exec " + how.program + ' ' + how.flags + ' ' + how.anyProgram + " \"$@\"";
}

} // namespace pilothouse
