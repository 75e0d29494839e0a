// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmclient.h"

#include "core/base/offload.h"
#include "core/engines/slurm/slurmaccounting.h"
#include "core/engines/slurm/slurmjson.h"
#include "core/engines/slurm/slurmtext.h"

#include <QCoreApplication>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("slurm", text);
}

static bool saysAny(const QString &text, std::initializer_list<const char *> pieces)
{
    for (const char *piece : pieces) {
        if (text.contains(QLatin1String(piece), Qt::CaseInsensitive))
            return true;
    }
    return false;
}

Error slurmError(const QString &program, const Output &output)
{
    const QString cause = QString::fromUtf8(output.err).trimmed();
    if (output.signal != 0)
        return Error{ErrorKind::Unreachable, program,
            tr("%1 was ended by signal %2.").arg(program).arg(output.signal), cause, {}};
    // Wordings of slurm_errno.c; a program prints its own name in front.
    if (saysAny(cause,
            {"unable to contact slurm controller", "connection refused", "connect failure",
                "communication connection failure", "timed out", "zero bytes were transmitted",
                "connection reset", "temporarily unable", "unable to establish", "standby mode",
                "communication shutdown", "send failure", "receive failure", "munge",
                "unexpected message", "unspecified error", "unexpected rpc", "insane message",
                "protocol", "could not resolve", "dns srv"}))
        return Error{ErrorKind::Unreachable, program, tr("Slurm's controller does not answer."),
            cause, tr("Nothing about its jobs has changed. Look again in a moment.")};
    if (saysAny(cause, {"access/permission denied", "permission denied", "not authorized"}))
        return Error{ErrorKind::Denied, program, tr("Slurm does not allow this."), cause, {}};
    if (saysAny(cause, {"invalid job id", "invalid job array id"}))
        return Error{ErrorKind::NotFound, program, tr("Slurm does not know this job."), cause,
            tr("It forgets ended jobs after a while (MinJobAge).")};
    if (saysAny(cause,
            {"already finished", "already completing", "is pending execution", "not running",
                "job is held", "job is in held state", "in transition"}))
        return Error{ErrorKind::Conflict, program,
            tr("The job is in a state that does not allow this."), cause, {}};
    const QString line = cause.section(u'\n', -1).section(QLatin1String("error: "), -1);
    return Error{ErrorKind::BadInput, program,
        line.isEmpty() ? tr("%1 ended with code %2.").arg(program).arg(output.exitCode)
                       : tr("Slurm refuses: %1").arg(line),
        cause, {}};
}

Task<Result<Output>> SlurmClient::look(Context context, QStringList argv, QByteArray input) const
{
    // squeue, sinfo and sacct then print Unix seconds; what does not know it prints UTC.
    const QMap<QString, QString> environment{
        {QStringLiteral("SLURM_TIME_FORMAT"), QStringLiteral("%s")},
        {QStringLiteral("TZ"), QStringLiteral("UTC")},
        {QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8")},
        {QStringLiteral("SLURM_BITSTR_LEN"), QStringLiteral("0")}};
    auto running = m_runner->look(
        context.within(std::chrono::seconds(60)), std::move(argv), environment, std::move(input));
    co_return co_await std::move(running);
}

Task<Result<QByteArray>> SlurmClient::ask(Context context, QStringList argv) const
{
    const QString program = argv.value(0);
    auto looking = look(std::move(context), std::move(argv));
    const auto output = co_await std::move(looking);
    if (!output)
        co_return fail(output.error());
    if (output->exitCode != 0 || output->signal != 0)
        co_return fail(slurmError(program, *output));
    co_return output->out;
}

Task<Result<QByteArray>> SlurmClient::change(
    Context context, Permit permit, QStringList argv, QByteArray input) const
{
    const QString program = argv.value(0);
    auto running = m_runner->change(
        context.within(std::chrono::seconds(60)), permit, std::move(argv), std::move(input));
    const auto output = co_await std::move(running);
    if (!output)
        co_return fail(output.error());
    if (output->exitCode != 0 || output->signal != 0)
        co_return fail(slurmError(program, *output));
    co_return output->out;
}

/// A version that does not know one of the fields that we ask for.
static bool formatRefused(const Error &error)
{
    return error.cause.contains(QLatin1String("format specification"), Qt::CaseInsensitive)
        || error.cause.contains(QLatin1String("Invalid field"), Qt::CaseInsensitive);
}

Task<Result<QList<SlurmRecord>>> SlurmClient::records(
    Context context, QStringList which, bool detailed) const
{
    const SlurmClient self = *this;
    const auto format = SlurmTextFormat::random();
    auto asking = self.ask(context, format.squeue(detailed) + which);
    const auto text = co_await std::move(asking);
    if (text) {
        auto parsing
            = offload([format, text = *text, detailed] { return format.records(text, detailed); });
        co_return co_await std::move(parsing);
    }
    if (!formatRefused(text.error()))
        co_return fail(text.error());
    auto other = self.ask(context,
        QStringList{QStringLiteral("squeue"), QStringLiteral("--json"), QStringLiteral("--all"),
            QStringLiteral("--states=all")}
            + which);
    const auto json = co_await std::move(other);
    if (!json)
        co_return fail(json.error());
    auto decoding = offload([json = *json] { return slurmJsonJobs(json); });
    co_return co_await std::move(decoding);
}

Task<Result<QList<SlurmRecord>>> SlurmClient::accounted(
    Context context, qint64 since, QStringList which) const
{
    const QByteArray mark = SlurmTextFormat::random().mark;
    auto asking = ask(std::move(context), slurmAccountingArguments(since, mark) + which);
    const auto text = co_await std::move(asking);
    if (!text)
        co_return fail(text.error());
    auto parsing = offload([mark, text = *text] { return slurmAccountingRecords(text, mark); });
    co_return co_await std::move(parsing);
}

Task<Result<QList<SlurmNode>>> SlurmClient::nodes(Context context, QString partition) const
{
    const SlurmClient self = *this;
    auto asking = self.ask(context, slurmNodeArguments(partition));
    const auto text = co_await std::move(asking);
    if (text)
        co_return slurmNodes(*text);
    if (!formatRefused(text.error()))
        co_return fail(text.error());
    auto other = self.ask(context,
        {QStringLiteral("scontrol"), QStringLiteral("show"), QStringLiteral("nodes"),
            QStringLiteral("--json")});
    const auto json = co_await std::move(other);
    auto all = json.and_then(slurmJsonNodes);
    if (all && !partition.isEmpty())
        all->removeIf([&](const SlurmNode &node) { return node.partition != partition; });
    co_return all;
}

} // namespace pilothouse
