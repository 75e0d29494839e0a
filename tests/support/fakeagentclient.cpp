// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeagentclient.h"

#include <QCoreApplication>
#include <QCoroTimer>
#include <QDateTime>

namespace pilothouse {

using namespace std::chrono_literals;

static Error unreachable()
{
    return {ErrorKind::Unreachable, QStringLiteral("fake"), QStringLiteral("The link is gone."),
        QStringLiteral("fake"), QStringLiteral("It is tried again by itself.")};
}

static Error notFound(const QString &what)
{
    return {ErrorKind::NotFound, QStringLiteral("fake"),
        QStringLiteral("There is no %1.").arg(what), {}, {}};
}

FakeAgentClient::FakeAgentClient(std::shared_ptr<FakeNode> node)
    : m_node(std::move(node))
    , m_state(std::make_shared<State>())
{
    m_state->node = m_node;
}

FakeAgentClient::~FakeAgentClient()
{
    m_state->lost = true;
}

void FakeAgentClient::lose()
{
    if (std::exchange(m_state->lost, true))
        return;
    const auto own = m_own;
    for (const auto &one : own) {
        if (const auto watcher = one.lock(); watcher && watcher->lost)
            watcher->lost(unreachable());
    }
    Q_EMIT lost(unreachable());
}

Task<Result<>> FakeAgentClient::arrive(
    std::shared_ptr<State> state, Context context, QString name, QString detail)
{
    const auto node = state->node;
    node->calls << (detail.isEmpty() ? name : name + QLatin1Char(' ') + detail);
    const auto released = node->released;
    do {
        co_await QCoro::sleepFor(1ms); // a fake that never suspends hides lifetime bugs
        if (context.stopped())
            co_return fail(cancelled(name));
        if (context.expired())
            co_return fail(timedOut(name, QStringLiteral("The agent did not answer in time.")));
        if (state->lost)
            co_return fail(unreachable());
    } while (node->hold.contains(name) && released == node->released);
    const auto failing = node->failNext.find(name);
    if (failing != node->failNext.end()) {
        const Error error = *failing;
        node->failNext.erase(failing);
        co_return fail(error);
    }
    co_return Result<>();
}

Result<> FakeAgentClient::answered(const std::shared_ptr<State> &state, const QString &name)
{
    if (state->lost || state->node->loseAnswerOf.remove(name))
        return fail(unreachable());
    return {};
}

std::shared_ptr<FakeNode::Watcher> FakeAgentClient::watch()
{
    auto watcher = std::make_shared<FakeNode::Watcher>();
    m_node->watchers.push_back(watcher);
    m_own.push_back(watcher);
    return watcher;
}

namespace {

/// Handlers run from the event loop, and never after the stream is gone.
template <typename Owner>
void later(const std::shared_ptr<Owner> &owner, std::function<void()> work)
{
    const std::weak_ptr<Owner> weak = owner;
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [weak, work = std::move(work)] {
            if (const auto alive = weak.lock())
                work();
        },
        Qt::QueuedConnection);
}

template <typename Owner> class FakeStream : public AgentStream {
public:
    explicit FakeStream(std::shared_ptr<Owner> owner)
        : m_owner(std::move(owner))
    {
    }

private:
    std::shared_ptr<Owner> m_owner;
};

} // namespace

Task<Result<NodeFacts>> FakeAgentClient::hello(Context context)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("hello"), {});
    if (!arrived)
        co_return fail(arrived.error());
    NodeFacts facts = state->node->facts;
    facts.wallNs = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    co_return facts;
}

std::unique_ptr<AgentStream> FakeAgentClient::watchGpus(int, GpuHandlers handlers)
{
    const auto watcher = watch();
    const auto *node = m_node.get(); // outlives its watchers' handlers
    const bool lost = m_state->lost;
    watcher->changed = [node, handlers] { handlers.now(1, node->gpusNow); };
    later(watcher, [node, handlers, lost] {
        if (lost)
            handlers.ended(unreachable());
        else if (node->gpusNow.isEmpty())
            handlers.ended(
                {ErrorKind::Unsupported, QStringLiteral("gpus"), QStringLiteral("no"), {}, {}});
        else
            handlers.now(1, node->gpusNow);
    });
    return std::make_unique<FakeStream<FakeNode::Watcher>>(watcher);
}

std::unique_ptr<AgentStream> FakeAgentClient::subscribe(
    TelemetryCursor cursor, quint32 newest, TelemetryHandlers handlers)
{
    const auto watcher = watch();
    auto *node = m_node.get(); // outlives its watchers' handlers
    const std::weak_ptr<FakeNode::Watcher> weak = watcher;
    if (m_state->lost) {
        later(watcher, [handlers] { handlers.ended(unreachable()); });
        return std::make_unique<FakeStream<FakeNode::Watcher>>(watcher);
    }
    quint64 after = cursor.ringId == node->catalogue.ringId ? cursor.after : 0;
    if (newest != 0 && node->ticks.size() > newest)
        after = std::max(after, node->ticks[node->ticks.size() - newest - 1].number);
    auto sent = std::make_shared<quint64>(after);
    auto told = std::make_shared<quint32>(0);
    const auto send = [node, handlers, sent, told] {
        if (*told != node->catalogue.version && handlers.catalogue)
            handlers.catalogue(node->catalogue);
        *told = node->catalogue.version;
        std::vector<AgentTick> ticks;
        for (const auto &tick : node->ticks) {
            if (tick.number > *sent)
                ticks.push_back(tick);
        }
        if (ticks.empty())
            return;
        *sent = ticks.back().number;
        const auto &last = ticks.back();
        const qint64 wall = last.wallNs, boot = last.boottimeNs;
        if (handlers.ticks)
            handlers.ticks(std::move(ticks), wall, boot);
    };
    watcher->changed = [weak, send] {
        if (const auto alive = weak.lock())
            later(alive, send);
    };
    watcher->lost = [weak, handlers](const Error &error) {
        if (const auto alive = weak.lock(); alive && handlers.ended)
            later(alive, [handlers, error] { handlers.ended(error); });
    };
    later(watcher, send);
    return std::make_unique<FakeStream<FakeNode::Watcher>>(watcher);
}

Task<Result<std::vector<AgentRollup>>> FakeAgentClient::backFill(
    Context context, QString ringId, qint64 fromWallNs, qint64 toWallNs)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("backFill"), {});
    if (!arrived)
        co_return fail(arrived.error());
    std::vector<AgentRollup> rows;
    for (const auto &row : state->node->rollups) {
        if (ringId == state->node->catalogue.ringId && row.startWallNs >= fromWallNs
            && row.startWallNs < toWallNs)
            rows.push_back(row);
    }
    co_return rows;
}

Task<Result<QList<Process>>> FakeAgentClient::processes(Context context, int limit)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("processes"), {});
    if (!arrived)
        co_return fail(arrived.error());
    co_return state->node->processes.mid(0, limit == 0 ? 50 : limit);
}

Task<Result<>> FakeAgentClient::signalProcess(
    Context context, Permit, quint32 pid, quint64 startTicks, int number)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("signalProcess"),
        QStringLiteral("%1 %2").arg(pid).arg(number));
    if (!arrived)
        co_return fail(arrived.error());
    const auto &all = state->node->processes;
    const bool there = std::any_of(all.begin(), all.end(),
        [&](const Process &one) { return one.pid == pid && one.startTicks == startTicks; });
    if (!there)
        co_return fail({ErrorKind::NotFound, QStringLiteral("signal"),
            QStringLiteral("The process has ended."), {}, {}});
    co_return answered(state, QStringLiteral("signalProcess"));
}

Task<Result<Submitted>> FakeAgentClient::submit(Context context, Permit, QString id, JobSpec spec)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("submit"), id);
    if (!arrived)
        co_return fail(arrived.error());
    Submitted submitted;
    submitted.existed = state->node->jobs.contains(id);
    if (!submitted.existed) {
        Job job;
        job.id = id;
        job.spec = spec;
        job.spec.script.clear();
        job.state = JobState::Running;
        job.submittedAt = job.startedAt = QDateTime::currentMSecsSinceEpoch();
        ++state->node->started;
        state->node->put(job);
    }
    submitted.job = state->node->jobs.value(id);
    if (const auto arrives = answered(state, QStringLiteral("submit")); !arrives)
        co_return fail(arrives.error());
    co_return submitted;
}

Task<Result<QList<Job>>> FakeAgentClient::jobs(Context context, QStringList ids)
{
    const auto state = m_state;
    const auto arrived
        = co_await arrive(state, context, QStringLiteral("jobs"), ids.join(QLatin1Char(' ')));
    if (!arrived)
        co_return fail(arrived.error());
    QList<Job> found;
    for (const auto &job : std::as_const(state->node->jobs)) {
        if (ids.isEmpty() || ids.contains(job.id))
            found << job;
    }
    co_return found;
}

std::unique_ptr<AgentStream> FakeAgentClient::watchJobs(JobHandlers handlers)
{
    const auto watcher = watch();
    auto *node = m_node.get();
    const std::weak_ptr<FakeNode::Watcher> weak = watcher;
    if (m_state->lost) {
        later(watcher, [handlers] {
            if (handlers.ended)
                handlers.ended(unreachable());
        });
        return std::make_unique<FakeStream<FakeNode::Watcher>>(watcher);
    }
    later(watcher, [node, handlers] {
        const auto jobs = node->jobs;
        for (const auto &job : jobs) {
            if (handlers.job)
                handlers.job(job);
        }
        if (handlers.listed)
            handlers.listed();
    });
    watcher->jobChanged = [weak, node, handlers](const QString &id) {
        const auto alive = weak.lock();
        if (alive && handlers.job)
            later(alive, [job = node->jobs.value(id), handlers] { handlers.job(job); });
    };
    watcher->jobForgotten = [weak, handlers](const QString &id) {
        const auto alive = weak.lock();
        if (alive && handlers.forgotten)
            later(alive, [id, handlers] { handlers.forgotten(id); });
    };
    watcher->lost = [weak, handlers](const Error &error) {
        const auto alive = weak.lock();
        if (alive && handlers.ended)
            later(alive, [handlers, error] { handlers.ended(error); });
    };
    return std::make_unique<FakeStream<FakeNode::Watcher>>(watcher);
}

Task<Result<Job>> FakeAgentClient::cancel(Context context, Permit, QString id, int)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("cancel"), id);
    if (!arrived)
        co_return fail(arrived.error());
    if (!state->node->jobs.contains(id))
        co_return fail(notFound(id));
    if (!jobEnded(state->node->jobs.value(id).state))
        state->node->endJob(id, JobState::Cancelled, std::nullopt);
    if (const auto arrives = answered(state, QStringLiteral("cancel")); !arrives)
        co_return fail(arrives.error());
    co_return state->node->jobs.value(id);
}

Task<Result<Job>> FakeAgentClient::signal(Context context, Permit, QString id, int number)
{
    const auto state = m_state;
    const QString detail = QStringLiteral("%1 %2").arg(id).arg(number);
    const auto arrived = co_await arrive(state, context, QStringLiteral("signal"), detail);
    if (!arrived)
        co_return fail(arrived.error());
    if (!state->node->jobs.contains(id))
        co_return fail(notFound(id));
    if (const auto arrives = answered(state, QStringLiteral("signal")); !arrives)
        co_return fail(arrives.error());
    co_return state->node->jobs.value(id);
}

Task<Result<>> FakeAgentClient::forget(Context context, Permit, QString id)
{
    const auto state = m_state;
    const auto arrived = co_await arrive(state, context, QStringLiteral("forget"), id);
    if (!arrived)
        co_return fail(arrived.error());
    if (!state->node->jobs.contains(id))
        co_return fail(notFound(id));
    if (!jobEnded(state->node->jobs.value(id).state)) {
        const Error running{ErrorKind::Conflict, QStringLiteral("forget"),
            QStringLiteral("The job is still running."), {}, {}};
        co_return fail(running);
    }
    state->node->forget(id);
    co_return answered(state, QStringLiteral("forget"));
}

std::unique_ptr<AgentStream> FakeAgentClient::readLog(
    QString id, quint64 offset, bool follow, quint64 limit, LogHandlers handlers)
{
    const auto watcher = watch();
    auto *node = m_node.get();
    const std::weak_ptr<FakeNode::Watcher> weak = watcher;
    m_node->calls << QStringLiteral("readLog %1 %2").arg(id).arg(offset);
    struct Reader {
        quint64 at = 0, left = 0;
        bool limited = false, ended = false;
    };
    auto reader = std::make_shared<Reader>(Reader{offset, limit, limit != 0, false});
    const auto end = [reader, handlers](bool complete, std::optional<Error> error) {
        if (!std::exchange(reader->ended, true) && handlers.ended)
            handlers.ended(complete, std::move(error));
    };
    const auto pump = [node, id, follow, reader, handlers, end] {
        if (reader->ended)
            return;
        if (!node->jobs.contains(id)) {
            end(false, notFound(id));
            return;
        }
        QByteArray data = node->logs.value(id).mid(qsizetype(reader->at));
        if (reader->limited)
            data.truncate(qsizetype(reader->left));
        if (!data.isEmpty()) {
            const quint64 at = reader->at;
            reader->at += quint64(data.size());
            reader->left -= std::min(reader->left, quint64(data.size()));
            if (handlers.data)
                handlers.data(at, data);
        }
        const bool over = jobEnded(node->jobs.value(id).state)
            && reader->at >= quint64(node->logs.value(id).size());
        if (over || !follow || (reader->limited && reader->left == 0))
            end(over, std::nullopt);
    };
    watcher->changed = [weak, pump] {
        if (const auto alive = weak.lock())
            later(alive, pump);
    };
    watcher->lost = [weak, end](const Error &error) {
        if (const auto alive = weak.lock())
            later(alive, [end, error] { end(false, error); });
    };
    if (m_state->lost)
        later(watcher, [end] { end(false, unreachable()); });
    else
        later(watcher, pump);
    return std::make_unique<FakeStream<FakeNode::Watcher>>(watcher);
}

Task<Result<>> FakeAgentClient::handOver(Context context, QString reason)
{
    const auto state = m_state;
    co_return co_await arrive(state, context, QStringLiteral("handOver"), reason);
}

} // namespace pilothouse
