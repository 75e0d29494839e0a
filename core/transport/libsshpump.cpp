// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/libsshpump.h"

#include <cerrno>
#include <fcntl.h>
#include <libssh/libssh.h>
#include <poll.h>
#include <sys/socket.h>

namespace pilothouse {

static constexpr std::uint32_t piece = 32 * 1024;

Descriptor SocketPump::connect(std::weak_ptr<SshSession> session)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return {};
    m_ours = Descriptor(pair[0]);
    fcntl(pair[0], F_SETFL, fcntl(pair[0], F_GETFL) | O_NONBLOCK);
    m_poller = Poller(pair[0], [session = std::move(session)](int) {
        // The whole session: libssh may have read another channel's packets meanwhile.
        if (const auto alive = session.lock())
            alive->turn();
    });
    return Descriptor(pair[1]);
}

void SocketPump::close()
{
    m_poller.reset();
    m_ours = Descriptor();
}

bool SocketPump::toSocket(ssh_channel_struct *channel)
{
    bool moved = false;
    for (int round = 0; round < 64 && !m_abandoned; ++round) {
        if (m_toSocket.isEmpty()) {
            if (m_outEnded)
                break;
            QByteArray buffer(piece, Qt::Uninitialized);
            const int got = ssh_channel_read_nonblocking(channel, buffer.data(), piece, 0);
            if (got == 0 || got == SSH_AGAIN)
                break;
            moved = true;
            if (got < 0) {
                m_outEnded = true;
                ::shutdown(m_ours.get(), SHUT_WR);
                break;
            }
            buffer.truncate(got);
            m_toSocket = std::move(buffer);
        }
        const ssize_t sent = ::send(m_ours.get(), m_toSocket.constData(),
            std::size_t(m_toSocket.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno == EAGAIN)
            break;
        if (sent < 0) {
            m_abandoned = true;
            return true;
        }
        moved = true;
        m_toSocket.remove(0, sent);
        if (m_outEnded && m_toSocket.isEmpty())
            ::shutdown(m_ours.get(), SHUT_WR);
    }
    return moved;
}

bool SocketPump::toChannel(ssh_channel_struct *channel, ssh_session_struct *session)
{
    bool moved = false;
    m_wantsRead = false;
    for (int round = 0; round < 64 && !m_inEnded; ++round) {
        // What libssh cannot send it keeps in memory: do not give it more before it has.
        if (ssh_get_status(session) & SSH_WRITE_PENDING)
            return moved;
        const auto window = ssh_channel_window_size(channel);
        if (window == 0)
            return moved;
        if (m_toChannel.isEmpty()) {
            QByteArray buffer(std::min(window, piece), Qt::Uninitialized);
            const ssize_t got
                = ::recv(m_ours.get(), buffer.data(), std::size_t(buffer.size()), MSG_DONTWAIT);
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0 && errno == EAGAIN) {
                m_wantsRead = true;
                return moved;
            }
            moved = true;
            if (got <= 0) {
                m_inEnded = true;
                pollfd ask{m_ours.get(), 0, 0};
                m_abandoned = ::poll(&ask, 1, 0) == 1 && (ask.revents & POLLHUP);
                ssh_channel_send_eof(channel);
                return true;
            }
            buffer.truncate(got);
            m_toChannel = std::move(buffer);
        }
        const int sent = ssh_channel_write(channel, m_toChannel.constData(),
            std::uint32_t(std::min<qsizetype>(m_toChannel.size(), window)));
        if (sent == 0 || sent == SSH_AGAIN)
            return moved;
        if (sent < 0) {
            m_inEnded = true; // the command has closed its stdin; its output may go on
            m_toChannel.clear();
            return true;
        }
        moved = true;
        m_toChannel.remove(0, sent);
    }
    return moved;
}

bool SocketPump::step(ssh_channel_struct *channel, ssh_session_struct *session)
{
    bool moved = toSocket(channel);
    moved = toChannel(channel, session) || moved;
    m_poller.watch((m_wantsRead ? Poller::Readable : Poller::None)
        | (m_toSocket.isEmpty() ? Poller::None : Poller::Writable));
    return moved;
}

SshStream::SshStream(QByteArray line, Reply<std::shared_ptr<Descriptor>> reply)
    : SshExec(Kind::Stream, std::move(line))
    , m_reply(std::move(reply))
{
}

bool SshStream::started()
{
    Descriptor theirs = m_pump.connect(session()->weak_from_this());
    if (!theirs.valid()) {
        failed({ErrorKind::Internal, QStringLiteral("command"),
            QCoreApplication::translate("transport", "No more files can be opened."), {}, {}});
        return false;
    }
    m_reply->finish(std::make_shared<Descriptor>(theirs.release(), m_end));
    m_reply.reset();
    return true;
}

bool SshStream::flow()
{
    if (stopping())
        return finished();
    bool moved = readErr();
    moved = m_pump.step(channel(), session()->raw()) || moved;
    // A channel that closes before the command has begun would kill it by SIGPIPE at its first
    // word.
    if ((m_pump.abandoned() && begun())
        || (closedByPeer() && errEnded() && (m_pump.drained() || m_pump.abandoned()))) {
        if (closedByPeer())
            m_end->setExitCode(exitSignal() ? 128 + exitSignal() : exitCode());
        done();
        return true;
    }
    return moved;
}

void SshStream::failed(const Error &error)
{
    m_end->addErr(error.cause.toUtf8());
    if (m_reply)
        m_reply->finish(fail(error));
}

void SshStream::released()
{
    SshExec::released();
    m_pump.close();
}

SshForward::SshForward(QString host, quint16 port, Reply<std::shared_ptr<Descriptor>> reply)
    : SshChannel(Kind::Forward)
    , m_host(host.toUtf8())
    , m_port(port)
    , m_reply(std::move(reply))
{
}

int SshForward::open()
{
    return ssh_channel_open_forward(channel(), m_host.constData(), m_port, "127.0.0.1", 0);
}

int SshForward::request()
{
    return SSH_OK;
}

bool SshForward::started()
{
    Descriptor theirs = m_pump.connect(session()->weak_from_this());
    if (!theirs.valid()) {
        failed({ErrorKind::Internal, QStringLiteral("tcp"),
            QCoreApplication::translate("transport", "No more files can be opened."), {}, {}});
        return false;
    }
    m_reply->finish(std::make_shared<Descriptor>(std::move(theirs)));
    m_reply.reset();
    return true;
}

void SshForward::failed(const Error &error)
{
    if (m_reply)
        m_reply->finish(fail(error));
}

bool SshForward::flow()
{
    const bool moved = m_pump.step(channel(), session()->raw());
    if (m_pump.abandoned() || (closedByPeer() && m_pump.drained())) {
        done();
        return true;
    }
    return moved;
}

void SshForward::abort()
{
    if (!finished())
        done();
}

} // namespace pilothouse
