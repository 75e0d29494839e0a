// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Transfers: blocking calls on the transfer pool (gRPC's synchronous API does not sleep).
#include "core/agentlink/grpcfiles.h"

namespace pilothouse {

/// 24 h of 30 s rows with 5,000 series.
static constexpr std::size_t maxRollupValues = 48 * 1024 * 1024;

Result<QList<QByteArray>> fetchRanges(
    const StubPointer &stub, const Context &context, const QList<ByteRange> &ranges)
{
    BlockingCall call(context);
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
        BlockingCall call(context);
        if (const auto status
            = stub->Catalogue(&call.client, proto::CatalogueRequest(), &catalogueReply);
            !status.ok())
            return fail(toError(status, QStringLiteral("telemetry"), context.stopped()));
    }
    const auto catalogue = toCatalogue(catalogueReply);
    if (catalogue.ringId != ringId)
        return std::vector<AgentRollup>();
    BlockingCall call(context);
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
            rows.push_back(toRollup(row, catalogue));
    }
    if (const auto status = reader->Finish(); !status.ok())
        return fail(toError(status, QStringLiteral("telemetry"), context.stopped()));
    return rows;
}

} // namespace pilothouse
