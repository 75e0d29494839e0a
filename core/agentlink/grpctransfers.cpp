// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Transfers: blocking calls on the transfer pool (gRPC's synchronous API does not sleep).
#include "core/agentlink/grpccalls.h"
#include "core/agentlink/grpcclient.h"

#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>

#include <xxhash.h>

#include <fcntl.h>
#include <unistd.h>

namespace pilothouse {

using StubPointer = std::shared_ptr<proto::Agent::Stub>;
static constexpr qsizetype piece = 256 * 1024;
/// 24 h of 30 s rows with 5,000 series.
static constexpr std::size_t maxRollupValues = 48 * 1024 * 1024;

namespace {

/// Ties a blocking call to its Context.
struct Call {
    grpc::ClientContext client;

    explicit Call(const Context &context)
        : m_cancel(client, context.stop())
    {
        applyDeadline(client, context);
    }

private:
    CancelOn m_cancel;
};

QString hexHash(XXH3_state_t *state)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    return QString::fromLatin1(
        QByteArray(reinterpret_cast<const char *>(canonical.digest), sizeof canonical.digest)
            .toHex());
}

/// XXH3-128 of a local file's first `length` bytes; empty when it cannot be read.
QString hashOf(QFile &file, qint64 length)
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

} // namespace

Result<QList<QByteArray>> fetchRanges(
    const StubPointer &stub, const Context &context, const QList<ByteRange> &ranges)
{
    Call call(context);
    proto::ReadRangesRequest request;
    for (const auto &range : ranges) {
        auto *to = request.add_ranges();
        to->set_path(range.path.toStdString());
        to->set_offset(range.offset);
        to->set_length(range.length);
    }
    const auto reader = stub->ReadRanges(&call.client, request);
    QList<QByteArray> result(ranges.size());
    proto::RangeChunk chunk;
    std::optional<Error> error;
    while (reader->Read(&chunk)) {
        if (chunk.range() >= quint32(ranges.size()))
            continue;
        if (!chunk.error().empty() && !error)
            error = Error{ErrorKind::NotFound, QStringLiteral("read"),
                QCoreApplication::translate("agentlink", "%1 could not be read.")
                    .arg(ranges[chunk.range()].path),
                cleanText(chunk.error()), {}};
        result[chunk.range()] += QByteArray::fromStdString(chunk.data());
    }
    if (const auto status = reader->Finish(); !status.ok())
        return fail(toError(status, QStringLiteral("read"), context.stopped()));
    if (error)
        return fail(*error);
    return result;
}

Result<std::vector<AgentRollup>> fetchRollups(const StubPointer &stub, const Context &context,
    const QString &ringId, qint64 fromWallNs, qint64 toWallNs)
{
    proto::CatalogueReply catalogueReply;
    {
        Call call(context);
        if (const auto status
            = stub->Catalogue(&call.client, proto::CatalogueRequest(), &catalogueReply);
            !status.ok())
            return fail(toError(status, QStringLiteral("telemetry"), context.stopped()));
    }
    const auto catalogue = toCatalogue(catalogueReply);
    if (!catalogue)
        return fail(catalogue.error());
    if (catalogue->ringId != ringId)
        return std::vector<AgentRollup>();
    Call call(context);
    proto::BackFillRequest request;
    request.set_ring_id(ringId.toStdString());
    request.set_from_wall_ns(fromWallNs);
    request.set_to_wall_ns(toWallNs);
    const auto reader = stub->BackFill(&call.client, request);
    std::vector<AgentRollup> rows;
    proto::RollupBatch row;
    std::size_t values = 0;
    while (reader->Read(&row)) {
        values += std::size_t(row.values_size()) + 3;
        if (values > maxRollupValues) {
            call.client.TryCancel();
            static_cast<void>(reader->Finish());
            return fail({ErrorKind::BadReply, QStringLiteral("telemetry"),
                QCoreApplication::translate(
                    "agentlink", "The node sent more stored samples than are taken at once."),
                {}, {}});
        }
        if (plausible(row.start_wall_ns()))
            rows.push_back(toRollup(row, *catalogue));
    }
    if (const auto status = reader->Finish(); !status.ok())
        return fail(toError(status, QStringLiteral("telemetry"), context.stopped()));
    return rows;
}

/// Size and hash of the remote file, which also name the partial file: a source that changed
/// meanwhile never mixes with what an earlier call left.
static Result<std::pair<qint64, QString>> remoteIdentity(
    const StubPointer &stub, const Context &context, const QString &remote)
{
    Call call(context);
    proto::HashFileRequest request;
    request.set_path(remote.toStdString());
    proto::HashFileReply reply;
    if (const auto status = stub->HashFile(&call.client, request, &reply); !status.ok())
        return fail(toError(status, QStringLiteral("copy"), context.stopped()));
    return std::pair(qint64(reply.size()), cleanText(reply.xxh3_128()));
}

Result<> downloadFile(const StubPointer &stub, const Context &context, const QString &remote,
    const QString &local, const std::function<void(qint64, qint64)> &progress)
{
    const auto identity = remoteIdentity(stub, context, remote);
    if (!identity)
        return fail(identity.error());
    const auto [size, hash] = *identity;
    const QFileInfo target(local);
    QFile partial(target.absolutePath()
        + QStringLiteral("/.%1.%2.partial").arg(target.fileName(), hash.left(12)));
    if (!partial.open(QFile::ReadWrite))
        return fail(localFailure(
            partial, QCoreApplication::translate("agentlink", "%1 cannot be written.")));
    if (partial.size() > size)
        partial.resize(0);
    qint64 have = partial.size();
    progress(have, size);
    if (have < size) {
        Call call(context);
        proto::ReadRangesRequest request;
        auto *range = request.add_ranges();
        range->set_path(remote.toStdString());
        range->set_offset(quint64(have));
        range->set_length(quint64(size - have));
        const auto reader = stub->ReadRanges(&call.client, request);
        partial.seek(have);
        proto::RangeChunk chunk;
        while (reader->Read(&chunk)) {
            if (!chunk.error().empty())
                return fail({ErrorKind::BadReply, QStringLiteral("copy"),
                    QCoreApplication::translate("agentlink", "%1 could not be read to its end.")
                        .arg(remote),
                    cleanText(chunk.error()), {}});
            if (partial.write(chunk.data().data(), qint64(chunk.data().size()))
                != qint64(chunk.data().size()))
                return fail(localFailure(
                    partial, QCoreApplication::translate("agentlink", "%1 cannot be written.")));
            have += qint64(chunk.data().size());
            progress(have, size);
        }
        if (const auto status = reader->Finish(); !status.ok())
            return fail(toError(status, QStringLiteral("copy"), context.stopped()));
    }
    if (!partial.flush() || ::fsync(partial.handle()) != 0)
        return fail(localFailure(
            partial, QCoreApplication::translate("agentlink", "%1 cannot be written.")));
    if (have != size || hashOf(partial, size) != hash) {
        partial.remove();
        return fail({ErrorKind::Conflict, QStringLiteral("copy"),
            QCoreApplication::translate(
                "agentlink", "The file changed while it was copied: nothing was kept."),
            remote,
            QCoreApplication::translate("agentlink", "Copy it again when nobody writes to it.")});
    }
    partial.close();
    if (::rename(
            QFile::encodeName(partial.fileName()).constData(), QFile::encodeName(local).constData())
        != 0)
        return fail(localFailure(partial,
            QCoreApplication::translate("agentlink", "%1 cannot be renamed to its final name.")));
    return {};
}

Result<> sendFile(const StubPointer &stub, const Context &context, const QString &local,
    const QString &remote, const std::function<void(qint64, qint64)> &progress)
{
    QFile file(local);
    if (!file.open(QFile::ReadOnly))
        return fail(
            localFailure(file, QCoreApplication::translate("agentlink", "%1 cannot be read.")));
    const qint64 size = file.size();
    proto::WriteFileHeader header;
    header.set_path(remote.toStdString());
    header.set_size(quint64(size));
    header.set_xxh3_128(hashOf(file, size).toStdString());
    header.set_mode((file.permissions() & QFile::ExeOwner) ? 0755 : 0644);
    proto::WriteFileReply reply;
    {
        Call call(context);
        proto::StatPartialRequest request;
        *request.mutable_header() = header;
        if (const auto status = stub->StatPartial(&call.client, request, &reply); !status.ok())
            return fail(toError(status, QStringLiteral("copy"), context.stopped()));
    }
    if (reply.complete())
        return {};
    qint64 sent = std::min<qint64>(qint64(reply.have()), size);
    header.set_offset(quint64(sent));
    Call call(context);
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
