// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/fd.h"
#include "agents/agent/jobfolder.h"
#include "agents/agent/telemetrysource.h"

#include <grpcpp/support/status.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace pilothouse::agent {

/// The jobs of this host. Their supervisors are independent processes: the store only starts them,
/// watches them (pidfd for their end, inotify for a changed status) and reads what they wrote, so
/// it can die and come back at any time. Thread-safe; one watching thread of its own.
class JobStore {
public:
    /// GPUs that can be used now, least busy first.
    using GpuLister = std::function<std::vector<std::string>()>;

    /// What a job's processes took of the GPUs, when they were seen on one. Quick.
    using GpuAccountant = std::function<std::optional<GpuAccount>(const std::string &id)>;

    JobStore(std::filesystem::path jobsFolder, GpuLister gpus, GpuAccountant accountant = {});
    ~JobStore(); ///< jobs go on

    /// Reads every job from disk and adopts those that run. A job that was accepted but whose
    /// supervisor never began is started now, unless the host was restarted in between.
    void load();

    /// Starts `spec` once for its client id, however often and by however many it is called.
    grpc::Status submit(const v1::JobSpec &spec, v1::SubmitJobReply &reply);
    grpc::Status signal(const std::string &id, int number, v1::Job &job);
    grpc::Status cancel(const std::string &id, unsigned graceSeconds, v1::Job &job);
    grpc::Status forget(const std::string &id);

    std::optional<v1::Job> find(const std::string &id) const;
    std::vector<v1::Job> all() const; ///< oldest first
    std::size_t active() const; ///< queued or running
    std::vector<v1::Job> onGpus() const; ///< those that run and have taken GPU time
    std::string jobOfProcess(int pid) const; ///< id, or empty
    std::filesystem::path folderOf(const std::string &id) const { return m_folder / id; }

    struct Changes {
        std::vector<v1::Job> jobs;
        std::vector<std::string> forgotten;
        uint64_t version = 0;
    };
    /// What changed after `version`; 0 = everything.
    Changes changesAfter(uint64_t version) const;
    /// False when nothing newer than `version` came within the time.
    bool waitForChange(uint64_t version, int timeoutMs) const;

    /// Lets every waiting call return at once, now and later: the daemon ends.
    void stopWaiting();

    /// A descriptor that is written to at each change, until taken off again.
    void addListener(int eventFd);
    void removeListener(int eventFd);

private:
    struct Entry {
        v1::Job job; ///< without the script
        std::optional<wire::JobStatus> status;
        bool submitting = false; ///< its folder is being written
        bool ended = false;
        uint64_t changed = 0;
        pid_t child = 0; ///< its supervisor when we started it: to be reaped
        Fd supervisor, process; ///< pidfds; only the watching thread touches them
        int watch = -1; ///< inotify
        bool polled = false; ///< no pidfd to be had: looked at once a second
        // A job whose supervisor was killed is ended by us.
        int64_t killAt = 0;
        std::string endReason;
        bool cancelled = false;
    };
    struct Look;

    grpc::Status writeFolder(const v1::Job &job) const;
    void startSupervisor(Entry &entry);
    bool admit(const v1::JobSpec &spec, v1::Job &job, grpc::Status &refusal);
    std::set<std::string> takenGpus() const;
    void bump(Entry &entry);
    void wake() const;
    v1::Job shown(const Entry &entry) const;
    grpc::Status unknown(const std::string &id) const;

    void watchLoop();
    void lookAt(const std::string &id);
    void judge(Entry &entry, Look look);
    void endOrphan(Entry &entry, int64_t now);
    void finishWithout(
        Entry &entry, wire::JobPhase phase, const std::string &reason, int64_t endedNs);

    std::filesystem::path m_folder;
    GpuLister m_gpus;
    GpuAccountant m_accountant;
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    std::map<std::string, Entry> m_entries;
    std::deque<std::pair<uint64_t, std::string>> m_forgotten;
    std::set<int> m_listeners;
    uint64_t m_version = 1;
    bool m_stop = false, m_leaving = false;
    Fd m_wake, m_inotify;
    std::thread m_thread;
};

} // namespace pilothouse::agent
