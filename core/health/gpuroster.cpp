// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/gpuroster.h"

#include <QSet>

#include <utility>

namespace pilothouse {

QStringList GpuRoster::list(const QString &boot, const QList<Device> &devices)
{
    if (boot.isEmpty())
        return {};
    const auto before = m_listed;
    if (std::exchange(m_boot, boot) != boot) {
        m_missing.insert(m_listed);
        m_listed.clear();
    }
    QSet<int> fresh; // indexes
    for (const Device &device : devices) {
        if (!device.parent.isEmpty())
            continue;
        m_listed.insert(device.uuid, device.index);
        if (m_missing.remove(device.uuid) == 0 && !before.contains(device.uuid))
            fresh.insert(device.index);
    }
    QStringList replaced;
    for (auto one = m_missing.cbegin(); one != m_missing.cend(); ++one) {
        if (fresh.contains(one.value()))
            replaced << one.key();
    }
    for (const QString &device : std::as_const(replaced))
        m_missing.remove(device);
    return replaced;
}

} // namespace pilothouse
