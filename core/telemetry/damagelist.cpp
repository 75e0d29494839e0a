// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/damagelist.h"

#include "core/base/units.h"

#include <QCoreApplication>

#include <utility>

namespace pilothouse {

void DamageList::watch(std::function<void()> onChange)
{
    const std::lock_guard lock(m_mutex);
    m_onChange = std::move(onChange);
}

void DamageList::add(const QString &sentence)
{
    constexpr qsizetype most = 1000;
    const std::lock_guard lock(m_mutex);
    if (m_sentences.size() >= most || m_sentences.contains(sentence))
        return;
    m_sentences << sentence;
    if (m_onChange)
        m_onChange();
}

void DamageList::gap(qint64 from, qint64 to)
{
    const std::lock_guard lock(m_mutex);
    m_gapFrom = m_gapFrom == 0 ? from : std::min(m_gapFrom, from);
    m_gapTo = std::max(m_gapTo, to);
    if (m_onChange)
        m_onChange();
}

QStringList DamageList::all() const
{
    const std::lock_guard lock(m_mutex);
    QStringList all = m_sentences;
    if (m_gapFrom != 0)
        all << QCoreApplication::translate(
            "store", "The disk is full: samples from %1 to %2 are not all kept.")
                   .arg(rfc3339(m_gapFrom), rfc3339(m_gapTo));
    return all;
}

} // namespace pilothouse
