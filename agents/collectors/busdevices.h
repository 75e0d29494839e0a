// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/telemetrysource.h"

#include <filesystem>

namespace pilothouse::agent {

/// What stands at a PCI address ("0000:1b:00.0", the function may be missing): one of `gpus` by its
/// UUID, or a network card by its interface as /sys/bus/pci has it. Empty when it is neither.
std::string deviceAtBus(const std::filesystem::path &root, const std::string &address,
    const std::vector<DeviceInfo> &gpus);

} // namespace pilothouse::agent
