// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/jobfolder.h"

#include "agents/agent/disk.h"
#include "agents/agent/processes.h"

#include <charconv>

namespace fs = std::filesystem;

namespace pilothouse::agent {

bool isJobId(const std::string &id)
{
    if (id.empty() || id.size() > 128 || id.front() == '.')
        return false;
    for (const char c : id) {
        const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '.' || c == '_' || c == '-';
        if (!fits)
            return false;
    }
    return true;
}

std::optional<v1::Job> readJobSpec(const fs::path &folder)
{
    const auto bytes = readFile(folder / jobfile::spec);
    v1::Job job;
    if (!bytes || !job.ParseFromString(*bytes) || job.id() != folder.filename())
        return std::nullopt;
    return job;
}

std::optional<wire::JobStatus> readJobStatus(const fs::path &folder)
{
    const auto text = readFile(folder / jobfile::status, 1 << 16);
    return text ? wire::parseJobStatus(*text) : std::nullopt;
}

std::optional<unsigned> readCancelGrace(const fs::path &folder)
{
    const auto text = readFile(folder / jobfile::cancel, 64);
    unsigned grace = 0;
    if (!text
        || std::from_chars(text->data(), text->data() + text->size(), grace).ec != std::errc())
        return std::nullopt;
    return grace;
}

static v1::JobState stateOf(wire::JobPhase phase)
{
    switch (phase) {
    case wire::JobPhase::Queued:
        return v1::QUEUED;
    case wire::JobPhase::Running:
        return v1::RUNNING;
    case wire::JobPhase::Succeeded:
        return v1::SUCCEEDED;
    case wire::JobPhase::Failed:
        return v1::FAILED;
    case wire::JobPhase::Cancelled:
        return v1::CANCELLED;
    case wire::JobPhase::Lost:
        return v1::LOST;
    }
    return v1::JOB_STATE_UNSPECIFIED;
}

void applyStatus(const wire::JobStatus &status, v1::Job &job)
{
    job.set_state(stateOf(status.phase));
    job.set_has_exit(status.hasExit);
    job.set_exit_code(status.exitCode);
    job.set_signal(status.signal);
    job.set_started_ns(status.startedNs);
    job.set_ended_ns(status.endedNs);
    job.set_peak_memory_bytes(status.peakMemoryBytes);
    job.set_reason(status.reason);
    job.set_pid(static_cast<uint32_t>(status.pid));
    job.set_boot_id(status.bootId);
}

bool supervisorLives(const wire::JobStatus &status)
{
    return isAlive(status.supervisorPid, status.supervisorStart, status.bootId);
}

bool processLives(const wire::JobStatus &status)
{
    return isAlive(status.pid, status.pidStart, status.bootId);
}

} // namespace pilothouse::agent
