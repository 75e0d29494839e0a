// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/fd.h"
#include "agents/wire/jobstate.h"

#include <filesystem>

namespace pilothouse::agent {

/// Writes a job's `status` so that the last ones also fit on a disk that the job has filled: their
/// files are made and filled before the job starts.
class StatusWriter {
public:
    explicit StatusWriter(std::filesystem::path folder);
    ~StatusWriter();

    /// The first status. EEXIST: another supervisor has this job.
    int claim(const wire::JobStatus &status);
    /// Sets the room aside; 0 or an errno value (ENOSPC: do not start the job).
    int reserve();
    /// Replaces the status durably; uses up reserved room when there is some.
    int replace(const wire::JobStatus &status);

private:
    std::filesystem::path m_folder;
    int m_nextReserved = 0, m_reserved = 0;
};

} // namespace pilothouse::agent
