// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/commands.h"
#include "agents/agent/disk.h"
#include "agents/agent/fd.h"
#include "agents/agent/version.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

static int copyTo(int from, const fs::path &target)
{
    const Fd to(::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700));
    if (!to)
        return errno;
    char buffer[65536];
    while (true) {
        const ssize_t n = ::read(from, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        if (n == 0)
            return ::fsync(to.number()) == 0 ? 0 : errno;
        if (const int error = writeAll(to.number(), {buffer, static_cast<std::size_t>(n)}))
            return error;
    }
}

/// Moves by rename, or by a synced copy beside the target when that is another file system.
static int moveInto(const fs::path &self, const fs::path &target)
{
    const Fd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    if (!file)
        return errno;
    ::fchmod(file.number(), 0700);
    // The time of installation decides which of two builds of one version is the newer.
    ::futimens(file.number(), nullptr);
    if (::fsync(file.number()) != 0)
        return errno;
    if (::rename(self.c_str(), target.c_str()) == 0)
        return syncFolder(target.parent_path());
    if (errno != EXDEV)
        return errno;
    const fs::path temporary = target.string() + ".new" + std::to_string(::getpid());
    int error = copyTo(file.number(), temporary);
    if (!error && ::rename(temporary.c_str(), target.c_str()) != 0)
        error = errno;
    if (error) {
        ::unlink(temporary.c_str());
        return error;
    }
    ::unlink(self.c_str());
    return syncFolder(target.parent_path());
}

int runInstall(const Arguments &arguments)
{
    if (arguments.size() != 1 || arguments[0].empty())
        return 2;
    std::error_code error;
    fs::path target = fs::absolute(arguments[0]);
    if (arguments[0].ends_with('/') || fs::is_directory(target, error))
        target /= "pilothouse-agent";
    target = target.lexically_normal();
    const std::string folder = target.parent_path().filename();
    if (folder.find('+') != std::string::npos && folder != agentVersion())
        return failed("This binary is version " + agentVersion() + " and not " + folder
            + ": it was damaged on its way.");
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    if (error)
        return failed("/proc/self/exe: " + error.message() + '.');
    if (const int number = makeFolders(target.parent_path()))
        return failed(target.parent_path().string() + ": " + errnoText(number) + '.');
    if (self != target) {
        if (const int number = moveInto(self, target))
            return failed(target.string() + ": " + errnoText(number) + '.');
    }
    std::printf("%s\n", target.c_str());
    return 0;
}

} // namespace pilothouse::agent
