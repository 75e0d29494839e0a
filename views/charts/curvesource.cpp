// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/curvesource.h"

#include "views/charts/curves.h"

namespace pilothouse {

CurveSource::CurveSource(TelemetryStore *store, QObject *parent)
    : QObject(parent)
    , m_store(store)
{
    connect(store, &TelemetryStore::appended, this, &CurveSource::changed);
}

CurveSource::~CurveSource()
{
    m_asking.request_stop();
}

void CurveSource::setSeries(std::vector<SeriesId> ids)
{
    m_ids = std::move(ids);
    m_counters.assign(m_ids.size(), false);
    for (std::size_t i = 0; i < m_ids.size(); ++i)
        if (const auto description = m_store ? m_store->describe(m_ids[i]) : std::nullopt)
            m_counters[i] = description->kind == StoredKind::Counter;
    m_newestRates.assign(m_ids.size(), std::nullopt);
    m_older.clear();
    m_asking.request_stop();
    m_asking = {};
    m_asked = false;
    Q_EMIT changed();
}

static std::optional<LatestValue> lastOf(const Curve &curve)
{
    for (std::size_t i = curve.columns.size(); i-- > 0;) {
        if (curve.columns[i].count > 0) {
            const qint64 step = (curve.to - curve.from) / qint64(curve.columns.size());
            return LatestValue{curve.from + qint64(i + 1) * step, curve.columns[i].last};
        }
    }
    return std::nullopt;
}

void CurveSource::read(qint64 from, qint64 to, int columns, const OnCurve &onCurve)
{
    if (!m_store)
        return;
    qint64 first = from; // from where on every series is hot
    m_store->hot(m_ids, from, to, columns, [&](std::size_t index, Curve &curve) {
        first = std::max(first, firstFilled(curve));
        if (index < m_older.size())
            mergeOlder(curve, m_older[index]);
        if (m_counters[index])
            m_newestRates[index] = lastOf(curve);
        onCurve(index, curve);
    });
    if (m_asked || !needsOlder(from, to, columns, first))
        return;
    auto all = m_store->atOnce(m_ids, from, to, columns);
    if (!all)
        return askOlder(from, to, columns);
    m_older = std::move(*all);
    for (std::size_t i = 0; i < m_older.size(); ++i) {
        Curve curve = m_older[i]; // it may be moved out
        if (m_counters[i])
            m_newestRates[i] = lastOf(curve);
        onCurve(i, curve);
    }
}

bool CurveSource::needsOlder(qint64 from, qint64 to, int columns, qint64 first) const
{
    const qint64 column = (to - from) / columns;
    if (first <= from + 2 * column)
        return false;
    if (m_older.empty())
        return true;
    const auto &there = m_older.front();
    const double coarser = double(there.to - there.from) / double(there.columns.size())
        / double(std::max<qint64>(column, 1));
    return there.from > from || there.to < first || coarser >= 1.5;
}

void CurveSource::askOlder(qint64 from, qint64 to, int columns)
{
    m_asked = true;
    const Context context(m_asking.get_token(), QDeadlineTimer(std::chrono::seconds(30)));
    auto answer = m_store->query(context, m_ids, from, to, columns);
    QCoro::connect(std::move(answer), this, [this, context](Result<std::vector<Curve>> curves) {
        if (context.stopped())
            return;
        m_asked = false;
        if (!curves)
            return;
        m_older = std::move(*curves);
        Q_EMIT changed();
    });
}

std::optional<LatestValue> CurveSource::newest(std::size_t index) const
{
    if (!m_store || index >= m_ids.size())
        return std::nullopt;
    return m_counters[index] ? m_newestRates[index] : m_store->latest(m_ids[index]);
}

} // namespace pilothouse
