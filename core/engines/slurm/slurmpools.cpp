// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmpools.h"

#include "core/engines/slurm/slurmvalues.h"

#include <QSet>

#include <algorithm>

namespace pilothouse {

/// Whether jobs can start there. A "*" behind the state: the node does not answer.
static bool usable(const SlurmNode &node)
{
    if (node.state.endsWith(u'*'))
        return false;
    for (const auto *word :
        {"down", "drain", "fail", "maint", "inval", "unknown", "reboot", "future", "power"}) {
        if (node.state.contains(QLatin1String(word), Qt::CaseInsensitive))
            return false;
    }
    return true;
}

QList<GpuPool> slurmPools(const QList<SlurmNode> &nodes)
{
    QMap<QString, GpuPool> pools;
    QSet<QString> seen; // a node is printed once for each of its partitions
    for (const auto &node : nodes) {
        if (seen.contains(node.name))
            continue;
        seen.insert(node.name);
        QMap<QString, int> used;
        for (const auto &gpus : slurmGpus(node.gresUsed))
            used[gpus.type] += gpus.count;
        QMap<QString, int> total;
        for (const auto &gpus : slurmGpus(node.gres))
            total[gpus.type] += gpus.count;
        for (auto it = total.cbegin(); it != total.cend(); ++it) {
            GpuPool &pool = pools[it.key()];
            pool.type = it.key();
            pool.total = pool.total.value_or(0) + it.value();
            pool.used = pool.used.value_or(0) + used.value(it.key());
            const int free = usable(node) ? it.value() - used.value(it.key()) : 0;
            pool.largest = std::max(pool.largest.value_or(0), free);
        }
    }
    return pools.values();
}

/// What a partition limits, as it says it.
static QStringList limitLines(const QMap<QString, QString> &pairs)
{
    static const QStringList usual{QString(), QStringLiteral("ALL"), QStringLiteral("UNLIMITED"),
        QStringLiteral("N/A"), QStringLiteral("NONE"), QStringLiteral("0"),
        QStringLiteral("(null)")};
    QStringList lines;
    for (const auto *key :
        {"AllowAccounts", "AllowGroups", "AllowQos", "DenyAccounts", "DenyQos", "QoS", "MaxNodes",
            "MinNodes", "MaxTime", "DefaultTime", "MaxCPUsPerNode", "MaxMemPerNode"}) {
        const QString name = QString::fromLatin1(key);
        if (!usual.contains(pairs.value(name)))
            lines << name + u'=' + pairs.value(name);
    }
    return lines;
}

QList<EngineQueue> slurmQueues(
    const QList<SlurmNode> &nodes, const QList<QMap<QString, QString>> &limits)
{
    QList<EngineQueue> queues;
    for (const auto &pairs : limits) {
        EngineQueue queue;
        queue.name = pairs.value(QStringLiteral("PartitionName"));
        if (queue.name.isEmpty())
            continue;
        queue.state = pairs.value(QStringLiteral("State"));
        queue.isDefault = pairs.value(QStringLiteral("Default")) == QLatin1String("YES");
        bool counted = false;
        const int count = pairs.value(QStringLiteral("TotalNodes")).toInt(&counted);
        if (counted)
            queue.nodes = count;
        queue.timeLimitSeconds = slurmSeconds(pairs.value(QStringLiteral("MaxTime"))).value_or(0);
        queue.limits = limitLines(pairs);
        QList<SlurmNode> own;
        std::copy_if(nodes.begin(), nodes.end(), std::back_inserter(own),
            [&](const SlurmNode &node) { return node.partition == queue.name; });
        queue.gpus = slurmPools(own);
        queues << queue;
    }
    return queues;
}

} // namespace pilothouse
