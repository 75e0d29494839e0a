// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/processmodel.h"

#include "core/attribution/cgroup.h"
#include "core/base/units.h"

#include <QCoreApplication>

namespace pilothouse {

static QString label(const char *text)
{
    return QCoreApplication::translate("processes", text);
}

static QVariant gpuMemory(const Process &process)
{
    double sum = 0;
    bool known = false;
    for (const auto &use : process.gpus) {
        known |= use.memoryKnown;
        sum += use.memoryKnown ? double(use.memoryBytes) : 0;
    }
    return known ? QVariant(sum) : QVariant();
}

ProcessModel::ProcessModel(std::function<QString(const QString &)> deviceName,
    std::function<QString(const QString &)> jobName, QObject *parent)
    : RowModel<Process>(
        {
            {"pid", label("PID"), [](const Process &process) { return QVariant(process.pid); }, {},
                true},
            {"user", label("User"), [](const Process &process) { return QVariant(process.user); },
                {}},
            {"command", label("Command"),
                [](const Process &process) { return QVariant(process.command); }, {}, false, true},
            {"belongs_to", label("Belongs to"),
                [jobName](const Process &process) {
                    return QVariant(process.job.isEmpty()
                            ? cgroupOwnerText(cgroupOwner(process.cgroup))
                            : jobName(process.job));
                },
                {}},
            {"devices", label("Device"),
                [deviceName](const Process &process) {
                    QStringList names;
                    for (const auto &use : process.gpus)
                        names << deviceName(use.device);
                    return QVariant(names.join(QStringLiteral(", ")));
                },
                {}},
            {"gpu_memory", label("GPU memory"), &gpuMemory,
                [](const Process &process) {
                    const auto sum = gpuMemory(process);
                    return sum.isNull() ? (process.gpus.isEmpty() ? QString() : QStringLiteral("–"))
                                        : formatBytes(sum.toDouble(), true);
                },
                true},
            {"memory", label("Memory"),
                [](const Process &process) { return QVariant(double(process.memoryBytes)); },
                [](const Process &process) {
                    return formatBytes(double(process.memoryBytes), true);
                },
                true},
            {"cpu", label("CPU"), [](const Process &process) { return QVariant(process.cpuRatio); },
                [](const Process &process) {
                    return formatValue(process.cpuRatio, QStringLiteral("ratio"));
                },
                true},
        },
        // A pid alone may come back as another process.
        [](const Process &process) {
            return QStringLiteral("%1/%2")
                .arg(process.pid, 10, 10, QLatin1Char('0'))
                .arg(process.startedNs);
        },
        parent)
{
}

QVariant ProcessModel::extra(const Process &process, int column, int role) const
{
    if (role == Qt::ToolTipRole && column == Command)
        return process.command;
    if (role == Qt::ToolTipRole && column == BelongsTo)
        return process.cgroup;
    return {};
}

} // namespace pilothouse
