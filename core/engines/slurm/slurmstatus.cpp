// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmpools.h"
#include "core/engines/slurm/slurmstate.h"
#include "core/engines/slurm/slurmtext.h"

#include <QCoreApplication>
#include <QDateTime>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("slurm", text);
}

static QStringList words(const char *line)
{
    return QString::fromLatin1(line).split(u' ');
}

/// What this user may charge, with its limits: lines of sacctmgr's --parsable2.
static void takeAssociations(const QByteArray &text, EngineStatus &status)
{
    static constexpr std::array names{"", "", "QOS", "GrpTRES", "MaxTRES", "MaxJobs", "MaxSubmit"};
    for (const QByteArray &line : text.split('\n')) {
        const QByteArrayList fields = line.split('|');
        if (fields.size() < qsizetype(names.size()) || fields[0].isEmpty())
            continue;
        const QString account = QString::fromUtf8(fields[0]);
        if (!status.accounts.contains(account))
            status.accounts << account;
        QStringList limits;
        for (std::size_t i = 2; i < names.size(); ++i) {
            if (!fields[qsizetype(i)].isEmpty())
                limits << QString::fromLatin1(names[i]) + u'='
                        + QString::fromUtf8(fields[qsizetype(i)]);
        }
        for (auto &queue : status.queues) {
            const bool meant = fields[1].isEmpty() || queue.name == QString::fromUtf8(fields[1]);
            if (meant && !limits.isEmpty())
                queue.limits << tr("account %1: %2").arg(account, limits.join(u' '));
        }
    }
}

Task<Result<EngineStatus>> readSlurmStatus(Context context, SlurmClient client)
{
    auto askConfig = client.ask(context, words("scontrol show config"));
    auto askNodes = client.nodes(context);
    auto askPartitions = client.ask(context, words("scontrol --all --oneliner show partition"));
    auto askUser = client.ask(context, words("id -un"));
    const auto configText = co_await std::move(askConfig);
    const auto nodes = co_await std::move(askNodes);
    const auto partitionsText = co_await std::move(askPartitions);
    const auto user = co_await std::move(askUser);
    if (!configText)
        co_return fail(configText.error());
    EngineStatus status;
    status.readAt = QDateTime::currentMSecsSinceEpoch();
    const auto config = slurmPairs(*configText);
    status.version = QStringLiteral("slurm ") + config.value(QStringLiteral("SLURM_VERSION"));
    if (user)
        status.user = QString::fromUtf8(*user).trimmed();
    const auto note = [&status](const Error &error) {
        status.notes << error.stage + QStringLiteral(": ") + error.message + u' ' + error.cause;
    };
    if (!nodes)
        note(nodes.error());
    else
        status.gpus = slurmPools(*nodes);
    QList<QMap<QString, QString>> partitions;
    if (!partitionsText)
        note(partitionsText.error());
    else {
        for (const QByteArray &line : partitionsText->split('\n'))
            partitions << slurmPairs(line);
    }
    status.queues = slurmQueues(nodes.value_or(QList<SlurmNode>()), partitions);
    if (!nodes) // unknown is not none
        for (auto &queue : status.queues)
            queue.gpus.clear();
    if (config.value(QStringLiteral("AccountingStorageType"))
        != QLatin1String("accounting_storage/none")) {
        const QStringList argv{QStringLiteral("sacctmgr"), QStringLiteral("--noheader"),
            QStringLiteral("--parsable2"), QStringLiteral("show"), QStringLiteral("assoc"),
            QStringLiteral("user=") + status.user,
            QStringLiteral("format=Account,Partition,QOS,GrpTRES,MaxTRES,MaxJobs,MaxSubmit")};
        auto asking = client.ask(context, argv);
        const auto associations = co_await std::move(asking);
        if (associations)
            takeAssociations(*associations, status);
        else
            note(associations.error());
    }
    co_return status;
}

} // namespace pilothouse
