// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/model/state.h"

#include <cstddef>
#include <span>
#include <string>

namespace pilothouse::sim {

struct FaultKind;

/// One planted fault. Times are seconds of the simulation.
struct Fault {
    const FaultKind *kind = nullptr;
    std::size_t node = 0;
    int gpu = -1; ///< -1 = of the node
    double start = 0, end = 0; ///< equal = withdrawn before it began
    uint64_t seed = 0; ///< for what differs between two faults of a kind
    bool ofJob = false; ///< planted for the job there; withdrawn when that ends early
};

/// A kind of fault: how often, how long, and what it does to what is measured. README.md says how
/// to add one.
struct FaultKind {
    const char *name;
    bool ofDevice = true; ///< else of the node
    /// How many there are, of each device (or node) in 1,000 hours.
    double per1000Hours = 1;
    double leastMinutes = 1, mostMinutes = 1;
    /// Planted only on a device in use, when a job starts; else at any time.
    bool needsLoad = false;
    bool needsLink = false; ///< only on GPUs with NVLink
    bool silences = false; ///< nothing of its node is heard while it lasts
    /// The job on the device fails when it begins, and none starts there until it ends.
    bool endsJobs = false;
    /// Factor on the device's power above idle while it lasts, for energy and temperature too.
    double powerFactor = 1;
    /// Changes a device's state while it lasts, and after it for what stays until a restart
    /// (counters). Called for `at` >= start; null = nothing to change.
    void (*device)(const Fault &fault, double at, DeviceState &state) = nullptr;
    /// The same for a node's state.
    void (*node)(const Fault &fault, double at, NodeState &state) = nullptr;
    /// The line in the kernel's log; null = it leaves none.
    std::string (*line)(const Fault &fault, const std::string &busId) = nullptr;
};

/// All kinds; the order is the order in which they are applied.
std::span<const FaultKind *const> faultKinds();
/// Null when there is no such kind.
const FaultKind *faultKind(const std::string &name);

/// Begun and not over.
inline bool lasts(const Fault &fault, double at)
{
    return at >= fault.start && at < fault.end;
}

} // namespace pilothouse::sim
