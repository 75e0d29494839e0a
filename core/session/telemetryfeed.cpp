// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/telemetryfeed.h"

#include "core/base/log.h"

#include <QDateTime>
#include <QPointer>

#include <algorithm>
#include <cstdlib>

namespace pilothouse {

static constexpr qint64 second = 1'000'000'000;
static constexpr qint64 liveStart = 60; ///< ticks shown at once
static constexpr qint64 ringSeconds = 7200; ///< the node keeps two hours at 1 s
static constexpr qint64 rollupSeconds = 86400;
static constexpr qsizetype maxSeries = 65536;
static constexpr int newPerMinute = 1000;
static constexpr qsizetype mostRuns = 64; ///< of a link that always goes before it is filled
static constexpr int firstPause = 1000, longestPause = 60'000;

TelemetryFeed::TelemetryFeed(std::shared_ptr<const Link> link, TelemetryStore *store,
    std::shared_ptr<FeedState> state, QObject *parent)
    : QObject(parent)
    , m_link(std::move(link))
    , m_store(store)
    , m_state(std::move(state))
{
    m_sentEpochNs = m_link->facts.wallNs - m_link->facts.boottimeNs;
    m_wallOffsetNs = m_link->clock->offsetNs();
    m_bootOffsetNs = m_sentEpochNs - m_wallOffsetNs;
    m_again.setSingleShot(true);
    m_again.setInterval(firstPause);
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
    handlers.kernel = [this](std::vector<KernelMessage> messages) {
        for (auto &message : messages)
            message.at -= m_wallOffsetNs / 1'000'000;
        Q_EMIT kernelSaid(messages);
    };
    handlers.ended = [this](const Error &error) {
        qCInfo(lcAgent) << "telemetry of" << m_link->targetId << "ended:" << error.message
                        << error.cause;
        m_again.start(); // a lost link destroys us first
        m_again.setInterval(std::min(m_again.interval() * 2, longestPause));
    };
    if (!m_state->completeUntil) {
        const qint64 newest = m_store->newestTime(m_link->targetId);
        m_state->completeUntil
            = m_state->mark ? std::min(m_state->mark->completeUntil, newest) : newest;
    }
    m_storedUntil = *m_state->completeUntil;
    setMark();
    ++m_round;
    while (m_state->runs.size() > mostRuns)
        m_state->runs.removeFirst();
    m_firstLive = m_lastLive = m_firstFilling = 0;
    m_liveRun.reset();
    m_fillingRun.reset();
    m_filled = m_olderComing = false;
    m_filling.reset();
    m_live = m_link->agent->subscribe(TelemetryCursor(), quint32(liveStart), std::move(handlers));
}

/// Before the first live tick is stored: from then on there is a hole.
void TelemetryFeed::setMark()
{
    auto &mark = m_state->mark;
    const auto keepDating = [](qint64 &offset, qint64 before) {
        if (std::llabs(offset - before) < second / 2) // else a clock was set or the host restarted
            offset = before;
    };
    if (mark) {
        keepDating(m_bootOffsetNs, mark->bootOffsetNs);
        keepDating(m_wallOffsetNs, mark->wallOffsetNs);
    }
    mark = FillMark{m_storedUntil, m_bootOffsetNs, m_wallOffsetNs};
    if (m_state->keepMark)
        m_state->keepMark(mark);
}

/// Once what was filled in is on disk as well.
void TelemetryFeed::clearMark()
{
    if (m_clearing || !m_state->mark)
        return;
    m_clearing = true;
    auto flushing = m_store->flush();
    QCoro::connect(std::move(flushing), this, [this, round = m_round](const Result<> &flushed) {
        m_clearing = false;
        if (!flushed || round != m_round)
            return;
        m_state->mark.reset();
        if (m_state->keepMark)
            m_state->keepMark({});
    });
}

void TelemetryFeed::takeCatalogue(const AgentCatalogue &catalogue)
{
    if (catalogue.ringId != m_state->cursor.ringId) {
        m_state->cursor = TelemetryCursor{catalogue.ringId, 0};
        m_state->runs.clear();
    }
    if (m_firstLive == 0)
        m_knownUntil = m_state->cursor.after;
    m_catalogue = catalogue;
    m_ids.clear();
    const auto taken = takenSeries(catalogue);
    for (const auto &series : catalogue.series.mid(0, taken)) {
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
    if (taken < catalogue.series.size())
        m_state->unsupported << qMakePair(
            tr("%n more series", nullptr, int(catalogue.series.size() - taken)),
            tr("the node names more new series than are taken from one node"));
    Q_EMIT catalogueChanged();
}

/// How many of the catalogue's series, from its beginning, are taken.
qsizetype TelemetryFeed::takenSeries(const AgentCatalogue &catalogue)
{
    auto &known = m_state->series;
    const bool first = known.isEmpty();
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (now - m_state->minuteStart > 60'000 || now < m_state->minuteStart) {
        m_state->minuteStart = now;
        m_state->newInMinute = 0;
    }
    qsizetype taken = 0;
    for (const auto &series : catalogue.series) {
        const auto key = qMakePair(series.device, series.metric);
        if (!known.contains(key)) {
            if (known.size() >= maxSeries || (!first && m_state->newInMinute >= newPerMinute))
                break;
            known.insert(key);
            m_state->newInMinute += first ? 0 : 1;
        }
        ++taken;
    }
    return taken;
}

void TelemetryFeed::followClock(qint64 sentWallNs, qint64 sentBoottimeNs)
{
    if (sentWallNs == 0)
        return;
    m_sentEpochNs = sentWallNs - sentBoottimeNs;
    const qint64 now = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    const bool set = m_link->clock->follow(sentWallNs, now);
    // Boot time goes on evenly, so a jump here is our own clock's.
    if (m_bootStep.take(now - sentBoottimeNs, m_bootOffsetNs))
        m_bootOffsetNs = now - sentBoottimeNs;
    if (set) {
        m_wallOffsetNs = m_link->clock->offsetNs();
        Q_EMIT clockSet();
    }
}

qint64 TelemetryFeed::consoleTime(const AgentTick &tick) const
{
    // Boot time is immune to a clock that is set meanwhile; a tick of an earlier boot has only its
    // wall clock.
    const bool thisBoot = std::llabs(tick.wallNs - tick.boottimeNs - m_sentEpochNs) < second;
    const qint64 ns = thisBoot ? tick.boottimeNs + m_bootOffsetNs : tick.wallNs - m_wallOffsetNs;
    return ns / 1'000'000;
}

/// The first live ticks reach back to what may have come over an earlier link.
bool TelemetryFeed::isStored(const AgentTick &tick, qint64 time) const
{
    for (const auto &[first, last] : std::as_const(m_state->runs)) {
        if (tick.number >= first && tick.number <= last)
            return true;
    }
    return m_knownUntil != 0 ? tick.number <= m_knownUntil : time <= m_storedUntil + 500;
}

void TelemetryFeed::noteRun(std::optional<qsizetype> &run, const std::vector<AgentTick> &ticks)
{
    if (!run) {
        run = m_state->runs.size();
        m_state->runs << qMakePair(ticks.front().number, ticks.back().number);
    }
    m_state->runs[*run].second = ticks.back().number;
}

/// Only what has no hole before it counts.
void TelemetryFeed::noteComplete()
{
    if (!m_filled || m_olderComing)
        return;
    m_state->cursor.after = m_lastLive;
    m_state->completeUntil = m_state->newestAt;
    m_state->runs.clear();
    m_liveRun.reset();
    m_fillingRun.reset();
    clearMark();
}

void TelemetryFeed::takeTicks(
    const std::vector<AgentTick> &ticks, qint64 sentWallNs, qint64 sentBoottimeNs, bool live)
{
    if (live) {
        followClock(sentWallNs, sentBoottimeNs);
        m_again.setInterval(firstPause);
    }
    std::vector<StoreTick> out;
    out.reserve(ticks.size());
    for (const auto &tick : ticks) {
        const qint64 time = consoleTime(tick);
        if (isStored(tick, time) || (!live && tick.number >= m_firstLive))
            continue;
        StoreTick stored;
        stored.time = time;
        stored.values = tick.values;
        stored.values.resize(m_ids.size(), qQNaN());
        out.push_back(std::move(stored));
    }
    if (!out.empty()) {
        m_state->newestAt = std::max(m_state->newestAt, out.back().time);
        m_store->append(m_ids, std::move(out));
    }
    noteRun(live ? m_liveRun : m_fillingRun, ticks);
    if (live) {
        m_lastLive = ticks.back().number;
        if (m_firstLive == 0) {
            m_firstLive = ticks.front().number;
            fillBefore(m_firstLive);
        }
    } else if (ticks.back().number + 1 >= m_firstLive) {
        m_filled = true;
        QTimer::singleShot(0, this, [this, round = m_round] {
            if (round == m_round)
                m_filling.reset();
        });
    }
    noteComplete();
    if (live)
        Q_EMIT sampleArrived();
}

void TelemetryFeed::fillBefore(quint64 firstLive)
{
    if (m_knownUntil != 0 && m_knownUntil + 1 >= firstLive) {
        m_filled = true;
        return;
    }
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    startFilling(quint32(std::clamp((now - m_storedUntil) / 1000 + 2, liveStart + 1, ringSeconds)));
}

void TelemetryFeed::startFilling(quint32 newest)
{
    TelemetryHandlers handlers;
    auto begun = std::make_shared<bool>(false);
    handlers.ticks
        = [this, begun, newest](const std::vector<AgentTick> &ticks, qint64 wall, qint64 boot) {
              if (!std::exchange(*begun, true) && !reachesBack(ticks.front(), newest))
                  return; // another stream has taken this one's place
              takeTicks(ticks, wall, boot, false);
          };
    handlers.ended = [](const Error &) {}; // the live stream starts again and with it the filling
    m_filling = m_link->agent->subscribe(m_state->cursor, newest, std::move(handlers));
}

/// Numbers may run ahead of the seconds, over a restart of the host by as much as its clock was
/// wrong: so many of the newest are then fewer than there are seconds, and more must be asked for.
bool TelemetryFeed::reachesBack(const AgentTick &first, quint32 newest)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const qint64 wanted = std::max(m_storedUntil, now - ringSeconds * 1000);
    const bool reaches = newest == 0 || first.number <= m_knownUntil + 1
        || first.number == m_firstFilling || first.wallNs <= m_catalogue.firstWallNs
        || consoleTime(first) <= wanted + 2000;
    m_firstFilling = first.number;
    if (!reaches)
        startFilling(newest > 4 * ringSeconds ? 0 : newest * 4);
    else if (consoleTime(first) > m_storedUntil + 60'000)
        fillOlder(first.wallNs);
    return reaches;
}

void TelemetryFeed::fillOlder(qint64 untilWallNs)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    const qint64 from
        = std::max(m_storedUntil * 1'000'000, now - rollupSeconds * second) + m_wallOffsetNs;
    m_olderComing = true;
    auto asked = m_link->agent->backFill(Context(), m_catalogue.ringId, from, untilWallNs);
    QCoro::connect(std::move(asked), this,
        [this, round = m_round](const Result<std::vector<AgentRollup>> &rows) {
            if (rows)
                takeOlder(*rows);
            // A lost link ends us, and then all is asked for again; any other refusal stays.
            if (round != m_round)
                return;
            m_olderComing = !rows && rows.error().kind == ErrorKind::Unreachable;
            noteComplete();
        });
}

void TelemetryFeed::takeOlder(const std::vector<AgentRollup> &rows)
{
    for (const auto &row : rows) {
        const qint64 start = (row.startWallNs - m_wallOffsetNs) / 1'000'000;
        auto min = row.min, max = row.max, last = row.last;
        for (auto *values : {&min, &max, &last}) // rows from before a series was there are shorter
            values->resize(m_ids.size(), qQNaN());
        m_store->appendRollup(
            m_ids, start, row.seconds, std::move(min), std::move(max), std::move(last));
    }
}

} // namespace pilothouse
