// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QStringList>

namespace pilothouse {

/// A container as `docker run` describes it, and as the Engine API creates it.
struct DockerRun {
    QString name;
    QString image;
    QStringList command; ///< the first word is the entrypoint
    QMap<QString, QString> environment;
    QMap<QString, QString> labels;
    QString folder;
    int gpus = 0; ///< -1 = all
    QStringList gpuUuids; ///< or these
    quint64 memoryBytes = 0; ///< 0 = no limit
    double cpus = 0; ///< 0 = no limit
    int retries = 0; ///< restarts after a failure
    QString ipc; ///< "host": shared memory for data loaders
    bool init = false; ///< a first process that passes signals on
    struct Mount {
        QString source, target;
        bool readOnly = true;
        bool operator==(const Mount &) const = default;
    };
    QList<Mount> mounts; ///< of files and folders of the host

    bool operator==(const DockerRun &) const = default;

    /// "docker", "run", "--detach", ...
    QStringList argv() const;
    /// Body of POST /containers/create (API 1.40 and later); the name goes into the query.
    QByteArray createBody() const;
};

/// Reads such a line, quotes as a shell does. Unsupported for an option that has no part in the
/// above (it names it), and for what only a shell can run.
Result<DockerRun> parseDockerRun(const QString &line);

} // namespace pilothouse
