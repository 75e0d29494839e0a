// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace fakecuda {

struct DeviceScenario {
    std::string name = "Simulated GPU", uuid;
    int compute = 90;
    std::size_t memory = 1u << 20; ///< enough for products of 128 x 128
    /// Slow, since every launch costs the test time: figures of a real GPU take 100,000 of them.
    double bandwidth = 5e9, h2d = 2e9, d2h = 1e9, peer = 4e9, flops = 50e9;
    bool peers = true;
    long stuckOffset = -1;
    int stuckBit = 0;
    unsigned long wrongFrom = 0, failAfter = 0, hangAfter = 0; ///< 0 = never
    int failResult = 0;
    std::vector<std::string> refused;
};

struct Scenario {
    bool none = false;
    std::vector<DeviceScenario> devices;
    std::string log;
};

/// Of PILOTHOUSE_CUDA_SCENARIO; a line that is not understood ends the process with a message.
Scenario readScenario();

} // namespace fakecuda
