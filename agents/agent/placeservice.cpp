// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Folders, links, modes and times of a copied tree.
#include "agents/agent/disk.h"
#include "agents/agent/fd.h"
#include "agents/agent/service.h"
#include "agents/agent/userpath.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse::agent {

/// Mode and time of what is there, which must be of that kind; errno, 0 = done.
static int dress(const std::string &path, const v1::FileInfo &entry, int flags)
{
    const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags));
    struct stat info { };
    if (!file || ::fstat(file.number(), &info) != 0)
        return errno;
    if (flags != O_DIRECTORY && !S_ISREG(info.st_mode))
        return EINVAL;
    if (entry.mode() != 0 && (info.st_mode & 07777) != (entry.mode() & 07777)
        && ::fchmod(file.number(), entry.mode() & 07777) != 0)
        return errno;
    return entry.modified_ns() == 0 ? 0 : setModified(file.number(), entry.modified_ns());
}

static int placeFolder(const std::string &path, const v1::FileInfo &entry)
{
    // Open to its owner, whatever the umask, as long as it is filled.
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return errno;
    return dress(path, entry, O_DIRECTORY);
}

/// A link in the way is replaced at once; nothing else is.
static int placeLink(const std::string &path, const v1::FileInfo &entry)
{
    if (entry.link_target().empty())
        return EINVAL;
    struct stat there { };
    if (::lstat(path.c_str(), &there) == 0 && !S_ISLNK(there.st_mode))
        return EEXIST;
    const auto slash = path.rfind('/');
    const std::string temporary = path.substr(0, slash + 1) + ".pilothouse-link-"
        + std::to_string(::getpid()) + '-' + path.substr(slash + 1, 200);
    ::unlink(temporary.c_str());
    if (::symlink(entry.link_target().c_str(), temporary.c_str()) != 0)
        return errno;
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        return error;
    }
    return 0;
}

static int place(const std::string &path, const v1::FileInfo &entry)
{
    if (entry.kind() == "folder")
        return placeFolder(path, entry);
    if (entry.kind() == "link")
        return placeLink(path, entry);
    return entry.kind() == "file" ? dress(path, entry, 0) : EINVAL;
}

grpc::Status AgentService::PlaceFiles(
    Context *context, const v1::PlaceFilesRequest *request, v1::PlaceFilesReply *reply)
{
    std::vector<std::string> blocked; // what is below those would be made behind a link
    for (const auto &entry : request->entries()) {
        if (gone(context))
            break;
        auto *answer = reply->add_entries();
        answer->set_path(entry.path());
        const auto path = userPath(entry.path());
        if (!path || entry.link_target().find('\0') != std::string::npos)
            answer->set_error("The path is empty or holds a NUL byte.");
        else if (std::any_of(blocked.begin(), blocked.end(),
                     [&](const std::string &folder) { return path->starts_with(folder); }))
            answer->set_error("Its folder is not there.");
        else if (const int error = place(*path, entry)) {
            answer->set_error(errnoText(error));
            if (entry.kind() == "folder")
                blocked.push_back(*path + '/');
        }
    }
    return Status::OK;
}

} // namespace pilothouse::agent
