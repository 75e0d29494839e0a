// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/fleettrends.h"

#include "core/models/fleet.h"

#include <QCoroTask>
#include <QTimer>

namespace pilothouse {

static constexpr qint64 freshMs = 900; // rows are painted once a second
static constexpr qsizetype mostKnown = 2000;

FleetTrends::FleetTrends(TelemetryStore *store, Range range, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_range(std::move(range))
{
    m_clock.start();
}

Curve FleetTrends::trend(SeriesId id, int columns)
{
    const auto known = m_known.constFind(id);
    const bool fits = known != m_known.cend() && known->columns == columns;
    m_columns = columns;
    if (!fits || m_clock.elapsed() - known->at >= freshMs) {
        m_wanted.insert(id);
        askSoon();
    }
    return known != m_known.cend() ? known->curve : Curve();
}

void FleetTrends::askSoon()
{
    if (!std::exchange(m_asking, true))
        QTimer::singleShot(0, this, &FleetTrends::ask);
}

void FleetTrends::ask()
{
    const auto wanted = std::exchange(m_wanted, {});
    std::vector<SeriesId> ids(wanted.cbegin(), wanted.cend());
    const auto [from, to] = m_range();
    if (m_known.size() > mostKnown)
        m_known.clear();
    QCoro::connect(m_store->query(Context(), std::move(ids), from, to, m_columns), this,
        [this, columns = m_columns](const Result<std::vector<Curve>> &curves) {
            m_asking = false;
            if (!m_wanted.isEmpty())
                askSoon();
            if (!curves)
                return;
            for (const Curve &curve : *curves)
                m_known.insert(curve.series, {curve, columns, m_clock.elapsed()});
            Q_EMIT changed();
        });
}

void FleetTrends::findIdle(SeriesId id, qint64 now, std::function<void(qint64 since)> then)
{
    constexpr int columns = 120;
    constexpr qint64 back = 60 * 60'000;
    QCoro::connect(m_store->query(Context(), {id}, now - back, now, columns), this,
        [then = std::move(then)](const Result<std::vector<Curve>> &curves) {
            if (!curves || curves->size() != 1)
                return;
            const Curve &curve = curves->front();
            qint64 since = 0;
            for (int i = columns - 1; i >= 0; --i) {
                const Column &column = curve.columns[std::size_t(i)];
                if (column.count > 0 && column.max >= idleRatio)
                    break;
                if (column.count > 0)
                    since = curve.from + i * back / columns;
            }
            if (since > 0)
                then(since);
        });
}

} // namespace pilothouse
