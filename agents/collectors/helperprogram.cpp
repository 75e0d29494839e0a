// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/helperprogram.h"

#include "agents/collectors/kernelfile.h"
#include "agents/gpuhelper/embedded.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>

extern char **environ;

namespace pilothouse::agent {

namespace {

bool writeAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes.remove_prefix(std::size_t(written));
    }
    return true;
}

int spawn(const std::string &path, int channel, pid_t &pid)
{
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, channel, 0);
    ::posix_spawn_file_actions_adddup2(&actions, channel, 1);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    // A session of its own: what is typed at a terminal's agent is not meant for the helper.
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    char name[] = "pilothouse-gpuhelper";
    char *const argv[] = {name, nullptr};
    const int error = ::posix_spawn(&pid, path.c_str(), &actions, &attributes, argv, environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return error;
}

} // namespace

HelperProgram::HelperProgram(std::filesystem::path path, std::filesystem::path folder)
    : m_path(std::move(path))
    , m_folder(std::move(folder))
{
    if (const char *given = std::getenv("PILOTHOUSE_GPU_HELPER"); given && *given)
        m_path = given;
    m_embedded = m_path.empty();
}

std::string HelperProgram::unpack()
{
    m_path = m_folder / "pilothouse-gpuhelper";
    const auto bytes = embeddedGpuHelper();
    if (readOnce(m_path) == bytes && ::access(m_path.c_str(), X_OK) == 0)
        return {};
    const auto temporary = m_path.string() + ".new";
    ::unlink(temporary.c_str());
    Descriptor out(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0700));
    if (!out || !writeAll(out.get(), bytes))
        return std::strerror(errno);
    out.reset();
    if (::rename(temporary.c_str(), m_path.c_str()) != 0)
        return std::strerror(errno);
    return {};
}

std::string HelperProgram::unpackToMemory()
{
    m_memory = Descriptor(::memfd_create("pilothouse-gpuhelper", MFD_CLOEXEC));
    if (!m_memory || !writeAll(m_memory.get(), embeddedGpuHelper()))
        return std::strerror(errno);
    m_path = "/proc/self/fd/" + std::to_string(m_memory.get());
    return {};
}

HelperProgram::Started HelperProgram::start()
{
    Started started;
    std::string problem;
    if (m_embedded && !m_memory) {
        if (m_folder.empty() || !unpack().empty())
            problem = unpackToMemory();
    }
    int ends[2] = {-1, -1};
    // A socket and not pipes: writing to a helper that is gone must not raise SIGPIPE.
    if (problem.empty() && ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        problem = std::strerror(errno);
    if (!problem.empty()) {
        started.problem = "the GPU helper cannot be prepared: " + problem;
        return started;
    }
    started.channel = Descriptor(ends[0]);
    const Descriptor theirs(ends[1]);
    int error = spawn(m_path, theirs.get(), started.pid);
    // "Permission denied" is a file system that runs no programs, "busy" one still being written.
    if ((error == EACCES || error == ETXTBSY) && m_embedded && !m_memory
        && unpackToMemory().empty())
        error = spawn(m_path, theirs.get(), started.pid);
    if (error != 0) {
        started.pid = -1;
        started.channel.reset();
        started.problem = "the GPU helper cannot be started: " + std::string(std::strerror(error));
        return started;
    }
    ::fcntl(started.channel.get(), F_SETFL, O_NONBLOCK);
    return started;
}

} // namespace pilothouse::agent
