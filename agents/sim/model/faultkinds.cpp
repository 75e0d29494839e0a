// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/model/faults.h"

#include "agents/sim/model/rng.h"

#include <algorithm>
#include <cmath>

namespace pilothouse::sim {

namespace {

/// A number of this fault alone, between two.
double own(const Fault &fault, double from, double to)
{
    return from + (to - from) * unit(mix(fault.seed));
}

/// Errors that come at `perSecond` while it lasts, and stay counted.
int64_t counted(const Fault &fault, double at, double perSecond)
{
    return int64_t(1 + (std::min(at, fault.end) - fault.start) * perSecond);
}

void logXid(int number, int64_t times, DeviceState &state)
{
    state.xids += times;
    state.lastXid = number;
}

std::string xidLine(const std::string &busId, int number, const char *text)
{
    return "NVRM: Xid (PCI:" + busId + "): " + std::to_string(number) + ", " + text;
}

void slow(const Fault &fault, double at, DeviceState &state)
{
    if (lasts(fault, at))
        state.clockFactor *= own(fault, 0.5, 0.68);
}
constexpr FaultKind straggler{.name = "straggler",
    .per1000Hours = 6,
    .leastMinutes = 15,
    .mostMinutes = 90,
    .needsLoad = true,
    .powerFactor = 0.62,
    .device = &slow};

void heat(const Fault &fault, double at, DeviceState &state)
{
    if (!lasts(fault, at))
        return;
    // A dead fan or a blocked inlet: warm within a minute or two, and then held at the limit.
    const double rise = 1 - std::exp(-(at - fault.start) / 40);
    const double goal = own(fault, 88, 93);
    state.celsius = std::max(state.celsius, state.celsius + (goal - state.celsius) * rise);
    state.memoryCelsius = std::max(state.memoryCelsius, state.celsius + 6);
    if (rise > 0.5) {
        state.throttle |= SwThermal;
        state.clockFactor *= 0.78;
    }
    if (rise > 0.85) {
        state.throttle |= HwThermal | HwSlowdown;
        state.clockFactor *= 0.7;
    }
}
constexpr FaultKind thermal{.name = "thermal",
    .per1000Hours = 10,
    .leastMinutes = 6,
    .mostMinutes = 30,
    .needsLoad = true,
    .powerFactor = 0.7,
    .device = &heat};

void brake(const Fault &fault, double at, DeviceState &state)
{
    if (!lasts(fault, at))
        return;
    state.throttle |= HwPowerBrake | HwSlowdown;
    state.clockFactor *= 0.5;
}
constexpr FaultKind powerBrake{.name = "power-brake",
    .per1000Hours = 2.5,
    .leastMinutes = 3,
    .mostMinutes = 15,
    .needsLoad = true,
    .powerFactor = 0.5,
    .device = &brake};

void programError(const Fault &fault, double, DeviceState &state)
{
    logXid(fault.seed % 2 ? 31 : 13, 1, state);
}
std::string programLine(const Fault &fault, const std::string &busId)
{
    return fault.seed % 2
        ? xidLine(busId, 31,
            "pid=41873, name=python3, Ch 00000008, intr 00000000. MMU Fault: ENGINE GRAPHICS "
            "GPCCLIENT_T1_0 faulted @ 0x7f3c_a2000000. Fault is of type FAULT_PDE "
            "ACCESS_TYPE_VIRT_READ")
        : xidLine(busId, 13,
            "pid=41873, name=python3, Graphics SM Warp Exception on (GPC 2, TPC 1, SM 0): "
            "Out Of Range Address");
}
constexpr FaultKind xid{.name = "xid",
    .per1000Hours = 4,
    .leastMinutes = 1,
    .mostMinutes = 2,
    .needsLoad = true,
    .endsJobs = true,
    .device = &programError,
    .line = &programLine};

void doubleBit(const Fault &fault, double at, DeviceState &state)
{
    state.eccUncorrected += counted(fault, at, 1 / 600.0);
    logXid(48, 1, state);
    if (lasts(fault, at))
        state.remapPending = true;
    else
        state.remappedRows += 1;
}
std::string doubleBitLine(const Fault &, const std::string &busId)
{
    return xidLine(busId, 48,
        "pid='<unknown>', name=<unknown>, DBE (double bit error) ECC error in bank 0x3, row 0x1a7");
}
constexpr FaultKind eccUncorrectable{.name = "ecc-uncorrectable",
    .per1000Hours = 0.8,
    .leastMinutes = 30,
    .mostMinutes = 120,
    .endsJobs = true,
    .device = &doubleBit,
    .line = &doubleBitLine};

void singleBits(const Fault &fault, double at, DeviceState &state)
{
    state.eccCorrected += counted(fault, at, own(fault, 0.5, 5));
}
constexpr FaultKind eccCorrected{.name = "ecc-corrected",
    .per1000Hours = 1.2,
    .leastMinutes = 20,
    .mostMinutes = 60,
    .device = &singleBits};

void fallOff(const Fault &fault, double at, DeviceState &state)
{
    if (lasts(fault, at)) {
        state.answers = false;
        state.trouble = "the GPU is lost: it does not answer on its bus until the host restarts";
    } else {
        logXid(79, 1, state);
    }
}
std::string fallOffLine(const Fault &, const std::string &busId)
{
    return xidLine(busId, 79, "pid='<unknown>', name=<unknown>, GPU has fallen off the bus.");
}
constexpr FaultKind lostGpu{.name = "lost-gpu",
    .per1000Hours = 0.7,
    .leastMinutes = 30,
    .mostMinutes = 180,
    .endsJobs = true,
    .powerFactor = 0,
    .device = &fallOff,
    .line = &fallOffLine};

void wire(const Fault &fault, double at, DeviceState &state)
{
    state.linkErrors += counted(fault, at, own(fault, 1, 20));
    logXid(74, 1, state);
}
std::string wireLine(const Fault &fault, const std::string &busId)
{
    return xidLine(
               busId, 74, "pid='<unknown>', name=<unknown>, NVLink: fatal error detected on link ")
        + std::to_string(fault.seed % 12) + "(0x0, 0x0, 0x10000, 0x0, 0x0, 0x0, 0x0)";
}
constexpr FaultKind nvlink{.name = "nvlink",
    .per1000Hours = 0.8,
    .leastMinutes = 10,
    .mostMinutes = 60,
    .needsLink = true,
    .device = &wire,
    .line = &wireLine};

void replay(const Fault &fault, double at, DeviceState &state)
{
    state.pcieReplays += counted(fault, at, own(fault, 2, 30));
}
std::string replayLine(const Fault &, const std::string &busId)
{
    return "pcieport: AER: Corrected error received: " + busId
        + ".0: PCIe Bus Error: severity=Corrected, type=Data Link Layer, (Transmitter ID)";
}
constexpr FaultKind pcie{.name = "pcie",
    .per1000Hours = 0.8,
    .leastMinutes = 10,
    .mostMinutes = 60,
    .device = &replay,
    .line = &replayLine};

void hang(const Fault &fault, double at, DeviceState &state)
{
    if (!lasts(fault, at))
        return;
    state.answers = false;
    state.trouble = "the driver does not answer";
}
std::string hangLine(const Fault &, const std::string &)
{
    return "INFO: task nv_queue:1187 blocked for more than 120 seconds.";
}
constexpr FaultKind driverHang{.name = "driver-hang",
    .per1000Hours = 0.4,
    .leastMinutes = 5,
    .mostMinutes = 30,
    .endsJobs = true,
    .powerFactor = 0,
    .device = &hang,
    .line = &hangLine};

void killAgent(const Fault &fault, double at, NodeState &state)
{
    if (lasts(fault, at))
        state.agentRuns = false;
    else
        state.agentStart = std::max(state.agentStart, fault.end);
}
std::string killedLine(const Fault &, const std::string &)
{
    return "Out of memory: Killed process 3127 (pilothouse-agent) total-vm:148232kB";
}
constexpr FaultKind deadAgent{.name = "dead-agent",
    .ofDevice = false,
    .per1000Hours = 3,
    .leastMinutes = 1,
    .mostMinutes = 8,
    .silences = true,
    .node = &killAgent,
    .line = &killedLine};

void cut(const Fault &fault, double at, NodeState &state)
{
    if (lasts(fault, at))
        state.linkUp = false;
}
constexpr FaultKind lostLink{.name = "lost-link",
    .ofDevice = false,
    .per1000Hours = 6,
    .leastMinutes = 0.5,
    .mostMinutes = 6,
    .silences = true,
    .node = &cut};

void badCable(const Fault &fault, double at, NodeState &state)
{
    state.receiveErrors += counted(fault, at, own(fault, 3, 60));
}
std::string badCableLine(const Fault &, const std::string &)
{
    return "mlx5_core 0000:18:00.0 ib0: Port module event: error: cable error";
}
constexpr FaultKind nicErrors{.name = "nic-errors",
    .ofDevice = false,
    .per1000Hours = 3,
    .leastMinutes = 10,
    .mostMinutes = 60,
    .node = &badCable,
    .line = &badCableLine};

void staleShare(const Fault &fault, double at, NodeState &state)
{
    if (!lasts(fault, at))
        return;
    const double stuck = std::min(own(fault, 8, 40), 1 + (at - fault.start) / 5);
    state.sharedIsStale = true;
    state.blocked += std::floor(stuck);
    state.load1 += stuck;
    state.load5 += stuck * std::min(1.0, (at - fault.start) / 300);
    state.load15 += stuck * std::min(1.0, (at - fault.start) / 900);
    state.cpuWait = std::max(state.cpuWait, 0.2);
    state.pressureWait = std::max(state.pressureWait, 0.6);
}
std::string staleShareLine(const Fault &, const std::string &)
{
    return "nfs: server storage-01 not responding, still trying";
}
constexpr FaultKind staleMount{.name = "stale-mount",
    .ofDevice = false,
    .per1000Hours = 2,
    .leastMinutes = 4,
    .mostMinutes = 20,
    .node = &staleShare,
    .line = &staleShareLine};

constexpr const FaultKind *all[]
    = {&straggler, &thermal, &powerBrake, &xid, &eccCorrected, &eccUncorrectable, &nvlink, &pcie,
        &driverHang, &lostGpu, &nicErrors, &staleMount, &lostLink, &deadAgent};

} // namespace

std::span<const FaultKind *const> faultKinds()
{
    return all;
}

const FaultKind *faultKind(const std::string &name)
{
    for (const auto *kind : all) {
        if (kind->name == name)
            return kind;
    }
    return nullptr;
}

} // namespace pilothouse::sim
