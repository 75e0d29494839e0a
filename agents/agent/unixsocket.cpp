// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/unixsocket.h"

#include "agents/wire/magic.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

/// Calls `use(address)`; the folder stays open meanwhile when the path is too long for an address.
template <typename Use> static int withAddress(const fs::path &path, Use use)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string name = path.string();
    Fd folder;
    if (name.size() >= sizeof address.sun_path) {
        folder = Fd(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!folder)
            return -1;
        name = "/proc/self/fd/" + std::to_string(folder.number()) + '/' + path.filename().string();
    }
    if (name.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
    return use(reinterpret_cast<const sockaddr *>(&address), socklen_t(sizeof address));
}

static Fd keepErrno(Fd fd)
{
    const int error = errno;
    fd.reset();
    errno = error;
    return fd;
}

Fd listenUnix(const fs::path &path)
{
    ::unlink(path.c_str());
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int bound = withAddress(path, [&](const sockaddr *address, socklen_t size) {
        return ::bind(fd.number(), address, size);
    });
    if (bound != 0 || ::chmod(path.c_str(), 0600) != 0 || ::listen(fd.number(), 64) != 0)
        return keepErrno(std::move(fd));
    return fd;
}

Fd connectUnix(const fs::path &path)
{
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int connected = withAddress(path, [&](const sockaddr *address, socklen_t size) {
        return ::connect(fd.number(), address, size);
    });
    if (connected != 0)
        return keepErrno(std::move(fd));
    return fd;
}

Fd connectDaemon(const fs::path &path, int timeoutMs)
{
    Fd fd = connectUnix(path);
    if (!fd)
        return fd;
    const timeval timeout{timeoutMs / 1000, timeoutMs % 1000 * 1000};
    ::setsockopt(fd.number(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    std::string greeting(wire::magic.size(), '\0');
    const ssize_t n = ::recv(fd.number(), greeting.data(), greeting.size(), MSG_WAITALL);
    const bool good = n == static_cast<ssize_t>(greeting.size()) && greeting == wire::magic
        && peerUser(fd.number()) == static_cast<long>(::getuid());
    if (!good) {
        fd.reset();
        errno = ECONNREFUSED;
        return fd;
    }
    const timeval none{};
    ::setsockopt(fd.number(), SOL_SOCKET, SO_RCVTIMEO, &none, sizeof none);
    return fd;
}

long peerUser(int fd)
{
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return -1;
    return static_cast<long>(credentials.uid);
}

} // namespace pilothouse::agent
