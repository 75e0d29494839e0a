// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/session: one link's samples on their way into the store.

#include "core/session/link.h"
#include "core/telemetry/store.h"

#include <QObject>
#include <QPair>
#include <QSet>
#include <QTimer>

#include <functional>

namespace pilothouse {

/// Kept on disk while ticks before the newest stored one are missing, so that a console that is
/// killed meanwhile asks for them again: the newest stored time says nothing of holes before it.
struct FillMark {
    qint64 completeUntil = 0; ///< Unix ms; up to here nothing is missing
    /// How ticks were dated. Dated the same way again, what is stored already is known by its time.
    qint64 bootOffsetNs = 0, wallOffsetNs = 0;
};

/// Where a target's samples go on when its link comes back. Kept by the service over links.
struct FeedState {
    TelemetryCursor cursor; ///< everything up to this tick is in the store
    std::optional<qint64> completeUntil; ///< the same as a time, Unix ms; 0 = nothing
    /// First and last numbers of runs behind the cursor that are in the store, so that a link that
    /// goes in the middle of the filling neither leaves a hole nor has ticks stored twice.
    QList<QPair<quint64, quint64>> runs;
    QSet<QPair<QString, QString>> series; ///< device and metric of all series taken from the node
    qint64 minuteStart = 0; ///< Unix ms; of the minute in which `newInMinute` were new
    int newInMinute = 0;
    QList<QPair<QString, QString>> unsupported;
    qint64 newestAt = 0;
    std::optional<FillMark> mark; ///< what is missing is not yet all on disk
    std::function<void(const std::optional<FillMark> &mark)> keepMark; ///< for the next process
};

/// Lives as long as its link. Live ticks first, so that charts move at once; what is missing
/// between the store and the first live tick comes by a second subscription, and by 30 s rows where
/// that does not reach: two hours back, or where the node's 1 s ring begins. A node may name 65,536
/// series in all, and after its first catalogue 1,000 new ones a minute.
class TelemetryFeed : public QObject {
    Q_OBJECT

public:
    TelemetryFeed(std::shared_ptr<const Link> link, TelemetryStore *store,
        std::shared_ptr<FeedState> state, QObject *parent = nullptr);
    ~TelemetryFeed() override;

Q_SIGNALS:
    void catalogueChanged();
    void sampleArrived();
    void kernelSaid(const std::vector<pilothouse::KernelMessage> &messages);
    void clockSet(); ///< the node's, while we listened

private:
    void subscribe();
    void setMark();
    void clearMark();
    void takeCatalogue(const AgentCatalogue &catalogue);
    void takeTicks(
        const std::vector<AgentTick> &ticks, qint64 sentWallNs, qint64 sentBoottimeNs, bool live);
    qsizetype takenSeries(const AgentCatalogue &catalogue);
    bool isStored(const AgentTick &tick, qint64 time) const;
    void fillBefore(quint64 firstLive);
    void startFilling(quint32 newest);
    bool reachesBack(const AgentTick &first, quint32 newest);
    void fillOlder(qint64 untilWallNs);
    void takeOlder(const std::vector<AgentRollup> &rows);
    void noteRun(std::optional<qsizetype> &run, const std::vector<AgentTick> &ticks);
    void noteComplete();
    qint64 consoleTime(const AgentTick &tick) const;
    void followClock(qint64 sentWallNs, qint64 sentBoottimeNs);

    std::shared_ptr<const Link> m_link;
    TelemetryStore *m_store;
    std::shared_ptr<FeedState> m_state;
    std::unique_ptr<AgentStream> m_live, m_filling;
    AgentCatalogue m_catalogue;
    std::vector<SeriesId> m_ids;
    QTimer m_again;
    qint64 m_storedUntil = 0; ///< completeUntil when the live stream began
    quint64 m_knownUntil = 0; ///< the cursor when the live stream began; 0 = none
    quint64 m_firstLive = 0, m_lastLive = 0;
    quint64 m_firstFilling = 0; ///< where the last attempt to fill began; 0 = none yet
    std::optional<qsizetype> m_liveRun, m_fillingRun; ///< of FeedState::runs
    bool m_filled = false; ///< no tick is missing before m_firstLive
    bool m_olderComing = false; ///< rows of 30 s are asked for
    quint64 m_round = 0; ///< counts subscriptions; an answer to an earlier one is late
    qint64 m_bootOffsetNs = 0; ///< console wall clock minus the node's CLOCK_BOOTTIME
    qint64 m_wallOffsetNs = 0; ///< node minus console, for what has only a wall clock
    qint64 m_sentEpochNs = 0; ///< the node's wall clock minus its CLOCK_BOOTTIME, as last sent
    ClockStep m_bootStep;
    bool m_clearing = false; ///< waits for the disk
};

} // namespace pilothouse
