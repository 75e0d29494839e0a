// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/sbatchrender.h"
#include "core/engines/slurm/sbatchscript.h"
#include "core/engines/slurm/slurmengine.h"
#include "core/engines/slurm/slurmstate.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("slurm", text);
}

Result<RenderedJob> SlurmEngine::render(const JobSpec &spec, const QString &jobId) const
{
    return renderSbatch(spec, jobId, m_state->natives);
}

/// Times of sbatch --test-only are Unix seconds here.
static QString readableTest(const QByteArray &text)
{
    static const QRegularExpression found(QStringLiteral(
        "to start at (\\d+) using (\\d+) processors on nodes (\\S+) in partition (\\S+)"));
    const auto match = found.match(QString::fromUtf8(text));
    if (!match.hasMatch())
        return QString::fromUtf8(text).trimmed();
    const auto time = QDateTime::fromSecsSinceEpoch(match.captured(1).toLongLong(), Qt::UTC);
    return tr("It could start at %1 UTC on %2 (partition %3, %4 CPUs).")
        .arg(time.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")), match.captured(3),
            match.captured(4), match.captured(2));
}

Task<Result<QString>> SlurmEngine::dryRun(Context context, JobSpec spec, QString jobId)
{
    const auto client = m_state->client();
    const auto rendered = render(spec, jobId);
    if (!client || !rendered)
        co_return fail(!client ? client.error() : rendered.error());
    const QStringList argv
        = sbatchCall(rendered->text, jobId) + QStringList{QStringLiteral("--test-only")};
    auto testing = client->look(std::move(context), argv, rendered->text);
    const auto output = co_await std::move(testing);
    if (!output)
        co_return fail(output.error());
    if (output->exitCode != 0)
        co_return fail(slurmError(QStringLiteral("sbatch"), *output));
    co_return readableTest(output->err);
}

/// The number in what sbatch --parsable printed: "17" or "17;cluster", perhaps below other lines.
static QString parsedNumber(const QByteArray &text)
{
    static const QRegularExpression form(QStringLiteral("^(\\d+)(;.*)?$"));
    const QStringList lines = QString::fromUtf8(text).split(u'\n');
    for (qsizetype i = lines.size() - 1; i >= 0; --i) {
        if (const auto match = form.match(lines[i].trimmed()); match.hasMatch())
            return match.captured(1);
    }
    return {};
}

static bool isOpen(ErrorKind kind)
{
    return kind == ErrorKind::Unreachable || kind == ErrorKind::Timeout
        || kind == ErrorKind::Cancelled;
}

Task<Result<Job>> SlurmEngine::submit(Context context, Permit permit, Job job)
{
    const auto state = m_state;
    const auto rendered = render(job.spec, job.id);
    if (!rendered)
        co_return fail(rendered.error());
    const auto client = state->client();
    if (!client) { // nothing was sent
        Error error = client.error();
        error.kind = ErrorKind::Conflict;
        co_return fail(error);
    }
    if (SbatchScript(rendered->text).has(QStringLiteral("test-only")))
        co_return fail(Error{ErrorKind::BadInput, QStringLiteral("sbatch"),
            tr("The script says --test-only: it would start nothing."), {},
            tr("Take that line out.")});
    const QStringList argv = sbatchCall(rendered->text, job.id);
    state->doubtful.insert(job.id, QDateTime::currentMSecsSinceEpoch());
    state->forgotten.remove(job.id);
    auto sending = client->change(std::move(context), permit, argv, rendered->text);
    const auto answer = co_await std::move(sending);
    if (!answer) {
        if (!isOpen(answer.error().kind))
            state->doubtful.remove(job.id);
        co_return fail(answer.error());
    }
    const QString number = parsedNumber(*answer);
    if (number.isEmpty())
        co_return fail(Error{ErrorKind::Unreachable, QStringLiteral("sbatch"),
            tr("sbatch's answer cannot be read, so it is not known whether the job is there."),
            QString::fromUtf8(answer->left(500)), {}});
    job.nativeId = number;
    job.target = state->context.target;
    job.engine = QStringLiteral("slurm");
    job.state = JobState::Queued;
    job.seenAt = QDateTime::currentMSecsSinceEpoch();
    state->remember({job});
    co_return job;
}

} // namespace pilothouse
