// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What is done to a job that runs: signal and cancel.
#include "agents/agent/disk.h"
#include "agents/agent/jobstore.h"
#include "agents/agent/processes.h"
#include "agents/agent/refusal.h"

#include <cerrno>
#include <csignal>

namespace pilothouse::agent {

grpc::Status JobStore::signal(const std::string &id, int number, v1::Job &job)
{
    if (number < 1 || number > SIGRTMAX)
        return refuse(grpc::StatusCode::INVALID_ARGUMENT,
            std::to_string(number) + " is not the number of a signal.");
    const std::lock_guard lock(m_mutex);
    const auto it = m_entries.find(id);
    if (it == m_entries.end())
        return unknown(id);
    const Entry &entry = it->second;
    // The main process leads its group; while it is there, the group's number is not reused.
    if (entry.ended || !entry.status || !processLives(*entry.status))
        return refuse(grpc::StatusCode::FAILED_PRECONDITION,
            entry.ended ? "The job has ended." : "The job's process is not there (yet).");
    if (::kill(-entry.status->pid, number) != 0)
        return refuseErrno(errno, "The signal could not be sent");
    job = shown(entry);
    return grpc::Status::OK;
}

grpc::Status JobStore::cancel(const std::string &id, unsigned graceSeconds, v1::Job &job)
{
    const unsigned grace = graceSeconds == 0 ? 10 : graceSeconds;
    const std::lock_guard lock(m_mutex);
    const auto it = m_entries.find(id);
    if (it == m_entries.end() || it->second.submitting)
        return unknown(id);
    Entry &entry = it->second;
    job = shown(entry);
    if (entry.ended)
        return grpc::Status::OK;
    // On disk for a supervisor that is only about to begin, and in the signal for one that runs: a
    // full disk keeps nobody from cancelling.
    writeDurably(folderOf(id) / jobfile::cancel, std::to_string(grace) + '\n');
    entry.cancelled = true;
    if (entry.status && supervisorLives(*entry.status)) {
        signalProcess(entry.status->supervisorPid, entry.status->supervisorStart, SIGUSR1,
            static_cast<int>(grace));
    } else if (entry.status && entry.status->pid > 0) {
        const int64_t killAt = boottimeNs() + grace * 1'000'000'000LL;
        entry.killAt = entry.killAt == 0 ? killAt : std::min(entry.killAt, killAt);
        for (const auto &process : ofSession(entry.status->supervisorPid)) {
            if (process.pid != entry.status->supervisorPid) {
                ::kill(process.pid, SIGTERM);
                ::kill(process.pid, SIGCONT);
            }
        }
        wake();
    }
    return grpc::Status::OK;
}

} // namespace pilothouse::agent
