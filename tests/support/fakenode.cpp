// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakenode.h"

#include <QDateTime>

namespace pilothouse {

std::shared_ptr<FakeNode> FakeNode::make()
{
    auto node = std::make_shared<FakeNode>();
    node->facts.agentVersion = QStringLiteral("0.1.0+000000000000");
    node->facts.protocol = 1;
    node->facts.hostName = QStringLiteral("fake");
    node->facts.home = QStringLiteral("/home/fake");
    node->catalogue.ringId = QStringLiteral("ring-1");
    node->catalogue.version = 1;
    return node;
}

void FakeNode::tell(const std::function<void(Watcher &)> &what)
{
    watchers.remove_if([](const auto &watcher) { return watcher.expired(); });
    const auto all = watchers; // a handler may start or end a stream
    for (const auto &one : all) {
        if (const auto watcher = one.lock())
            what(*watcher);
    }
}

void FakeNode::releaseCalls()
{
    hold.clear();
    ++released;
}

void FakeNode::put(Job job)
{
    const QString id = job.id;
    job.seenAt = QDateTime::currentMSecsSinceEpoch();
    job.logBytes = quint64(logs.value(id).size());
    jobs[id] = std::move(job);
    tell([id](Watcher &watcher) {
        if (watcher.jobChanged)
            watcher.jobChanged(id);
        if (watcher.changed)
            watcher.changed();
    });
}

void FakeNode::appendLog(const QString &id, const QByteArray &data)
{
    logs[id] += data;
    if (jobs.contains(id))
        put(jobs.value(id));
}

void FakeNode::endJob(const QString &id, JobState state, std::optional<int> exitCode)
{
    Job job = jobs.value(id);
    job.state = state;
    job.exitCode = exitCode;
    job.endedAt = QDateTime::currentMSecsSinceEpoch();
    put(job);
}

void FakeNode::forget(const QString &id)
{
    jobs.remove(id);
    logs.remove(id);
    tell([id](Watcher &watcher) {
        if (watcher.jobForgotten)
            watcher.jobForgotten(id);
        if (watcher.changed)
            watcher.changed();
    });
}

void FakeNode::addTick(AgentTick tick)
{
    ticks.push_back(std::move(tick));
    tell([](Watcher &watcher) {
        if (watcher.changed)
            watcher.changed();
    });
}

} // namespace pilothouse
