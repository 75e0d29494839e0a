// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/node.h"

#include <QHash>
#include <QStringList>

namespace pilothouse {

/// Which GPUs a node has, by what it lists in its handshakes. Within a boot a GPU may only hang or
/// fall off the bus; one that a later boot does not list any more may have been taken out. Plain
/// data; partitions do not count.
class GpuRoster {
public:
    /// What a node that was started as `boot` lists. Answers the UUIDs that are gone for sure: a
    /// GPU that was not there before has their index.
    QStringList list(const QString &boot, const QList<Device> &devices);
    /// UUIDs that an earlier boot listed and this one does not.
    QStringList missing() const { return m_missing.keys(); }
    void forget(const QString &device) { m_missing.remove(device); }

private:
    QString m_boot;
    QHash<QString, int> m_listed, m_missing; ///< by UUID: index
};

} // namespace pilothouse
