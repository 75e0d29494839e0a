// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace pilothouse {

/// The one time range of all charts: a span that ends now while live, or stands still. Unix ms.
class TimeRange : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    qint64 span() const { return m_span; }
    bool live() const { return m_live; }
    qint64 end(qint64 now) const { return m_live ? now : m_end; }
    qint64 begin(qint64 now) const { return end(now) - m_span; }

    void setSpan(qint64 milliseconds);
    void setLive(bool live, qint64 now); ///< pausing keeps what is shown
    void show(qint64 from, qint64 to); ///< a zoom: stands still there

Q_SIGNALS:
    void changed();

private:
    qint64 m_span = 15 * 60'000, m_end = 0;
    bool m_live = true;
};

} // namespace pilothouse
