// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/timerange.h"

namespace pilothouse {

void TimeRange::setSpan(qint64 milliseconds)
{
    if (m_span == milliseconds)
        return;
    m_span = milliseconds;
    Q_EMIT changed();
}

void TimeRange::setLive(bool live, qint64 now)
{
    if (m_live == live)
        return;
    m_live = live;
    m_end = now;
    Q_EMIT changed();
}

void TimeRange::show(qint64 from, qint64 to)
{
    m_live = false;
    m_span = qMax<qint64>(1000, to - from);
    m_end = to;
    Q_EMIT changed();
}

} // namespace pilothouse
