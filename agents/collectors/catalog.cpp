// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/collector.h"

namespace pilothouse::agent {

extern const CollectorInfo amdCollector, cpuCollector, diskCollector, filesystemCollector,
    frequencyCollector, loadCollector, memoryCollector, netstatCollector, networkCollector,
    networkMountCollector, networkStateCollector, numaCollector, pressureCollector, selfCollector,
    snmpCollector, socketCollector, stuckCollector, systemCollector, temperatureCollector,
    vmstatCollector;

std::span<const CollectorInfo *const> collectors()
{
    static constexpr const CollectorInfo *all[] = {&cpuCollector, &loadCollector, &memoryCollector,
        &pressureCollector, &diskCollector, &networkCollector, &networkStateCollector,
        &vmstatCollector, &snmpCollector, &netstatCollector, &socketCollector, &systemCollector,
        &filesystemCollector, &temperatureCollector, &frequencyCollector, &numaCollector,
        &networkMountCollector, &stuckCollector, &amdCollector, &selfCollector};
    return all;
}

} // namespace pilothouse::agent
