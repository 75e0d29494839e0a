// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakecuda/fakecuda.h"

#include <cstdint>
#include <cstdio>

namespace fakecuda {

static constexpr std::size_t grain = 512; // as CUDA aligns what it allocates

Device::Device(DeviceScenario from)
    : scenario(std::move(from))
    , arena(scenario.memory + grain)
{
}

static std::size_t aligned(std::size_t bytes)
{
    return (bytes + grain - 1) / grain * grain;
}

/// The arena's first aligned byte.
static unsigned char *base(std::vector<unsigned char> &arena)
{
    const auto address = reinterpret_cast<std::uintptr_t>(arena.data());
    return arena.data() + (aligned(address) - address);
}

unsigned char *Device::allocate(std::size_t bytes)
{
    std::size_t at = 0;
    for (const auto &[offset, size] : used) {
        if (at + aligned(bytes) <= offset)
            break;
        at = offset + size;
    }
    if (bytes == 0 || at + aligned(bytes) > scenario.memory)
        return nullptr;
    used[at] = aligned(bytes);
    return base(arena) + at;
}

bool Device::release(unsigned char *address)
{
    return address >= base(arena) && used.erase(std::size_t(address - base(arena))) > 0;
}

std::size_t Device::free() const
{
    std::size_t taken = 0;
    for (const auto &[offset, size] : used)
        taken += size;
    return scenario.memory - taken;
}

void Device::applyStuckBit()
{
    if (scenario.stuckOffset >= 0)
        base(arena)[scenario.stuckOffset] |= static_cast<unsigned char>(1u << scenario.stuckBit);
}

void Driver::log(const std::string &word)
{
    if (scenario.log.empty())
        return;
    if (std::FILE *file = std::fopen(scenario.log.c_str(), "a")) {
        std::fprintf(file, "%s\n", word.c_str());
        std::fclose(file);
    }
}

} // namespace fakecuda
