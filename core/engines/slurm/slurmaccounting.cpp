// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmaccounting.h"

#include "core/engines/slurm/slurmvalues.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace pilothouse {

// The last one is a number, so that a record ends at the first line break behind it; names and
// the line that submitted a job may hold any.
static constexpr std::array fields{"JobID", "State", "User", "Partition", "Account", "QOS",
    "Submit", "Start", "End", "Timelimit", "NNodes", "ReqTRES", "AllocTRES", "NodeList", "ExitCode",
    "WorkDir", "JobName", "Comment", "SubmitLine", "JobIDRaw"};

QStringList slurmAccountingArguments(qint64 since, const QByteArray &mark)
{
    QStringList names;
    for (const char *field : fields)
        names << QString::fromLatin1(field);
    // Times without a zone are the node's, and it is asked with TZ=UTC.
    const QString from = QDateTime::fromSecsSinceEpoch(since, Qt::UTC)
                             .toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss"));
    return {QStringLiteral("sacct"), QStringLiteral("--noheader"), QStringLiteral("--parsable2"),
        QStringLiteral("--allocations"), QStringLiteral("--delimiter=") + QString::fromLatin1(mark),
        QStringLiteral("--starttime=") + from, QStringLiteral("--format=") + names.join(u',')};
}

/// What each node gave, as squeue writes it, of "billing=1,cpu=1,gres/gpu=2,gres/gpu:h100=2".
static QString gresOf(const QString &allocated, int nodes)
{
    SlurmGpus most;
    for (const auto &gpus : slurmGpus(allocated)) {
        if (most.count == 0 || !gpus.type.isEmpty())
            most = gpus;
    }
    const QString type = most.type.isEmpty() ? QString() : most.type + u':';
    return most.count == 0
        ? QString()
        : QStringLiteral("gres:gpu:%1%2").arg(type).arg(most.count / std::max(1, nodes));
}

static SlurmRecord take(const QByteArrayList &words)
{
    static const QRegularExpression ours(QStringLiteral("--comment=['\"]?ph:([0-9a-z]+)"));
    const auto word = [&](qsizetype i) { return slurmWord(QString::fromUtf8(words[i])); };
    SlurmRecord record;
    record.id = word(0);
    record.arrayId = record.id.section(u'_', 0, 0);
    record.state = word(1).section(u' ', 0, 0); // "CANCELLED by 1000"
    record.user = word(2);
    record.partition = word(3);
    record.account = word(4);
    record.qos = word(5);
    record.submitted = words[6].toLongLong();
    record.started = words[7].toLongLong();
    record.ended = words[8].toLongLong();
    record.timeLimitSeconds = slurmSeconds(word(9)).value_or(0);
    record.nodeCount = words[10].toInt();
    record.allocated = word(12).isEmpty() ? word(11) : word(12);
    record.gres = gresOf(record.allocated, record.nodeCount);
    record.nodes = words[13] == "None assigned" ? QString() : word(13);
    const auto exit = slurmExit(word(14));
    record.exitCode = exit.code;
    record.signal = exit.signal;
    record.folder = word(15);
    record.name = word(16);
    record.comment = word(17);
    if (const auto match = ours.match(QString::fromUtf8(words[18])); match.hasMatch())
        record.comment = QStringLiteral("ph:") + match.captured(1);
    record.rawId = word(19);
    return record;
}

Result<QList<SlurmRecord>> slurmAccountingRecords(const QByteArray &text, const QByteArray &mark)
{
    QList<SlurmRecord> records;
    qsizetype at = 0;
    while (at < text.size()) {
        QByteArrayList words;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const bool last = i + 1 == fields.size();
            const QByteArray ends = last ? QByteArray("\n") : mark;
            const qsizetype end = text.indexOf(ends, at);
            if (end < 0)
                return fail(Error{ErrorKind::BadReply, QStringLiteral("sacct"),
                    QCoreApplication::translate(
                        "slurm", "Slurm printed something that cannot be read."),
                    QString::fromUtf8(text.mid(at, 500)), {}});
            words << text.mid(at, end - at);
            at = end + ends.size();
        }
        records << take(words);
    }
    return records;
}

} // namespace pilothouse
