// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakecuda/scenario.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace fakecuda {

static bool apply(DeviceScenario &device, const std::string &word, std::istringstream &in)
{
    std::string text;
    if (word == "name")
        std::getline(in >> std::ws, device.name);
    else if (word == "uuid")
        in >> device.uuid;
    else if (word == "compute")
        in >> device.compute;
    else if (word == "memory")
        in >> device.memory;
    else if (word == "bandwidth")
        in >> device.bandwidth;
    else if (word == "h2d")
        in >> device.h2d;
    else if (word == "d2h")
        in >> device.d2h;
    else if (word == "peer")
        in >> device.peer;
    else if (word == "flops")
        in >> device.flops;
    else if (word == "peers" && in >> text)
        device.peers = text != "no";
    else if (word == "stuck")
        in >> device.stuckOffset >> device.stuckBit;
    else if (word == "wrong")
        in >> device.wrongFrom;
    else if (word == "fail")
        in >> device.failResult >> device.failAfter;
    else if (word == "hang")
        in >> device.hangAfter;
    else if (word == "refuse" && in >> text)
        device.refused.push_back(text);
    else
        return false;
    return !in.fail();
}

static bool applyLine(Scenario &scenario, const std::string &line)
{
    std::istringstream in(line);
    std::string word, number;
    in >> word;
    if (word == "log")
        return bool(in >> scenario.log);
    if (word == "devices" && in >> number) {
        scenario.none = number == "none";
        scenario.devices.resize(scenario.none ? 0 : std::size_t(std::stoul(number)));
        return scenario.devices.size() <= 16;
    }
    if (word != "device" || !(in >> number >> word))
        return false;
    const std::string rest(std::istreambuf_iterator<char>(in), {});
    for (std::size_t i = 0; i < scenario.devices.size(); ++i) {
        std::istringstream each(rest);
        if ((number == "*" || number == std::to_string(i))
            && !apply(scenario.devices[i], word, each))
            return false;
    }
    return true;
}

Scenario readScenario()
{
    Scenario scenario;
    scenario.devices.resize(2);
    if (const char *path = std::getenv("PILOTHOUSE_CUDA_SCENARIO")) {
        std::ifstream file(path);
        std::string line;
        for (int number = 1; std::getline(file, line); ++number) {
            if (line.empty() || line[0] == '#')
                continue;
            if (!applyLine(scenario, line)) {
                std::fprintf(stderr, "fakecuda: %s:%d is not understood\n", path, number);
                std::exit(99);
            }
        }
    }
    for (std::size_t i = 0; i < scenario.devices.size(); ++i) {
        auto &device = scenario.devices[i];
        if (device.uuid.empty()) {
            char uuid[64];
            std::snprintf(uuid, sizeof uuid, "GPU-5137%04zx-0000-4000-8000-000000000000", i);
            device.uuid = uuid;
        }
        if (!device.name.starts_with("Simulated"))
            device.name.insert(0, "Simulated ");
    }
    return scenario;
}

} // namespace fakecuda
