// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/agentchannel.h"

#include "agents/wire/magic.h"
#include "core/base/reply.h"
#include "core/transport/bounded.h"
#include "core/transport/uvhandle.h"

#include <QCoreApplication>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>

namespace pilothouse {

static constexpr qsizetype noiseLimit = 64 * 1024;

static QString stageName()
{
    return QStringLiteral("handshake");
}

static Error noMagic(const QByteArray &noise, const QString &message)
{
    return {ErrorKind::BadReply, stageName(), message, QString::fromUtf8(noise.left(500)).trimmed(),
        QCoreApplication::translate("agentlink",
            "Check what the login shell's start-up files print or start on this host.")};
}

namespace {

/// Looks before it takes, so that not one byte after the magic line is consumed: those belong to
/// gRPC. I/O thread.
class MagicReader : public std::enable_shared_from_this<MagicReader> {
public:
    MagicReader(int fd, Reply<> reply)
        : m_fd(::fcntl(fd, F_DUPFD_CLOEXEC, 0))
        , m_reply(std::move(reply))
    {
    }
    void start()
    {
        if (!m_fd.valid()) {
            m_reply.finish(fail(Error{ErrorKind::Internal, stageName(),
                QCoreApplication::translate("agentlink", "No more files can be opened."), {}, {}}));
            return;
        }
        m_self = shared_from_this();
        m_poller = Poller(m_fd.get(), [this](int) { look(); });
        m_poller.watch(Poller::Readable);
    }
    void stop()
    {
        m_poller.reset();
        m_self.reset();
    }

private:
    void look()
    {
        const auto keep = shared_from_this();
        static const QByteArray magic(wire::magic.data(), qsizetype(wire::magic.size()));
        char buffer[4096];
        const auto peeked = ::recv(m_fd.get(), buffer, sizeof buffer, MSG_PEEK | MSG_DONTWAIT);
        if (peeked < 0 && (errno == EINTR || errno == EAGAIN))
            return;
        if (peeked <= 0) {
            end(fail(noMagic(m_seen,
                QCoreApplication::translate("agentlink", "The agent ended before it answered."))));
            return;
        }
        const auto from = std::max<qsizetype>(0, m_seen.size() - magic.size() + 1);
        const auto before = m_seen.size();
        m_seen.append(buffer, qsizetype(peeked));
        const auto at = m_seen.indexOf(magic, from);
        const auto take = at < 0 ? qsizetype(peeked) : at + magic.size() - before;
        static_cast<void>(::recv(m_fd.get(), buffer, std::size_t(take), MSG_DONTWAIT));
        if (at >= 0 && at <= noiseLimit)
            end({});
        else if (at >= 0 || m_seen.size() > noiseLimit + magic.size())
            end(fail(noMagic(m_seen,
                QCoreApplication::translate("agentlink",
                    "The login shell printed more than 64 KB before the agent answered."))));
    }
    void end(Result<> result)
    {
        stop();
        m_reply.finish(std::move(result));
    }

    const Descriptor m_fd;
    Reply<> m_reply;
    QByteArray m_seen;
    Poller m_poller;
    std::shared_ptr<MagicReader> m_self;
};

} // namespace

Task<Result<>> awaitMagic(Context context, int fd)
{
    Reply<> reply;
    auto reader = std::make_shared<MagicReader>(fd, reply);
    if (!IoLoop::instance().post([reader] { reader->start(); }))
        co_return fail(cancelled(stageName()));
    auto bounds = bounded(
        context.within(std::chrono::seconds(15)), reply, stageName(), [reader] { reader->stop(); });
    auto result = co_await std::move(bounds);
    if (!result && result.error().kind == ErrorKind::Timeout)
        result.error().message
            = QCoreApplication::translate("agentlink", "The agent did not answer within 15 s.");
    co_return result;
}

} // namespace pilothouse
