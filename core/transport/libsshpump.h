// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/libsshchannel.h"

namespace pilothouse {

/// Carries bytes between a channel and our end of a socketpair, at most one piece in hand in each
/// direction: a slow reader stops the channel's window, a slow host stops the socket.
class SocketPump {
public:
    /// Makes the pair; the other end, or an invalid one when files ran out.
    Descriptor connect(std::weak_ptr<SshSession> session);
    bool step(ssh_channel_struct *channel, ssh_session_struct *session);
    /// All the channel had was taken by the socket.
    bool drained() const { return m_outEnded && m_toSocket.isEmpty(); }
    /// The other end was closed whole: nobody will read or write any more.
    bool abandoned() const { return m_abandoned; }
    void close();

private:
    bool toSocket(ssh_channel_struct *channel);
    bool toChannel(ssh_channel_struct *channel, ssh_session_struct *session);

    Descriptor m_ours;
    Poller m_poller;
    QByteArray m_toSocket, m_toChannel;
    bool m_outEnded = false, m_inEnded = false, m_abandoned = false, m_wantsRead = false;
};

/// A command whose stdin and stdout are a descriptor.
class SshStream : public SshExec {
public:
    SshStream(QByteArray line, Reply<std::shared_ptr<Descriptor>> reply);

protected:
    bool started() override;
    bool flow() override;
    void failed(const Error &error) override;
    void gotErr(const QByteArray &text) override { m_end->addErr(text); }
    void released() override;

private:
    // Empty once answered: a Reply keeps its answer, and the descriptor must be its owner's alone.
    std::optional<Reply<std::shared_ptr<Descriptor>>> m_reply;
    const std::shared_ptr<CommandEnd> m_end = std::make_shared<CommandEnd>();
    SocketPump m_pump;
};

/// A connection that the host makes for us to another one.
class SshForward : public SshChannel {
public:
    SshForward(QString host, quint16 port, Reply<std::shared_ptr<Descriptor>> reply);
    void abort();

protected:
    int open() override;
    int request() override;
    bool started() override;
    bool flow() override;
    void failed(const Error &error) override;
    void released() override { m_pump.close(); }

private:
    const QByteArray m_host;
    const quint16 m_port;
    std::optional<Reply<std::shared_ptr<Descriptor>>> m_reply; // as above
    SocketPump m_pump;
};

} // namespace pilothouse
