// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/permit.h"
#include "core/base/task.h"
#include "core/types/engine.h"
#include "core/types/job.h"

#include <QObject>

#include <functional>
#include <memory>

namespace pilothouse {

class Ledger;
class Workspace;
class TargetLinks;
class JobServicePrivate;
class AgentStream;
class EngineSource;
struct LogHandlers;

/// Jobs of all targets: intent into the ledger, submission, doubtful answers resolved by looking
/// the id up, watching while a link is up. Main thread. A lost link only ages jobs, never changes
/// state.
class JobService : public QObject {
    Q_OBJECT

public:
    JobService(Workspace *workspace, Ledger *ledger, QObject *parent = nullptr);
    JobService(std::unique_ptr<TargetLinks> links, Ledger *ledger, QObject *parent = nullptr);
    ~JobService() override;

    QList<Job> jobs() const; ///< newest first, from the ledger and the links
    QList<Job> unended() const; ///< of them, those that have not ended: a fleet has many that have
    Result<Job> find(const QString &idPrefixOrName) const;

    /// Ends when the node has accepted (or refused) it. Needs an open link. After Unreachable,
    /// Timeout or Cancelled it is not known whether it started; that is found out by itself.
    /// A launch that is stopped counts as withdrawn: the job is cancelled should it turn up.
    /// `engine`: Engine::kind on that target; "process" is the agent's own.
    Task<Result<Job>> launch(Context context, Permit permit, QString target, JobSpec spec,
        QString engine = QStringLiteral("process"));
    /// Asks a connected target for all its jobs now, for programs that do not stay to watch.
    Task<Result<>> refresh(Context context, QString target);
    /// Sends a doubtful job once more under its own id, which the node knows if it has it already.
    Task<Result<Job>> resubmit(Context context, Permit permit, QString id);
    /// TERM, then KILL after 10 s. A doubtful job is withdrawn.
    Task<Result<Job>> cancel(Context context, Permit permit, QString id);
    Task<Result<Job>> signal(Context context, Permit permit, QString id, int number);
    VerbAnswer can(const QString &id, JobVerb verb) const;
    /// The native call; empty when there is none.
    QString previewOf(const QString &id, JobVerb verb, const QString &value = {}) const;
    /// On a job of an engine (enginesource.h); `value` as Engine::act takes it.
    Task<Result<Job>> act(
        Context context, Permit permit, QString id, JobVerb verb, QString value = {});
    /// Why it waits or failed.
    Task<Result<Explanation>> why(Context context, QString id);
    /// Conflict while it runs.
    Task<Result<>> forget(Context context, Permit permit, QString id);
    /// Ends when the job has ended (or the context stops it).
    Task<Result<Job>> waitFor(Context context, QString id);
    /// Null when the target is not connected.
    std::unique_ptr<AgentStream> readLog(
        const QString &id, quint64 offset, bool follow, LogHandlers handlers);

    /// What looking up a doubtful job asks for; ActRunner makes an audited act of it.
    enum class Remedy { Resubmit, Cancel };
    using RemedyAsker = std::function<void(Remedy remedy, const QString &id)>;
    void setRemedyAsker(RemedyAsker asker);
    /// Must outlive the service, or be destroyed with its engines' jobs merely ageing.
    void setEngines(EngineSource *engines);

Q_SIGNALS:
    void jobChanged(const pilothouse::Job &job);
    void jobForgotten(const QString &id);

private:
    std::shared_ptr<JobServicePrivate> d;
};

} // namespace pilothouse
