// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmaccounting.h"

#include "core/engines/slurm/slurmvalues.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>

#include <array>

namespace pilothouse {

static constexpr char unit = '\x1f';
static constexpr std::array fields{"JobID", "JobIDRaw", "State", "User", "Partition", "Account",
    "QOS", "Submit", "Start", "End", "Timelimit", "NNodes", "ReqTRES", "AllocTRES", "NodeList",
    "ExitCode", "WorkDir", "JobName", "Comment", "SubmitLine"};

QStringList slurmAccountingArguments(qint64 since)
{
    QStringList names;
    for (const char *field : fields)
        names << QString::fromLatin1(field);
    // Times without a zone are the node's, and it is asked with TZ=UTC.
    const QString from = QDateTime::fromSecsSinceEpoch(since, Qt::UTC)
                             .toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss"));
    return {QStringLiteral("sacct"), QStringLiteral("--noheader"), QStringLiteral("--parsable2"),
        QStringLiteral("--allocations"), QStringLiteral("--delimiter=") + QChar::fromLatin1(unit),
        QStringLiteral("--starttime=") + from, QStringLiteral("--format=") + names.join(u',')};
}

static SlurmRecord take(const QByteArrayList &words)
{
    static const QRegularExpression ours(QStringLiteral("--comment=['\"]?ph:([0-9a-z]+)"));
    const auto word = [&](qsizetype i) { return slurmWord(QString::fromUtf8(words[i])); };
    SlurmRecord record;
    record.id = word(0);
    record.arrayId = record.id.section(u'_', 0, 0);
    record.rawId = word(1);
    record.state = word(2).section(u' ', 0, 0); // "CANCELLED by 1000"
    record.user = word(3);
    record.partition = word(4);
    record.account = word(5);
    record.qos = word(6);
    record.submitted = words[7].toLongLong();
    record.started = words[8].toLongLong();
    record.ended = words[9].toLongLong();
    record.timeLimitSeconds = slurmSeconds(word(10)).value_or(0);
    record.nodeCount = words[11].toInt();
    record.allocated = word(13).isEmpty() ? word(12) : word(13);
    record.nodes = words[14] == "None assigned" ? QString() : word(14);
    const auto exit = slurmExit(word(15));
    record.exitCode = exit.code;
    record.signal = exit.signal;
    record.folder = word(16);
    record.name = word(17);
    record.comment = word(18);
    if (const auto match = ours.match(QString::fromUtf8(words[19])); match.hasMatch())
        record.comment = QStringLiteral("ph:") + match.captured(1);
    return record;
}

Result<QList<SlurmRecord>> slurmAccountingRecords(const QByteArray &text)
{
    QList<SlurmRecord> records;
    QByteArray line;
    for (const QByteArray &piece : text.split('\n')) {
        // A name may hold a line break: a record is whole when it has all fields.
        line += line.isEmpty() ? piece : '\n' + piece;
        if (line.count(unit) < qsizetype(fields.size()) - 1)
            continue;
        const QByteArrayList words = line.split(unit);
        records << take(words);
        line.clear();
    }
    if (!line.trimmed().isEmpty() && line.contains(unit))
        return fail(Error{ErrorKind::BadReply, QStringLiteral("sacct"),
            QCoreApplication::translate("slurm", "Slurm printed something that cannot be read."),
            QString::fromUtf8(line.left(500)), {}});
    return records;
}

} // namespace pilothouse
