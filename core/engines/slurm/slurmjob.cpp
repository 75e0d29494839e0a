// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmjob.h"

#include "core/engines/slurm/slurmvalues.h"

#include <QHash>

#include <algorithm>

namespace pilothouse {

JobState slurmState(const QString &state)
{
    static const QHash<QString, JobState> known{{QStringLiteral("PENDING"), JobState::Queued},
        {QStringLiteral("REQUEUED"), JobState::Queued},
        {QStringLiteral("REQUEUE_HOLD"), JobState::Queued},
        {QStringLiteral("REQUEUE_FED"), JobState::Queued},
        {QStringLiteral("RESV_DEL_HOLD"), JobState::Queued},
        {QStringLiteral("SPECIAL_EXIT"), JobState::Queued},
        {QStringLiteral("RUNNING"), JobState::Running},
        {QStringLiteral("SUSPENDED"), JobState::Running},
        {QStringLiteral("STOPPED"), JobState::Running},
        {QStringLiteral("CONFIGURING"), JobState::Running},
        {QStringLiteral("COMPLETING"), JobState::Running},
        {QStringLiteral("RESIZING"), JobState::Running},
        {QStringLiteral("SIGNALING"), JobState::Running},
        {QStringLiteral("STAGE_OUT"), JobState::Running},
        {QStringLiteral("COMPLETED"), JobState::Succeeded},
        {QStringLiteral("CANCELLED"), JobState::Cancelled},
        {QStringLiteral("REVOKED"), JobState::Cancelled},
        {QStringLiteral("FAILED"), JobState::Failed}, {QStringLiteral("TIMEOUT"), JobState::Failed},
        {QStringLiteral("DEADLINE"), JobState::Failed},
        {QStringLiteral("OUT_OF_MEMORY"), JobState::Failed},
        {QStringLiteral("NODE_FAIL"), JobState::Failed},
        {QStringLiteral("BOOT_FAIL"), JobState::Failed},
        {QStringLiteral("LAUNCH_FAILED"), JobState::Failed},
        {QStringLiteral("RECONFIG_FAIL"), JobState::Failed},
        {QStringLiteral("PREEMPTED"), JobState::Failed}};
    return known.value(state, JobState::Unknown);
}

static const QLatin1String prefix("ph:");

QString slurmCommentId(const QString &comment)
{
    if (!comment.startsWith(prefix))
        return {};
    return comment.mid(prefix.size()).section(u' ', 0, 0);
}

QString slurmComment(const QString &jobId, const QString &theirs)
{
    QString comment = prefix + jobId;
    if (!theirs.isEmpty())
        comment += u' ' + theirs;
    while (comment.toUtf8().size() > slurmLongest)
        comment.chop(comment.back().isLowSurrogate() ? 2 : 1);
    return comment;
}

QString slurmNumber(const QString &nativeId)
{
    return nativeId.section(u'_', 0, 0).section(u'+', 0, 0);
}

/// The state's own word where ours says less, then Slurm's reason.
static QString reasonOf(const SlurmRecord &record)
{
    static const QStringList plain{QStringLiteral("PENDING"), QStringLiteral("RUNNING"),
        QStringLiteral("COMPLETED"), QStringLiteral("FAILED"), QStringLiteral("CANCELLED")};
    QStringList words;
    if (!plain.contains(record.state))
        words << record.state;
    if (!record.reason.isEmpty())
        words << record.reason;
    return words.join(QLatin1String(", "));
}

/// How many tasks "2_[0,4-9:2%2]" stands for.
static int taskCount(const QString &id)
{
    const QString list = id.section(u'[', 1).section(u']', 0, 0).section(u'%', 0, 0);
    qint64 count = 0;
    for (const QString &part : list.split(u',', Qt::SkipEmptyParts)) {
        const qint64 from = part.section(u'-', 0, 0).toInt();
        const qint64 to = part.section(u'-', 1).section(u':', 0, 0).toInt();
        const qint64 step = std::max(1, part.section(u':', 1).toInt());
        count += part.contains(u'-') && to >= from ? (to - from) / step + 1 : 1;
    }
    return int(std::clamp<qint64>(count, 1, INT_MAX));
}

static JobTask taskOf(const SlurmRecord &record)
{
    JobTask task;
    task.nativeId = record.id;
    task.count = taskCount(record.id);
    task.state = slurmState(record.state);
    task.reason = reasonOf(record);
    task.nodes = record.nodes;
    task.restarts = record.restarts;
    const bool started = task.state != JobState::Queued;
    task.startedAt = started ? record.started * 1000 : 0; // else the expected start
    if (jobEnded(task.state)) {
        task.endedAt = record.ended * 1000;
        task.exitCode = record.exitCode;
        task.signal = record.signal;
    }
    return task;
}

/// Of all tasks: what is still to come decides, then the worst end.
static JobState stateOf(const QList<JobTask> &tasks)
{
    for (const auto state : {JobState::Running, JobState::Queued, JobState::Unknown,
             JobState::Failed, JobState::Cancelled}) {
        if (std::any_of(tasks.begin(), tasks.end(), [state](auto &t) { return t.state == state; }))
            return state;
    }
    return JobState::Succeeded;
}

static JobSpec specOf(const SlurmRecord &record)
{
    JobSpec spec;
    spec.name = record.name;
    spec.nodes = std::max(1, record.nodeCount);
    for (const auto &gpus : slurmGpus(record.gres)) {
        spec.gpus += gpus.count;
        spec.gpuType = gpus.type;
    }
    spec.timeLimitSeconds = record.timeLimitSeconds;
    spec.account = record.account;
    spec.queue = record.partition;
    spec.qos = record.qos;
    return spec;
}

Job slurmJob(const QList<SlurmRecord> &records, const QString &target, qint64 seenAt)
{
    const SlurmRecord &first = records.front();
    Job job;
    job.nativeId = first.arrayId.isEmpty() ? first.id : first.arrayId;
    job.target = target;
    job.engine = QStringLiteral("slurm");
    job.id = slurmCommentId(first.comment);
    if (job.id.isEmpty())
        job.id = QStringLiteral("slurm:%1:%2").arg(target, job.nativeId);
    job.user = first.user;
    job.spec = specOf(first);
    job.submittedAt = first.submitted * 1000;
    job.seenAt = seenAt;
    QList<JobTask> tasks;
    for (const auto &record : records)
        tasks << taskOf(record);
    job.state = stateOf(tasks);
    const auto speaks = std::find_if(
        tasks.begin(), tasks.end(), [&](auto &task) { return task.state == job.state; });
    job.reason = speaks->reason;
    job.exitCode = speaks->exitCode;
    job.signal = speaks->signal;
    job.nodes = speaks->nodes;
    job.restarts = speaks->restarts;
    for (const auto &task : tasks) {
        if (task.startedAt > 0 && (job.startedAt == 0 || task.startedAt < job.startedAt))
            job.startedAt = task.startedAt;
        if (jobEnded(job.state))
            job.endedAt = std::max(job.endedAt, task.endedAt);
    }
    if (first.id.contains(u'_'))
        job.tasks = tasks;
    return job;
}

QList<Job> slurmJobs(const QList<SlurmRecord> &records, const QString &target, qint64 seenAt)
{
    QHash<QString, qsizetype> places;
    QList<QList<SlurmRecord>> groups;
    for (const auto &record : records) {
        const QString key = record.arrayId.isEmpty() ? record.id : record.arrayId;
        const auto place = places.constFind(key);
        if (place == places.cend()) {
            places.insert(key, groups.size());
            groups << QList<SlurmRecord>{record};
        } else {
            groups[*place] << record;
        }
    }
    QList<Job> jobs;
    jobs.reserve(groups.size());
    for (const auto &group : groups)
        jobs << slurmJob(group, target, seenAt);
    return jobs;
}

} // namespace pilothouse
