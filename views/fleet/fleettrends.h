// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <QElapsedTimer>
#include <QHash>
#include <QSet>

#include <functional>
#include <utility>

namespace pilothouse {

/// Curves of the rows that are painted, for sparklines: what the store knows, in memory and on
/// disk. Painting waits for nothing: what is known already is drawn, and all that is older than a
/// second is asked for together. Main thread.
class FleetTrends : public QObject {
    Q_OBJECT

public:
    /// Begin and end, Unix ms.
    using Range = std::function<std::pair<qint64, qint64>()>;

    FleetTrends(TelemetryStore *store, Range range, QObject *parent = nullptr);
    /// As known; without columns when nothing is known yet.
    Curve trend(SeriesId id, int columns);
    /// `then` gets since when a GPU has been idle without a break, an hour before `now` at most, by
    /// its series of utilisation; at once when that is in memory, never when it is not idle.
    void findIdle(SeriesId id, qint64 now, std::function<void(qint64 since)> then);

Q_SIGNALS:
    void changed(); ///< trend() has newer curves

private:
    struct Known {
        Curve curve;
        int columns = 0; ///< as asked for
        qint64 at = 0; ///< of m_clock
    };
    void askSoon();
    void ask();

    TelemetryStore *m_store;
    const Range m_range;
    QElapsedTimer m_clock;
    QHash<SeriesId, Known> m_known;
    QSet<SeriesId> m_wanted;
    int m_columns = 0;
    bool m_asking = false;
};

} // namespace pilothouse
