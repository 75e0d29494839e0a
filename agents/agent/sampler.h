// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/telemetrysource.h"
#include "agents/collectors/kernelsource.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

namespace pilothouse::agent {

struct SamplerOptions {
    std::filesystem::path ringFolder; ///< /var/tmp/pilothouse-<uid>/: ring files live here, 0700
    std::filesystem::path root = "/"; ///< where proc/ and sys/ are read; a fixture folder in tests
    /// The GPU helper's executable; empty = the embedded one, unpacked into the ring folder.
    /// The environment variable PILOTHOUSE_GPU_HELPER has the last word.
    std::filesystem::path gpuHelper;
    std::function<std::string(uint32_t pid)> jobOfPid; ///< our job id of a process, or empty
    std::chrono::milliseconds period{1000};
    std::chrono::milliseconds accountPeriod{5000}; ///< of GPU-seconds and energy by owner
    KernelSources kernel; ///< where the kernel's messages are read
};

/// Starts the 1 Hz sampling thread. Destroying it stops the thread and the helper and syncs the
/// ring.
std::unique_ptr<TelemetrySource> makeSampler(SamplerOptions options);

} // namespace pilothouse::agent
