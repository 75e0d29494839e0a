// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/jobs.

#include "core/base/reply.h"
#include "core/jobs/enginesource.h"
#include "core/jobs/jobplace.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/jobs/targetlinks.h"

#include <QHash>
#include <QPointer>
#include <QSet>

#include <vector>

namespace pilothouse {

/// State of a JobService; running calls share it, so that they may outlive the service.
class JobServicePrivate : public std::enable_shared_from_this<JobServicePrivate> {
public:
    QPointer<JobService> service;
    QPointer<Ledger> ledger;
    std::unique_ptr<TargetLinks> links;
    QPointer<EngineSource> engines; ///< null: there are only agents
    JobService::RemedyAsker askRemedy;

    /// One open link's stream of jobs.
    struct Watch {
        std::shared_ptr<const Link> link;
        QList<Job> listed; ///< of the first listing, until it is complete
        bool complete = false; ///< the first listing is
        std::unique_ptr<AgentStream> stream;
    };
    QHash<QString, std::shared_ptr<Watch>> watches; ///< by target
    QHash<QString, Job> live; ///< newest word of the nodes, by id; fresher than the ledger's rows
    QSet<QString> unanswered; ///< submissions of this process without an answer yet
    QSet<QString> asked; ///< a remedy was asked for and has not ended
    struct Waiter {
        QString id;
        Reply<Job> reply;
    };
    std::vector<Waiter> waiters;

    /// What is known of it now.
    Job shown(const LedgerRow &row) const;
    void follow(const QString &target);
    /// What an agent says of all jobs that it has, times by our clock.
    void hearAll(const QString &target, const QList<Job> &jobs);
    /// Times that are known already stay: the first word holds, whatever a clock did since.
    void merge(const QString &target, QList<Job> jobs);
    /// A complete listing lacks jobs that were thought to run there.
    void ageUnlisted(const QString &engine, const QString &target, const QSet<QString> &listed);
    void forgotten(const QString &id);
    void answerWaiters(const QString &id, const Result<Job> &result);
    /// Tells listeners and waiters what the ledger says of a job.
    void announce(const QString &id);
    Result<Job> job(const QString &id) const;
    void ask(JobService::Remedy remedy, const QString &id);

    /// An open link with an agent, or the error that says what is missing.
    Result<std::shared_ptr<const Link>> reach(const QString &target) const;
    /// Where the engine's jobs on that target are reached, or the error that says what is missing.
    Result<std::shared_ptr<JobPlace>> place(const QString &engine, const QString &target) const;
    Result<std::shared_ptr<JobPlace>> place(const Job &job) const
    {
        return place(job.engine, job.target);
    }
    QSet<QString> looking; ///< targets whose doubtful submissions are being looked for
    unsigned rounds = 0; ///< of asking engines
    QSet<std::pair<QString, QString>> asking; ///< kind and target of engines just being asked
};

/// Looks up what is doubtful on a target that can be reached: adopts, ends or asks for a remedy.
Task<> resolveDoubtful(std::shared_ptr<JobServicePrivate> d, QString target);
/// Asks the engines for the jobs of ours there that have not ended.
void askEngines(const std::shared_ptr<JobServicePrivate> &d);
/// The same of one target's, to its end: the first error of one.
Task<Result<>> askEnginesOf(std::shared_ptr<JobServicePrivate> d, QString target);
/// Sends one job whose row is Sent. What the answer leaves open stays Sent.
Task<Result<Job>> submitJob(
    std::shared_ptr<JobServicePrivate> d, Context context, Permit permit, Job job);

/// Nothing is known of whether the node acted.
inline bool isDoubtful(ErrorKind kind)
{
    return kind == ErrorKind::Unreachable || kind == ErrorKind::Timeout
        || kind == ErrorKind::Cancelled;
}

} // namespace pilothouse
