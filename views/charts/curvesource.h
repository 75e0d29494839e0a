// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <QPointer>

#include <stop_token>

namespace pilothouse {

/// The curves of one chart out of the store: what is hot at once, what is only on disk later.
class CurveSource : public QObject {
    Q_OBJECT

public:
    explicit CurveSource(TelemetryStore *store, QObject *parent = nullptr);
    ~CurveSource() override;

    void setSeries(std::vector<SeriesId> ids);
    /// [from, to) in `columns`, one curve per series; asks the disk when the front is missing.
    void read(qint64 from, qint64 to, int columns, const OnCurve &onCurve);
    /// The newest value of a series; of a counter the newest rate that read() has seen.
    std::optional<LatestValue> newest(std::size_t index) const;
    bool isThere() const { return !m_store.isNull(); }

Q_SIGNALS:
    void changed(); ///< read() may give something else

private:
    void askOlder(qint64 from, qint64 to, int columns, qint64 first);

    QPointer<TelemetryStore> m_store;
    std::vector<SeriesId> m_ids;
    std::vector<bool> m_counters; // by series
    std::vector<std::optional<LatestValue>> m_newestRates;
    std::vector<Curve> m_older;
    std::stop_source m_asking;
    bool m_asked = false;
};

} // namespace pilothouse
