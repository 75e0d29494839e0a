// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/folders.h"

#include "agents/agent/disk.h"
#include "agents/agent/fd.h"
#include "agents/agent/program.h"

#include <cstdlib>
#include <sstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

static std::string variable(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

/// XDG: a relative value is to be ignored.
static fs::path xdg(const char *name, const char *fallback)
{
    const std::string value = variable(name);
    if (value.starts_with('/'))
        return value;
    const std::string home = variable("HOME");
    return fs::path(home.starts_with('/') ? home : currentUser().home) / fallback;
}

static std::string plain(const std::string &text)
{
    std::string out;
    for (const char c : text) {
        const bool keep = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '-' || c == '_' || (c == '.' && !out.empty());
        out += keep ? c : '_';
    }
    return out;
}

static std::string findMachineId()
{
    if (auto forced = variable("PILOTHOUSE_AGENT_HOST_ID"); !forced.empty())
        return forced;
    for (const char *file : {"/etc/machine-id", "/var/lib/dbus/machine-id"}) {
        const auto text = readFile(file).value_or("");
        if (auto id = text.substr(0, text.find('\n')); id.size() >= 32)
            return id;
    }
    return "unknown";
}

Folders findFolders()
{
    Folders folders;
    utsname names{};
    ::uname(&names);
    folders.machineId = findMachineId();
    folders.hostName = names.nodename;
    const std::string run = variable("PILOTHOUSE_AGENT_RUN");
    folders.run = run.starts_with('/') ? run : "/var/tmp/pilothouse-" + std::to_string(::getuid());
    folders.state = xdg("XDG_STATE_HOME", ".local/state") / "pilothouse" / "hosts"
        / (plain(folders.machineId) + '-' + plain(folders.hostName));
    folders.jobs = folders.state / "jobs";
    folders.data = xdg("XDG_DATA_HOME", ".local/share") / "pilothouse" / "agent";
    return folders;
}

std::optional<std::string> secureRunFolder(const fs::path &run)
{
    if (const int error = makeFolders(run))
        return "The folder " + run.string() + " cannot be made: " + errnoText(error) + '.';
    struct stat info { };
    if (::lstat(run.c_str(), &info) != 0)
        return "The folder " + run.string() + " cannot be looked at: " + errnoText(errno) + '.';
    if (!S_ISDIR(info.st_mode))
        return "The agent's folder " + run.string() + " is not a folder but a link or a file.";
    if (info.st_uid != ::getuid())
        return "The agent's folder " + run.string() + " belongs to another user.";
    if ((info.st_mode & 077) != 0 && ::chmod(run.c_str(), 0700) != 0)
        return "The agent's folder " + run.string() + " is open to others.";
    return std::nullopt;
}

std::optional<DaemonInfo> readDaemonInfo(const Folders &folders)
{
    const auto text = readFile(folders.daemonFile());
    if (!text)
        return std::nullopt;
    DaemonInfo info;
    std::istringstream in(*text);
    if (!(in >> info.pid >> info.start >> info.boot >> info.version >> info.installedNs
            >> info.startedNs))
        return std::nullopt;
    return info;
}

int writeDaemonInfo(const Folders &folders, const DaemonInfo &info)
{
    std::ostringstream out;
    out << info.pid << ' ' << info.start << ' ' << info.boot << ' ' << info.version << ' '
        << info.installedNs << ' ' << info.startedNs << '\n';
    return writeDurably(folders.daemonFile(), out.str());
}

bool daemonRuns(const Folders &folders)
{
    const Fd lock(::open(folders.daemonLock().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return lock && ::flock(lock.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

} // namespace pilothouse::agent
