// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/telemetryfeed.h"

#include "core/base/log.h"

#include <QDateTime>
#include <QPointer>

#include <cstdlib>

namespace pilothouse {

static constexpr qint64 second = 1'000'000'000;
static constexpr quint32 liveStart = 60; ///< ticks shown at once
static constexpr qint64 ringSeconds = 7200; ///< the node keeps two hours at 1 s
static constexpr qint64 rollupSeconds = 86400;

TelemetryFeed::TelemetryFeed(std::shared_ptr<const Link> link, TelemetryStore *store,
    std::shared_ptr<FeedState> state, QObject *parent)
    : QObject(parent)
    , m_link(std::move(link))
    , m_store(store)
    , m_state(std::move(state))
{
    m_wallOffsetNs = m_link->clockOffsetNs;
    m_sentEpochNs = m_link->facts.wallNs - m_link->facts.boottimeNs;
    m_bootOffsetNs = m_sentEpochNs - m_wallOffsetNs;
    m_storedUntil = m_store->newestTime(m_link->targetId);
    m_again.setSingleShot(true);
    m_again.setInterval(1000);
    connect(&m_again, &QTimer::timeout, this, &TelemetryFeed::subscribe);
    subscribe();
}

TelemetryFeed::~TelemetryFeed() = default;

void TelemetryFeed::subscribe()
{
    TelemetryHandlers handlers;
    handlers.catalogue = [this](const AgentCatalogue &catalogue) { takeCatalogue(catalogue); };
    handlers.ticks = [this](const std::vector<AgentTick> &ticks, qint64 wall, qint64 boot) {
        takeTicks(ticks, wall, boot, true);
    };
    handlers.ended = [this](const Error &error) {
        qCInfo(lcAgent) << "telemetry of" << m_link->targetId << "ended:" << error.message
                        << error.cause;
        m_again.start(); // a lost link destroys us first
    };
    m_firstLive = 0;
    m_live = m_link->agent->subscribe(TelemetryCursor(), liveStart, std::move(handlers));
}

void TelemetryFeed::takeCatalogue(const AgentCatalogue &catalogue)
{
    if (catalogue.ringId != m_state->cursor.ringId)
        m_state->cursor = TelemetryCursor{catalogue.ringId, 0};
    m_catalogue = catalogue;
    m_ids.clear();
    for (const auto &series : catalogue.series) {
        SeriesDescription description;
        description.key = {m_link->targetId, series.device, series.metric};
        description.unit = series.unit;
        description.kind = StoredKind(int(series.kind));
        m_ids.push_back(m_store->series(description));
    }
    m_state->unsupported.clear();
    for (const auto &item : catalogue.unsupported) {
        const QString what
            = item.device.isEmpty() ? item.metric : item.metric + QLatin1Char(' ') + item.device;
        m_state->unsupported << qMakePair(what, item.reason);
    }
    Q_EMIT catalogueChanged();
}

void TelemetryFeed::followClock(qint64 sentWallNs, qint64 sentBoottimeNs)
{
    if (sentWallNs == 0)
        return;
    m_sentEpochNs = sentWallNs - sentBoottimeNs;
    // What arrives is at most a network delay old: a node clock that was set shows as a jump.
    const qint64 now = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    const qint64 seen = sentWallNs - now;
    if (std::llabs(seen - m_wallOffsetNs) > 2 * second)
        m_wallOffsetNs = seen;
    // And ours: boot time goes on evenly, so a jump of the difference is our own clock's.
    const qint64 bootOffset = now - sentBoottimeNs;
    if (std::llabs(bootOffset - m_bootOffsetNs) > 2 * second)
        m_bootOffsetNs = bootOffset;
    m_state->skewMs = m_wallOffsetNs / 1'000'000;
}

qint64 TelemetryFeed::consoleTime(const AgentTick &tick) const
{
    // Boot time is immune to a clock that is set meanwhile; a tick of an earlier boot has only its
    // wall clock.
    const bool thisBoot = std::llabs(tick.wallNs - tick.boottimeNs - m_sentEpochNs) < second;
    const qint64 ns = thisBoot ? tick.boottimeNs + m_bootOffsetNs : tick.wallNs - m_wallOffsetNs;
    return ns / 1'000'000;
}

void TelemetryFeed::takeTicks(
    const std::vector<AgentTick> &ticks, qint64 sentWallNs, qint64 sentBoottimeNs, bool live)
{
    if (live)
        followClock(sentWallNs, sentBoottimeNs);
    std::vector<StoreTick> out;
    out.reserve(ticks.size());
    for (const auto &tick : ticks) {
        if (!live && tick.number >= m_firstLive)
            continue;
        StoreTick stored;
        stored.time = consoleTime(tick);
        stored.values = tick.values;
        stored.values.resize(m_ids.size(), qQNaN());
        out.push_back(std::move(stored));
    }
    if (!out.empty()) {
        m_state->newestAt = std::max(m_state->newestAt, out.back().time);
        m_store->append(m_ids, std::move(out));
    }
    if (live && m_firstLive == 0) {
        m_firstLive = ticks.front().number;
        fillBefore(m_firstLive);
    }
    if (live)
        m_state->cursor.after = ticks.back().number;
    else if (ticks.back().number + 1 >= m_firstLive) // all that was missing is there
        QTimer::singleShot(0, this, [this] { m_filling.reset(); });
    if (live)
        Q_EMIT sampleArrived();
}

void TelemetryFeed::fillBefore(quint64 firstLive)
{
    const quint64 known = m_state->cursor.after;
    if (known + 1 >= firstLive && known != 0)
        return;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const qint64 missing = m_storedUntil == 0
        ? ringSeconds
        : std::min(ringSeconds, (now - m_storedUntil) / 1000 + 2);
    TelemetryHandlers handlers;
    handlers.ticks = [this](const std::vector<AgentTick> &ticks, qint64 wall, qint64 boot) {
        takeTicks(ticks, wall, boot, false);
    };
    handlers.ended = [](const Error &) {}; // the live stream starts again and with it the filling
    TelemetryCursor cursor;
    if (known != 0)
        cursor = m_state->cursor;
    m_filling
        = m_link->agent->subscribe(cursor, known != 0 ? 0 : quint32(missing), std::move(handlers));
    fillOlder();
}

static QCoro::Task<> appendOlder(QPointer<TelemetryFeed> feed, std::shared_ptr<const Link> link,
    TelemetryStore *store, QString ringId, std::vector<SeriesId> ids, qint64 fromNs, qint64 toNs,
    qint64 wallOffsetNs)
{
    const auto rows = co_await link->agent->backFill(Context(), ringId, fromNs, toNs);
    if (!rows || !feed)
        co_return;
    for (const auto &row : *rows) {
        const qint64 start = (row.startWallNs - wallOffsetNs) / 1'000'000;
        if (row.min.size() == ids.size())
            store->appendRollup(ids, start, row.seconds, row.min, row.max, row.last);
    }
}

void TelemetryFeed::fillOlder()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    const qint64 stored = m_storedUntil * 1'000'000;
    const qint64 from = std::max(stored, now - rollupSeconds * second) + m_wallOffsetNs;
    const qint64 to = m_catalogue.firstWallNs;
    if (to > 0 && from + 60 * second < to)
        appendOlder(this, m_link, m_store, m_catalogue.ringId, m_ids, from, to, m_wallOffsetNs);
}

} // namespace pilothouse
