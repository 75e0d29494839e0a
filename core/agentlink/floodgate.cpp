// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/floodgate.h"

#include <QCoreApplication>

#include <algorithm>

namespace pilothouse {

void FloodGate::expect(std::size_t series)
{
    const std::lock_guard lock(m_mutex);
    m_series = std::max(m_series, double(series));
}

bool FloodGate::take(std::size_t units, Clock::time_point now)
{
    const std::lock_guard lock(m_mutex);
    const std::chrono::duration<double> passed = now - m_at;
    const double rate = perSecond + m_series * perSample * samplesPerSecond;
    m_held = std::max(0.0, m_held - passed.count() * rate) + double(units);
    m_at = now;
    m_closed = m_closed || m_held > room + m_series * perSample * ringSeconds;
    return !m_closed;
}

Error flooding()
{
    return {ErrorKind::Denied, QStringLiteral("flood"),
        QCoreApplication::translate("agentlink",
            "The agent sends far more than it samples. It is not listened to any more, so that the "
            "other targets stay live."),
        {},
        QCoreApplication::translate(
            "agentlink", "Look at the agent on that host, or remove it; then connect again.")};
}

} // namespace pilothouse
