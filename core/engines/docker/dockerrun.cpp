// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/docker/dockerrun.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace pilothouse {

/// One field of the lists that --mount and --gpus take: CSV, as Go reads it.
static QString csvField(const QString &text)
{
    static const QString special = QStringLiteral(",\"\r\n");
    const bool plain
        = std::none_of(text.begin(), text.end(), [](QChar c) { return special.contains(c); });
    return plain ? text
                 : QLatin1Char('"') + QString(text).replace(QLatin1Char('"'), QLatin1String("\"\""))
            + QLatin1Char('"');
}

static QString mountText(const DockerRun::Mount &mount)
{
    QStringList fields{QStringLiteral("type=bind"),
        csvField(QStringLiteral("source=") + mount.source),
        csvField(QStringLiteral("target=") + mount.target)};
    if (mount.readOnly)
        fields << QStringLiteral("readonly");
    return fields.join(QLatin1Char(','));
}

QStringList DockerRun::argv() const
{
    QStringList words{QStringLiteral("docker"), QStringLiteral("run"), QStringLiteral("--detach")};
    const auto option = [&](const char *flag, const QString &value) {
        if (!value.isEmpty())
            words << QLatin1String(flag) << value;
    };
    if (init)
        words << QStringLiteral("--init");
    option("--name", name);
    for (auto it = labels.begin(); it != labels.end(); ++it)
        words << QStringLiteral("--label") << it.key() + QLatin1Char('=') + it.value();
    if (!gpuUuids.isEmpty())
        words << QStringLiteral("--gpus")
              << csvField(QStringLiteral("device=") + gpuUuids.join(QLatin1Char(',')));
    else if (gpus != 0)
        words << QStringLiteral("--gpus")
              << (gpus < 0 ? QStringLiteral("all") : QString::number(gpus));
    option("--memory", memoryBytes == 0 ? QString() : QString::number(memoryBytes));
    option("--cpus", cpus == 0 ? QString() : QString::number(cpus, 'g', 12));
    option("--ipc", ipc);
    option("--restart", retries == 0 ? QString() : QStringLiteral("on-failure:%1").arg(retries));
    option("--workdir", folder);
    for (const auto &mount : mounts)
        words << QStringLiteral("--mount") << mountText(mount);
    for (auto it = environment.begin(); it != environment.end(); ++it)
        words << QStringLiteral("--env") << it.key() + QLatin1Char('=') + it.value();
    if (!command.isEmpty())
        words << QStringLiteral("--entrypoint") << command.first();
    return words + QStringList{image} + command.mid(1);
}

static QJsonObject hostConfig(const DockerRun &run)
{
    QJsonObject host;
    if (run.init)
        host.insert(QStringLiteral("Init"), true);
    if (run.gpus != 0 || !run.gpuUuids.isEmpty()) {
        QJsonObject request{{QStringLiteral("Driver"), QString()},
            {QStringLiteral("Capabilities"), QJsonArray{QJsonArray{QStringLiteral("gpu")}}}};
        if (run.gpuUuids.isEmpty())
            request.insert(QStringLiteral("Count"), run.gpus);
        else
            request.insert(QStringLiteral("DeviceIDs"), QJsonArray::fromStringList(run.gpuUuids));
        host.insert(QStringLiteral("DeviceRequests"), QJsonArray{request});
    }
    if (run.memoryBytes != 0)
        host.insert(QStringLiteral("Memory"), qint64(run.memoryBytes));
    if (run.cpus != 0)
        host.insert(QStringLiteral("NanoCpus"), qint64(std::llround(run.cpus * 1e9)));
    if (!run.ipc.isEmpty())
        host.insert(QStringLiteral("IpcMode"), run.ipc);
    if (run.retries != 0)
        host.insert(QStringLiteral("RestartPolicy"),
            QJsonObject{{QStringLiteral("Name"), QStringLiteral("on-failure")},
                {QStringLiteral("MaximumRetryCount"), run.retries}});
    QJsonArray mounts;
    for (const auto &mount : run.mounts)
        mounts.append(QJsonObject{{QStringLiteral("Type"), QStringLiteral("bind")},
            {QStringLiteral("Source"), mount.source}, {QStringLiteral("Target"), mount.target},
            {QStringLiteral("ReadOnly"), mount.readOnly}});
    if (!mounts.isEmpty())
        host.insert(QStringLiteral("Mounts"), mounts);
    return host;
}

QByteArray DockerRun::createBody() const
{
    QJsonObject body{{QStringLiteral("Image"), image}}, named;
    if (!command.isEmpty())
        body.insert(QStringLiteral("Entrypoint"), QJsonArray{command.first()});
    if (command.size() > 1)
        body.insert(QStringLiteral("Cmd"), QJsonArray::fromStringList(command.mid(1)));
    QJsonArray variables;
    for (auto it = environment.begin(); it != environment.end(); ++it)
        variables.append(it.key() + QLatin1Char('=') + it.value());
    if (!variables.isEmpty())
        body.insert(QStringLiteral("Env"), variables);
    if (!folder.isEmpty())
        body.insert(QStringLiteral("WorkingDir"), folder);
    for (auto it = labels.begin(); it != labels.end(); ++it)
        named.insert(it.key(), it.value());
    body.insert(QStringLiteral("Labels"), named);
    body.insert(QStringLiteral("HostConfig"), hostConfig(*this));
    return QJsonDocument(body).toJson();
}

} // namespace pilothouse
