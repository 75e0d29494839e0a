// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/disk.h"

#include "agents/agent/fd.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

std::string errnoText(int error)
{
    return std::generic_category().message(error);
}

std::optional<std::string> readFile(const fs::path &path, std::size_t limit)
{
    const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file)
        return std::nullopt;
    std::string out;
    char buffer[16384];
    while (out.size() < limit) {
        const ssize_t n
            = ::read(file.number(), buffer, std::min(sizeof buffer, limit - out.size()));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return std::nullopt;
        if (n == 0)
            break;
        out.append(buffer, static_cast<std::size_t>(n));
    }
    return out;
}

int writeAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return 0;
}

int syncFolder(const fs::path &folder)
{
    const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
        return errno;
    // Some file systems cannot sync a folder and say EINVAL: nothing better is to be had there.
    return ::fsync(fd.number()) == 0 || errno == EINVAL ? 0 : errno;
}

int writeDurably(const fs::path &path, std::string_view bytes, unsigned mode)
{
    const fs::path temporary = path.string() + ".new" + std::to_string(::getpid());
    int error = 0;
    {
        const Fd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
        if (!file)
            return errno;
        error = writeAll(file.number(), bytes);
        if (!error && ::fsync(file.number()) != 0)
            error = errno;
    }
    if (!error && ::rename(temporary.c_str(), path.c_str()) != 0)
        error = errno;
    if (error) {
        ::unlink(temporary.c_str());
        return error;
    }
    return syncFolder(path.parent_path());
}

int makeFolders(const fs::path &folder, unsigned mode)
{
    if (::mkdir(folder.c_str(), mode) == 0)
        return 0;
    if (errno == ENOENT && folder.has_parent_path() && folder.parent_path() != folder) {
        if (const int error = makeFolders(folder.parent_path(), mode))
            return error;
        return ::mkdir(folder.c_str(), mode) == 0 || errno == EEXIST ? 0 : errno;
    }
    if (errno != EEXIST)
        return errno;
    std::error_code ignored;
    return fs::is_directory(folder, ignored) ? 0 : ENOTDIR;
}

int setModified(int fd, int64_t unixNs)
{
    timespec times[2]{};
    times[0].tv_nsec = UTIME_OMIT; // last access
    times[1].tv_sec = unixNs / 1'000'000'000;
    times[1].tv_nsec = unixNs % 1'000'000'000;
    if (times[1].tv_nsec < 0) { // before 1970
        times[1].tv_nsec += 1'000'000'000;
        --times[1].tv_sec;
    }
    return ::futimens(fd, times) == 0 ? 0 : errno;
}

} // namespace pilothouse::agent
