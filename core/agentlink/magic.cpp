// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/agentchannel.h"

#include "agents/wire/magic.h"
#include "core/base/reply.h"

#include <QCoreApplication>
#include <QThreadPool>

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace pilothouse {

static constexpr qsizetype noiseLimit = 64 * 1024;

static Error noMagic(const QByteArray &noise, const QString &message)
{
    return {ErrorKind::BadReply, QStringLiteral("handshake"), message,
        QString::fromUtf8(noise.left(500)).trimmed(),
        QCoreApplication::translate("agentlink",
            "Check what the login shell's start-up files print or start on this host.")};
}

/// Reads byte by byte past the magic: what follows belongs to gRPC.
static Result<> readMagic(const Context &context, int fd)
{
    const QByteArray magic(wire::magic.data(), qsizetype(wire::magic.size()));
    QByteArray seen;
    const auto limited = context.within(std::chrono::seconds(10));
    while (!seen.endsWith(magic)) {
        if (limited.stopped())
            return fail(cancelled(QStringLiteral("handshake")));
        if (limited.expired())
            return fail(timedOut(QStringLiteral("handshake"),
                QCoreApplication::translate("agentlink", "The agent did not answer within 10 s.")));
        pollfd polled{fd, POLLIN, 0};
        if (::poll(&polled, 1, 100) <= 0)
            continue;
        char byte = 0;
        const auto got = ::read(fd, &byte, 1);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0)
            return fail(noMagic(seen,
                QCoreApplication::translate("agentlink", "The agent ended before it answered.")));
        seen += byte;
        if (seen.size() > noiseLimit)
            return fail(noMagic(seen,
                QCoreApplication::translate("agentlink",
                    "The login shell printed more than 64 KB before the agent answered.")));
    }
    return {};
}

Task<Result<>> awaitMagic(Context context, int fd)
{
    Reply<> reply;
    QThreadPool::globalInstance()->start(
        [reply, context, fd] { reply.finish(readMagic(context, fd)); });
    auto future = reply.future();
    co_return co_await std::move(future);
}

} // namespace pilothouse
