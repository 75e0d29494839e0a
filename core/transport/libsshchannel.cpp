// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/libsshchannel.h"

#include <array>
#include <csignal>
#include <cstring>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>

namespace pilothouse {

struct SshChannel::Callbacks : ssh_channel_callbacks_struct { };

static int signalNumber(const char *name)
{
    static constexpr std::array<std::pair<const char *, int>, 14> names{{{"ABRT", SIGABRT},
        {"ALRM", SIGALRM}, {"FPE", SIGFPE}, {"HUP", SIGHUP}, {"ILL", SIGILL}, {"INT", SIGINT},
        {"KILL", SIGKILL}, {"PIPE", SIGPIPE}, {"QUIT", SIGQUIT}, {"SEGV", SIGSEGV},
        {"TERM", SIGTERM}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"BUS", SIGBUS}}};
    for (const auto &[known, number] : names)
        if (name && std::strcmp(name, known) == 0)
            return number;
    return SIGKILL; // "SIG@openssh.com" stands for one that has no standard name
}

SshChannel::SshChannel(Kind kind)
    : m_kind(kind)
    , m_callbacks(std::make_unique<Callbacks>())
{
    *static_cast<ssh_channel_callbacks_struct *>(m_callbacks.get()) = {};
    ssh_callbacks_init(m_callbacks.get());
    m_callbacks->userdata = this;
    m_callbacks->channel_close_function = [](ssh_session, ssh_channel, void *self) {
        static_cast<SshChannel *>(self)->m_closedByPeer = true;
    };
    m_callbacks->channel_exit_status_function
        = [](ssh_session, ssh_channel, int status, void *self) {
              static_cast<SshChannel *>(self)->m_exitCode = status;
          };
    m_callbacks->channel_exit_signal_function
        = [](ssh_session, ssh_channel, const char *name, int, const char *, const char *,
              void *self) { static_cast<SshChannel *>(self)->m_exitSignal = signalNumber(name); };
}

SshChannel::~SshChannel()
{
    done();
}

void SshChannel::done()
{
    giveSlot();
    if (auto *channel = std::exchange(m_channel, nullptr)) {
        ssh_remove_channel_callbacks(channel, m_callbacks.get());
        ssh_channel_close(channel);
        ssh_channel_free(channel);
    }
    m_state = State::Done;
    released();
}

void SshChannel::sessionDied(const Error &error)
{
    // The channel itself still exists until ssh_free, and must not call into us.
    if (auto *channel = std::exchange(m_channel, nullptr))
        ssh_remove_channel_callbacks(channel, m_callbacks.get());
    m_hasSlot = false;
    m_session = nullptr;
    if (m_state != State::Done) {
        m_state = State::Done;
        failed(error);
        released();
    }
}

bool SshChannel::takeSlot()
{
    if (m_kind == Kind::Forward || m_kind == Kind::Urgent)
        return true;
    auto &slot = m_session->channelSlots;
    // Streams may stay for ever: when they hold all places, the server is to say that it is too
    // much.
    if (slot.runs + slot.streams >= slot.limit && slot.runs > 0)
        return false;
    ++(m_kind == Kind::Run ? slot.runs : slot.streams);
    m_hasSlot = true;
    return true;
}

void SshChannel::giveSlot()
{
    if (m_session && std::exchange(m_hasSlot, false))
        --(m_kind == Kind::Run ? m_session->channelSlots.runs : m_session->channelSlots.streams);
}

bool SshChannel::openFailed()
{
    const QString cause = m_session->rawError();
    auto &slot = m_session->channelSlots;
    giveSlot();
    auto *channel = std::exchange(m_channel, nullptr);
    ssh_remove_channel_callbacks(channel, m_callbacks.get());
    ssh_channel_free(channel);
    // The commands that were in the way may have ended since the server refused.
    if ((m_kind == Kind::Run || m_kind == Kind::Stream) && (slot.runs > 0 || ++m_refusals < 4)) {
        if (slot.runs > 0) // MaxSessions: wait until one ends
            slot.limit = slot.runs + slot.streams;
        m_state = State::Waiting;
        return true;
    }
    if (m_kind == Kind::Forward)
        failed({ErrorKind::Unreachable, QStringLiteral("tcp"),
            QCoreApplication::translate("transport", "%1 could not reach the next host.")
                .arg(m_session->name()),
            cause,
            QCoreApplication::translate("transport",
                "Check the host's name and port as that host sees them, and that it allows "
                "forwarding (AllowTcpForwarding).")});
    else
        failed({ErrorKind::Denied, QStringLiteral("command"),
            QCoreApplication::translate("transport", "The server opens no more commands."), cause,
            QCoreApplication::translate(
                "transport", "Raise MaxSessions in the server's settings.")});
    done();
    return true;
}

bool SshChannel::step(SshSession &session)
{
    m_session = &session;
    int rc = SSH_OK;
    switch (m_state) {
    case State::Waiting:
        if (!takeSlot())
            return false;
        m_channel = ssh_channel_new(session.raw());
        ssh_add_channel_callbacks(m_channel, m_callbacks.get());
        m_state = State::Opening;
        [[fallthrough]];
    case State::Opening:
        rc = open();
        if (rc == SSH_AGAIN)
            return false;
        if (rc != SSH_OK)
            return ssh_is_connected(session.raw()) && openFailed();
        m_state = State::Requesting;
        [[fallthrough]];
    case State::Requesting:
        rc = request();
        if (rc == SSH_AGAIN)
            return false;
        if (rc != SSH_OK) {
            if (!ssh_is_connected(session.raw()))
                return false; // the session tells
            failed({ErrorKind::Denied, QStringLiteral("command"),
                QCoreApplication::translate("transport", "The server does not run commands."),
                session.rawError(),
                QCoreApplication::translate(
                    "transport", "Check for a forced command or a restricted account there.")});
            done();
            return true;
        }
        m_state = State::Running;
        if (!started()) {
            done();
            return true;
        }
        flow();
        return true;
    case State::Running:
        return flow();
    case State::Done:
        break;
    }
    return false;
}

} // namespace pilothouse
