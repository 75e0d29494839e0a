// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/agentlink: what the blocking transfers share. Each runs on a thread of the
// transfer pool.

#include "core/agentlink/grpccalls.h"
#include "core/agentlink/grpcclient.h"

#include <QFile>

namespace pilothouse {

using StubPointer = std::shared_ptr<proto::Agent::Stub>;
using CopyProgress = std::function<void(qint64 done, qint64 total)>;

/// Ties a blocking call to its Context.
struct BlockingCall {
    grpc::ClientContext client;

    explicit BlockingCall(const Context &context)
        : m_cancel(client, context.stop())
    {
        applyDeadline(client, context);
    }

private:
    CancelOn m_cancel;
};

/// XXH3-128 of a local file's first `length` bytes, hex; empty when it cannot be read.
QString localHash(QFile &file, qint64 length);
/// `message` names the file with %1.
Error localFailure(const QFile &file, const QString &message);

/// Writes bytes [from, size) of a remote file to `sink`, in order. Long files come by several calls
/// at once, each with many ranges, so that neither one stream's window nor its latency limits them;
/// at most 32 MB wait for their turn. `take` gives false to stop (its error is the caller's).
Result<> fetchInOrder(const StubPointer &stub, const Context &context, const QString &remote,
    qint64 from, qint64 size, const std::function<bool(const QByteArray &bytes)> &take);

Result<> downloadFile(const StubPointer &stub, const Context &context, const QString &remote,
    const QString &local, const CopyProgress &progress);
Result<> sendFile(const StubPointer &stub, const Context &context, const QString &local,
    const QString &remote, const CopyProgress &progress);

} // namespace pilothouse
