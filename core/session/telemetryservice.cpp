// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/telemetryservice.h"

#include "core/session/plainbasics.h"
#include "core/session/telemetryfeed.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>

#include <map>

namespace pilothouse {

class TelemetryServicePrivate {
public:
    struct Node {
        std::shared_ptr<FeedState> state = std::make_shared<FeedState>();
        std::unique_ptr<QObject> feed; ///< TelemetryFeed, or PlainFeed when there is no agent
        quint64 epoch = 0;
    };
    Workspace *workspace = nullptr;
    TelemetryStore *store = nullptr;
    std::map<QString, Node> nodes;

    Node &node(const QString &target);
};

static FillMark markFromJson(const QJsonObject &json)
{
    const auto number = [&](const char *key) { return json.value(QLatin1String(key)).toInteger(); };
    return {number("complete_until"), number("boot_offset_ns"), number("wall_offset_ns")};
}

static QJsonObject markToJson(const FillMark &mark)
{
    return {{QStringLiteral("complete_until"), mark.completeUntil},
        {QStringLiteral("boot_offset_ns"), mark.bootOffsetNs},
        {QStringLiteral("wall_offset_ns"), mark.wallOffsetNs}};
}

TelemetryServicePrivate::Node &TelemetryServicePrivate::node(const QString &target)
{
    const auto [place, isNew] = nodes.try_emplace(target);
    if (isNew) {
        const QString key = QStringLiteral("fill:") + target;
        auto &state = *place->second.state;
        if (const auto kept = workspace->remembered(key)) {
            const auto json = QJsonDocument::fromJson(kept->first).object();
            if (!json.isEmpty())
                state.mark = markFromJson(json);
        }
        state.keepMark = [workspace = QPointer<Workspace>(workspace), key](
                             const std::optional<FillMark> &mark) {
            const QJsonDocument json(mark ? markToJson(*mark) : QJsonObject());
            if (workspace)
                workspace->remember(key, json.toJson(QJsonDocument::Compact));
        };
    }
    return place->second;
}

TelemetryService::TelemetryService(Workspace *workspace, TelemetryStore *store, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<TelemetryServicePrivate>())
{
    d->workspace = workspace;
    d->store = store;
    connect(workspace, &Workspace::sessionChanged, this, &TelemetryService::follow);
    const auto opened = workspace->openedSessions();
    for (const auto &target : opened)
        follow(target);
}

TelemetryService::~TelemetryService() = default;

void TelemetryService::follow(const QString &target)
{
    auto *session = d->workspace->session(target);
    const auto link = session != nullptr ? session->current() : nullptr;
    auto &node = d->node(target);
    if (!link) {
        node.feed.reset();
        node.epoch = 0;
        return;
    }
    if (node.epoch == link->epoch || d->store == nullptr || !d->store->writable())
        return;
    node.epoch = link->epoch;
    if (link->agent) {
        auto feed = std::make_unique<TelemetryFeed>(link, d->store, node.state);
        connect(feed.get(), &TelemetryFeed::catalogueChanged, this,
            [this, target] { Q_EMIT catalogueChanged(target); });
        connect(feed.get(), &TelemetryFeed::sampleArrived, this,
            [this, target] { Q_EMIT sampleArrived(target); });
        connect(feed.get(), &TelemetryFeed::kernelSaid, this,
            [this, target](const std::vector<KernelMessage> &messages) {
                Q_EMIT kernelSaid(target, messages);
            });
        connect(feed.get(), &TelemetryFeed::clockSet, this,
            [this, target] { Q_EMIT clockSet(target); });
        node.feed = std::move(feed);
    } else {
        auto feed = std::make_unique<PlainFeed>(link, d->store, node.state);
        connect(feed.get(), &PlainFeed::catalogueChanged, this,
            [this, target] { Q_EMIT catalogueChanged(target); });
        connect(feed.get(), &PlainFeed::sampleArrived, this,
            [this, target] { Q_EMIT sampleArrived(target); });
        node.feed = std::move(feed);
    }
}

QList<QPair<QString, QString>> TelemetryService::unsupported(const QString &target) const
{
    const auto found = d->nodes.find(target);
    return found == d->nodes.end() ? QList<QPair<QString, QString>>()
                                   : found->second.state->unsupported;
}

qint64 TelemetryService::newestSampleAt(const QString &target) const
{
    const auto found = d->nodes.find(target);
    const qint64 live = found == d->nodes.end() ? 0 : found->second.state->newestAt;
    return std::max(live, d->store != nullptr ? d->store->newestTime(target) : 0);
}

Task<Result<QList<Process>>> TelemetryService::processes(Context context, QString target)
{
    auto *session = d->workspace->session(target);
    const auto link = session != nullptr ? session->current() : nullptr;
    if (!link || !link->agent)
        co_return fail({ErrorKind::Unreachable, QStringLiteral("processes"),
            link ? link->without : tr("Not connected."), {}, {}});
    co_return co_await link->agent->processes(context, 50);
}

} // namespace pilothouse
