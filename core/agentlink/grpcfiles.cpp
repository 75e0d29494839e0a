// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/grpcfiles.h"

#include <QFileInfo>
#include <QScopeGuard>

#include <xxhash.h>

#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse {

static constexpr qsizetype piece = 256 * 1024;

static QString hexHash(XXH3_state_t *state)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    return QString::fromLatin1(
        QByteArray(reinterpret_cast<const char *>(canonical.digest), sizeof canonical.digest)
            .toHex());
}

QString localHash(QFile &file, qint64 length)
{
    XXH3_state_t *state = XXH3_createState();
    const auto free = qScopeGuard([state] { XXH3_freeState(state); });
    XXH3_128bits_reset(state);
    if (!file.seek(0))
        return {};
    while (length > 0) {
        const QByteArray bytes = file.read(std::min<qint64>(length, 4 * 1024 * 1024));
        if (bytes.isEmpty())
            return {};
        XXH3_128bits_update(state, bytes.constData(), std::size_t(bytes.size()));
        length -= bytes.size();
    }
    return hexHash(state);
}

Error localFailure(const QFile &file, const QString &message)
{
    const bool full = file.error() == QFile::ResourceError;
    return {full ? ErrorKind::NoSpace : ErrorKind::Denied, QStringLiteral("copy"),
        message.arg(file.fileName()), file.errorString(),
        full ? QCoreApplication::translate(
            "agentlink", "Free some space and try again: what is there is kept.")
             : QCoreApplication::translate("agentlink", "Check the path and its permissions.")};
}

/// Size and hash of the remote file, which also name the partial file: a source that changed
/// meanwhile never mixes with what an earlier call left.
static Result<proto::HashFileReply> remoteIdentity(
    const StubPointer &stub, const Context &context, const QString &remote)
{
    BlockingCall call(context);
    proto::HashFileRequest request;
    request.set_path(remote.toStdString());
    proto::HashFileReply reply;
    if (const auto status = stub->HashFile(&call.client, request, &reply); !status.ok())
        return fail(toError(status, QStringLiteral("copy"), context.stopped()));
    return reply;
}

/// Mode and time as they are there; a file system that has none is no reason to fail.
static void dress(QFile &file, const proto::HashFileReply &identity)
{
    if (identity.mode() != 0)
        ::fchmod(file.handle(), identity.mode() & 0777);
    if (identity.modified_ns() <= 0)
        return;
    timespec times[2]{};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = identity.modified_ns() / 1'000'000'000;
    times[1].tv_nsec = identity.modified_ns() % 1'000'000'000;
    ::futimens(file.handle(), times);
}

/// The very content is here already: an earlier call got it.
static bool isHere(
    const QString &local, qint64 size, const QString &hash, const proto::HashFileReply &identity)
{
    QFile file(local);
    if (QFileInfo(local).isSymLink() || !QFileInfo(local).isFile()
        || QFileInfo(local).size() != size || !file.open(QFile::ReadOnly)
        || localHash(file, size) != hash)
        return false;
    dress(file, identity);
    return true;
}

Result<> downloadFile(const StubPointer &stub, const Context &context, const QString &remote,
    const QString &local, const CopyProgress &progress)
{
    const auto identity = remoteIdentity(stub, context, remote);
    if (!identity)
        return fail(identity.error());
    const qint64 size = qint64(identity->size());
    const QString hash = cleanText(identity->xxh3_128());
    if (isHere(local, size, hash, *identity)) {
        progress(size, size);
        return {};
    }
    const QString unwritable = QCoreApplication::translate("agentlink", "%1 cannot be written.");
    const QFileInfo target(local);
    QFile partial(target.absolutePath()
        + QStringLiteral("/.%1.%2.partial").arg(target.fileName(), hash.left(12)));
    if (!partial.open(QFile::ReadWrite))
        return fail(localFailure(partial, unwritable));
    if (partial.size() > size)
        partial.resize(0);
    qint64 have = partial.size();
    progress(have, size);
    if (have < size) {
        partial.seek(have);
        bool written = true;
        const auto fetched
            = fetchInOrder(stub, context, remote, have, size, [&](const QByteArray &bytes) {
                  written = partial.write(bytes) == bytes.size();
                  have += bytes.size();
                  progress(have, size);
                  return written;
              });
        if (!written)
            return fail(localFailure(partial, unwritable));
        if (!fetched)
            return fetched; // what is there is a beginning of it, and stays
    }
    if (!partial.flush() || ::fsync(partial.handle()) != 0)
        return fail(localFailure(partial, unwritable));
    if (have != size || localHash(partial, size) != hash) {
        partial.remove();
        return fail({ErrorKind::Conflict, QStringLiteral("copy"),
            QCoreApplication::translate(
                "agentlink", "The file changed while it was copied: nothing was kept."),
            remote,
            QCoreApplication::translate("agentlink", "Copy it again when nobody writes to it.")});
    }
    dress(partial, *identity);
    partial.close();
    if (::rename(
            QFile::encodeName(partial.fileName()).constData(), QFile::encodeName(local).constData())
        != 0)
        return fail(localFailure(partial,
            QCoreApplication::translate("agentlink", "%1 cannot be renamed to its final name.")));
    return {};
}

/// The content is there already; mode and time may be others.
static Result<> dressRemote(
    const StubPointer &stub, const Context &context, const proto::WriteFileHeader &header)
{
    BlockingCall call(context);
    proto::PlaceFilesRequest request;
    auto *entry = request.add_entries();
    entry->set_path(header.path());
    entry->set_kind("file");
    entry->set_mode(header.mode());
    entry->set_modified_ns(header.modified_ns());
    proto::PlaceFilesReply reply;
    if (const auto status = stub->PlaceFiles(&call.client, request, &reply); !status.ok())
        return fail(toError(status, QStringLiteral("copy"), context.stopped()));
    return {}; // what cannot be set (another's file with the same content) is no failed copy
}

Result<> sendFile(const StubPointer &stub, const Context &context, const QString &local,
    const QString &remote, const CopyProgress &progress)
{
    QFile file(local);
    if (!file.open(QFile::ReadOnly))
        return fail(
            localFailure(file, QCoreApplication::translate("agentlink", "%1 cannot be read.")));
    struct stat info { };
    ::fstat(file.handle(), &info);
    const qint64 size = file.size();
    proto::WriteFileHeader header;
    header.set_path(remote.toStdString());
    header.set_size(quint64(size));
    header.set_xxh3_128(localHash(file, size).toStdString());
    header.set_mode(info.st_mode & 0777);
    header.set_modified_ns(qint64(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec);
    proto::WriteFileReply reply;
    {
        BlockingCall call(context);
        proto::StatPartialRequest request;
        *request.mutable_header() = header;
        if (const auto status = stub->StatPartial(&call.client, request, &reply); !status.ok())
            return fail(toError(status, QStringLiteral("copy"), context.stopped()));
    }
    if (reply.complete()) {
        progress(size, size);
        return dressRemote(stub, context, header);
    }
    qint64 sent = std::min<qint64>(qint64(reply.have()), size);
    progress(sent, size);
    header.set_offset(quint64(sent));
    BlockingCall call(context);
    const auto writer = stub->WriteFile(&call.client, &reply);
    proto::WriteFileRequest message;
    *message.mutable_header() = header;
    file.seek(sent);
    bool going = writer->Write(message);
    message.clear_header();
    while (going && sent < size) {
        const QByteArray bytes = file.read(std::min<qint64>(piece, size - sent));
        if (bytes.isEmpty())
            break; // the file shrank: the hash check on the node will say so
        message.set_data(bytes.constData(), std::size_t(bytes.size()));
        going = writer->Write(message);
        sent += bytes.size();
        progress(sent, size);
    }
    writer->WritesDone();
    if (const auto status = writer->Finish(); !status.ok())
        return fail(toError(status, QStringLiteral("copy"), context.stopped()));
    if (!reply.complete())
        return fail({ErrorKind::Conflict, QStringLiteral("copy"),
            QCoreApplication::translate(
                "agentlink", "The file changed while it was copied: it was not put in place."),
            local,
            QCoreApplication::translate("agentlink", "Copy it again when nobody writes to it.")});
    return {};
}

} // namespace pilothouse
