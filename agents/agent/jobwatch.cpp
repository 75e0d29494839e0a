// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The store's watching thread: what became of the supervisors and their jobs.
#include "agents/agent/disk.h"
#include "agents/agent/jobstore.h"
#include "agents/agent/processes.h"

#include <algorithm>
#include <csignal>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

static constexpr int64_t second = 1'000'000'000;

/// What was seen of a job, gathered without the lock: its folder may lie on a slow network disk.
struct JobStore::Look {
    std::optional<wire::JobStatus> status;
    bool supervisor = false, process = false, folder = true;
};

void JobStore::watchLoop()
{
    while (true) {
        std::vector<pollfd> polled{{m_wake.number(), POLLIN, 0}, {m_inotify.number(), POLLIN, 0}};
        std::vector<std::string> active;
        int timeout = -1;
        {
            const std::lock_guard lock(m_mutex);
            if (m_stop)
                return;
            for (auto &[id, entry] : m_entries) {
                if (entry.ended || entry.submitting)
                    continue;
                active.push_back(id);
                if (entry.polled || entry.killAt > 0)
                    timeout = entry.killAt > 0 ? 100 : timeout < 0 ? 1000 : timeout;
                for (const Fd *fd : {&entry.supervisor, &entry.process}) {
                    if (*fd)
                        polled.push_back({fd->number(), POLLIN, 0});
                }
            }
        }
        ::poll(polled.data(), polled.size(), timeout);
        eventfd_t ignored = 0;
        ::eventfd_read(m_wake.number(), &ignored);
        char events[4096];
        while (::read(m_inotify.number(), events, sizeof events) > 0) { }
        // New ones came with the wake-up; looking at a job is two small reads, and few run at once.
        {
            const std::lock_guard lock(m_mutex);
            active.clear();
            for (const auto &[id, entry] : m_entries) {
                if (!entry.ended && !entry.submitting)
                    active.push_back(id);
            }
        }
        for (const auto &id : active)
            lookAt(id);
    }
}

void JobStore::lookAt(const std::string &id)
{
    const fs::path folder = folderOf(id);
    {
        const std::lock_guard lock(m_mutex);
        const auto it = m_entries.find(id);
        if (it == m_entries.end())
            return;
        Entry &entry = it->second;
        if (entry.watch < 0)
            entry.watch
                = ::inotify_add_watch(m_inotify.number(), folder.c_str(), IN_MOVED_TO | IN_CREATE);
        if (entry.child > 0 && ::waitpid(entry.child, nullptr, WNOHANG) != 0)
            entry.child = 0;
    }
    Look look;
    look.status = readJobStatus(folder);
    if (look.status) {
        look.supervisor = supervisorLives(*look.status);
        look.process = processLives(*look.status);
        if (!look.supervisor) // it may have written its last word between the two looks
            look.status = readJobStatus(folder);
    }
    struct stat info { };
    look.folder = ::stat(folder.c_str(), &info) == 0 || errno != ENOENT;
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_entries.find(id); it != m_entries.end() && !it->second.ended)
        judge(it->second, std::move(look));
}

void JobStore::judge(Entry &entry, Look look)
{
    const v1::Job before = entry.job;
    if (!look.folder) {
        finishWithout(entry, wire::JobPhase::Lost, "The job's folder was taken away.", wallNs());
    } else if (!look.status) {
        if (entry.child > 0) {
            if (!entry.supervisor)
                entry.supervisor = openProcess(
                    entry.child, processStat(entry.child).value_or(ProcessStat{}).start);
        } else {
            finishWithout(entry, wire::JobPhase::Failed,
                "The job's supervisor ended before it could start the job; there may be no room in "
                    + m_folder.string() + '.',
                wallNs());
        }
    } else {
        entry.status = look.status;
        const auto &status = *look.status;
        if (status.ended() && !look.supervisor) {
            applyStatus(status, entry.job);
            entry.ended = true;
        } else if (look.supervisor) {
            // While leftovers are being ended, the job still counts as running.
            wire::JobStatus shown = status;
            if (status.ended())
                shown.phase = wire::JobPhase::Running, shown.endedNs = 0, shown.hasExit = false;
            applyStatus(shown, entry.job);
            pollfd ended{entry.supervisor.number(), POLLIN, 0};
            if (!entry.supervisor
                || ::poll(&ended, 1, 0) > 0) // ours came second: another has the job
                entry.supervisor = openProcess(status.supervisorPid, status.supervisorStart);
        } else if (look.process) {
            applyStatus(status, entry.job);
            entry.job.set_reason(
                "Its supervisor was killed: it runs on, but its exit code will not be known.");
            entry.supervisor.reset();
            if (!entry.process)
                entry.process = openProcess(status.pid, status.pidStart);
            endOrphan(entry, boottimeNs());
        } else if (entry.cancelled && status.bootId == bootId()) {
            finishWithout(entry, wire::JobPhase::Cancelled,
                "Its supervisor was killed; the exit code is not known.", wallNs());
        } else {
            const bool sameBoot = status.bootId == bootId();
            finishWithout(entry,
                entry.endReason.empty() ? wire::JobPhase::Lost : wire::JobPhase::Failed,
                !entry.endReason.empty() ? entry.endReason
                    : sameBoot ? "The job and its supervisor are gone without a word (killed, or "
                                 "out of memory)."
                               : "The host was restarted while the job ran.",
                sameBoot ? wallNs() : 0);
        }
    }
    if (entry.ended) {
        entry.supervisor.reset();
        entry.process.reset();
        if (entry.watch >= 0)
            ::inotify_rm_watch(m_inotify.number(), entry.watch);
        entry.watch = -1;
        if (entry.child > 0 && ::waitpid(entry.child, nullptr, WNOHANG) != 0)
            entry.child = 0;
    }
    entry.polled = !entry.ended
        && ((!entry.supervisor && !entry.process) || entry.watch < 0
            || (entry.process && entry.job.spec().time_limit_seconds() > 0));
    if (before.SerializeAsString() != entry.job.SerializeAsString())
        bump(entry);
}

void JobStore::endOrphan(Entry &entry, int64_t now)
{
    const auto &status = *entry.status;
    const int64_t limit = entry.job.spec().time_limit_seconds() * second;
    const bool over = limit > 0 && wallNs() - status.startedNs > limit;
    if (entry.killAt == 0 && (over || entry.cancelled)) {
        if (!entry.cancelled)
            entry.endReason
                = "Ended by its time limit of " + std::to_string(limit / second) + " s.";
        for (const auto &process : ofSession(status.supervisorPid)) {
            ::kill(process.pid, SIGTERM);
            ::kill(process.pid, SIGCONT);
        }
        entry.killAt
            = now + int64_t(readCancelGrace(folderOf(entry.job.id())).value_or(10)) * second;
    } else if (entry.killAt > 0 && now >= entry.killAt) {
        for (const auto &process : ofSession(status.supervisorPid))
            ::kill(process.pid, SIGKILL);
    }
}

void JobStore::finishWithout(
    Entry &entry, wire::JobPhase phase, const std::string &reason, int64_t endedNs)
{
    wire::JobStatus status = entry.status.value_or(wire::JobStatus{});
    status.phase = phase;
    status.reason = reason;
    status.endedNs = endedNs;
    entry.status = status;
    entry.ended = true;
    applyStatus(status, entry.job);
    // Best effort: on a full disk it is worked out again next time.
    writeDurably(folderOf(entry.job.id()) / jobfile::status, wire::formatJobStatus(status));
}

} // namespace pilothouse::agent
