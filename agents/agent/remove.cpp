// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/commands.h"
#include "agents/agent/disk.h"
#include "agents/agent/fd.h"
#include "agents/agent/folders.h"
#include "agents/agent/handover.h"
#include "agents/agent/jobfolder.h"
#include "agents/agent/processes.h"
#include "agents/agent/runningjobs.h"

#include <csignal>
#include <cstdio>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

/// Ends every job as a cancel without grace would.
static void endJobs(const fs::path &jobs)
{
    for (int i = 0; i < 500 && countJobs(jobs).running > 0; ++i) {
        std::error_code error;
        for (const auto &item : fs::directory_iterator(jobs, error)) {
            const auto status = readJobStatus(item.path());
            if (!status)
                continue;
            if (supervisorLives(*status)) {
                signalProcess(status->supervisorPid, status->supervisorStart, SIGUSR1, 1);
            } else if (processLives(*status)) {
                for (const auto &process : ofSession(status->supervisorPid))
                    ::kill(process.pid, SIGKILL);
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

static bool takeAway(const fs::path &folder)
{
    std::error_code error;
    if (!fs::exists(fs::symlink_status(folder, error)))
        return true;
    fs::remove_all(folder, error);
    if (error) {
        failed(folder.string() + ": " + error.message() + '.');
        return false;
    }
    std::printf("removed %s\n", folder.c_str());
    return true;
}

static void removeEmptyParents(fs::path folder, int levels)
{
    for (; levels > 0; --levels, folder = folder.parent_path()) {
        std::error_code error;
        if (!fs::remove(folder, error) || error)
            return;
    }
}

static bool otherHostsUse(const Folders &folders)
{
    std::error_code error;
    for (const auto &item : fs::directory_iterator(folders.state.parent_path(), error)) {
        if (item.path() != folders.state)
            return true;
    }
    return false;
}

int runRemove(const Arguments &arguments)
{
    const bool force = arguments.size() == 1 && arguments[0] == "--force";
    if (!arguments.empty() && !force)
        return 2;
    const Folders folders = findFolders();
    // Nobody starts a daemon while this goes on; a run folder that is not ours is left alone.
    std::error_code error;
    Fd lock;
    const bool hasRun = fs::exists(fs::symlink_status(folders.run, error));
    if (hasRun) {
        if (const auto sentence = secureRunFolder(folders.run))
            return failed(*sentence);
        lock = Fd(
            ::open(folders.startLock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (lock)
            ::flock(lock.number(), LOCK_EX);
    }
    const auto running = countJobs(folders.jobs).running;
    if (running > 0 && !force)
        return failed(std::to_string(running) + (running == 1 ? " job runs" : " jobs run")
            + " here. Cancel first, or remove with --force, which ends them.");
    if (const auto daemon = readDaemonInfo(folders); daemon && daemonRuns(folders)) {
        if (const auto sentence = handOver(folders, daemon, "the agent is removed"))
            return failed(*sentence);
        std::printf("stopped the daemon, process %d\n", daemon->pid);
    }
    endJobs(folders.jobs);
    bool all = takeAway(folders.state);
    removeEmptyParents(folders.state.parent_path(), 2);
    if (otherHostsUse(folders))
        std::printf("kept %s: other hosts that share this home use it\n", folders.data.c_str());
    else
        all = takeAway(folders.data) && all;
    removeEmptyParents(folders.data.parent_path(), 1);
    all = takeAway(folders.run) && all;
    return all ? 0 : 1;
}

} // namespace pilothouse::agent
