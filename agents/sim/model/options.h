// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pilothouse::sim {

/// A fault that a scenario asks for. Seconds of the simulation, 0 = its start.
struct PlantedFault {
    std::string kind; ///< a name of faultKinds()
    std::size_t node = 0; ///< from 0
    std::size_t gpu = 0; ///< of kinds that are of a device
    double at = 0, seconds = 60;
};

/// What a fleet is made of. The same options make the same fleet.
struct SimOptions {
    std::size_t nodes = 64, gpus = 8; ///< gpus: on each node
    uint64_t seed = 1;
    /// Nodes of one cluster, over which jobs are spread; 0 = a quarter of all, 64 at most.
    std::size_t clusterSize = 0;
    /// Jobs and faults come and go so many times faster; what is measured stays of real seconds.
    double timeFactor = 1;
    double occupancy = 0.87; ///< part of the GPUs that jobs are sought for
    std::size_t series = 0; ///< at most so many of a node; 0 = all
    std::vector<std::string> people; ///< empty = a list of its own
    bool randomFaults = true;
    std::map<std::string, double> rates; ///< kind -> how many times its usual rate
    std::vector<PlantedFault> faults;

    std::size_t nodesOfCluster() const;
    std::size_t clusters() const { return (nodes + nodesOfCluster() - 1) / nodesOfCluster(); }
};

inline std::size_t SimOptions::nodesOfCluster() const
{
    if (clusterSize > 0)
        return clusterSize;
    const std::size_t quarter = (nodes + 3) / 4;
    return quarter < 1 ? 1 : quarter > 64 ? 64 : quarter;
}

/// Hours for which jobs and faults have gone on before second 0, so that it does not begin empty.
inline constexpr double pastHours = 26;

} // namespace pilothouse::sim
