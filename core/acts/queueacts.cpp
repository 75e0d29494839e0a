// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What engines with a queue can do to a job: hold, release, requeue, suspend, resume, priority,
// more time. `subject` is the job; `value` of the last two is the priority, or the new limit in
// seconds.
#include "core/acts/acttable.h"
#include "core/acts/services.h"
#include "core/jobs/jobjson.h"
#include "core/jobs/jobservice.h"
#include "core/session/workspace.h"

#include <QCoreApplication>

namespace pilothouse {

namespace {

QString valueOf(const ActRequest &request)
{
    return request.parameters.value(QLatin1String("value")).toVariant().toString();
}

template <JobVerb verb> Can canDo(Services &services, const ActRequest &request)
{
    const bool wantsValue = verb == JobVerb::SetPriority || verb == JobVerb::ExtendTime;
    if (!services.jobs || (wantsValue && valueOf(request).isEmpty()))
        return Can::absent();
    const auto answer = services.jobs->can(request.subject, verb);
    switch (answer.kind) {
    case VerbAnswer::Kind::Allowed:
        return Can::allowed();
    case VerbAnswer::Kind::Refused:
        return Can::refused(answer.reason);
    case VerbAnswer::Kind::Absent:
        break;
    }
    return Can::absent();
}

template <JobVerb verb> QString previewOf(Services &services, const ActRequest &request)
{
    return services.jobs ? services.jobs->previewOf(request.subject, verb, valueOf(request))
                         : QString();
}

template <JobVerb verb> Task<Result<QJsonObject>> runIt(
    Context context, Permit permit, Services &services, ActRequest request)
{
    auto *all = &services;
    auto acting = all->jobs->act(context, permit, request.subject, verb, valueOf(request));
    const auto job = co_await std::move(acting);
    if (!job)
        co_return fail(job.error());
    const auto target = all->workspace->target(job->target);
    co_return jobToJson(*job, target ? target->name : job->target);
}

QString targetOfJob(Services &services, const ActRequest &request)
{
    if (!services.jobs)
        return request.target;
    const auto job = services.jobs->find(request.subject);
    return job ? job->target : request.target;
}

template <JobVerb verb>
constexpr Act queueAct(const char *id, const char *title, Destructive destructive, const char *undo)
{
    return {id, title, "", Mutates::Yes, destructive, undo, &canDo<verb>, &previewOf<verb>,
        &runIt<verb>, &targetOfJob};
}

} // namespace

const Act holdJob = queueAct<JobVerb::Hold>("job.hold", QT_TRANSLATE_NOOP("acts", "Hold job"),
    Destructive::No, QT_TRANSLATE_NOOP("acts", "Release the job to undo."));
const Act releaseJob
    = queueAct<JobVerb::Release>("job.release", QT_TRANSLATE_NOOP("acts", "Release job"),
        Destructive::No, QT_TRANSLATE_NOOP("acts", "Hold the job to undo."));
const Act requeueJob
    = queueAct<JobVerb::Requeue>("job.requeue", QT_TRANSLATE_NOOP("acts", "Requeue job"),
        Destructive::Yes, QT_TRANSLATE_NOOP("acts", "Cannot be undone: it begins anew."));
const Act suspendJob
    = queueAct<JobVerb::Suspend>("job.suspend", QT_TRANSLATE_NOOP("acts", "Suspend job"),
        Destructive::No, QT_TRANSLATE_NOOP("acts", "Resume the job to undo."));
const Act resumeJob
    = queueAct<JobVerb::Resume>("job.resume", QT_TRANSLATE_NOOP("acts", "Resume job"),
        Destructive::No, QT_TRANSLATE_NOOP("acts", "Suspend the job to undo."));
const Act prioritizeJob
    = queueAct<JobVerb::SetPriority>("job.priority", QT_TRANSLATE_NOOP("acts", "Change priority"),
        Destructive::No, QT_TRANSLATE_NOOP("acts", "Set the earlier priority to undo."));
const Act extendJob
    = queueAct<JobVerb::ExtendTime>("job.extend", QT_TRANSLATE_NOOP("acts", "Extend time limit"),
        Destructive::No, QT_TRANSLATE_NOOP("acts", "Set the earlier limit to undo."));

} // namespace pilothouse
