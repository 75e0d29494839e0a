// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/processmodel.h"

#include "core/attribution/cgroup.h"
#include "core/base/units.h"

#include <QCoreApplication>
#include <QSet>

namespace pilothouse {

namespace {

constexpr int deepest = 32;

QString label(const char *text)
{
    return QCoreApplication::translate("processes", text);
}

QVariant gpuMemory(const Process &process)
{
    double sum = 0;
    bool known = false;
    for (const auto &use : process.gpus) {
        known |= use.memoryKnown;
        sum += use.memoryKnown ? double(use.memoryBytes) : 0;
    }
    return known ? QVariant(sum) : QVariant();
}

QVariant gpuBusy(const Process &process)
{
    double sum = 0;
    bool known = false;
    for (const auto &use : process.gpus) {
        known |= use.busyRatio >= 0;
        sum += std::max(0.0, use.busyRatio);
    }
    return known ? QVariant(sum) : QVariant();
}

/// Of one that uses a GPU; a dash where it is not known, nothing for the others.
QString gpuText(const Process &process, const QVariant &value, const char *unit)
{
    if (process.gpus.isEmpty())
        return {};
    return formatValue(
        value.isNull() ? std::nullopt : std::optional(value.toDouble()), QLatin1String(unit));
}

QVariant gpuTime(const Process &process)
{
    return process.share ? QVariant(process.share->gpuSeconds) : QVariant();
}

QVariant energy(const Process &process)
{
    return process.share && process.share->energyJoules ? QVariant(*process.share->energyJoules)
                                                        : QVariant();
}

QString stateText(const QString &letter)
{
    switch (letter.isEmpty() ? 0 : letter[0].toLatin1()) {
    case 'R':
        return label("running");
    case 'S':
    case 'I':
        return label("sleeping");
    case 'D':
        return label("cannot be stopped");
    case 'T':
    case 't':
        return label("paused");
    case 'Z':
        return label("ended, not taken");
    default:
        return letter.isEmpty() ? QStringLiteral("–") : letter;
    }
}

QString padded(quint32 pid)
{
    return QStringLiteral("%1").arg(pid, 10, 10, QLatin1Char('0'));
}

using Text = std::function<QString(const QString &)>;
using Columns = std::vector<RowColumn<ProcessRow>>;

Columns whoseColumns(const Text &jobName, const std::shared_ptr<bool> &tree)
{
    return {{"pid", label("PID"), [](const ProcessRow &row) { return QVariant(row.process.pid); },
                {}, true},
        {"user", label("User"), [](const ProcessRow &row) { return QVariant(row.process.user); },
            {}},
        {"command", label("Command"),
            [](const ProcessRow &row) { return QVariant(row.process.command); },
            [tree](const ProcessRow &row) {
                return (*tree ? QString(row.depth * 3, QLatin1Char(' ')) : QString())
                    + (*tree && row.depth > 0 ? QStringLiteral("└ ") : QString())
                    + row.process.command;
            },
            false, true},
        {"belongs_to", label("Belongs to"),
            [jobName](const ProcessRow &row) {
                return QVariant(row.process.job.isEmpty()
                        ? cgroupOwnerText(cgroupOwner(row.process.cgroup))
                        : jobName(row.process.job));
            },
            {}}};
}

Columns gpuColumns(const Text &deviceName)
{
    return {{"devices", label("Device"),
                [deviceName](const ProcessRow &row) {
                    QStringList names;
                    for (const auto &use : row.process.gpus)
                        names << deviceName(use.device);
                    return QVariant(names.join(QStringLiteral(", ")));
                },
                {}},
        {"gpu_busy", label("GPU busy"), [](const ProcessRow &row) { return gpuBusy(row.process); },
            [](const ProcessRow &row) {
                return gpuText(row.process, gpuBusy(row.process), "ratio");
            },
            true},
        {"gpu_memory", label("GPU memory"),
            [](const ProcessRow &row) { return gpuMemory(row.process); },
            [](const ProcessRow &row) {
                return gpuText(row.process, gpuMemory(row.process), "bytes");
            },
            true},
        {"gpu_time", label("GPU time"), [](const ProcessRow &row) { return gpuTime(row.process); },
            [](const ProcessRow &row) {
                return row.process.share ? formatDuration(
                           std::chrono::milliseconds(qint64(row.process.share->gpuSeconds * 1000)))
                                         : gpuText(row.process, {}, "seconds");
            },
            true},
        {"energy", label("Energy"), [](const ProcessRow &row) { return energy(row.process); },
            [](const ProcessRow &row) {
                return gpuText(row.process, energy(row.process), "joules");
            },
            true}};
}

Columns hostColumns()
{
    return {{"memory", label("Memory"),
                [](const ProcessRow &row) { return QVariant(double(row.process.memoryBytes)); },
                [](const ProcessRow &row) {
                    return formatBytes(double(row.process.memoryBytes), true);
                },
                true},
        {"cpu", label("CPU"), [](const ProcessRow &row) { return QVariant(row.process.cpuRatio); },
            [](const ProcessRow &row) {
                return formatValue(row.process.cpuRatio, QStringLiteral("ratio"));
            },
            true},
        {"state", label("State"), [](const ProcessRow &row) { return QVariant(row.process.state); },
            [](const ProcessRow &row) { return stateText(row.process.state); }},
        {"place", label("Place in the tree"),
            [](const ProcessRow &row) { return QVariant(row.path); }, {}}};
}

Columns columnsOf(const Text &deviceName, const Text &jobName, const std::shared_ptr<bool> &tree)
{
    auto all = whoseColumns(jobName, tree);
    for (auto &&more : {gpuColumns(deviceName), hostColumns()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace

ProcessModel::ProcessModel(Text deviceName, Text jobName, QObject *parent)
    : ProcessModel(std::move(deviceName), std::move(jobName), std::make_shared<bool>(false), parent)
{
}

ProcessModel::ProcessModel(
    Text deviceName, Text jobName, std::shared_ptr<bool> tree, QObject *parent)
    : RowModel<ProcessRow>(
        columnsOf(deviceName, jobName, tree),
        // A pid alone may come back as another process.
        [](const ProcessRow &row) {
            return padded(row.process.pid) + QLatin1Char('/')
                + QString::number(row.process.startTicks != 0 ? qint64(row.process.startTicks)
                                                              : row.process.startedNs);
        },
        parent)
    , m_tree(std::move(tree))
{
}

void ProcessModel::show(const QList<Process> &processes)
{
    QHash<quint32, quint32> parents;
    for (const Process &process : processes)
        parents.insert(process.pid, process.parent);
    std::vector<ProcessRow> rows;
    for (const Process &process : processes) {
        ProcessRow row{process, padded(process.pid), 0};
        quint32 pid = process.parent;
        for (; row.depth < deepest && pid != process.pid; ++row.depth) {
            const auto parent = parents.constFind(pid);
            if (parent == parents.cend())
                break;
            row.path.prepend(padded(pid) + QLatin1Char('/'));
            pid = *parent;
        }
        rows.push_back(std::move(row));
    }
    apply(rows);
}

void ProcessModel::setTree(bool tree)
{
    *m_tree = tree;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Command), index(rowCount() - 1, Command));
}

QVariant ProcessModel::extra(const ProcessRow &row, int column, int role) const
{
    if (role != Qt::ToolTipRole)
        return {};
    switch (column) {
    case Command:
        return row.process.command;
    case BelongsTo:
        return row.process.cgroup;
    case GpuTime:
    case Energy:
        return row.process.gpus.isEmpty()
            ? QVariant()
            : QVariant(row.process.share
                    ? label("Of all processes of its job, step, container or user on this node")
                    : label("Counted from the first time it is seen on a GPU"));
    case State:
        return row.process.waitsFor.isEmpty()
            ? QVariant()
            : QVariant(label("waits in %1").arg(row.process.waitsFor));
    default:
        return {};
    }
}

} // namespace pilothouse
