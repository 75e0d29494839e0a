// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Looking at files: ListFolder, StatFiles, ReadRanges, HashFile.
#include "agents/agent/disk.h"
#include "agents/agent/filehash.h"
#include "agents/agent/refusal.h"
#include "agents/agent/service.h"
#include "agents/agent/userpath.h"

#include <algorithm>
#include <cerrno>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

namespace pilothouse::agent {

static constexpr std::size_t rangeChunk = 256 * 1024;

static grpc::Status badPath()
{
    return refuse(grpc::StatusCode::INVALID_ARGUMENT, "The path is empty or holds a NUL byte.");
}

static void describe(const std::string &path, v1::FileInfo &info)
{
    struct stat found { };
    if (::lstat(path.c_str(), &found) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            info.set_error(errnoText(errno));
        return;
    }
    if (S_ISLNK(found.st_mode)) {
        std::string target(4096, '\0');
        const ssize_t n = ::readlink(path.c_str(), target.data(), target.size());
        if (n > 0)
            info.set_link_target(target.substr(0, static_cast<std::size_t>(n)));
    }
    info.set_kind(S_ISREG(found.st_mode) ? "file"
            : S_ISDIR(found.st_mode)     ? "folder"
            : S_ISLNK(found.st_mode)     ? "link"
                                         : "other");
    info.set_size(static_cast<uint64_t>(found.st_size));
    info.set_modified_ns(int64_t(found.st_mtim.tv_sec) * 1'000'000'000 + found.st_mtim.tv_nsec);
    info.set_mode(found.st_mode & 07777);
}

/// Protobuf strings are UTF-8; a file name need not be. What is not is shown as U+FFFD.
static std::string utf8(const std::string &name)
{
    std::string out;
    for (std::size_t i = 0; i < name.size();) {
        const auto lead = static_cast<unsigned char>(name[i]);
        const std::size_t length = lead < 0x80 ? 1
            : lead >= 0xC2 && lead < 0xE0      ? 2
            : lead >= 0xE0 && lead < 0xF0      ? 3
            : lead >= 0xF0 && lead < 0xF5      ? 4
                                               : 0;
        bool good = length > 0 && i + length <= name.size();
        for (std::size_t k = 1; good && k < length; ++k)
            good = (static_cast<unsigned char>(name[i + k]) & 0xC0) == 0x80;
        out += good ? name.substr(i, length) : "\xEF\xBF\xBD";
        i += good ? length : 1;
    }
    return out;
}

grpc::Status AgentService::ListFolder(
    Context *, const v1::ListFolderRequest *request, v1::ListFolderReply *reply)
{
    const auto path = userPath(request->path());
    if (!path)
        return badPath();
    DIR *folder = ::opendir(path->c_str());
    if (!folder)
        return refuseErrno(errno, *path);
    const uint32_t limit = request->limit() == 0 ? 10'000 : request->limit();
    std::vector<std::string> names;
    while (const dirent *entry = ::readdir(folder)) {
        const std::string name = entry->d_name;
        if (name != "." && name != ".." && name > request->after())
            names.push_back(name);
    }
    ::closedir(folder);
    std::sort(names.begin(), names.end());
    reply->set_cut(names.size() > limit);
    names.resize(std::min<std::size_t>(names.size(), limit));
    if (!names.empty())
        reply->set_last(names.back());
    const std::string prefix = path->ends_with('/') ? *path : *path + '/';
    for (const auto &name : names) {
        auto *info = reply->add_entries();
        info->set_path(utf8(prefix + name));
        describe(prefix + name, *info);
        info->set_link_target(utf8(info->link_target()));
    }
    return Status::OK;
}

grpc::Status AgentService::StatFiles(
    Context *, const v1::StatFilesRequest *request, v1::StatFilesReply *reply)
{
    for (const auto &asked : request->paths()) {
        auto *info = reply->add_files();
        info->set_path(asked);
        if (const auto path = userPath(asked)) {
            describe(*path, *info);
            info->set_link_target(utf8(info->link_target()));
        } else {
            info->set_error("The path is empty or holds a NUL byte.");
        }
    }
    return Status::OK;
}

/// A regular file, or errno: reading a pipe or a terminal would never end.
static Fd openFile(const std::string &path)
{
    Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat info { };
    if (file && ::fstat(file.number(), &info) == 0 && !S_ISREG(info.st_mode)) {
        file.reset();
        errno = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
    }
    return file;
}

grpc::Status AgentService::ReadRanges(
    Context *context, const v1::ReadRangesRequest *request, Writer<v1::RangeChunk> *out)
{
    std::string opened;
    Fd file;
    std::string buffer(rangeChunk, '\0');
    for (int i = 0; i < request->ranges_size(); ++i) {
        const auto &range = request->ranges(i);
        v1::RangeChunk chunk;
        chunk.set_range(static_cast<uint32_t>(i));
        const auto path = userPath(range.path());
        if (!path) {
            chunk.set_error("The path is empty or holds a NUL byte.");
        } else if (!file || opened != *path) {
            file = openFile(*path);
            opened = *path;
            if (!file)
                chunk.set_error(*path + ": " + errnoText(errno));
        }
        uint64_t done = 0;
        while (chunk.error().empty()) {
            const uint64_t want = range.length() == 0
                ? buffer.size()
                : std::min<uint64_t>(buffer.size(), range.length() - done);
            const uint64_t at = range.offset() + done;
            const ssize_t n = ::pread(file.number(), buffer.data(), want, static_cast<off_t>(at));
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0) {
                chunk.set_error(*path + ": " + errnoText(errno));
                break;
            }
            done += static_cast<uint64_t>(n);
            chunk.set_offset(at);
            chunk.set_data(buffer.data(), static_cast<std::size_t>(n));
            chunk.set_end(n == 0 || (range.length() > 0 && done >= range.length()));
            if (chunk.end())
                break;
            if (gone(context) || !out->Write(chunk))
                return Status::OK;
        }
        if (!chunk.error().empty()) {
            chunk.clear_data();
            chunk.set_end(true);
        }
        // No buffer hint: with the synchronous API the write then waits for a flush that never
        // comes.
        if (gone(context) || !out->Write(chunk))
            break;
    }
    return Status::OK;
}

grpc::Status AgentService::HashFile(
    Context *context, const v1::HashFileRequest *request, v1::HashFileReply *reply)
{
    const auto path = userPath(request->path());
    if (!path)
        return badPath();
    const Fd file = openFile(*path);
    if (!file)
        return refuseErrno(errno, *path);
    const auto hash = hashFile(
        file.number(), request->offset(), request->length(), [&] { return gone(context); });
    if (!hash)
        return refuseErrno(errno, *path);
    reply->set_xxh3_128(hash->xxh3);
    reply->set_size(hash->size);
    struct stat info { };
    if (::fstat(file.number(), &info) == 0) {
        reply->set_mode(info.st_mode & 07777);
        reply->set_modified_ns(int64_t(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec);
    }
    return Status::OK;
}

} // namespace pilothouse::agent
