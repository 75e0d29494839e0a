// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/bounded.h"
#include "core/transport/transport.h"
#include "core/transport/uvhandle.h"

#include <memory>
#include <optional>
#include <vector>

struct ssh_session_struct;

namespace pilothouse {

class SshSession;

/// Something that goes on in a session: a step of the handshake, a channel. I/O thread only.
class SshPart {
public:
    virtual ~SshPart() = default;
    /// Does what can be done without waiting; true when something moved.
    virtual bool step(SshSession &session) = 0;
    /// The session is gone, with everything of libssh in it.
    virtual void sessionDied(const Error &error) = 0;
    virtual bool finished() const = 0;
};

/// One libssh session on one connected socket, driven by the IoLoop and never by libssh's own poll
/// loop. Made anywhere; everything but create() and close() on the I/O thread only.
class SshSession : public std::enable_shared_from_this<SshSession> {
public:
    /// `name` is for sentences ("mia@10.2.0.41"); `via` is kept alive as long as this session.
    static std::shared_ptr<SshSession> create(
        Descriptor socket, QString name, std::shared_ptr<SshSession> via);
    ~SshSession();

    ssh_session_struct *raw() const { return m_session; }
    const QString &name() const { return m_name; }
    QString rawError() const;
    /// Gives the socket to libssh; called once, before its ssh_connect.
    void handOverSocket();
    /// Authenticated: from now on the session itself looks after packets and its death.
    void setReady(int aliveIntervalSeconds, int aliveCountMax);
    bool alive() const { return !m_dead; }

    void add(std::shared_ptr<SshPart> part);
    /// Steps all parts until nothing moves.
    void turn();
    /// Ends the session cleanly; parts end with Unreachable. Any thread.
    void close();
    /// As close(), but for a reason that the parts and onLost hear.
    void die(Error error);

    /// Called once, on the I/O thread, when the session ends other than by close().
    std::function<void(const Error &)> onLost;

    /// Servers take few channels at a time (MaxSessions, 10 by default).
    struct Slots {
        int limit = 8;
        int runs = 0; ///< commands that end by themselves
        int streams = 0; ///< descriptors that stay
    } channelSlots;

private:
    SshSession(Descriptor socket, QString name, std::shared_ptr<SshSession> via);
    void start();
    void updatePoll();
    void sendKeepAlive(int countMax);

    struct Counter;
    const QString m_name;
    ssh_session_struct *m_session = nullptr;
    Descriptor m_socket, m_watched; // libssh's own until handed over; our dup of it
    std::unique_ptr<Counter> m_counter;
    Poller m_poller;
    LoopTimer m_keepAlive;
    std::vector<std::shared_ptr<SshPart>> m_parts;
    std::shared_ptr<SshSession> m_via;
    bool m_ready = false, m_dead = false, m_inTurn = false, m_again = false;
    quint64 m_heardBefore = 0;
    int m_silent = 0;
};

/// Calls one non-blocking libssh function until it has an answer.
template <typename T> class SshAttempt : public SshPart {
public:
    /// nullopt = not yet
    using Attempt = std::function<std::optional<Result<T>>(SshSession &session)>;
    SshAttempt(Attempt attempt, Reply<T> reply)
        : m_attempt(std::move(attempt))
        , m_reply(std::move(reply))
    {
    }
    bool step(SshSession &session) override
    {
        auto answer = m_attempt(session);
        if (!answer)
            return false;
        finish(std::move(*answer));
        return true;
    }
    void sessionDied(const Error &error) override { finish(fail(error)); }
    bool finished() const override { return m_finished; }

private:
    void finish(Result<T> answer)
    {
        m_finished = true;
        m_reply.finish(std::move(answer));
    }
    Attempt m_attempt;
    Reply<T> m_reply;
    bool m_finished = false;
};

/// The same as a Task. A stop in the middle of a handshake leaves libssh in a state that nobody
/// can use, so it ends the session.
template <typename T> Task<Result<T>> attempt(Context context, std::shared_ptr<SshSession> session,
    QString stage, typename SshAttempt<T>::Attempt what)
{
    Reply<T> reply;
    auto part = std::make_shared<SshAttempt<T>>(std::move(what), reply);
    IoLoop::instance().post([session, part] { session->add(part); });
    auto answer
        = bounded(std::move(context), reply, std::move(stage), [session] { session->close(); });
    co_return co_await std::move(answer);
}

} // namespace pilothouse
