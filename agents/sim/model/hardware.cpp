// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/model/hardware.h"

#include "agents/sim/model/rng.h"

#include <cstdio>
#include <iterator>

namespace pilothouse::sim {

static constexpr uint64_t gib = uint64_t(1) << 30;

static constexpr GpuType types[] = {
    {"NVIDIA H100 80GB HBM3", "h100", 80 * gib, 700, 68, 345e6, 1980e6, 2619e6, 2619e6, 180e9, 87},
    {"NVIDIA A100-SXM4-80GB", "a100", 80 * gib, 400, 52, 210e6, 1410e6, 1593e6, 1593e6, 120e9, 89},
    {"NVIDIA H200", "h200", 141 * gib, 700, 76, 345e6, 1980e6, 3201e6, 3201e6, 180e9, 87},
    {"NVIDIA L40S", "l40s", 48 * gib, 350, 33, 210e6, 2520e6, 405e6, 9001e6, 0, 91},
};

const GpuType &gpuTypeOf(std::size_t cluster)
{
    return types[cluster % std::size(types)];
}

std::string clusterName(std::size_t cluster)
{
    std::string letters;
    for (std::size_t left = cluster + 1; left > 0; left = (left - 1) / 26)
        letters.insert(letters.begin(), char('a' + (left - 1) % 26));
    return std::string(gpuTypeOf(cluster).cluster) + '-' + letters;
}

std::string nodeName(std::size_t node)
{
    char text[32];
    std::snprintf(text, sizeof text, "node-%04zu", node + 1);
    return text;
}

std::string uuidOf(uint64_t high, uint64_t low)
{
    char text[48];
    std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", unsigned(high >> 32),
        unsigned(high >> 16) & 0xffff, (unsigned(high) & 0x0fff) | 0x4000,
        (unsigned(low >> 48) & 0x3fff) | 0x8000,
        static_cast<unsigned long long>(low & 0xffffffffffff));
    return text;
}

std::string gpuUuid(uint64_t seed, std::size_t node, std::size_t gpu)
{
    const uint64_t high = mixed({seed, node, gpu, 1});
    return "GPU-" + uuidOf(high, mix(high));
}

std::string busIdOf(std::size_t gpu)
{
    static constexpr unsigned buses[] = {0x1b, 0x43, 0x52, 0x61, 0x9d, 0xc3, 0xd1, 0xdf};
    char text[32];
    std::snprintf(text, sizeof text, "%04x:%02x:00", unsigned(gpu / std::size(buses)),
        buses[gpu % std::size(buses)]);
    return text;
}

} // namespace pilothouse::sim
