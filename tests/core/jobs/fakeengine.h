// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/enginesource.h"

#include <QCoroTimer>
#include <QMap>

namespace pilothouse {

/// An engine in memory that loses requests or answers when told to; for faults that a real one does
/// not show on demand.
class FakeEngine : public Engine {
public:
    enum class Fault { None, LostBefore, LostAfter, Refused };
    Fault next = Fault::None; ///< of the next submission
    bool deaf = false; ///< answers no question
    QMap<QString, Job> there; ///< by our id
    int started = 0; ///< submissions that took effect

    QString kind() const override { return QStringLiteral("fake"); }
    QString target() const override { return QStringLiteral("ssh:lab"); }
    QString name() const override { return QStringLiteral("queue"); }

    Task<Result<EngineStatus>> status(Context) override { co_return EngineStatus(); }
    Result<RenderedJob> render(const JobSpec &, const QString &) const override
    {
        return RenderedJob();
    }
    Task<Result<QString>> dryRun(Context, JobSpec, QString) override { co_return QString(); }

    Task<Result<Job>> submit(Context, Permit, Job job) override
    {
        co_await QCoro::sleepFor(std::chrono::milliseconds(1));
        const Fault fault = std::exchange(next, Fault::None);
        const Error lost{ErrorKind::Unreachable, QStringLiteral("submit"),
            QStringLiteral("the link went"), {}, {}};
        if (fault == Fault::LostBefore)
            co_return fail(lost);
        if (fault == Fault::Refused)
            co_return fail({ErrorKind::Denied, QStringLiteral("submit"),
                QStringLiteral("no such partition"), {}, {}});
        ++started;
        job.nativeId = QString::number(100 + started);
        job.state = JobState::Queued;
        there.insert(job.id, job);
        if (fault == Fault::LostAfter)
            co_return fail(lost);
        co_return job;
    }

    Task<Result<QList<Job>>> find(Context, QStringList ids) override
    {
        co_await QCoro::sleepFor(std::chrono::milliseconds(1));
        if (deaf)
            co_return fail({ErrorKind::Unreachable, QStringLiteral("find"),
                QStringLiteral("no answer"), {}, {}});
        QList<Job> found;
        for (const auto &id : std::as_const(ids)) {
            if (there.contains(id))
                found << there.value(id);
        }
        co_return found;
    }
    Task<Result<QList<Job>>> jobs(Context) override { co_return there.values(); }

    VerbAnswer can(JobVerb, const Job &) const override { return {}; }
    QString previewOf(JobVerb verb, const Job &job, const QString &) const override
    {
        return jobVerbName(verb) + QLatin1Char(' ') + job.nativeId;
    }
    Task<Result<>> act(Context, Permit, JobVerb verb, Job job, QString) override
    {
        co_await QCoro::sleepFor(std::chrono::milliseconds(1));
        if (verb == JobVerb::Cancel)
            there[job.id].state = JobState::Cancelled;
        if (verb == JobVerb::Hold)
            there[job.id].reason = QStringLiteral("JobHeldUser");
        co_return Result<>();
    }
    Task<Result<Explanation>> why(Context, Job) override { co_return Explanation(); }
    std::unique_ptr<AgentStream> readLog(const Job &, quint64, bool, LogHandlers) override
    {
        return nullptr;
    }
};

/// One engine that comes and goes.
class FakeEngines : public EngineSource {
public:
    std::shared_ptr<FakeEngine> one = std::make_shared<FakeEngine>();
    bool there = true;

    QList<std::shared_ptr<Engine>> engines() const override
    {
        return there ? QList<std::shared_ptr<Engine>>{one} : QList<std::shared_ptr<Engine>>();
    }
    std::shared_ptr<Engine> engine(const QString &kind, const QString &target) const override
    {
        return there && kind == one->kind() && target == one->target() ? one : nullptr;
    }
    void set(bool now)
    {
        there = now;
        Q_EMIT enginesChanged(one->target());
    }
};

} // namespace pilothouse
