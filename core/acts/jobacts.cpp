// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs: launch, run again, cancel, signal, forget. Parameters of launch and rerun are a JobSpec as
// core/jobs/jobjson.h writes it, and `engine`, its kind; `subject` of the others is the job.
#include "core/acts/actsupport.h"
#include "core/acts/acttable.h"
#include "core/gputest/placing.h"
#include "core/gputest/service.h"
#include "core/jobs/jobjson.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/session/workspace.h"

#include <QCoreApplication>
#include <QCoroTimer>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("acts", text);
}

/// NotFound as well when the ledger could not be opened.
static Result<Job> jobOf(Services &services, const ActRequest &request)
{
    if (services.jobs)
        return services.jobs->find(request.subject);
    return fail(
        {ErrorKind::NotFound, QStringLiteral("jobs"), tr("The ledger is not open."), {}, {}});
}

static QString targetOfJob(Services &services, const ActRequest &request)
{
    const auto job = jobOf(services, request);
    return job ? job->target : request.target;
}

static QString nameOf(Services &services, const QString &target)
{
    const auto known = services.workspace->target(target);
    return known ? known->name : target;
}

static QJsonObject told(Services &services, const Job &job)
{
    return jobToJson(job, nameOf(services, job.target));
}

static Result<QJsonObject> told(Services &services, const Result<Job> &job)
{
    if (!job)
        return fail(job.error());
    return told(services, *job);
}

static Can canForJob(Services &services, const ActRequest &request)
{
    return jobOf(services, request) ? Can::allowed() : Can::absent();
}

static Can canLaunch(Services &services, const ActRequest &request)
{
    return services.jobs ? canWithAgent(services, request)
                         : Can::refused(tr("The ledger is not open."));
}

static Can canForRunningJob(Services &services, const ActRequest &request)
{
    const auto job = jobOf(services, request);
    if (!job)
        return Can::absent();
    return jobEnded(job->state) ? Can::refused(tr("The job has ended.")) : Can::allowed();
}

/// A node keeps what runs there; a job whose target is gone is only a row here.
static Can canForget(Services &services, const ActRequest &request)
{
    const auto job = jobOf(services, request);
    if (!job)
        return Can::absent();
    const bool goesOn = job->state == JobState::Queued || job->state == JobState::Running;
    return goesOn && services.workspace->target(job->target)
        ? Can::refused(tr("The job has not ended: cancel it first."))
        : Can::allowed();
}

static Can canResubmit(Services &services, const ActRequest &request)
{
    if (!jobOf(services, request) || !services.ledger)
        return Can::absent();
    const auto row = services.ledger->find(request.subject);
    if (!row)
        return Can::absent();
    const bool doubtful
        = row->submission == Submission::Intent || row->submission == Submission::Sent;
    return doubtful && !row->withdrawn
        ? Can::allowed()
        : Can::refused(tr("The node's answer is known: there is nothing to send again."));
}

/// Parameter engine: Engine::kind, the agent when there is none.
static QString engineOf(const ActRequest &request, const QString &otherwise)
{
    const QString engine = parameter(request, "engine");
    return engine.isEmpty() ? otherwise : engine;
}

/// The stored spec with the request's keys laid over it.
static JobSpec editedSpec(const JobSpec &stored, const QJsonObject &edits)
{
    QJsonObject json = specToJson(stored);
    for (auto it = edits.begin(); it != edits.end(); ++it)
        json.insert(it.key(), it.value());
    return specFromJson(json);
}

static QString previewLaunch(Services &, const ActRequest &request)
{
    return commandText(specFromJson(request.parameters));
}

static QString previewRerun(Services &services, const ActRequest &request)
{
    const auto job = jobOf(services, request);
    return job ? commandText(editedSpec(job->spec, request.parameters)) : QString();
}

static QString previewResubmit(Services &services, const ActRequest &request)
{
    const auto job = jobOf(services, request);
    return job ? commandText(job->spec) : QString();
}

/// A program of ours that is no part of the agent is put beside it first.
static Task<Result<>> bringProgram(
    Context context, Permit permit, Services *services, QString target, JobSpec spec)
{
    if (!isGpuTest(spec))
        co_return Result<>();
    const auto link = agentLink(*services, target);
    if (!link)
        co_return fail(link.error());
    auto placing = placeGpuTest(context, permit, *link);
    const auto placed = co_await std::move(placing);
    if (!placed)
        co_return fail(placed.error());
    // An agent that has just begun asks its driver meanwhile; before that it would say that there
    // is no GPU. A node that has none costs these seconds once.
    for (int i = 0; i < 25 && (*link)->facts.devices.isEmpty(); ++i) {
        auto asking = (*link)->agent->hello(context);
        const auto facts = co_await std::move(asking);
        if (!facts)
            co_return fail(facts.error());
        if (!facts->devices.isEmpty())
            break;
        co_await QCoro::sleepFor(std::chrono::milliseconds(200));
    }
    co_return Result<>();
}

static Task<Result<QJsonObject>> runLaunch(
    Context context, Permit permit, Services &services, ActRequest request)
{
    auto *all = &services;
    const JobSpec spec = specFromJson(request.parameters);
    auto preparing = bringProgram(context, permit, all, request.target, spec);
    if (const auto ready = co_await std::move(preparing); !ready)
        co_return fail(ready.error());
    auto launching = all->jobs->launch(
        context, permit, request.target, spec, engineOf(request, QStringLiteral("process")));
    const auto job = co_await std::move(launching);
    co_return told(*all, job);
}

static Task<Result<QJsonObject>> runRerun(
    Context context, Permit permit, Services &services, ActRequest request)
{
    auto *all = &services;
    const auto before = all->jobs->find(request.subject);
    if (!before)
        co_return fail(before.error());
    const JobSpec spec = editedSpec(before->spec, request.parameters);
    if (spec.argv.isEmpty() && spec.script.isEmpty()) {
        Error error{ErrorKind::NotFound, QStringLiteral("rerun"),
            tr("The job's script is not known here: another console launched it."), before->id,
            tr("Launch it with its script instead.")};
        co_return fail(error);
    }
    auto preparing = bringProgram(context, permit, all, before->target, spec);
    if (const auto ready = co_await std::move(preparing); !ready)
        co_return fail(ready.error());
    auto launching = all->jobs->launch(
        context, permit, before->target, spec, engineOf(request, before->engine));
    const auto job = co_await std::move(launching);
    co_return told(*all, job);
}

static Task<Result<QJsonObject>> runResubmit(
    Context context, Permit permit, Services &services, ActRequest request)
{
    auto *all = &services;
    auto sending = all->jobs->resubmit(context, permit, request.subject);
    const auto job = co_await std::move(sending);
    co_return told(*all, job);
}

static Task<Result<QJsonObject>> runCancel(
    Context context, Permit permit, Services &services, ActRequest request)
{
    auto *all = &services;
    auto cancelling = all->jobs->cancel(context, permit, request.subject);
    const auto job = co_await std::move(cancelling);
    co_return told(*all, job);
}

static Task<Result<QJsonObject>> runSignal(
    Context context, Permit permit, Services &services, ActRequest request)
{
    auto *all = &services;
    const int number = request.parameters.value(QLatin1String("signal")).toInt();
    if (number < 1 || number > 64) {
        Error error{ErrorKind::BadInput, QStringLiteral("signal"),
            tr("A signal is a number from 1 to 64."), QString::number(number), {}};
        co_return fail(error);
    }
    auto signalling = all->jobs->signal(context, permit, request.subject, number);
    const auto job = co_await std::move(signalling);
    co_return told(*all, job);
}

static Task<Result<QJsonObject>> runForget(
    Context context, Permit permit, Services &services, ActRequest request)
{
    auto *all = &services;
    auto forgetting = all->jobs->forget(context, permit, request.subject);
    const auto done = co_await std::move(forgetting);
    if (!done)
        co_return fail(done.error());
    QJsonObject result;
    result.insert(QStringLiteral("id"), request.subject);
    co_return result;
}

static QString previewCancel(Services &, const ActRequest &request)
{
    return QStringLiteral("cancel %1: TERM, KILL after 10 s").arg(request.subject);
}

static QString previewSignal(Services &, const ActRequest &request)
{
    return QStringLiteral("signal %1: %2")
        .arg(request.subject)
        .arg(request.parameters.value(QLatin1String("signal")).toInt());
}

static QString previewForget(Services &, const ActRequest &request)
{
    return QStringLiteral("forget %1 and its log").arg(request.subject);
}

const Act launchJob{"job.launch", QT_TRANSLATE_NOOP("acts", "Launch job"), "Ctrl+L", Mutates::Yes,
    Destructive::No, QT_TRANSLATE_NOOP("acts", "Cancel the job to end it."), &canLaunch,
    &previewLaunch, &runLaunch};
const Act rerunJob{"job.rerun", QT_TRANSLATE_NOOP("acts", "Run again"), "Ctrl+Shift+R",
    Mutates::Yes, Destructive::No, QT_TRANSLATE_NOOP("acts", "Cancel the new job to end it."),
    &canForJob, &previewRerun, &runRerun, &targetOfJob};
const Act resubmitJob{"job.resubmit", QT_TRANSLATE_NOOP("acts", "Send job again"), "", Mutates::Yes,
    Destructive::No, QT_TRANSLATE_NOOP("acts", "Cancel the job to end it."), &canResubmit,
    &previewResubmit, &runResubmit, &targetOfJob};
const Act cancelJob{"job.cancel", QT_TRANSLATE_NOOP("acts", "Cancel job"), "", Mutates::Yes,
    Destructive::Yes, QT_TRANSLATE_NOOP("acts", "Cannot be undone; it can be run again."),
    &canForRunningJob, &previewCancel, &runCancel, &targetOfJob};
const Act signalJob{"job.signal", QT_TRANSLATE_NOOP("acts", "Send signal"), "", Mutates::Yes,
    Destructive::Yes, QT_TRANSLATE_NOOP("acts", "Cannot be undone."), &canForRunningJob,
    &previewSignal, &runSignal, &targetOfJob};
const Act forgetJob{"job.forget", QT_TRANSLATE_NOOP("acts", "Forget job"), "", Mutates::Yes,
    Destructive::Yes, QT_TRANSLATE_NOOP("acts", "Cannot be undone: its log goes too."), &canForget,
    &previewForget, &runForget, &targetOfJob};

} // namespace pilothouse
