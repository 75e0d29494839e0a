// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/rules.h"

#include <QtGlobal>

#include <algorithm>
#include <iterator>

namespace pilothouse {

using enum RuleSubject;
using enum RuleTest;
using enum HealthVerdict;

// Bits of nvmlClocksThrottleReasons (NVML API reference).
static constexpr double hardwareSlowdown = 0x8, heat = 0x20 | 0x40, powerBrake = 0x80;

static constexpr HealthRule table[] = {
    {"lost", Gpu, Absent, "gpu_temperature_celsius", 0, 5, 3, Reboot,
        QT_TRANSLATE_NOOP("health", "No values from the GPU"),
        QT_TRANSLATE_NOOP("health",
            "The GPU gives no values while its node is heard: it has fallen off the bus, or its "
            "driver hangs. Jobs on it stand still or have ended."),
        QT_TRANSLATE_NOOP("health",
            "Drain the node and restart it. If it comes again, have the card looked at.")},
    {"driver-silent", Node, Falls, gpusHeard, 1, 5, 3, Reboot,
        QT_TRANSLATE_NOOP("health", "The GPU driver does not answer"),
        QT_TRANSLATE_NOOP("health",
            "No GPU of this node gives values while the node is heard: the driver hangs, or it was "
            "unloaded."),
        QT_TRANSLATE_NOOP(
            "health", "Look at the kernel log for the driver; drain the node and restart it.")},
    {"ecc-uncorrected", Gpu, Grows, "gpu_ecc_uncorrected_errors", 1, 1800, 0, Reboot,
        QT_TRANSLATE_NOOP("health", "Uncorrectable memory errors"),
        QT_TRANSLATE_NOOP("health",
            "Errors in the GPU's memory that could not be corrected: results may be wrong, jobs "
            "may end."),
        QT_TRANSLATE_NOOP("health", "Drain the GPU and reset it.")},
    {"ecc-corrected", Gpu, Grows, "gpu_ecc_corrected_errors", 20, 300, 0, Watch,
        QT_TRANSLATE_NOOP("health", "Many corrected memory errors"),
        QT_TRANSLATE_NOOP(
            "health", "Many errors in the GPU's memory were corrected. Nothing is wrong yet."),
        QT_TRANSLATE_NOOP("health", "Watch whether they grow.")},
    {"remap-pending", Gpu, Above, "gpu_remap_pending", 1, 0, 5, Reboot,
        QT_TRANSLATE_NOOP("health", "Bad memory row, reset pending"),
        QT_TRANSLATE_NOOP("health",
            "A bad row of memory is replaced by a spare one at the next reset; until then it is in "
            "use."),
        QT_TRANSLATE_NOOP("health", "Reset the GPU when it is free.")},
    {"remap-failed", Gpu, Above, "gpu_remap_failed", 1, 0, 5, Replace,
        QT_TRANSLATE_NOOP("health", "Bad memory row, no spare left"),
        QT_TRANSLATE_NOOP("health",
            "A bad row of memory could not be replaced by a spare one: there may be none left."),
        QT_TRANSLATE_NOOP("health", "Drain the GPU and have the card replaced.")},
    {"thermal", Gpu, Bits, "gpu_throttle_reasons", heat, 10, 15, Watch,
        QT_TRANSLATE_NOOP("health", "Slowed down by heat"),
        QT_TRANSLATE_NOOP("health",
            "The GPU slows down because it is too hot, and holds up the job it is part of."),
        QT_TRANSLATE_NOOP("health", "Look at fans, filters and the inlet.")},
    {"power-brake", Gpu, Bits, "gpu_throttle_reasons", powerBrake, 5, 15, Watch,
        QT_TRANSLATE_NOOP("health", "Slowed down by the power supply"),
        QT_TRANSLATE_NOOP("health",
            "The GPU is slowed down from outside: the power supply or the rack is over its limit."),
        QT_TRANSLATE_NOOP("health", "Look at the power supplies and the rack's limit.")},
    {"hardware-slowdown", Gpu, Bits, "gpu_throttle_reasons", hardwareSlowdown, 10, 15, Watch,
        QT_TRANSLATE_NOOP("health", "Slowed down by the hardware"),
        QT_TRANSLATE_NOOP(
            "health", "The hardware has slowed the GPU down, because of heat or power."),
        QT_TRANSLATE_NOOP("health", "Look at heat and power.")},
    {"hot", Gpu, Above, "gpu_temperature_celsius", 92, 30, 30, Watch,
        QT_TRANSLATE_NOOP("health", "Too hot"),
        QT_TRANSLATE_NOOP("health", "The GPU is hotter than it should be for long."),
        QT_TRANSLATE_NOOP("health", "Look at fans, filters and the inlet.")},
    {"memory-hot", Gpu, Above, "gpu_memory_temperature_celsius", 105, 30, 30, Watch,
        QT_TRANSLATE_NOOP("health", "Memory too hot"),
        QT_TRANSLATE_NOOP("health", "The GPU's memory is hotter than it should be for long."),
        QT_TRANSLATE_NOOP("health", "Look at fans, filters and the inlet.")},
    {"slow", Gpu, BelowPeers, "gpu_sm_clock_hertz", 0.8, 45, 30, Watch,
        QT_TRANSLATE_NOOP("health", "Slower than its peers"),
        QT_TRANSLATE_NOOP("health",
            "Under load the GPU works at a lower clock than the others of its job (without a job: "
            "of its node), and holds up the job."),
        QT_TRANSLATE_NOOP(
            "health", "Compare its clocks, heat and power with theirs; reset it when it is free.")},
    {"nvlink", Gpu, Grows, "gpu_nvlink_errors", 10, 300, 0, Watch,
        QT_TRANSLATE_NOOP("health", "NVLink errors"),
        QT_TRANSLATE_NOOP(
            "health", "NVLink sends data again because of errors, which slows it down."),
        QT_TRANSLATE_NOOP("health", "Look at the bridge or the switch if they stay.")},
    {"pcie", Gpu, Grows, "gpu_pcie_replays", 20, 300, 0, Watch,
        QT_TRANSLATE_NOOP("health", "PCIe replays"),
        QT_TRANSLATE_NOOP("health", "Data on PCIe is sent again and again."),
        QT_TRANSLATE_NOOP("health", "Reseat the card or the riser if it stays.")},
    {"receive-errors", Interface, Grows, "network_receive_errors", 20, 300, 0, Watch,
        QT_TRANSLATE_NOOP("health", "Damaged packets arrive"),
        QT_TRANSLATE_NOOP("health",
            "Packets arrive damaged and are sent again, which slows the network and jobs on "
            "several nodes."),
        QT_TRANSLATE_NOOP("health", "Look at the cable, the transceiver and the switch's port.")},
    {"transmit-errors", Interface, Grows, "network_transmit_errors", 20, 300, 0, Watch,
        QT_TRANSLATE_NOOP("health", "Packets cannot be sent"),
        QT_TRANSLATE_NOOP("health", "The interface fails to send packets."),
        QT_TRANSLATE_NOOP("health", "Look at the cable, the transceiver and the switch's port.")},
    {"link-down", Interface, Falls, "network_up", 1, 10, 10, Watch,
        QT_TRANSLATE_NOOP("health", "Network link down"),
        QT_TRANSLATE_NOOP("health", "An interface that was up has lost its link."),
        QT_TRANSLATE_NOOP("health", "Look at the cable, the transceiver and the switch's port.")},
    {"blocked", Node, Above, "processes_blocked", 8, 60, 30, Watch,
        QT_TRANSLATE_NOOP("health", "Processes stuck in the kernel"),
        QT_TRANSLATE_NOOP("health",
            "Many processes wait for a disk or a network file system and cannot be stopped (D "
            "state)."),
        QT_TRANSLATE_NOOP("health", "Look for stale mounts and failing disks.")},
    {"stale-mount", Mount, Above, "mount_stale", 1, 5, 10, Watch,
        QT_TRANSLATE_NOOP("health", "Mount does not answer"),
        QT_TRANSLATE_NOOP("health",
            "A network file system does not answer: whatever touches it stands still and cannot be "
            "stopped."),
        QT_TRANSLATE_NOOP("health", "Look at the file server and the network to it.")},
    {"hung", Node, Above, "processes_stuck", 1, 45, 20, Watch,
        QT_TRANSLATE_NOOP("health", "Processes that cannot be stopped"),
        QT_TRANSLATE_NOOP("health",
            "Processes stand still in the kernel (D state) for longer than half a minute: a disk, "
            "a "
            "network file system or a driver does not answer them."),
        QT_TRANSLATE_NOOP(
            "health", "The node's process table shows them, and what each waits for.")},
    // The load counts processes in D state with those that run, and forgets over a minute: after
    // five, what ran before does not count any more.
    {"stuck", Node, Exceeds, "load1", 8, 300, 60, Watch,
        QT_TRANSLATE_NOOP("health", "Load without work"),
        QT_TRANSLATE_NOOP("health",
            "Many processes count as load and none of them runs: this is how a network file system "
            "that does not answer looks."),
        QT_TRANSLATE_NOOP(
            "health", "Look for stale mounts: list processes in D state and what they wait for."),
        "processes_running"},
    {"memory", Node, Above, "pressure_memory_some_ratio", 0.4, 60, 60, Watch,
        QT_TRANSLATE_NOOP("health", "Out of memory soon"),
        QT_TRANSLATE_NOOP(
            "health", "Programs stand still waiting for memory. The kernel may end one soon."),
        QT_TRANSLATE_NOOP("health", "Look at the processes that use most memory.")},
    {"kernel-oom", Node, Reported, nullptr, 0, 0, 0, Watch,
        QT_TRANSLATE_NOOP("health", "Out of memory: a process was ended"),
        QT_TRANSLATE_NOOP("health",
            "The kernel has ended a process because memory ran out. If it was part of a job, the "
            "job fails or hangs."),
        QT_TRANSLATE_NOOP(
            "health", "Look at what used the memory, and at the job it belonged to.")},
    {"kernel-hung-task", Node, Reported, nullptr, 0, 0, 0, Watch,
        QT_TRANSLATE_NOOP("health", "The kernel reports a hung task"),
        QT_TRANSLATE_NOOP("health",
            "A task has not run for minutes: a disk, a network file system or a driver does not "
            "answer it."),
        QT_TRANSLATE_NOOP("health", "Look at what it waits for; restart the node if it stays.")},
    {"kernel-filesystem", Node, Reported, nullptr, 0, 0, 0, Watch,
        QT_TRANSLATE_NOOP("health", "Disk or file system error"),
        QT_TRANSLATE_NOOP("health",
            "The kernel could not read or write a disk, or found its file system damaged. It may "
            "become read-only."),
        QT_TRANSLATE_NOOP("health", "Save what is on it, and look at the disk.")},
    {"kernel-network-filesystem", Node, Reported, nullptr, 0, 0, 0, Watch,
        QT_TRANSLATE_NOOP("health", "File server does not answer"),
        QT_TRANSLATE_NOOP("health",
            "The kernel waits for a file server: whatever touches its mounts stands still."),
        QT_TRANSLATE_NOOP("health", "Look at the file server and the network to it.")},
    {"kernel-pcie", Node, Reported, nullptr, 0, 0, 0, Watch,
        QT_TRANSLATE_NOOP("health", "PCIe errors in the kernel log"),
        QT_TRANSLATE_NOOP("health", "A device or its slot reports errors on PCIe."),
        QT_TRANSLATE_NOOP("health", "Reseat the card or the riser if they stay.")},
    {"kernel-nic", Node, Reported, nullptr, 0, 0, 0, Watch,
        QT_TRANSLATE_NOOP("health", "Network card errors in the kernel log"),
        QT_TRANSLATE_NOOP("health",
            "The driver of a network card reports errors, which slows the network and jobs on "
            "several nodes."),
        QT_TRANSLATE_NOOP("health", "Look at the cable, the transceiver and the switch's port.")},
    {"kernel-nvlink", Node, Reported, nullptr, 0, 0, 0, Watch,
        QT_TRANSLATE_NOOP("health", "NVLink errors in the kernel log"),
        QT_TRANSLATE_NOOP("health", "An NVLink connection or its switch reports errors."),
        QT_TRANSLATE_NOOP("health", "Look at the bridge or the switch if they stay.")},
    {"kernel-xid", Node, Reported, nullptr, 0, 0, 0, Watch,
        QT_TRANSLATE_NOOP("health", "XID of a GPU that is not known here"),
        QT_TRANSLATE_NOOP("health",
            "The NVIDIA driver reports an error of a GPU that it does not show any more."),
        QT_TRANSLATE_NOOP("health", "Look at the line; restart the node if the GPU is missing.")},
    {silentRule, Node, Reported, nullptr, 0, 30, 0, Watch, QT_TRANSLATE_NOOP("health", "Not heard"),
        QT_TRANSLATE_NOOP("health",
            "The node should be heard and is not: its link was lost, or never came up. Its jobs "
            "may go on: what is shown of it only ages."),
        QT_TRANSLATE_NOOP("health", "Look at its connection page.")},
};

std::span<const HealthRule> healthRules()
{
    return table;
}

const HealthRule *healthRule(const QString &id)
{
    const auto *place = std::find_if(std::begin(table), std::end(table),
        [&id](const HealthRule &rule) { return id == QLatin1String(rule.id); });
    return place == std::end(table) ? nullptr : place;
}

} // namespace pilothouse
