// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace pilothouse::agent {

/// Where everything of ours lies. Homes are shared over NFS, so only the binary is common to all
/// hosts; jobs are per host, and what needs a local file system is in /var/tmp.
struct Folders {
    std::string machineId, hostName;
    std::filesystem::path run; ///< ring, socket, locks, log: /var/tmp/pilothouse-UID
    std::filesystem::path state; ///< $XDG_STATE_HOME/pilothouse/hosts/MACHINE-HOST
    std::filesystem::path jobs; ///< state/jobs
    std::filesystem::path data; ///< $XDG_DATA_HOME/pilothouse/agent: versions side by side

    std::filesystem::path socket() const { return run / "agent.sock"; }
    std::filesystem::path startLock() const
    {
        return run / "start.lock";
    } ///< held while starting one
    std::filesystem::path daemonLock() const { return run / "daemon.lock"; } ///< held by the daemon
    std::filesystem::path daemonFile() const { return run / "daemon"; }
    std::filesystem::path log() const { return run / "log"; }
};

/// PILOTHOUSE_AGENT_RUN and PILOTHOUSE_AGENT_HOST_ID take the place of the run folder and the
/// machine id: two "hosts" of a test share one home that way.
Folders findFolders();

/// Creates the run folder 0700; refuses one that is a link or belongs to somebody else.
/// nullopt, or a sentence for the user.
std::optional<std::string> secureRunFolder(const std::filesystem::path &run);

/// What the running daemon wrote about itself.
struct DaemonInfo {
    int pid = 0;
    uint64_t start = 0;
    std::string boot, version;
    int64_t installedNs = 0; ///< modification time of its binary: which of two equals came later
    int64_t startedNs = 0;
};
std::optional<DaemonInfo> readDaemonInfo(const Folders &folders);
int writeDaemonInfo(const Folders &folders, const DaemonInfo &info);
/// Its lock is held: a daemon runs here.
bool daemonRuns(const Folders &folders);

} // namespace pilothouse::agent
