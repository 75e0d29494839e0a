// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// WriteFile and StatPartial: a file comes in pieces, over as many connections as it takes.
#include "agents/agent/disk.h"
#include "agents/agent/filehash.h"
#include "agents/agent/refusal.h"
#include "agents/agent/service.h"
#include "agents/agent/userpath.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

namespace {
struct Upload {
    fs::path target, partial;
};
} // namespace

static bool prepare(const v1::WriteFileHeader &header, Upload &upload, grpc::Status &refusal)
{
    const auto path = userPath(header.path());
    if (!path || fs::path(*path).filename().empty()) {
        refusal = refuse(grpc::StatusCode::INVALID_ARGUMENT, "The path names no file.");
        return false;
    }
    const auto &hash = header.xxh3_128();
    if (hash.size() != 32 || hash.find_first_not_of("0123456789abcdef") != std::string::npos) {
        refusal
            = refuse(grpc::StatusCode::INVALID_ARGUMENT, "The file's XXH3-128 hash is missing.");
        return false;
    }
    upload.target = *path;
    // The content's hash is in the name: another content never continues this one.
    upload.partial = upload.target.parent_path()
        / ('.' + upload.target.filename().string() + '.' + hash + ".partial");
    struct stat info { };
    if (::stat(upload.target.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
        refusal = refuse(grpc::StatusCode::FAILED_PRECONDITION, *path + " is a folder.");
        return false;
    }
    return true;
}

/// The target already is what is to be written: the answer to the last piece was lost.
static bool isThere(
    const v1::WriteFileHeader &header, const Upload &upload, const std::function<bool()> &stopped)
{
    const Fd file(::open(upload.target.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info { };
    if (!file || ::fstat(file.number(), &info) != 0 || !S_ISREG(info.st_mode)
        || static_cast<uint64_t>(info.st_size) != header.size())
        return false;
    const auto hash = hashFile(file.number(), 0, 0, stopped);
    return hash && hash->xxh3 == header.xxh3_128();
}

grpc::Status AgentService::StatPartial(
    Context *context, const v1::StatPartialRequest *request, v1::WriteFileReply *reply)
{
    Upload upload;
    grpc::Status refusal;
    if (!prepare(request->header(), upload, refusal))
        return refusal;
    const Fd file(::open(upload.partial.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file) {
        struct stat info { };
        if (::fsync(file.number()) != 0 || ::fstat(file.number(), &info) != 0)
            return refuseErrno(errno, upload.partial.string());
        reply->set_have(std::min(static_cast<uint64_t>(info.st_size), request->header().size()));
    } else if (errno != ENOENT) {
        return refuseErrno(errno, upload.partial.string());
    } else if (isThere(request->header(), upload, [&] { return gone(context); })) {
        reply->set_have(request->header().size());
        reply->set_complete(true);
    }
    return Status::OK;
}

static grpc::Status complete(const v1::WriteFileHeader &header, const Upload &upload, int fd,
    const std::function<bool()> &stopped)
{
    if (::ftruncate(fd, static_cast<off_t>(header.size())) != 0 || ::fsync(fd) != 0)
        return refuseErrno(errno, upload.partial.string());
    const auto hash = hashFile(fd, 0, 0, stopped);
    if (!hash)
        return refuseErrno(errno, upload.partial.string());
    if (hash->xxh3 != header.xxh3_128()) {
        ::unlink(upload.partial.c_str()); // to continue it could never end well
        return refuse(grpc::StatusCode::DATA_LOSS,
            "What arrived is not what was announced (its hash differs); the partial file was taken "
            "away.");
    }
    if (::fchmod(fd, header.mode() == 0 ? 0644 : header.mode() & 07777) != 0
        || (header.modified_ns() != 0 && setModified(fd, header.modified_ns()) != 0)
        || ::rename(upload.partial.c_str(), upload.target.c_str()) != 0)
        return refuseErrno(errno, upload.target.string());
    if (const int error = syncFolder(upload.target.parent_path()))
        return refuseErrno(error, upload.target.parent_path().string());
    return grpc::Status::OK;
}

grpc::Status AgentService::WriteFile(
    Context *context, grpc::ServerReader<v1::WriteFileRequest> *in, v1::WriteFileReply *reply)
{
    v1::WriteFileRequest request;
    if (!in->Read(&request) || !request.has_header())
        return refuse(grpc::StatusCode::INVALID_ARGUMENT, "The first message must name the file.");
    const v1::WriteFileHeader header = request.header();
    Upload upload;
    grpc::Status refusal;
    if (!prepare(header, upload, refusal))
        return refusal;
    const Fd file(::open(upload.partial.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file)
        return refuseErrno(errno, upload.target.string());
    struct stat info { };
    if (::fstat(file.number(), &info) != 0)
        return refuseErrno(errno, upload.partial.string());
    if (header.offset() > static_cast<uint64_t>(info.st_size))
        return refuse(grpc::StatusCode::FAILED_PRECONDITION,
            "Only " + std::to_string(info.st_size)
                + " bytes are here; bytes before the offset are missing.");
    // Not cut to the offset: a stream that was given up may still be writing, and both write the
    // same.
    uint64_t at = header.offset();
    do {
        std::string_view data = request.data();
        if (at + data.size() > header.size())
            return refuse(
                grpc::StatusCode::INVALID_ARGUMENT, "More bytes came than were announced.");
        while (!data.empty()) {
            const ssize_t n
                = ::pwrite(file.number(), data.data(), data.size(), static_cast<off_t>(at));
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                return refuseErrno(errno, upload.target.string());
            at += static_cast<uint64_t>(n);
            data.remove_prefix(static_cast<std::size_t>(n));
        }
    } while (in->Read(&request));
    if (gone(context))
        return refuse(
            grpc::StatusCode::CANCELLED, "The transfer was interrupted; it can be continued.");
    if (at == header.size()) {
        const auto done = complete(header, upload, file.number(), [&] { return gone(context); });
        reply->set_complete(done.ok());
        reply->set_have(done.ok() ? at : 0);
        return done;
    }
    if (::fsync(file.number()) != 0)
        return refuseErrno(errno, upload.partial.string());
    reply->set_have(at);
    return Status::OK;
}

} // namespace pilothouse::agent
