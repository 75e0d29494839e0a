// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/jobspec.h"

namespace pilothouse {

/// A way in which the ranks of a job find each other.
struct StarterInfo {
    QString id; ///< JobSpec::starter
    QString title; ///< translated
};
/// "torchrun", "huggingface", "jax", "tensorflow".
QList<StarterInfo> starters();

/// Where a job's nodes are, as far as its renderer knows it beforehand.
struct StarterPlace {
    QString jobId; ///< the port of rank 0 comes from it
    /// As the others reach them, rank 0 first. Empty = the engine tells at run time (Slurm), or all
    /// runs on one node.
    QStringList hosts;
    int nodeRank = 0; ///< this node's, where one command is made for each
    QString script; ///< where the engine puts the script; empty = it travels in the command
};

/// What runs on a node. `once` and `each` are lines for sh made of our own words, numbers and
/// checked names alone; the user's words are only in `words`.
struct WrappedCommand {
    QByteArray once; ///< run once, before: lines of a batch script; exports what `each` needs
    QByteArray launcher; ///< goes in front of the command there: "srun --ntasks-per-node=1"
    QByteArray each; ///< run on every node, ends in exec "$@" or the like; empty = nothing to do
    QStringList words; ///< its arguments: the command of the spec, or its script
    QStringList notes; ///< what of the spec this engine cannot do

    /// The argv of a node: the words, or ("/bin/sh", "-c", each, "sh", words...).
    QStringList command() const;
    /// once, then launcher and command quoted for sh, with a newline at the end.
    QByteArray lines() const;
};

/// The command of a spec, with its starter and its secrets from files, as engine `kind` runs it.
/// "slurm" has `once` and `launcher` for a batch script; "kubernetes" and "process" want all hosts
/// of a job on several nodes; "ray" and "docker" run on one. BadInput for an unknown starter, a
/// host that is no host name or address, or a script that no argument can hold (NUL, no UTF-8, over
/// 100 KB).
Result<WrappedCommand> wrap(
    const JobSpec &spec, const QString &kind, const StarterPlace &place = {});

/// The way back: `spec` with argv, script, interpreter and starter as they were when wrap() made
/// `command` of it. It has to have the counts, secrets and (for its first line) the script already.
/// A command that wrap() did not make becomes argv.
JobSpec unwrap(
    const QStringList &command, JobSpec spec, const QString &kind, const StarterPlace &place = {});

/// 20000 ... 29999, always the same for one job.
int meetingPort(const QString &jobId);

} // namespace pilothouse
