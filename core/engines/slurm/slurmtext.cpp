// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmtext.h"

#include "core/engines/slurm/slurmvalues.h"

#include <QCoreApplication>
#include <QRandomGenerator>

#include <array>

namespace pilothouse {

static constexpr char unit = '\x1f';

// The names that --Format knows, in the order of take().
static constexpr std::array plainFields{"JobArrayID", "ArrayJobID", "JobID", "State", "Reason",
    "UserName", "Partition", "Account", "QOS", "PriorityLong", "SubmitTime", "StartTime", "EndTime",
    "TimeLimit", "NumNodes", "tres-per-node", "tres-alloc", "NodeList", "RestartCnt", "exit_code",
    "Dependency"};
// These hold what users wrote.
static constexpr std::array freeFields{"Name", "Comment"};
static constexpr std::array detailFields{"ReasonList", "STDOUT", "WorkDir", "Command"};

static Error broken(const char *stage, const QByteArray &text)
{
    return Error{ErrorKind::BadReply, QString::fromLatin1(stage),
        QCoreApplication::translate("slurm", "Slurm printed something that cannot be read."),
        QString::fromUtf8(text.left(500)), {}};
}

SlurmTextFormat SlurmTextFormat::random()
{
    SlurmTextFormat format;
    format.mark = "\x1e" + QByteArray::number(QRandomGenerator::system()->generate(), 36) + '\x1e';
    return format;
}

QStringList SlurmTextFormat::squeue(bool detailed) const
{
    QByteArray fields;
    for (const char *field : plainFields)
        fields += QByteArray(field) + ':' + unit + ',';
    for (const char *field : freeFields)
        fields += QByteArray(field) + ':' + mark + ',';
    if (detailed) {
        for (const char *field : detailFields)
            fields += QByteArray(field) + ':' + mark + ',';
    }
    fields.chop(1);
    return {QStringLiteral("squeue"), QStringLiteral("--noheader"), QStringLiteral("--all"),
        QStringLiteral("--states=all"), QStringLiteral("--Format=") + QString::fromLatin1(fields)};
}

static qint64 seconds(const QByteArray &word)
{
    return word.toLongLong(); // "N/A", "NONE", "Unknown" give 0
}

static SlurmRecord take(const QByteArrayList &words)
{
    SlurmRecord record;
    qsizetype next = 0;
    const auto word = [&] { return slurmWord(QString::fromUtf8(words[next++])); };
    record.id = word();
    record.arrayId = word();
    record.rawId = word();
    record.state = word();
    record.reason = word();
    record.user = word();
    record.partition = word();
    record.account = word();
    record.qos = word();
    bool ok = false;
    const quint64 priority = words[next++].toULongLong(&ok);
    if (ok)
        record.priority = priority;
    record.submitted = seconds(words[next++]);
    record.started = seconds(words[next++]);
    record.ended = seconds(words[next++]);
    record.timeLimitSeconds = slurmSeconds(word()).value_or(0);
    record.nodeCount = words[next++].toInt();
    record.gres = word();
    record.allocated = word();
    record.nodes = word();
    record.restarts = words[next++].toInt();
    const auto exit = slurmExit(word());
    record.exitCode = exit.code;
    record.signal = exit.signal;
    record.dependency = word();
    return record;
}

Result<QList<SlurmRecord>> SlurmTextFormat::records(const QByteArray &text, bool detailed) const
{
    QList<SlurmRecord> records;
    qsizetype at = 0;
    const auto upToMark = [&]() -> std::optional<QByteArray> {
        const qsizetype end = text.indexOf(mark, at);
        if (end < 0)
            return std::nullopt;
        const QByteArray part = text.mid(at, end - at);
        at = end + mark.size();
        return part;
    };
    while (at < text.size()) {
        const auto head = upToMark();
        const auto comment = upToMark();
        if (!head || !comment)
            return fail(broken("squeue", text.mid(at)));
        QByteArrayList words = head->split(unit);
        if (words.size() <= qsizetype(plainFields.size()))
            return fail(broken("squeue", *head));
        SlurmRecord record = take(words);
        const QByteArrayList name = words.mid(qsizetype(plainFields.size()));
        record.name = QString::fromUtf8(name.join(unit));
        record.comment = slurmWord(QString::fromUtf8(*comment));
        if (detailed) {
            for (QString *field :
                {&record.reasonText, &record.output, &record.folder, &record.command}) {
                const auto value = upToMark();
                if (!value)
                    return fail(broken("squeue", *head));
                *field = slurmWord(QString::fromUtf8(*value));
            }
        }
        if (at >= text.size() || text[at] != '\n')
            return fail(broken("squeue", *head));
        ++at;
        records << record;
    }
    return records;
}

static constexpr std::array nodeFields{
    "NodeList", "Partition", "StateLong", "Gres", "GresUsed", "Available", "Reason"};

QStringList slurmNodeArguments(const QString &partition)
{
    QByteArray fields;
    for (const char *field : nodeFields)
        fields += QByteArray(field) + ':' + unit + ',';
    fields.chop(1);
    // sinfo takes --all (hidden partitions too) and --partition only apart.
    const QString which = partition.isEmpty() ? QStringLiteral("--all")
                                              : QStringLiteral("--partition=") + partition;
    return {QStringLiteral("sinfo"), QStringLiteral("--noheader"), which, QStringLiteral("--Node"),
        QStringLiteral("--Format=") + QString::fromLatin1(fields)};
}

Result<QList<SlurmNode>> slurmNodes(const QByteArray &text)
{
    QList<SlurmNode> nodes;
    for (const QByteArray &line : text.split('\n')) {
        const QByteArrayList words = line.split(unit);
        if (line.isEmpty())
            continue;
        if (words.size() != qsizetype(nodeFields.size()) + 1)
            return fail(broken("sinfo", line));
        SlurmNode node;
        node.name = QString::fromUtf8(words[0]);
        node.partition = QString::fromUtf8(words[1]);
        node.isDefault = node.partition.endsWith(u'*');
        if (node.isDefault)
            node.partition.chop(1);
        node.state = QString::fromUtf8(words[2]);
        node.gres = slurmWord(QString::fromUtf8(words[3]));
        node.gresUsed = slurmWord(QString::fromUtf8(words[4]));
        node.partitionUp = words[5] == "up";
        node.reason = slurmWord(QString::fromUtf8(words[6]));
        nodes << node;
    }
    return nodes;
}

QMap<QString, QString> slurmPairs(const QByteArray &text)
{
    QMap<QString, QString> pairs;
    for (const QByteArray &line : text.split('\n')) {
        const auto spaced = line.indexOf(" = ");
        if (spaced > 0) {
            const QString key = QString::fromUtf8(line.left(spaced).trimmed());
            if (!pairs.contains(key))
                pairs.insert(key, QString::fromUtf8(line.mid(spaced + 3).trimmed()));
            continue;
        }
        for (const QByteArray &word : line.split(' ')) {
            const auto equals = word.indexOf('=');
            const QString key = QString::fromUtf8(word.left(equals));
            if (equals > 0 && !pairs.contains(key))
                pairs.insert(key, QString::fromUtf8(word.mid(equals + 1)));
        }
    }
    return pairs;
}

} // namespace pilothouse
