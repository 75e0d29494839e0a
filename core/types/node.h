// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace pilothouse {

/// One accelerator. Its UUID is the only stable identity.
struct Device {
    QString uuid, name, kind, driver;
    QString trouble; ///< why it is not sampled now; empty when it is
    QString parent; ///< of a partition (kind "nvidia-mig"): UUID of the whole device
    int index = 0;
    quint64 memoryBytes = 0;
    double powerLimitWatts = 0;
    bool simulated = false;

    bool operator==(const Device &) const = default;
};

/// Of a GPU or a part of one, as NVIDIA's library writes it; other devices have plain names.
inline bool isGpuUuid(const QString &device)
{
    return device.startsWith(QLatin1String("GPU-")) || device.startsWith(QLatin1String("MIG-"));
}

/// What a node says of itself in the handshake. Times are Unix nanoseconds.
struct NodeFacts {
    QString agentVersion, hostName, machineId, bootId, user, os, kernel, arch, home, cpuModel;
    quint32 protocol = 0, uid = 0, cpuCount = 0;
    quint64 memoryBytes = 0;
    qint64 wallNs = 0, boottimeNs = 0, startedNs = 0;
    QStringList capabilities, warnings;
    QList<Device> devices;

    bool operator==(const NodeFacts &) const = default;
};

struct GpuUse {
    QString device;
    quint64 memoryBytes = 0;
    bool memoryKnown = false;
    double busyRatio = -1; ///< of the device; < 0 = not known

    bool operator==(const GpuUse &) const = default;
};

struct Process {
    quint32 pid = 0, parent = 0;
    QString user, command, job;
    QString cgroup; ///< of a process that uses a GPU: path below the mount
    double cpuRatio = 0; ///< 1.0 = one core
    quint64 memoryBytes = 0;
    qint64 startedNs = 0;
    QList<GpuUse> gpus;

    bool operator==(const Process &) const = default;
};

} // namespace pilothouse
