// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/rules.h"

#include <QtGlobal>

namespace pilothouse {

using enum RuleSubject;
using enum RuleTest;
using enum HealthVerdict;

// Bits of nvmlClocksThrottleReasons (NVML API reference).
static constexpr double hardwareSlowdown = 0x8, heat = 0x20 | 0x40, powerBrake = 0x80;

static constexpr HealthRule table[] = {
    {"lost", Gpu, Absent, "gpu_temperature_celsius", 0, 5, 3, Reboot,
        QT_TRANSLATE_NOOP("health",
            "The GPU gives no values while its node is heard: it is lost or its driver hangs. "
            "Drain the node and restart it.")},
    {"ecc-uncorrected", Gpu, Grows, "gpu_ecc_uncorrected_errors", 1, 1800, 0, Reboot,
        QT_TRANSLATE_NOOP("health",
            "Errors in the GPU's memory that could not be corrected: results may be wrong, jobs "
            "may end. Drain it and reset the GPU.")},
    {"ecc-corrected", Gpu, Grows, "gpu_ecc_corrected_errors", 20, 300, 0, Watch,
        QT_TRANSLATE_NOOP("health",
            "Many corrected errors in the GPU's memory. Nothing is wrong yet; watch whether they "
            "grow.")},
    {"remap-pending", Gpu, Above, "gpu_remap_pending", 1, 0, 5, Reboot,
        QT_TRANSLATE_NOOP("health",
            "A bad row of memory waits to be replaced by a spare one. Reset the GPU when it is "
            "free.")},
    {"remap-failed", Gpu, Above, "gpu_remap_failed", 1, 0, 5, Replace,
        QT_TRANSLATE_NOOP("health",
            "A bad row of memory could not be replaced by a spare one. Have the card replaced.")},
    {"thermal", Gpu, Bits, "gpu_throttle_reasons", heat, 10, 15, Watch,
        QT_TRANSLATE_NOOP("health",
            "The GPU slows down because it is too hot. Look at fans, filters and the inlet.")},
    {"power-brake", Gpu, Bits, "gpu_throttle_reasons", powerBrake, 5, 15, Watch,
        QT_TRANSLATE_NOOP("health",
            "The GPU is slowed down from outside: the power supply or the rack is over its "
            "limit.")},
    {"hardware-slowdown", Gpu, Bits, "gpu_throttle_reasons", hardwareSlowdown, 10, 15, Watch,
        QT_TRANSLATE_NOOP(
            "health", "The hardware has slowed the GPU down. Look at heat and power.")},
    {"hot", Gpu, Above, "gpu_temperature_celsius", 92, 30, 30, Watch,
        QT_TRANSLATE_NOOP("health",
            "The GPU is hotter than it should be for long. Look at fans, filters and the inlet.")},
    {"memory-hot", Gpu, Above, "gpu_memory_temperature_celsius", 105, 30, 30, Watch,
        QT_TRANSLATE_NOOP("health",
            "The GPU's memory is hotter than it should be for long. Look at fans, filters and the "
            "inlet.")},
    {"slow", Gpu, BelowPeers, "gpu_sm_clock_hertz", 0.8, 45, 30, Watch,
        QT_TRANSLATE_NOOP("health",
            "The GPU works at a lower clock than its neighbours under load, and holds up the job "
            "it is part of.")},
    {"nvlink", Gpu, Grows, "gpu_nvlink_errors", 10, 300, 0, Watch,
        QT_TRANSLATE_NOOP("health",
            "NVLink has errors that slow it down. Look at the bridge or the switch if they stay.")},
    {"pcie", Gpu, Grows, "gpu_pcie_replays", 20, 300, 0, Watch,
        QT_TRANSLATE_NOOP("health",
            "Data on PCIe is sent again and again. Reseat the card or the riser if it stays.")},
    {"receive-errors", Interface, Grows, "network_receive_errors", 20, 300, 0, Watch,
        QT_TRANSLATE_NOOP("health",
            "Damaged packets arrive. Look at the cable, the transceiver and the switch's port.")},
    {"transmit-errors", Interface, Grows, "network_transmit_errors", 20, 300, 0, Watch,
        QT_TRANSLATE_NOOP("health",
            "Packets cannot be sent. Look at the cable, the transceiver and the switch's port.")},
    {"blocked", Node, Above, "processes_blocked", 8, 60, 30, Watch,
        QT_TRANSLATE_NOOP("health",
            "Many processes wait for a disk or a network file system and cannot be stopped. Look "
            "at stale mounts.")},
    {"memory", Node, Above, "pressure_memory_some_ratio", 0.4, 60, 60, Watch,
        QT_TRANSLATE_NOOP(
            "health", "Programs stand still waiting for memory. The kernel may end one soon.")},
};

std::span<const HealthRule> healthRules()
{
    return table;
}

} // namespace pilothouse
