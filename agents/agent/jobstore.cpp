// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/jobstore.h"

#include "agents/agent/disk.h"
#include "agents/agent/gpuchoice.h"
#include "agents/agent/jobcheck.h"
#include "agents/agent/processes.h"
#include "agents/agent/program.h"
#include "agents/agent/refusal.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

JobStore::JobStore(fs::path jobsFolder, GpuLister gpus, GpuAccountant accountant)
    : m_folder(std::move(jobsFolder))
    , m_gpus(std::move(gpus))
    , m_accountant(std::move(accountant))
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , m_inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK))
{
    m_thread = std::thread([this] { watchLoop(); });
}

JobStore::~JobStore()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    wake();
    m_thread.join();
}

void JobStore::wake() const
{
    ::eventfd_write(m_wake.number(), 1);
}

void JobStore::load()
{
    std::error_code error;
    for (const auto &item : fs::directory_iterator(m_folder, error)) {
        const std::string name = item.path().filename();
        if (name.starts_with(".new-") || name.starts_with(".gone-")) {
            fs::remove_all(item.path(), error); // a daemon died half-way
            continue;
        }
        auto job = readJobSpec(item.path());
        if (!job)
            continue;
        job->mutable_spec()->clear_script();
        const std::lock_guard lock(m_mutex);
        Entry &entry = m_entries[name];
        entry.job = std::move(*job);
        entry.status = readJobStatus(item.path());
        if (entry.status) {
            applyStatus(*entry.status, entry.job);
            entry.ended = entry.status->ended() && !supervisorLives(*entry.status);
            if (!entry.ended && !entry.status->ended() && readCancelGrace(item.path()))
                entry.cancelled = true;
        } else if (entry.job.boot_id() == bootId()) {
            startSupervisor(entry);
        } else {
            finishWithout(entry, wire::JobPhase::Lost,
                "The host was restarted before the job could start.", 0);
        }
        bump(entry);
    }
    wake();
}

void JobStore::bump(Entry &entry)
{
    entry.changed = ++m_version;
    m_changed.notify_all();
    for (const int listener : m_listeners)
        ::eventfd_write(listener, 1);
}

void JobStore::stopWaiting()
{
    const std::lock_guard lock(m_mutex);
    m_leaving = true;
    m_changed.notify_all();
    for (const int listener : m_listeners)
        ::eventfd_write(listener, 1);
}

void JobStore::addListener(int eventFd)
{
    const std::lock_guard lock(m_mutex);
    m_listeners.insert(eventFd);
}

void JobStore::removeListener(int eventFd)
{
    const std::lock_guard lock(m_mutex);
    m_listeners.erase(eventFd);
}

v1::Job JobStore::shown(const Entry &entry) const
{
    v1::Job job = entry.job;
    job.set_user(currentUser().name);
    struct stat info { };
    if (::stat((folderOf(job.id()) / jobfile::log).c_str(), &info) == 0)
        job.set_log_bytes(static_cast<uint64_t>(info.st_size));
    if (const auto account = m_accountant ? m_accountant(job.id()) : std::nullopt) {
        job.set_gpu_seconds(account->gpuSeconds);
        if (account->busySeconds >= 0)
            job.set_busy_gpu_seconds(account->busySeconds);
        if (account->energyJoules >= 0)
            job.set_energy_joules(account->energyJoules);
    }
    return job;
}

std::set<std::string> JobStore::takenGpus() const
{
    std::set<std::string> taken;
    for (const auto &[id, entry] : m_entries) {
        if (!entry.ended)
            taken.insert(entry.job.gpu_uuids().begin(), entry.job.gpu_uuids().end());
    }
    return taken;
}

bool JobStore::admit(const v1::JobSpec &spec, v1::Job &job, grpc::Status &refusal)
{
    job.set_id(spec.client_id());
    *job.mutable_spec() = spec;
    job.set_state(v1::QUEUED);
    job.set_submitted_ns(wallNs());
    job.set_boot_id(bootId());
    if (spec.gpus() == 0 && spec.gpu_uuids_size() == 0)
        return true;
    const auto choice = chooseGpus(
        spec.gpus(), {spec.gpu_uuids().begin(), spec.gpu_uuids().end()}, m_gpus(), takenGpus());
    if (!choice.refusal.empty()) {
        refusal = refuse(grpc::StatusCode::FAILED_PRECONDITION, choice.refusal);
        return false;
    }
    for (const auto &uuid : choice.uuids)
        job.add_gpu_uuids(uuid);
    return true;
}

grpc::Status JobStore::writeFolder(const v1::Job &job) const
{
    const fs::path temporary = m_folder / (".new-" + job.id());
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    int error = makeFolders(temporary);
    if (!error)
        error = writeDurably(temporary / jobfile::spec, job.SerializeAsString());
    if (!error && ::rename(temporary.c_str(), folderOf(job.id()).c_str()) != 0)
        error = errno;
    if (!error)
        error = syncFolder(m_folder);
    if (!error)
        return grpc::Status::OK;
    fs::remove_all(temporary, ignored);
    if (error == ENOSPC || error == EDQUOT)
        return refuse(grpc::StatusCode::RESOURCE_EXHAUSTED,
            "There is no room left in " + m_folder.string() + " to keep the job.");
    return refuseErrno(error, m_folder.string());
}

void JobStore::startSupervisor(Entry &entry)
{
    SpawnOptions options;
    options.ownSession = true;
    options.folder = "/";
    const std::string folder = folderOf(entry.job.id());
    Environment environment = loginEnvironment();
    // A wrong clock of a test is the host's: what a supervisor dates is wrong by the same.
    if (const char *shift = std::getenv(clockShiftVariable))
        environment[clockShiftVariable] = shift;
    const int error = spawn("/proc/self/exe", {"pilothouse-agent", "supervise", folder},
        environment, options, entry.child);
    if (error) {
        entry.child = 0;
        finishWithout(entry, wire::JobPhase::Failed,
            "The job's supervisor could not be started: " + errnoText(error) + '.', wallNs());
    }
}

grpc::Status JobStore::submit(const v1::JobSpec &spec, v1::SubmitJobReply &reply)
{
    if (const auto problem = problemWith(spec))
        return refuse(grpc::StatusCode::INVALID_ARGUMENT, *problem);
    const std::string id = spec.client_id();
    std::unique_lock lock(m_mutex);
    // Whoever comes second waits until the first has written it or has failed to.
    m_changed.wait(lock, [&] {
        const auto it = m_entries.find(id);
        return m_leaving || it == m_entries.end() || !it->second.submitting;
    });
    if (m_leaving)
        return refuse(grpc::StatusCode::UNAVAILABLE, "The agent is ending.");
    if (m_entries.contains(id)) {
        reply.set_existed(true);
    } else {
        v1::Job job;
        grpc::Status refusal;
        if (!admit(spec, job, refusal))
            return refusal;
        Entry &fresh = m_entries[id];
        fresh.submitting = true;
        fresh.job = job;
        fresh.job.mutable_spec()->clear_script();
        lock.unlock();
        const grpc::Status written = writeFolder(job);
        lock.lock();
        if (!written.ok()) {
            m_entries.erase(id);
            m_changed.notify_all();
            return written;
        }
        Entry &entry = m_entries[id];
        entry.submitting = false;
        startSupervisor(entry);
        bump(entry);
        wake();
    }
    // A moment later the supervisor has said whether it runs; without it the answer is "queued".
    m_changed.wait_for(lock, std::chrono::seconds(10), [&] {
        const auto it = m_entries.find(id);
        return m_leaving || it == m_entries.end() || it->second.job.state() != v1::QUEUED;
    });
    const auto it = m_entries.find(id);
    if (it == m_entries.end())
        return unknown(id);
    *reply.mutable_job() = shown(it->second);
    return grpc::Status::OK;
}

grpc::Status JobStore::unknown(const std::string &id) const
{
    return refuse(grpc::StatusCode::NOT_FOUND, "There is no job " + id + " on this host.");
}

std::optional<v1::Job> JobStore::find(const std::string &id) const
{
    const std::lock_guard lock(m_mutex);
    const auto it = m_entries.find(id);
    if (it == m_entries.end() || it->second.submitting)
        return std::nullopt;
    return shown(it->second);
}

std::vector<v1::Job> JobStore::all() const
{
    return changesAfter(0).jobs;
}

std::size_t JobStore::active() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<std::size_t>(std::count_if(
        m_entries.begin(), m_entries.end(), [](const auto &item) { return !item.second.ended; }));
}

std::vector<v1::Job> JobStore::onGpus() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<v1::Job> jobs;
    for (const auto &[id, entry] : m_entries) {
        if (entry.ended || entry.submitting)
            continue;
        if (auto job = shown(entry); job.has_gpu_seconds())
            jobs.push_back(std::move(job));
    }
    return jobs;
}

std::string JobStore::jobOfProcess(int pid) const
{
    std::map<int, std::string> sessions;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto &[id, entry] : m_entries) {
            if (!entry.ended && entry.status)
                sessions[entry.status->supervisorPid] = id;
        }
    }
    // A process that made its own session is still below the supervisor.
    for (int depth = 0; !sessions.empty() && pid > 1 && depth < 64; ++depth) {
        const auto stat = processStat(pid);
        if (!stat)
            break;
        for (const int candidate : {stat->session, stat->parent}) {
            if (const auto it = sessions.find(candidate); it != sessions.end())
                return it->second;
        }
        pid = stat->parent;
    }
    return {};
}

JobStore::Changes JobStore::changesAfter(uint64_t version) const
{
    const std::lock_guard lock(m_mutex);
    Changes changes;
    changes.version = m_version;
    for (const auto &[id, entry] : m_entries) {
        if (entry.changed > version && !entry.submitting)
            changes.jobs.push_back(shown(entry));
    }
    std::sort(changes.jobs.begin(), changes.jobs.end(),
        [](const auto &a, const auto &b) { return a.submitted_ns() < b.submitted_ns(); });
    for (const auto &[when, id] : m_forgotten) {
        if (when > version && version > 0)
            changes.forgotten.push_back(id);
    }
    return changes;
}

bool JobStore::waitForChange(uint64_t version, int timeoutMs) const
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, std::chrono::milliseconds(timeoutMs),
        [&] { return m_leaving || m_version > version; });
}

grpc::Status JobStore::forget(const std::string &id)
{
    const std::lock_guard lock(m_mutex);
    const auto it = m_entries.find(id);
    if (it == m_entries.end())
        return unknown(id);
    if (!it->second.ended)
        return refuse(grpc::StatusCode::FAILED_PRECONDITION,
            "The job has not ended; cancel it before it is forgotten.");
    const fs::path gone = m_folder / (".gone-" + id);
    if (::rename(folderOf(id).c_str(), gone.c_str()) != 0 && errno != ENOENT)
        return refuseErrno(errno, folderOf(id).string());
    std::error_code ignored;
    fs::remove_all(gone, ignored);
    m_entries.erase(it);
    m_forgotten.emplace_back(++m_version, id);
    if (m_forgotten.size() > 1000)
        m_forgotten.pop_front();
    m_changed.notify_all();
    for (const int listener : m_listeners)
        ::eventfd_write(listener, 1);
    return grpc::Status::OK;
}

} // namespace pilothouse::agent
