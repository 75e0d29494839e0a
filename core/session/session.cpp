// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"

#include "core/session/sessionprivate.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRandomGenerator>

#include <climits>

namespace pilothouse {

Session::Session(Target target, Prompter *prompter, QObject *parent)
    : LinkSource(parent)
    , d(std::make_shared<SessionPrivate>())
{
    d->session = this;
    d->target = std::move(target);
    d->prompter = prompter;
    d->retry.setSingleShot(true);
    connect(&d->retry, &QTimer::timeout, this, &Session::retryNow);
}

Session::~Session()
{
    blockSignals(true);
    disconnect();
    d->session = nullptr;
}

const Target &Session::target() const
{
    return d->target;
}

void Session::setTarget(const Target &target)
{
    d->target = target;
}

void Session::setDeployer(Deployer deployer)
{
    d->deployer = std::move(deployer);
}

void Session::setConnector(Connector connector)
{
    d->connector = std::move(connector);
}

TargetState Session::state() const
{
    return d->state;
}

std::shared_ptr<const Link> Session::current() const
{
    return d->link;
}

QList<StageReport> Session::stages() const
{
    return d->stages;
}

bool Session::tested() const
{
    return d->tested;
}

std::optional<Error> Session::error() const
{
    return d->error;
}

qint64 Session::changedAt() const
{
    return d->changedAt;
}

std::optional<qint64> Session::skewMs() const
{
    return d->clock ? d->clock->skewMs() : std::nullopt;
}

qint64 Session::nextAttemptAt() const
{
    return d->nextAttemptAt;
}

Task<Result<std::shared_ptr<const Link>>> Session::open(Context context)
{
    const auto data = d;
    if (data->link) // a copy: QCoro moves from whatever co_return names
        co_return Result<std::shared_ptr<const Link>>(data->link);
    data->wanted = true;
    LinkReply reply;
    data->waiters.push_back(reply);
    if (!data->attempting)
        data->startAttempt();
    // Not the stop source of now: an attempt that follows a disconnect() has another.
    const std::stop_callback stopped(context.stop(), [data] { data->stop.request_stop(); });
    QTimer late;
    if (!context.deadline().isForever()) {
        late.setSingleShot(true);
        QObject::connect(&late, &QTimer::timeout, &late, [data, reply] {
            reply.finish(
                fail(timedOut(QStringLiteral("connect"), tr("It did not connect in time."))));
            data->stop.request_stop();
        });
        late.start(int(std::min<qint64>(context.deadline().remainingTime(), INT_MAX)));
    }
    auto future = reply.future();
    co_return co_await std::move(future);
}

Task<Result<QList<StageReport>>> Session::test(Context context)
{
    const auto data = d;
    if (data->link || data->attempting)
        co_return fail({ErrorKind::Conflict, QStringLiteral("test"),
            tr("A connection to %1 is open.").arg(data->target.name), {},
            tr("Disconnect first, or look at its connection page.")});
    data->attempting = data->tested = true;
    data->beginStages();
    const auto result = co_await runAttempt(data, context, false);
    data->attempting = false;
    if (result)
        (*result)->transport->close();
    else
        data->failStage(result.error());
    const auto stages = data->stages;
    if (data->wanted) { // somebody opened it meanwhile
        data->startAttempt();
    } else { // what an earlier attempt said no longer holds
        data->error.reset();
        if (!result && result.error().kind != ErrorKind::Cancelled)
            data->error = result.error();
        if (data->state == TargetState::Failed && !data->error)
            data->setState(TargetState::NotOpened);
        else if (data->session)
            Q_EMIT data->session->stagesChanged();
    }
    if (!result)
        co_return fail(result.error());
    co_return stages;
}

void Session::disconnect()
{
    d->wanted = false;
    d->retry.stop();
    d->nextAttemptAt = 0;
    d->failures = 0;
    d->stop.request_stop();
    const auto link = std::exchange(d->link, nullptr);
    ++d->epoch; // what still comes from the old link is not ours
    ++d->generation;
    d->connectedBefore = false;
    if (link) {
        Q_EMIT linkChanged();
        link->transport->close();
    }
    d->error.reset();
    d->setState(TargetState::NotOpened);
    d->answer(fail(cancelled(QStringLiteral("connect"))));
}

void Session::retryNow()
{
    d->retry.stop();
    d->nextAttemptAt = 0;
    if (d->wanted && !d->link && !d->attempting)
        d->startAttempt();
}

void SessionPrivate::setState(TargetState next)
{
    if (state == next)
        return;
    state = next;
    changedAt = QDateTime::currentMSecsSinceEpoch();
    if (session)
        Q_EMIT session->stateChanged();
}

void SessionPrivate::put(const StageReport &report)
{
    for (auto &known : stages) {
        if (known.stage == report.stage && known.hop == report.hop) {
            known = report;
            if (session)
                Q_EMIT session->stagesChanged();
            return;
        }
    }
    // A hop's lines come before the target's own line of the next stage.
    auto at = stages.begin();
    while (at != stages.end() && at->stage <= report.stage)
        ++at;
    stages.insert(at, report);
    if (session)
        Q_EMIT session->stagesChanged();
}

void SessionPrivate::beginStages()
{
    stages.clear();
    const bool local = target.kind == TargetKind::Local || target.kind == TargetKind::Simulated;
    for (const auto stage :
        {Stage::Resolve, Stage::Tcp, Stage::Banner, Stage::HostKey, Stage::Authentication,
            Stage::Shell, Stage::Platform, Stage::Agent, Stage::Handshake, Stage::FirstSample}) {
        const bool network = stage >= Stage::Tcp && stage <= Stage::Authentication;
        if (local && network)
            continue;
        StageReport report;
        report.stage = stage;
        stages << report;
    }
    if (session)
        Q_EMIT session->stagesChanged();
}

void SessionPrivate::failStage(const Error &why)
{
    for (const auto &report : std::as_const(stages)) {
        if (report.state == StageState::Failed)
            return;
    }
    for (auto report : std::as_const(stages)) {
        if (report.state == StageState::Running || report.state == StageState::Waiting) {
            report.state = StageState::Failed;
            report.error = why;
            report.result = why.message;
            put(report);
            return;
        }
    }
}

void SessionPrivate::answer(const Result<std::shared_ptr<const Link>> &result)
{
    const auto all = std::exchange(waiters, {});
    for (const auto &waiter : all)
        waiter.finish(result);
}

/// The link went while its first sample was awaited.
void SessionPrivate::lostEarly()
{
    answer(fail(error.value_or(cancelled(QStringLiteral("connect")))));
    scheduleRetry();
}

void SessionPrivate::publish(std::shared_ptr<const Link> next)
{
    link = std::move(next);
    error.reset();
    failures = 0;
    connectedBefore = true;
    setState(TargetState::Connected);
    if (session)
        Q_EMIT session->linkChanged();
}

static Task<> attempt(std::shared_ptr<SessionPrivate> d)
{
    const Context context(d->stop.get_token());
    const quint64 generation = d->generation;
    const auto made = co_await runAttempt(d, context, true);
    if (generation != d->generation) { // disconnected meanwhile, perhaps opened again
        if (made)
            (*made)->transport->close();
        d->attempting = false;
        if (d->wanted)
            d->startAttempt();
        co_return;
    }
    if (!made || context.stopped() || !d->wanted) {
        d->attempting = false;
        if (made)
            (*made)->transport->close();
        d->attemptFailed(made ? cancelled(QStringLiteral("connect")) : made.error());
        co_return;
    }
    const auto link = *made;
    link->epoch = ++d->epoch;
    std::weak_ptr<SessionPrivate> weak = d;
    const auto lost = [weak, epoch = link->epoch](const Error &error) {
        if (const auto strong = weak.lock())
            strong->linkLost(epoch, error);
    };
    QObject::connect(link->transport.get(), &Transport::lost, link->transport.get(), lost);
    if (link->agent)
        QObject::connect(link->agent.get(), &AgentClient::lost, link->agent.get(), lost);
    d->publish(link);
    if (link->agent)
        co_await awaitFirstSample(d, link, context);
    d->attempting = false;
    if (d->link == link)
        d->answer(std::shared_ptr<const Link>(link));
    else if (generation != d->generation && d->wanted)
        d->startAttempt();
    else
        d->lostEarly();
}

void SessionPrivate::startAttempt()
{
    attempting = true;
    tested = false;
    retry.stop();
    nextAttemptAt = 0;
    stop = std::stop_source();
    setState(TargetState::Connecting);
    beginStages();
    attempt(shared_from_this());
}

void SessionPrivate::attemptFailed(const Error &why)
{
    failStage(why);
    ++failures;
    const bool needsPerson = why.kind == ErrorKind::HostKey || why.kind == ErrorKind::Denied
        || why.kind == ErrorKind::Cancelled || why.kind == ErrorKind::BadInput;
    // The first opening answers the person; only what was connected before is tried again by
    // itself.
    const bool again = wanted && connectedBefore && !needsPerson;
    if (!again)
        wanted = false;
    if (why.kind == ErrorKind::Cancelled) { // a person ended it: nothing went wrong
        error.reset();
        setState(TargetState::NotOpened);
    } else {
        error = why;
        setState(again ? TargetState::Stale : TargetState::Failed);
    }
    if (again)
        scheduleRetry();
    answer(fail(why));
}

void SessionPrivate::linkLost(quint64 lostEpoch, const Error &why)
{
    if (!link || link->epoch != lostEpoch)
        return;
    const auto old = std::exchange(link, nullptr);
    error = why;
    if (session)
        Q_EMIT session->linkChanged();
    // Not now: we may be inside a signal of the very transport.
    QTimer::singleShot(0, old->transport.get(), [old] { old->transport->close(); });
    if (why.kind == ErrorKind::Denied) // an agent that floods would flood again
        wanted = false;
    setState(wanted ? TargetState::Stale : TargetState::Failed);
    if (!attempting)
        scheduleRetry();
    else
        stop.request_stop();
}

void SessionPrivate::scheduleRetry()
{
    if (!wanted)
        return;
    const double seconds = std::min(60.0, double(1 << std::min(failures, 6)));
    const double jitter = 0.75 + QRandomGenerator::global()->generateDouble() * 0.5;
    const auto wait = qint64(seconds * jitter * 1000);
    nextAttemptAt = QDateTime::currentMSecsSinceEpoch() + wait;
    retry.start(int(wait));
    if (session)
        Q_EMIT session->stateChanged();
}

} // namespace pilothouse
