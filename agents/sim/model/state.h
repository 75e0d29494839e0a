// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace pilothouse::sim {

/// Bits of gpu_throttle_reasons, as nvmlClocksEventReason* of nvml.h.
enum ThrottleReason : uint32_t {
    GpuIdle = 0x1,
    SwPowerCap = 0x4,
    HwSlowdown = 0x8,
    SwThermal = 0x20,
    HwThermal = 0x40,
    HwPowerBrake = 0x80,
};

/// A GPU at one moment. Units as in the metric's name; counters since boot.
struct DeviceState {
    bool answers = true; ///< false = lost or its driver hangs: nothing is known
    std::string trouble; ///< why not; what the handshake says of the device
    double busy = 0, memoryBusy = 0; ///< 0..1
    double memoryTotalBytes = 0;
    double memoryUsedBytes = 0;
    double watts = 0, limitWatts = 0;
    double celsius = 0, memoryCelsius = 0;
    double clockHertz = 0, memoryClockHertz = 0;
    double clockFactor = 1; ///< what faults leave of the clock
    uint32_t throttle = 0; ///< ThrottleReason
    double joules = 0;
    double linkBytes = 0, pcieReceiveBytes = 0, pcieTransmitBytes = 0;
    int64_t linkErrors = 0, pcieReplays = 0;
    int64_t eccCorrected = 0, eccUncorrected = 0;
    int64_t remappedRows = 0;
    bool remapPending = false; ///< a reset puts the spare row in
    int64_t xids = 0; ///< how many errors the driver has logged
    int lastXid = 0; ///< number of the newest; 0 = none
};

/// A node at one moment, without its GPUs.
struct NodeState {
    bool agentRuns = true; ///< false = killed: no ticks, no connection
    bool linkUp = true; ///< false = no connection; the agent goes on
    double agentStart = 0; ///< when the agent that runs now was started
    double cpuUser = 0, cpuSystem = 0, cpuWait = 0; ///< 0..1 of all processors
    double memoryUsedBytes = 0, memoryCachedBytes = 0;
    double load1 = 0, load5 = 0, load15 = 0;
    double blocked = 0, running = 0; ///< processes
    double diskReadBytes = 0, diskWriteBytes = 0, diskBusySeconds = 0;
    double receiveBytes = 0, transmitBytes = 0; ///< of the fabric
    int64_t receiveErrors = 0;
    double filesystemFreeBytes = 0;
    bool sharedIsStale = false; ///< /shared does not answer
    double pressureWait = 0; ///< 0..1, I/O
    double celsius = 0; ///< of its processors
};

} // namespace pilothouse::sim
