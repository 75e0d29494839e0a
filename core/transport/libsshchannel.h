// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/libsshsession.h"
#include "core/transport/remotecommand.h"

struct ssh_channel_struct;

namespace pilothouse {

/// A channel from its opening to its close. I/O thread only.
class SshChannel : public SshPart {
public:
    enum class Kind {
        Run, ///< a command that ends by itself
        Urgent, ///< the same, past the queue: it ends another command
        Stream, ///< a command with a descriptor
        Forward, ///< direct-tcpip: the way to a next host
    };
    explicit SshChannel(Kind kind);
    ~SshChannel() override;
    bool step(SshSession &session) final;
    void sessionDied(const Error &error) final;
    bool finished() const final { return m_state == State::Done; }

protected:
    enum class State { Waiting, Opening, Requesting, Running, Done };
    /// SSH_OK, SSH_AGAIN or SSH_ERROR, as libssh's own calls.
    virtual int open() = 0;
    virtual int request() = 0;
    virtual bool started() = 0; ///< false = give up
    virtual bool flow() = 0; ///< moves bytes; true when something moved
    virtual void failed(const Error &error) = 0;
    virtual void released() { } ///< the channel is gone

    State state() const { return m_state; }
    ssh_channel_struct *channel() const { return m_channel; }
    SshSession *session() const { return m_session; }
    bool closedByPeer() const { return m_closedByPeer; }
    int exitCode() const { return m_exitCode; } ///< -1 = not told
    int exitSignal() const { return m_exitSignal; }
    /// Closes the channel and ends this part.
    void done();

private:
    struct Callbacks;
    bool takeSlot();
    void giveSlot();
    bool openFailed();

    const Kind m_kind;
    State m_state = State::Waiting;
    ssh_channel_struct *m_channel = nullptr;
    SshSession *m_session = nullptr; // set by step; null again when it died
    std::unique_ptr<Callbacks> m_callbacks;
    bool m_hasSlot = false, m_closedByPeer = false;
    int m_exitCode = -1, m_exitSignal = 0, m_refusals = 0;
};

/// A channel that runs a command; knows its pid, so that a stop reaches the process.
class SshExec : public SshChannel {
public:
    SshExec(Kind kind, QByteArray line);
    /// Ends the command there and the channel. Harmless after the end.
    void abort();

protected:
    int open() override;
    int request() override;
    /// Reads standard error without the marker; true when something came.
    bool readErr();
    bool errEnded() const { return m_errEnded; }
    bool begun() const { return m_marker.pid().has_value(); }
    virtual void gotErr(const QByteArray &text) = 0;
    /// To be called first in flow(): true when the command is being stopped.
    bool stopping();
    void released() override { m_patience.reset(); }

private:
    void kill();
    const QByteArray m_line;
    MarkerFilter m_marker;
    bool m_errEnded = false, m_aborted = false;
    LoopTimer m_patience;
};

/// Runs a command to its end.
class SshRun : public SshExec {
public:
    SshRun(Kind kind, QByteArray line, QByteArray input, Progress progress, Reply<Output> reply);

protected:
    bool started() override { return true; }
    bool flow() override;
    void failed(const Error &error) override { m_reply.finish(fail(error)); }
    void gotErr(const QByteArray &text) override;

private:
    bool writeInput();
    const QByteArray m_input;
    const Progress m_progress;
    const Reply<Output> m_reply;
    Output m_output;
    qsizetype m_written = 0;
    bool m_eofSent = false, m_outEnded = false;
};

} // namespace pilothouse
