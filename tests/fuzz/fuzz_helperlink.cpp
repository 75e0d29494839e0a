// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/helperlink.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

using namespace pilothouse::agent;

static void check(bool good)
{
    if (!good)
        std::abort();
}

template <std::size_t size> static void checkText(const char (&text)[size])
{
    check(std::memchr(text, '\0', size) != nullptr);
}

// What a GPU helper gone wild writes into its pipe, in two pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::span<const char> all(reinterpret_cast<const char *>(data), size);
    HelperLink::State state;
    const auto first = HelperLink::takeFrames(state, all.first(size / 2));
    if (!first)
        return 0;
    check(*first <= size / 2);
    const auto second = HelperLink::takeFrames(state, all.subspan(*first));
    check(!second || *second <= size - *first);
    check(state.devices.size() <= PH_MAX_DEVICES);
    if (state.library) {
        checkText(state.library->problem);
        checkText(state.library->driver);
    }
    for (const auto &device : state.devices) {
        checkText(device.info.problem);
        checkText(device.info.uuid);
        checkText(device.info.name);
        check(device.processes.size() * sizeof(ph_process) <= size);
        for (const auto &instance : device.instances) {
            checkText(instance.uuid);
            checkText(instance.name);
        }
    }
    return 0;
}
