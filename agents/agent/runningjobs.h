// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>

namespace pilothouse::agent {

struct JobCounts {
    std::size_t all = 0, running = 0;
};
/// Read from the job folders, with or without a daemon.
JobCounts countJobs(const std::filesystem::path &jobs);

} // namespace pilothouse::agent
