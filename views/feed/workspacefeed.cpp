// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/feed/workspacefeed.h"

#include "core/models/fleet.h"
#include "core/session/telemetryservice.h"
#include "core/session/workspace.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {

static QString keyOf(const QString &id)
{
    return QStringLiteral("view:") + id;
}

WorkspaceFeed::WorkspaceFeed(Workspace *workspace, TelemetryService *telemetry, QObject *parent)
    : TargetFeed(parent)
    , m_workspace(workspace)
    , m_telemetry(telemetry)
{
    connect(workspace, &Workspace::targetsChanged, this, &TargetFeed::targetsChanged);
    connect(workspace, &Workspace::sessionChanged, this, &WorkspaceFeed::sessionChanged);
    connect(workspace, &Workspace::stagesChanged, this, &TargetFeed::statusChanged);
    // A daemon that has just started finds its GPUs after the handshake.
    if (telemetry) {
        connect(telemetry, &TelemetryService::catalogueChanged, this, &WorkspaceFeed::askAgain);
        connect(telemetry, &TelemetryService::clockSet, this, &TargetFeed::statusChanged);
    }
}

qint64 WorkspaceFeed::now() const
{
    return QDateTime::currentMSecsSinceEpoch();
}

void WorkspaceFeed::sessionChanged(const QString &id)
{
    remember(id);
    Q_EMIT statusChanged(id);
}

static Task<Result<NodeFacts>> factsNow(Context context, std::shared_ptr<const Link> link)
{
    auto asking = link->agent->hello(context);
    co_return co_await std::move(asking);
}

void WorkspaceFeed::askAgain(const QString &id)
{
    const auto link = this->link(id);
    if (!link || !link->agent)
        return;
    auto asking = factsNow(Context().within(std::chrono::seconds(10)), link);
    QCoro::connect(std::move(asking), this, [this, id, link](const Result<NodeFacts> &facts) {
        if (!facts || facts->devices == nodeFacts(id, *link).devices)
            return;
        // The clocks stay those of the handshake: ages count from there.
        Heard heard{link->epoch, link->facts};
        heard.facts.devices = facts->devices;
        heard.facts.warnings = facts->warnings;
        heard.facts.capabilities = facts->capabilities;
        m_heard.insert(id, heard);
        remember(id);
        Q_EMIT statusChanged(id);
    });
}

void WorkspaceFeed::askWhyQuiet(const QString &id, qint64 age)
{
    const qint64 at = now();
    auto &asked = m_askedAt[id];
    if (m_telemetry == nullptr || at - m_telemetry->newestSampleAt(id) >= staleAfterMs
        || (at >= asked && at - asked < age / 3))
        return;
    asked = at;
    askAgain(id);
}

NodeFacts WorkspaceFeed::nodeFacts(const QString &id, const Link &link) const
{
    const auto heard = m_heard.constFind(id);
    return heard != m_heard.constEnd() && heard->epoch == link.epoch ? heard->facts : link.facts;
}

QList<TargetStatus> WorkspaceFeed::targets() const
{
    QList<TargetStatus> all;
    const auto targets = m_workspace->targets();
    all.reserve(targets.size());
    for (const auto &target : targets)
        all << statusOf(target);
    return all;
}

std::optional<TargetStatus> WorkspaceFeed::status(const QString &id) const
{
    const auto target = m_workspace->target(id);
    if (!target)
        return {};
    return statusOf(*target);
}

TargetStatus WorkspaceFeed::statusOf(const Target &target) const
{
    TargetStatus status = recalled(target);
    if (m_telemetry)
        status.seenAt = qMax(status.seenAt, m_telemetry->newestSampleAt(target.id));
    const auto *session = m_workspace->opened(target.id);
    if (!session)
        return status;
    status.state = session->state();
    status.stages = session->stages();
    status.tested = session->tested();
    status.error = session->error();
    status.changedAt = session->changedAt();
    status.nextAttemptAt = session->nextAttemptAt();
    if (const auto link = session->current()) {
        status.summary = link->summary;
        status.transportWhy = link->transportWhy;
        status.skewMs = link->clock->skewMs();
        status.without = link->without;
        status.agentVersion = link->facts.agentVersion;
        status.os = link->facts.os;
        status.arch = link->facts.arch;
        status.gpus = int(nodeFacts(target.id, *link).devices.size());
        status.cpus = int(link->facts.cpuCount);
    }
    return status;
}

static QString factsKeyOf(const QString &id)
{
    return QStringLiteral("facts:") + id;
}

static KnownFacts factsOf(const Link &link)
{
    KnownFacts facts;
    facts.node = link.facts;
    facts.transport = link.transport ? link.transport->kind() : QString();
    facts.transportWhy = link.transportWhy;
    facts.summary = link.summary;
    facts.without = link.without;
    facts.roundTripNs = link.roundTripNs;
    facts.skewMs = link.clock->skewMs();
    if (link.agent && !facts.skewMs)
        facts.skewMs = link.clock->offsetNs() / 1'000'000;
    return facts;
}

std::shared_ptr<const Link> WorkspaceFeed::link(const QString &id) const
{
    const auto *session = m_workspace->opened(id);
    return session ? session->current() : nullptr;
}

std::optional<KnownFacts> WorkspaceFeed::facts(const QString &id) const
{
    if (const auto link = this->link(id)) {
        auto facts = factsOf(*link);
        facts.node = nodeFacts(id, *link);
        facts.heardAt = m_workspace->opened(id)->changedAt();
        facts.live = true;
        return facts;
    }
    const auto stored = m_workspace->remembered(factsKeyOf(id));
    if (!stored)
        return {};
    auto facts = factsFromJson(QJsonDocument::fromJson(stored->first).object());
    facts.heardAt = stored->second;
    return facts;
}

Task<Result<QList<Process>>> WorkspaceFeed::processes(Context context, QString id)
{
    if (!m_telemetry) {
        Error closed{ErrorKind::Unsupported, QStringLiteral("processes"),
            tr("Samples are not taken in this window."), {}, {}};
        co_return fail(closed);
    }
    auto asking = m_telemetry->processes(context, id);
    co_return co_await std::move(asking);
}

/// What was remembered of a target that was not contacted yet.
TargetStatus WorkspaceFeed::recalled(const Target &target) const
{
    auto known = m_recalled.find(target.id);
    if (known == m_recalled.end()) {
        TargetStatus status;
        if (const auto stored = m_workspace->remembered(keyOf(target.id)))
            readStored(*stored, status);
        known = m_recalled.insert(target.id, status);
    }
    known->target = target;
    return *known;
}

void WorkspaceFeed::readStored(const std::pair<QByteArray, qint64> &stored, TargetStatus &status)
{
    const auto object = QJsonDocument::fromJson(stored.first).object();
    const auto text = [&](const char *key) { return object.value(QLatin1String(key)).toString(); };
    status.summary = text("summary");
    status.agentVersion = text("agent_version");
    status.os = text("os");
    status.arch = text("arch");
    status.gpus = object.value(QLatin1String("gpus")).toInt(-1);
    status.cpus = object.value(QLatin1String("cpus")).toInt(-1);
    status.seenAt = stored.second;
}

void WorkspaceFeed::remember(const QString &id)
{
    const auto *session = m_workspace->opened(id);
    const auto link = session ? session->current() : nullptr;
    if (!link)
        return;
    const QJsonObject object{{QStringLiteral("summary"), link->summary},
        {QStringLiteral("agent_version"), link->facts.agentVersion},
        {QStringLiteral("os"), link->facts.os}, {QStringLiteral("arch"), link->facts.arch},
        {QStringLiteral("gpus"), int(nodeFacts(id, *link).devices.size())},
        {QStringLiteral("cpus"), int(link->facts.cpuCount)}};
    m_workspace->remember(keyOf(id), QJsonDocument(object).toJson(QJsonDocument::Compact));
    m_workspace->remember(
        factsKeyOf(id), QJsonDocument(factsToJson(factsOf(*link))).toJson(QJsonDocument::Compact));
    m_recalled.remove(id);
}

} // namespace pilothouse
