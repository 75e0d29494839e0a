// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/stallwatch.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pilothouse {

static qint64 steadyNs()
{
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

StallWatch::StallWatch(QObject *parent)
    : QObject(parent)
    , m_thread([this] { ask(); })
{
}

StallWatch::~StallWatch()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void StallWatch::ask()
{
    std::unique_lock lock(m_mutex);
    while (!m_changed.wait_for(
        lock, std::chrono::milliseconds(periodMs), [this] { return m_ending; })) {
        if (m_askedAt != 0)
            continue;
        m_askedAt = steadyNs();
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_worst = std::max(m_worst, (steadyNs() - m_askedAt.exchange(0)) / 1'000'000);
            },
            Qt::QueuedConnection);
    }
}

qint64 StallWatch::takeWorstMs()
{
    return std::exchange(m_worst, 0);
}

} // namespace pilothouse
