// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/acts/actrunner.h"

#include "core/acts/actsupport.h"
#include "core/base/log.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/session/workspace.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QPointer>

#include <stop_token>
#include <vector>

namespace pilothouse {

static constexpr std::size_t keptActivities = 200;

class ActRunnerPrivate {
public:
    explicit ActRunnerPrivate(Services &all)
        : services(all)
    {
    }

    struct Running {
        Activity activity;
        std::stop_source stop;
    };
    Services &services;
    QPointer<ActRunner> runner;
    std::vector<Running> activities; ///< oldest first
    quint64 count = 0;

    Running *find(const QString &id)
    {
        for (auto &one : activities) {
            if (one.activity.id == id)
                return &one;
        }
        return nullptr;
    }
    void changed(const QString &id)
    {
        if (runner)
            Q_EMIT runner->activityChanged(id);
    }
    std::stop_token begin(Activity activity);
    void end(const QString &id, const std::optional<Error> &error);
};

std::stop_token ActRunnerPrivate::begin(Activity activity)
{
    const QString id = activity.id;
    if (activities.size() >= keptActivities) {
        const auto oldest = std::find_if(activities.begin(), activities.end(),
            [](const Running &one) { return !one.activity.running(); });
        if (oldest != activities.end())
            activities.erase(oldest);
    }
    Running running{std::move(activity), std::stop_source()};
    const auto token = running.stop.get_token();
    activities.push_back(std::move(running));
    changed(id);
    return token;
}

void ActRunnerPrivate::end(const QString &id, const std::optional<Error> &error)
{
    if (auto *running = find(id)) {
        running->activity.finishedAt = QDateTime::currentMSecsSinceEpoch();
        running->activity.error = error;
        changed(id);
    }
}

ActRunner::ActRunner(Services &services, QObject *parent)
    : QObject(parent)
    , d(std::make_shared<ActRunnerPrivate>(services))
{
    d->runner = this;
    takeOverDeployment();
    takeOverRemedies();
}

ActRunner::~ActRunner()
{
    d->runner = nullptr;
    if (d->services.workspace)
        d->services.workspace->setDeployer({});
    if (d->services.jobs)
        d->services.jobs->setRemedyAsker({});
    for (auto &one : d->activities)
        one.stop.request_stop();
}

/// The request with the target that the act is really about.
static ActRequest settled(Services &services, const Act *act, ActRequest request)
{
    if (act->targetOf)
        request.target = act->targetOf(services, request);
    if (services.workspace) {
        if (const auto known = services.workspace->target(request.target))
            request.target = known->id; // a name was given
    }
    return request;
}

static Protection protectionOf(Services &services, const QString &target)
{
    if (!services.workspace)
        return Protection::Open;
    if (const auto known = services.workspace->target(target))
        return known->protection;
    const auto *session = services.workspace->opened(target); // of an alias that is gone
    return session ? session->target().protection : Protection::Open;
}

Can ActRunner::can(const QString &id, const ActRequest &asked) const
{
    const Act *act = findAct(id);
    if (!act)
        return Can::absent();
    const auto request = settled(d->services, act, asked);
    if (act->mutates == Mutates::Yes
        && protectionOf(d->services, request.target) == Protection::ReadOnly)
        return Can::refused(tr("This target is read-only: nothing that changes it is sent."));
    return act->can(d->services, request);
}

bool ActRunner::needsTypedName(const QString &id, const ActRequest &asked) const
{
    const Act *act = findAct(id);
    if (!act || act->destructive == Destructive::No)
        return false;
    const auto request = settled(d->services, act, asked);
    return protectionOf(d->services, request.target) != Protection::Open;
}

QString ActRunner::preview(const QString &id, const ActRequest &asked) const
{
    const Act *act = findAct(id);
    return act ? act->preview(d->services, settled(d->services, act, asked)) : QString();
}

Task<Result<QJsonObject>> ActRunner::run(Context context, QString id, ActRequest asked)
{
    const Act *act = findAct(id);
    if (!act) {
        Error unknown{ErrorKind::NotFound, QStringLiteral("acts"),
            tr("There is no act called “%1”.").arg(id), {}, {}};
        co_return fail(unknown);
    }
    const auto data = d;
    if (data->services.workspace) // another process may just have protected the target
        data->services.workspace->takeChanges();
    const auto request = settled(data->services, act, asked);
    Work work = [data, act, request](Context inner, Permit permit) {
        return act->run(inner, permit, data->services, request);
    };
    auto performing = perform(context, act, request, std::move(work));
    co_return co_await std::move(performing);
}

Task<Result<QJsonObject>> ActRunner::perform(
    Context context, const Act *act, ActRequest request, Work work)
{
    const auto data = d;
    const QString id = QString::fromLatin1(act->id);
    const Can allowed = can(id, request);
    if (!allowed.ok()) {
        const bool absent = allowed.answer == Can::Answer::Absent;
        Error refused{absent ? ErrorKind::NotFound : ErrorKind::Denied, QStringLiteral("acts"),
            absent ? tr("There is nothing to do this to.") : allowed.reason,
            absent ? request.target + request.subject : QString(), {}};
        // Denied is for protection; what the act itself refuses does not fit the state of things.
        const bool readOnly = act->mutates == Mutates::Yes
            && protectionOf(data->services, request.target) == Protection::ReadOnly;
        if (!absent && !readOnly) {
            refused.kind = ErrorKind::Conflict;
            const auto link = agentLink(data->services, request.target);
            if (!link && link.error().message == allowed.reason)
                refused = link.error();
        }
        co_return fail(refused);
    }
    const auto target = data->services.workspace ? data->services.workspace->target(request.target)
                                                 : std::nullopt;
    if (needsTypedName(id, request) && (!target || request.typedName != target->name)) {
        Error unconfirmed{ErrorKind::Denied, QStringLiteral("protection"),
            tr("%1 is protected.").arg(target ? target->name : request.target), {},
            tr("Type its name to confirm.")};
        co_return fail(unconfirmed);
    }

    Activity activity;
    activity.id = QStringLiteral("activity-%1").arg(++data->count);
    activity.act = id;
    activity.title = QCoreApplication::translate("acts", act->title);
    activity.target = request.target;
    activity.preview = act->preview(data->services, request);
    activity.startedAt = QDateTime::currentMSecsSinceEpoch();

    std::optional<qint64> audit;
    if (act->mutates != Mutates::No && !data->services.ledger) {
        Error shut{ErrorKind::Internal, QStringLiteral("audit"),
            tr("The ledger is not open, so nothing can be changed."), {},
            tr("See why ledger.db cannot be opened, and start again.")};
        co_return fail(shut);
    }
    if (act->mutates != Mutates::No) {
        AuditRow row;
        row.time = activity.startedAt;
        row.act = id;
        row.target = request.target;
        row.preview = activity.preview;
        row.user = qEnvironmentVariable("USER", qEnvironmentVariable("LOGNAME"));
        const auto begun = data->services.ledger->auditBegin(row);
        if (!begun) // what cannot be audited is not done
            co_return fail(begun.error());
        audit = *begun;
    }

    const QString activityId = activity.id;
    const auto token = data->begin(std::move(activity));
    std::stop_source stop = data->find(activityId)->stop;
    const std::stop_callback passOn(context.stop(), [stop]() mutable { stop.request_stop(); });
    const Context inner(token, context.deadline(), activityId);
    auto running = work(inner, Permit());
    const auto result = co_await std::move(running);

    if (!data->runner)
        co_return result; // the program is ending: the row stays without a result
    if (audit) {
        const auto ended = result
            ? data->services.ledger->auditEnd(*audit, QStringLiteral("done"), {})
            : data->services.ledger->auditEnd(*audit, errorKindName(result.error().kind),
                (result.error().message + QLatin1Char('\n') + result.error().cause).trimmed());
        if (!ended)
            qCWarning(lcActs) << ended.error().message << ended.error().cause;
    }
    data->end(activityId, result ? std::nullopt : std::optional<Error>(result.error()));
    co_return result;
}

QList<Activity> ActRunner::activities() const
{
    QList<Activity> all;
    for (auto one = d->activities.rbegin(); one != d->activities.rend(); ++one)
        all << one->activity;
    return all;
}

void ActRunner::cancel(const QString &activityId)
{
    if (const auto *running = d->find(activityId)) {
        auto stop = running->stop; // a copy: callbacks may add activities
        stop.request_stop();
    }
}

void ActRunner::progress(const QString &activityId, qint64 done, qint64 total, const QString &note)
{
    auto *running = d->find(activityId);
    if (!running || !running->activity.running())
        return;
    running->activity.done = done;
    running->activity.total = total;
    running->activity.note = note;
    Q_EMIT activityChanged(activityId);
}

/// A session that meets a host without the agent asks for the act "agent.deploy".
static Task<Result<QJsonObject>> putAgent(Context context, Permit permit,
    std::shared_ptr<Transport> transport, HostProbe probe, AgentBinary binary, Progress progress)
{
    auto deploying = deployAgent(context, permit, transport, probe, binary, progress);
    const auto path = co_await std::move(deploying);
    if (!path)
        co_return fail(path.error());
    QJsonObject result;
    result.insert(QStringLiteral("path"), *path);
    result.insert(QStringLiteral("agent_version"), binary.version);
    co_return result;
}

static Task<Result<QString>> pathOf(Task<Result<QJsonObject>> performing)
{
    auto mine = std::move(performing);
    const auto result = co_await std::move(mine);
    if (!result)
        co_return fail(result.error());
    co_return result->value(QStringLiteral("path")).toString();
}

void ActRunner::takeOverDeployment()
{
    if (!d->services.workspace)
        return;
    d->services.workspace->setDeployer([this](Context context, Target target,
                                           std::shared_ptr<Transport> transport, HostProbe probe,
                                           AgentBinary binary, Progress progress) {
        ActRequest request;
        request.target = target.id;
        const auto shown = [data = d, progress](const QString &id, qint64 done, qint64 total) {
            if (data->runner)
                data->runner->progress(id, done, total, tr("uploading agent"));
            progress(done, total);
        };
        Work work = [transport, probe, binary, shown](Context inner, Permit permit) {
            const Progress both = [shown, id = inner.actId()](
                                      qint64 done, qint64 total) { shown(id, done, total); };
            return putAgent(inner, permit, transport, probe, binary, both);
        };
        return pathOf(
            perform(context, findAct(QStringLiteral("agent.deploy")), request, std::move(work)));
    });
}

void ActRunner::takeOverRemedies()
{
    if (!d->services.jobs)
        return;
    d->services.jobs->setRemedyAsker([this](JobService::Remedy remedy, const QString &id) {
        ActRequest request;
        request.subject = id;
        const Act *act
            = findAct(remedy == JobService::Remedy::Resubmit ? QStringLiteral("job.resubmit")
                                                             : QStringLiteral("job.cancel"));
        request = settled(d->services, act, request);
        // The user has decided already: what is only carried out now needs no second name.
        if (const auto target = d->services.workspace->target(request.target))
            request.typedName = target->name;
        run(Context(), QString::fromLatin1(act->id), request); // goes on by itself
    });
}

} // namespace pilothouse
