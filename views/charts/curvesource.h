// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <QPointer>

#include <stop_token>

namespace pilothouse {

/// The curves of one chart out of the store: at once what is in memory or at hand, later what the
/// disk has to be waited for.
class CurveSource : public QObject {
    Q_OBJECT

public:
    explicit CurveSource(TelemetryStore *store, QObject *parent = nullptr);
    ~CurveSource() override;

    void setSeries(std::vector<SeriesId> ids);
    /// [from, to) in `columns`, one curve per series; asks the disk when the front is missing.
    /// `onCurve` comes again for each one when the front was found after all.
    void read(qint64 from, qint64 to, int columns, const OnCurve &onCurve);
    /// The newest value of a series; of a counter the newest rate that read() has seen.
    std::optional<LatestValue> newest(std::size_t index) const;
    bool isThere() const { return !m_store.isNull(); }

Q_SIGNALS:
    void changed(); ///< read() may give something else

private:
    /// The front is missing before `first`, and what was found of it earlier will not do.
    bool needsOlder(qint64 from, qint64 to, int columns, qint64 first) const;
    void askOlder(qint64 from, qint64 to, int columns);

    QPointer<TelemetryStore> m_store;
    std::vector<SeriesId> m_ids;
    std::vector<bool> m_counters; // by series
    std::vector<std::optional<LatestValue>> m_newestRates;
    std::vector<Curve> m_older;
    std::stop_source m_asking;
    bool m_asked = false;
};

} // namespace pilothouse
