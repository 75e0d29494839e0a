// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/busdevices.h"

#include "agents/collectors/printable.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace pilothouse::agent {

static constexpr std::size_t withoutFunction = 10; // "0000:1b:00"

std::string deviceAtBus(
    const fs::path &root, const std::string &address, const std::vector<DeviceInfo> &gpus)
{
    if (address.size() < withoutFunction || address.size() > 16
        || address.find_first_not_of("0123456789abcdefABCDEF:.") != std::string::npos)
        return {};
    // A card has its sound or its serial port as further functions at the same place.
    std::string place = address.substr(0, withoutFunction);
    std::transform(place.begin(), place.end(), place.begin(),
        [](char c) { return c >= 'A' && c <= 'F' ? char(c - 'A' + 'a') : c; });
    for (const auto &gpu : gpus) {
        if (gpu.bus.starts_with(place))
            return gpu.uuid;
    }
    std::error_code error;
    const auto device = root / "sys/bus/pci/devices"
        / (address.size() > withoutFunction ? address : place + ".0");
    for (const auto &interface : fs::directory_iterator(device / "net", error))
        return printable(interface.path().filename().string().substr(0, 32));
    return {};
}

} // namespace pilothouse::agent
