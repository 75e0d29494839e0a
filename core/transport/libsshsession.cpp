// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/libsshsession.h"

#include "core/base/log.h"

#include <fcntl.h>
#include <libssh/libssh.h>
#include <libssh/server.h> // ssh_send_keepalive and ssh_execute_message_callbacks live there
#include <sys/socket.h>

namespace pilothouse {

struct SshSession::Counter {
    ssh_counter_struct socket{}, packets{};
};

std::shared_ptr<SshSession> SshSession::create(
    Descriptor socket, QString name, std::shared_ptr<SshSession> via)
{
    const std::shared_ptr<SshSession> session(
        new SshSession(std::move(socket), std::move(name), std::move(via)), [](SshSession *gone) {
            auto &loop = IoLoop::instance();
            // After the stop of the loop no thread but this one is left.
            if (loop.onThread() || !loop.post([gone] { delete gone; }))
                delete gone;
        });
    IoLoop::instance().post([session] { session->start(); });
    return session;
}

SshSession::SshSession(Descriptor socket, QString name, std::shared_ptr<SshSession> via)
    : m_name(std::move(name))
    , m_socket(std::move(socket))
    , m_counter(std::make_unique<Counter>())
    , m_via(std::move(via))
{
}

void SshSession::start()
{
    m_session = ssh_new();
    // libssh closes its descriptor on errors, and libuv aborts on a closed one: poll a dup.
    m_watched = Descriptor(fcntl(m_socket.get(), F_DUPFD_CLOEXEC, 3));
    if (!m_session || !m_watched.valid()) {
        die({ErrorKind::Internal, QStringLiteral("connection"),
            QCoreApplication::translate("transport", "No more files can be opened."), {}, {}});
        return;
    }
    ssh_set_blocking(m_session, 0);
    ssh_set_counters(m_session, &m_counter->socket, &m_counter->packets);
    m_poller = Poller(m_watched.get(), [this](int) {
        // Between two steps of a login nobody reads. What comes then (the server's list of
        // extensions) would wake the loop without end, all the time that a person looks at a
        // question.
        if (m_parts.empty() && !m_ready)
            m_poller.watch(Poller::None);
        else
            turn();
    });
}

SshSession::~SshSession()
{
    m_poller.reset();
    m_keepAlive.reset();
    for (const auto &part : std::exchange(m_parts, {}))
        part->sessionDied({ErrorKind::Unreachable, QStringLiteral("connection"),
            QCoreApplication::translate("transport", "The connection was closed."), {}, {}});
    if (m_session) {
        if (!m_dead && m_ready)
            ssh_disconnect(m_session);
        ssh_free(m_session);
    }
}

QString SshSession::rawError() const
{
    return m_session ? QString::fromUtf8(ssh_get_error(m_session)).trimmed() : QString();
}

void SshSession::handOverSocket()
{
    const socket_t fd = m_socket.release();
    ssh_options_set(m_session, SSH_OPTIONS_FD, &fd);
}

void SshSession::setReady(int aliveIntervalSeconds, int aliveCountMax)
{
    m_ready = true;
    m_heardBefore = m_counter->socket.in_bytes;
    if (aliveIntervalSeconds > 0) {
        const std::chrono::seconds every(aliveIntervalSeconds);
        m_keepAlive.start(
            every, [this, aliveCountMax] { sendKeepAlive(aliveCountMax); }, every);
    }
    turn(); // what came since the last step of the login waits in the socket
}

void SshSession::sendKeepAlive(int countMax)
{
    const auto self = weak_from_this().lock();
    if (!self)
        return;
    m_silent = m_counter->socket.in_bytes == m_heardBefore ? m_silent + 1 : 0;
    m_heardBefore = m_counter->socket.in_bytes;
    if (m_silent > std::max(1, countMax)) {
        die({ErrorKind::Unreachable, QStringLiteral("connection"),
            QCoreApplication::translate("transport", "%1 does not answer any more.").arg(m_name),
            QStringLiteral("ServerAliveCountMax: %1 keepalives without an answer").arg(m_silent),
            QCoreApplication::translate("transport", "Check the network, then connect again.")});
        return;
    }
    // libssh notices the reply to the one before only in the next call, which then sends nothing.
    ssh_send_keepalive(m_session);
    ssh_send_keepalive(m_session);
    turn();
}

void SshSession::add(std::shared_ptr<SshPart> part)
{
    if (m_dead) {
        part->sessionDied({ErrorKind::Unreachable, QStringLiteral("connection"),
            QCoreApplication::translate("transport", "The connection is closed."), {}, {}});
        return;
    }
    m_parts.push_back(std::move(part));
    turn();
}

void SshSession::turn()
{
    if (m_inTurn || m_dead) {
        m_again = true;
        return;
    }
    // Between the last owner's going and the deletion on this thread events still come.
    const auto self = weak_from_this().lock();
    if (!self)
        return;
    m_inTurn = true;
    int rounds = 0;
    do {
        m_again = false;
        const auto heard = m_counter->socket.in_bytes;
        if (m_ready)
            ssh_execute_message_callbacks(m_session);
        bool moved = false;
        for (std::size_t i = 0; i < m_parts.size() && !m_dead; ++i) {
            const auto part = m_parts[i];
            moved = (!part->finished() && part->step(*this)) || moved;
        }
        std::erase_if(m_parts, [](const auto &part) { return part->finished(); });
        if (m_ready && !m_dead && !ssh_is_connected(m_session))
            die({ErrorKind::Unreachable, QStringLiteral("connection"),
                QCoreApplication::translate("transport", "The connection to %1 was lost.")
                    .arg(m_name),
                rawError(),
                QCoreApplication::translate(
                    "transport", "Check the network, then connect again.")});
        // A call for one part may have read packets of another that was stepped before it.
        m_again = m_again || moved || m_counter->socket.in_bytes != heard;
    } while (m_again && !m_dead && ++rounds < 32);
    m_inTurn = false;
    if (m_dead)
        return;
    if (m_again) // others on the loop want their turn
        IoLoop::instance().post([weak = weak_from_this()] {
            if (const auto session = weak.lock())
                session->turn();
        });
    updatePoll();
}

void SshSession::updatePoll()
{
    // What libssh holds back; its poll flags ask for Writable after each packet, sent or not, which
    // would be one more turn of the loop for each.
    const bool pending = (ssh_get_status(m_session) & SSH_WRITE_PENDING) != 0;
    m_poller.watch(Poller::Readable | (pending ? Poller::Writable : Poller::None));
}

void SshSession::die(Error error)
{
    if (m_dead)
        return;
    const auto self = weak_from_this().lock();
    m_dead = true;
    m_poller.reset();
    m_keepAlive.reset();
    for (const auto &part : std::exchange(m_parts, {}))
        if (!part->finished())
            part->sessionDied(error);
    if (m_session && m_ready && ssh_is_connected(m_session))
        ssh_disconnect(m_session);
    m_socket = Descriptor();
    if (m_watched.valid())
        ::shutdown(m_watched.get(), SHUT_RDWR); // before authentication libssh says no goodbye
    m_watched = Descriptor();
    if (const auto lost = std::exchange(onLost, nullptr))
        lost(error);
    m_via.reset();
}

void SshSession::close()
{
    IoLoop::instance().post([self = shared_from_this()] {
        self->onLost = nullptr;
        self->die({ErrorKind::Unreachable, QStringLiteral("connection"),
            QCoreApplication::translate("transport", "The connection was closed."), {}, {}});
    });
}

} // namespace pilothouse
