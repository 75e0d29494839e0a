// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmverbs.h"

#include "core/engines/shelltext.h"
#include "core/engines/slurm/slurmengine.h"
#include "core/engines/slurm/slurmstate.h"
#include "core/engines/slurm/slurmvalues.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("slurm", text);
}

Result<QStringList> slurmCall(JobVerb verb, const Job &job, const QString &value)
{
    static const QRegularExpression form(QStringLiteral("^[0-9][0-9_+,%:\\[\\]-]*$"));
    const auto bad = [](const QString &message, const QString &cause) {
        return fail(Error{ErrorKind::BadInput, QStringLiteral("slurm"), message, cause, {}});
    };
    const QString &id = job.nativeId;
    if (!form.match(id).hasMatch())
        return bad(tr("This job has no number of Slurm's yet."), id);
    const auto scontrol = [&](const char *command) {
        return QStringList{QStringLiteral("scontrol"), QString::fromLatin1(command), id};
    };
    const QStringList update{
        QStringLiteral("scontrol"), QStringLiteral("update"), QStringLiteral("JobId=") + id};
    bool ok = false;
    const uint number = value.toUInt(&ok);
    switch (verb) {
    case JobVerb::Cancel:
        return QStringList{QStringLiteral("scancel"), id};
    case JobVerb::Hold:
        return scontrol("hold");
    case JobVerb::Release:
        return scontrol("release");
    case JobVerb::Requeue:
        return scontrol("requeue");
    case JobVerb::Suspend:
        return scontrol("suspend");
    case JobVerb::Resume:
        return scontrol("resume");
    case JobVerb::SetPriority:
        if (!ok)
            return bad(tr("A priority is a whole number."), value);
        return update + QStringList{QStringLiteral("Priority=%1").arg(number)};
    case JobVerb::ExtendTime:
        if (!ok || number == 0 || number > INT_MAX)
            return bad(tr("A time limit is a number of seconds."), value);
        return update + QStringList{QStringLiteral("TimeLimit=") + slurmTime(int(number))};
    }
    return bad(tr("Slurm has no such verb."), {});
}

static bool held(const Job &job)
{
    return job.reason.contains(QLatin1String("JobHeld"))
        || job.reason.contains(QLatin1String("HOLD")) || job.reason.contains(QLatin1String("held"));
}

VerbAnswer slurmCan(JobVerb verb, const Job &job)
{
    const auto refused = [](const QString &why) {
        return VerbAnswer{VerbAnswer::Kind::Refused, why};
    };
    if (job.nativeId.isEmpty())
        return refused(tr("Slurm has not taken it yet."));
    const bool queued = job.state == JobState::Queued, running = job.state == JobState::Running;
    const bool ended = jobEnded(job.state);
    const bool suspended = running && job.reason.startsWith(QLatin1String("SUSPENDED"));
    if (ended && verb != JobVerb::Requeue)
        return refused(tr("It has ended."));
    switch (verb) {
    case JobVerb::Hold:
        if (running)
            return refused(tr("It runs already."));
        if (held(job))
            return refused(tr("It is held already."));
        break;
    case JobVerb::Release:
        if (!queued || !held(job))
            return refused(tr("It is not held."));
        break;
    case JobVerb::Requeue:
        if (queued)
            return refused(tr("It waits already."));
        break;
    case JobVerb::Suspend:
        if (!running || suspended)
            return refused(suspended ? tr("It is suspended already.") : tr("It does not run."));
        break;
    case JobVerb::Resume:
        if (!suspended)
            return refused(tr("It is not suspended."));
        break;
    case JobVerb::SetPriority:
        if (!queued)
            return refused(tr("Only a waiting job has a place in the queue."));
        if (held(job))
            return refused(tr("It is held: release it first."));
        break;
    case JobVerb::ExtendTime:
        if (job.spec.timeLimitSeconds == 0)
            return refused(tr("It has no time limit."));
        break;
    case JobVerb::Cancel:
        break;
    }
    return {};
}

VerbAnswer SlurmEngine::can(JobVerb verb, const Job &job) const
{
    return slurmCan(verb, job);
}

QString SlurmEngine::previewOf(JobVerb verb, const Job &job, const QString &value) const
{
    const auto call = slurmCall(verb, job, value);
    return call ? shellLine(*call) : QString();
}

Task<Result<>> SlurmEngine::act(
    Context context, Permit permit, JobVerb verb, Job job, QString value)
{
    const auto client = m_state->client();
    const auto call = slurmCall(verb, job, value);
    if (!client || !call)
        co_return fail(!client ? client.error() : call.error());
    auto running = client->change(std::move(context), permit, *call);
    const auto done = co_await std::move(running);
    if (!done)
        co_return fail(done.error());
    co_return Result<>{};
}

} // namespace pilothouse
