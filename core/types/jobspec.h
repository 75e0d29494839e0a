// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// A secret by reference: its value never passes through the console.
struct SecretRef {
    QString variable; ///< the job sees it in this environment variable
    QString file; ///< a file on the node whose content it is; or
    QString secret, key; ///< a Kubernetes Secret and its key, an engine's own secret
    bool operator==(const SecretRef &) const = default;
};

/// A job to wait for.
struct JobDependency {
    enum class When { Succeeded, Failed, Ended, Started } when = When::Succeeded;
    QString job; ///< Job::id, or the engine's own id for a job that is not ours
    bool operator==(const JobDependency &) const = default;
};

/// One job as the user describes it, for any engine. Either a command (argv) or a script. What an
/// engine cannot express is said by its renderer, never dropped silently.
struct JobSpec {
    QString name;
    QStringList argv;
    QByteArray script; ///< kept byte for byte
    QString interpreter; ///< for a script without "#!"
    QString folder; ///< working directory; empty = home
    QMap<QString, QString> environment;
    QList<SecretRef> secrets;
    QString image; ///< container image; empty = none
    QString starter; ///< how ranks find each other: core/jobs/starters; empty = run once per task

    int nodes = 1;
    int tasksPerNode = 1;
    int cpusPerTask = 0; ///< 0 = the engine's default
    int gpus = 0; ///< per node
    QString gpuType; ///< "h100"; empty = any
    QStringList gpuUuids; ///< or exactly these (bare hosts)
    quint64 memoryBytes = 0; ///< per node, 0 = the engine's default
    int timeLimitSeconds = 0; ///< 0 = none

    QString array; ///< Slurm's syntax: "0-99%4"; empty = one job
    QList<JobDependency> after;
    int retries = 0; ///< attempts after the first one that failed
    QString checkpoints; ///< folder whose newest complete checkpoint the next attempt gets
    QString account, queue, qos; ///< queue: partition, namespace/queue ...; empty = the default
    std::optional<int> priority; ///< as the engine counts

    /// Texts that the user edited or imported, by engine kind: sent byte for byte in place of what
    /// would be rendered.
    QMap<QString, QByteArray> texts;

    bool operator==(const JobSpec &) const = default;
};

} // namespace pilothouse
