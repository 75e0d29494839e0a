// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace pilothouse::sim {

/// A kind of GPU, figures from its vendor's datasheet; idle ones as nvidia-smi shows them.
struct GpuType {
    const char *name;
    const char *cluster; ///< first part of the names of clusters that have it
    uint64_t memoryBytes;
    double limitWatts, idleWatts;
    double idleClockHertz, clockHertz; ///< SM, idle and highest
    double idleMemoryClockHertz, memoryClockHertz;
    double linkBytesPerSecond; ///< NVLink, each direction, in training; 0 = it has none
    double slowdownCelsius; ///< where the hardware slows itself down
};

/// The type of a cluster; clusters go through all types in turn.
const GpuType &gpuTypeOf(std::size_t cluster);
/// "h100-a", "h100-e", ...: letters count clusters, then "aa".
std::string clusterName(std::size_t cluster);
/// "node-0001" for node 0.
std::string nodeName(std::size_t node);
/// "GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", of seed, node and place.
std::string gpuUuid(uint64_t seed, std::size_t node, std::size_t gpu);
/// "0000:1b:00", as the kernel's messages name it.
std::string busIdOf(std::size_t gpu);
/// A UUID as of /proc/sys/kernel/random/boot_id.
std::string uuidOf(uint64_t high, uint64_t low);

} // namespace pilothouse::sim
