// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/charttimeline.h"

#include "views/charts/frameclock.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

namespace pilothouse {

ChartTimeline::ChartTimeline(QObject *parent, Clock clock)
    : QObject(parent)
    , m_clock(clock ? std::move(clock) : Clock(&QDateTime::currentMSecsSinceEpoch))
    , m_to(m_clock())
{
    connect(&FrameClock::instance(), &FrameClock::frame, this, [this] {
        if (std::exchange(m_wanted, false))
            Q_EMIT frame();
    });
    m_second.setInterval(1000);
    connect(&m_second, &QTimer::timeout, this, &ChartTimeline::tick);
}

void ChartTimeline::tick()
{
    if (m_live) {
        m_to = m_clock();
        Q_EMIT rangeChanged();
    }
    requestFrame();
}

void ChartTimeline::apply(Range range)
{
    const qint64 now = m_clock();
    range.window = std::clamp(range.window, shortest, longest);
    range.live = range.live || range.to >= now;
    if (range.live)
        range.to = now;
    const bool liveTurned = range.live != m_live, windowTurned = range.window != m_window;
    m_to = range.to;
    m_window = range.window;
    m_live = range.live;
    if (windowTurned)
        Q_EMIT windowChanged(m_window);
    if (liveTurned)
        Q_EMIT liveChanged(m_live);
    Q_EMIT rangeChanged();
    requestFrame();
}

void ChartTimeline::setWindow(qint64 milliseconds)
{
    m_back.clear();
    apply({m_to, milliseconds, m_live});
}

void ChartTimeline::setLive(bool live)
{
    if (live)
        return goLive();
    if (!m_live)
        return;
    m_live = false;
    Q_EMIT liveChanged(false);
    requestFrame();
}

void ChartTimeline::goLive()
{
    apply({m_to, m_window, true});
}

void ChartTimeline::scrub(double windows)
{
    apply({m_to + qint64(windows * double(m_window)), m_window, m_live && windows >= 0});
}

void ChartTimeline::zoom(double factor, std::optional<qint64> around)
{
    const auto wide
        = qint64(std::clamp(double(m_window) * factor, double(shortest), double(longest)));
    if (m_live && !around)
        return apply({m_to, wide, true});
    const qint64 centre = around.value_or(m_to - m_window / 2);
    const double share = double(m_to - centre) / double(m_window);
    apply({centre + qint64(share * double(wide)), wide, false});
}

void ChartTimeline::zoomTo(qint64 from, qint64 to)
{
    if (to <= from)
        return;
    constexpr std::size_t most = 32;
    if (m_back.size() == most)
        m_back.erase(m_back.begin());
    m_back.push_back({m_to, m_window, m_live});
    apply({to, to - from, false});
}

void ChartTimeline::setRange(qint64 from, qint64 to)
{
    m_back.clear();
    apply({to, to - from, false});
}

void ChartTimeline::zoomBack()
{
    if (m_back.empty())
        return;
    const auto range = m_back.back();
    m_back.pop_back();
    apply(range);
}

void ChartTimeline::setCrosshair(std::optional<qint64> time)
{
    if (time == m_crosshair)
        return;
    m_crosshair = time;
    Q_EMIT crosshairChanged();
    requestFrame();
}

void ChartTimeline::setCompared(QStringList names)
{
    if (names == m_compared)
        return;
    m_compared = std::move(names);
    Q_EMIT comparedChanged();
    requestFrame();
}

void ChartTimeline::requestFrame()
{
    m_wanted = true;
    FrameClock::instance().request();
}

void ChartTimeline::setVisible(QObject *chart, bool visible)
{
    if (visible) {
        if (m_visible.isEmpty() && m_live)
            m_to = m_clock();
        m_visible.insert(chart);
        m_second.start();
        requestFrame();
    } else {
        m_visible.remove(chart);
        if (m_visible.isEmpty())
            m_second.stop();
    }
}

} // namespace pilothouse
