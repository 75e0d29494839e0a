// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/wire/jobstate.h"

#include "pilothouse/agent/v1/agent.pb.h"

#include <filesystem>
#include <optional>

namespace pilothouse::agent {

/// What lies in a job's folder (name = job id):
///   spec    a serialised v1::Job: what was asked, with the script; never changes
///   status  wire::JobStatus; its creation by link() is the one claim to run the job
///   cancel  seconds of grace, once somebody asked to cancel
///   script  the script's bytes, executable
///   log     stdout and stderr
///   .end0 .., .reserve  room set aside for the next statuses, in case the disk is full then
namespace jobfile {
inline constexpr const char *spec = "spec";
inline constexpr const char *status = "status";
inline constexpr const char *cancel = "cancel";
inline constexpr const char *script = "script";
inline constexpr const char *log = "log";
} // namespace jobfile

/// [A-Za-z0-9._-], 1 to 128 characters, not beginning with a dot: fit for a folder's name.
bool isJobId(const std::string &id);

std::optional<v1::Job> readJobSpec(const std::filesystem::path &folder);
std::optional<wire::JobStatus> readJobStatus(const std::filesystem::path &folder);
std::optional<unsigned> readCancelGrace(const std::filesystem::path &folder);

/// Puts a status into the job as clients see it.
void applyStatus(const wire::JobStatus &status, v1::Job &job);

/// The supervisor or the job's main process is there.
bool supervisorLives(const wire::JobStatus &status);
bool processLives(const wire::JobStatus &status);

} // namespace pilothouse::agent
