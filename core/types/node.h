// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

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

/// What a job's, step's, container's or user's processes took of a node's GPUs.
struct GpuShare {
    double gpuSeconds = 0; ///< one GPU held alone for a second is 1
    std::optional<double> busySeconds; ///< the same, times how busy they kept it
    std::optional<double> energyJoules;

    bool operator==(const GpuShare &) const = default;
};

/// A message of a node's kernel that somebody should see.
struct KernelMessage {
    qint64 at = 0; ///< Unix ms, by our clock
    qint64 kernelUs = 0; ///< the kernel's own time stamp: with the line it tells one from another
    QString kind; ///< "xid", "nvlink", "pcie", "nic", "hung-task", "filesystem" ...
    QString device; ///< GPU UUID, interface, PCI address, disk or file server; may be empty
    QString line;
    int xid = 0;
    int times = 1; ///< it stands for so many of its kind

    bool operator==(const KernelMessage &) const = default;
};

struct Process {
    quint32 pid = 0, parent = 0;
    QString user, command, job;
    quint64 startTicks = 0; ///< with the pid it names one process; 0 = not known
    QString state; ///< one letter as in /proc/PID/stat; empty = not known
    QString waitsFor; ///< of one in state D: the kernel's function
    std::optional<GpuShare> share; ///< of its owner: its job, step, container ...
    QString cgroup; ///< of a process that uses a GPU: path below the mount
    double cpuRatio = 0; ///< 1.0 = one core
    quint64 memoryBytes = 0;
    qint64 startedNs = 0;
    QList<GpuUse> gpus;

    bool operator==(const Process &) const = default;
};

} // namespace pilothouse
