// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// "Check this GPU": launches the GPU test. Subject: a device's UUID, or none; parameters: gpus (1),
// devices (UUIDs), seconds (60). Result: the job.
#include "core/acts/actsupport.h"
#include "core/acts/acttable.h"
#include "core/gputest/service.h"
#include "core/jobs/jobjson.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("acts", text);
}

static JobSpec specOf(const ActRequest &request)
{
    QStringList devices;
    const auto listed = request.parameters.value(QLatin1String("devices")).toArray();
    for (const auto &one : listed)
        devices << one.toString();
    if (devices.isEmpty() && !request.subject.isEmpty())
        devices << request.subject;
    return gpuTestSpec(std::max(1, request.parameters.value(QLatin1String("gpus")).toInt(1)),
        devices, request.parameters.value(QLatin1String("seconds")).toInt(60));
}

static Can canCheck(Services &services, const ActRequest &request)
{
    if (!services.jobs)
        return Can::refused(tr("The ledger is not open."));
    const auto agent = canWithAgent(services, request);
    if (!agent.ok())
        return agent;
    const auto link = agentLink(services, request.target);
    // The handshake of an agent that has just begun may come before its driver was asked.
    const auto devices = link ? (*link)->facts.devices : QList<Device>();
    const bool any = devices.isEmpty()
        || std::any_of(devices.begin(), devices.end(),
            [](const Device &device) { return device.kind.startsWith(QLatin1String("nvidia")); });
    return any ? Can::allowed() : Can::refused(tr("There is no NVIDIA GPU on this node."));
}

static QString previewCheck(Services &, const ActRequest &request)
{
    return commandText(specOf(request));
}

static Task<Result<QJsonObject>> runCheck(
    Context context, Permit permit, Services &services, ActRequest request)
{
    const int seconds = request.parameters.value(QLatin1String("seconds")).toInt(60);
    if (seconds < 2 || seconds > 86400) {
        Error error{ErrorKind::BadInput, QStringLiteral("gputest"),
            tr("A GPU test takes 2 seconds to a day."), QString::number(seconds), {}};
        co_return fail(error);
    }
    ActRequest launching;
    launching.target = request.target;
    launching.parameters = specToJson(specOf(request));
    auto running = launchJob.run(context, permit, services, launching);
    co_return co_await std::move(running);
}

const Act checkGpu{"gpu.check", QT_TRANSLATE_NOOP("acts", "Check this GPU"), "", Mutates::Yes,
    Destructive::No, QT_TRANSLATE_NOOP("acts", "Cancel the job to end it."), &canCheck,
    &previewCheck, &runCheck};

} // namespace pilothouse
