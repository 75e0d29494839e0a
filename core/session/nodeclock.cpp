// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/nodeclock.h"

#include "core/base/units.h"

#include <QCoreApplication>

#include <cstdlib>

namespace pilothouse {

static constexpr qint64 second = 1'000'000'000;
static constexpr qint64 noticed = 2 * second;

static QString tr(const char *text)
{
    return QCoreApplication::translate("facts", text);
}

bool ClockStep::take(qint64 value, qint64 current)
{
    if (std::llabs(value - current) <= noticed) {
        m_seen = 0;
        return false;
    }
    m_seen = m_seen > 0 && std::llabs(value - m_candidate) < second / 2 ? m_seen + 1 : 1;
    m_candidate = value;
    return m_seen >= 3;
}

void NodeClock::measure(qint64 nodeNs, qint64 ourNs, qint64 unsureNs)
{
    if (m_unsureNs && unsureNs >= *m_unsureNs)
        return;
    m_unsureNs = unsureNs;
    m_offsetNs = nodeNs - ourNs;
}

bool NodeClock::follow(qint64 nodeNs, qint64 ourNs)
{
    if (!m_step.take(nodeNs - ourNs, m_offsetNs))
        return false;
    m_offsetNs = nodeNs - ourNs;
    m_unsureNs = second / 2;
    return true;
}

std::optional<qint64> NodeClock::skewMs() const
{
    if (!m_unsureNs || std::llabs(m_offsetNs) <= noticed + *m_unsureNs)
        return std::nullopt;
    return m_offsetNs / 1'000'000;
}

static QString amount(qint64 skewMs)
{
    qint64 ms = std::llabs(skewMs);
    if (ms >= 60'000) // "1 d", not "23 h 59 min"
        ms = (ms + 500) / 1000 * 1000;
    return formatDuration(std::chrono::milliseconds(ms));
}

static QString words(qint64 skewMs)
{
    return skewMs == 0 ? tr("under %1").arg(amount(1))
        : skewMs > 0   ? tr("%1 ahead of this machine").arg(amount(skewMs))
                       : tr("%1 behind this machine").arg(amount(skewMs));
}

QString skewText(qint64 skewMs)
{
    return std::llabs(skewMs) > noticed / 1'000'000
        ? tr("%1. Charts and times of jobs are corrected for it; logs and files there carry its "
             "own time.")
              .arg(words(skewMs))
        : words(skewMs);
}

QString skewWord(qint64 skewMs)
{
    return skewMs > 0 ? tr("clock %1 ahead").arg(amount(skewMs))
                      : tr("clock %1 behind").arg(amount(skewMs));
}

QString skewSentence(const QString &name, qint64 skewMs)
{
    return tr("The clock of %1 is %2").arg(name, skewText(skewMs));
}

} // namespace pilothouse
