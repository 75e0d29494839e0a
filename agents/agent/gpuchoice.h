// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/telemetrysource.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace pilothouse::agent {

/// UUIDs of the GPUs that can be used now, least busy first (utilisation, then used memory, then
/// index). A GPU in trouble is left out; one without numbers counts as busy.
std::vector<std::string> gpusByLoad(const TelemetrySource &telemetry);

/// Right after the agent's start nothing is known of GPUs: waits for the driver's first answer, or
/// for the reason why there is none; at most ten seconds, or until `stopped`.
void waitForGpus(const TelemetrySource &telemetry, const std::function<bool()> &stopped);

struct GpuChoice {
    std::vector<std::string> uuids;
    std::string refusal; ///< a sentence; then there are no uuids
};
/// `count` GPUs that no job of ours has, or exactly `wanted` when it is not empty.
GpuChoice chooseGpus(uint32_t count, const std::vector<std::string> &wanted,
    const std::vector<std::string> &byLoad, const std::set<std::string> &taken);

} // namespace pilothouse::agent
