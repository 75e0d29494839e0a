// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/libsshchannel.h"

#include "core/transport/mainthread.h"

#include <array>
#include <libssh/libssh.h>

namespace pilothouse {

static constexpr qsizetype largestOutput = 8 * 1024 * 1024;
static constexpr std::uint32_t piece = 32 * 1024;

SshExec::SshExec(Kind kind, QByteArray line)
    : SshChannel(kind)
    , m_line(std::move(line))
{
}

int SshExec::open()
{
    return ssh_channel_open_session(channel());
}

int SshExec::request()
{
    return ssh_channel_request_exec(channel(), m_line.constData());
}

bool SshExec::readErr()
{
    bool moved = false;
    std::array<char, piece> buffer;
    while (!m_errEnded) {
        const int got = ssh_channel_read_nonblocking(channel(), buffer.data(), piece, 1);
        if (got == 0 || got == SSH_AGAIN)
            break;
        moved = true;
        if (got < 0) {
            m_errEnded = true;
            gotErr(m_marker.rest());
        } else {
            const QByteArray text = m_marker.filter(QByteArray(buffer.data(), got));
            if (!text.isEmpty())
                gotErr(text);
        }
    }
    return moved;
}

void SshExec::abort()
{
    if (finished() || m_aborted)
        return;
    m_aborted = true;
    if (state() == State::Waiting) {
        done();
        return;
    }
    // The pid may be on its way; a login shell that never gets to the command is left after that.
    m_patience.start(std::chrono::seconds(10), [this] { done(); });
    session()->turn();
}

bool SshExec::stopping()
{
    if (!m_aborted)
        return false;
    readErr();
    if (closedByPeer()) {
        done();
    } else if (m_marker.pid()) {
        kill();
        done();
    }
    return true;
}

void SshExec::kill()
{
    // sshd closes pipes when a channel goes, which a silent process does not notice. OpenSSH obeys
    // "signal" requests only for users it can drop to, so root needs the second way.
    ssh_channel_request_send_signal(channel(), "HUP");
    ssh_channel_request_send_signal(channel(), "TERM");
    if (const auto line = remoteCommandLine(killCommand(*m_marker.pid()))) {
        auto killer = std::make_shared<SshRun>(
            Kind::Urgent, *line, QByteArray(), Progress(), Reply<Output>());
        IoLoop::instance().post([weak = session()->weak_from_this(), killer] {
            if (const auto alive = weak.lock())
                alive->add(killer);
        });
    }
}

SshRun::SshRun(Kind kind, QByteArray line, QByteArray input, Progress progress, Reply<Output> reply)
    : SshExec(kind, std::move(line))
    , m_input(std::move(input))
    , m_progress(std::move(progress))
    , m_reply(std::move(reply))
{
}

void SshRun::gotErr(const QByteArray &text)
{
    const qsizetype room = largestOutput - m_output.err.size();
    m_output.err += text.left(room);
    m_output.cut = m_output.cut || text.size() > room;
}

bool SshRun::writeInput()
{
    bool moved = false;
    while (m_written < m_input.size()) {
        // What libssh cannot send it keeps in memory: do not give it more before it has.
        if (ssh_get_status(session()->raw()) & SSH_WRITE_PENDING)
            return moved;
        const auto room = std::min<qint64>(
            {qint64(ssh_channel_window_size(channel())), m_input.size() - m_written, 2 * piece});
        if (room == 0)
            return moved;
        const int sent
            = ssh_channel_write(channel(), m_input.constData() + m_written, std::uint32_t(room));
        if (sent == 0 || sent == SSH_AGAIN)
            return moved;
        if (sent < 0)
            break; // the command has closed its stdin, which is its right
        moved = true;
        m_written += sent;
        if (m_progress)
            onMainThread([progress = m_progress, done = m_written, total = m_input.size()] {
                progress(done, total);
            });
    }
    m_eofSent = true;
    ssh_channel_send_eof(channel());
    return true;
}

bool SshRun::flow()
{
    if (stopping())
        return finished();
    bool moved = !m_eofSent && writeInput();
    std::array<char, piece> buffer;
    while (!m_outEnded) {
        const int got = ssh_channel_read_nonblocking(channel(), buffer.data(), piece, 0);
        if (got == 0 || got == SSH_AGAIN)
            break;
        moved = true;
        if (got < 0) {
            m_outEnded = true;
            break;
        }
        const qsizetype room = largestOutput - m_output.out.size();
        m_output.out.append(buffer.data(), std::min<qsizetype>(got, room));
        m_output.cut = m_output.cut || got > room;
    }
    moved = readErr() || moved;
    if (!closedByPeer() || !m_outEnded || !errEnded() || !ssh_is_connected(session()->raw()))
        return moved;
    m_output.signal = exitSignal();
    m_output.exitCode = exitSignal() ? 128 + exitSignal() : exitCode();
    if (m_output.exitCode < 0)
        m_reply.finish(fail(Error{ErrorKind::BadReply, QStringLiteral("command"),
            QCoreApplication::translate("transport", "The command ended without an exit code."),
            QString::fromUtf8(m_output.err.right(2000)).trimmed(), {}}));
    else
        m_reply.finish(std::move(m_output));
    done();
    return true;
}

} // namespace pilothouse
