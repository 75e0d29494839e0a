// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/session: one link's samples on their way into the store.

#include "core/session/link.h"
#include "core/telemetry/store.h"

#include <QObject>
#include <QTimer>

namespace pilothouse {

/// Where a target's samples go on when its link comes back. Kept by the service over links.
struct FeedState {
    TelemetryCursor cursor; ///< newest tick in the store
    QList<QPair<QString, QString>> unsupported;
    std::optional<qint64> skewMs;
    qint64 newestAt = 0;
};

/// Lives as long as its link. Live ticks first, so that charts move at once; what is missing
/// between the store and the first live tick comes by a second subscription, and by 30 s rows where
/// the node's 1 s ring no longer reaches.
class TelemetryFeed : public QObject {
    Q_OBJECT

public:
    TelemetryFeed(std::shared_ptr<const Link> link, TelemetryStore *store,
        std::shared_ptr<FeedState> state, QObject *parent = nullptr);
    ~TelemetryFeed() override;

Q_SIGNALS:
    void catalogueChanged();
    void sampleArrived();

private:
    void subscribe();
    void takeCatalogue(const AgentCatalogue &catalogue);
    void takeTicks(
        const std::vector<AgentTick> &ticks, qint64 sentWallNs, qint64 sentBoottimeNs, bool live);
    void fillBefore(quint64 firstLive);
    void fillOlder();
    qint64 consoleTime(const AgentTick &tick) const;
    void followClock(qint64 sentWallNs, qint64 sentBoottimeNs);

    std::shared_ptr<const Link> m_link;
    TelemetryStore *m_store;
    std::shared_ptr<FeedState> m_state;
    std::unique_ptr<AgentStream> m_live, m_filling;
    AgentCatalogue m_catalogue;
    std::vector<SeriesId> m_ids;
    QTimer m_again;
    qint64 m_storedUntil = 0; ///< newest time in the store when we began
    qint64 m_bootOffsetNs = 0; ///< console wall clock minus the node's CLOCK_BOOTTIME
    qint64 m_sentEpochNs = 0; ///< the node's wall clock minus its CLOCK_BOOTTIME, as last sent
    qint64 m_wallOffsetNs = 0; ///< node wall minus console wall
    quint64 m_firstLive = 0;
};

} // namespace pilothouse
