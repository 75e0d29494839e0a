// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/agentclient.h"
#include "core/transport/transport.h"

#include <QMap>
#include <QSet>

#include <functional>
#include <list>

namespace pilothouse {

/// What a node keeps while links come and go: jobs, logs, files, samples. Several FakeAgentClients
/// may look at one. Main thread only.
class FakeNode : public std::enable_shared_from_this<FakeNode> {
public:
    static std::shared_ptr<FakeNode> make();

    NodeFacts facts;
    QMap<QString, Job> jobs;
    QMap<QString, QByteArray> logs;
    QMap<QString, QByteArray> files;
    QList<Process> processes;
    QList<GpuInstant> gpusNow; ///< empty: this agent does not know the call
    AgentCatalogue catalogue;
    std::vector<AgentTick> ticks;
    std::vector<AgentRollup> rollups;
    /// What a command of exec() leaves; asked when its input is closed.
    std::function<Output(QStringList argv, QByteArray input)> execute;

    QStringList calls; ///< "submit ID", "cancel ID", "hello" ... as they arrived
    int started = 0; ///< jobs that were really started
    /// The next call of that name ("submit", "jobs", ...) fails like this and changes nothing.
    QMap<QString, Error> failNext;
    /// The next call of that name takes effect, but its answer never arrives: Unreachable.
    QSet<QString> loseAnswerOf;
    /// Calls of that name wait until releaseCalls() or their Context ends.
    QSet<QString> hold;
    void releaseCalls();

    void put(Job job); ///< adds or changes, tells watchers
    void appendLog(const QString &id, const QByteArray &data);
    void endJob(const QString &id, JobState state, std::optional<int> exitCode);
    void forget(const QString &id);
    void addTick(AgentTick tick);

private:
    friend class FakeAgentClient;
    struct Watcher {
        std::function<void()> changed; ///< something above did
        std::function<void(const QString &id)> jobChanged, jobForgotten;
        std::function<void(const Error &)> lost;
    };
    void tell(const std::function<void(Watcher &)> &what);
    std::list<std::weak_ptr<Watcher>> watchers;
    quint64 released = 0;
};

} // namespace pilothouse
