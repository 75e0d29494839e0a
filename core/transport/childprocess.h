// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/reply.h"
#include "core/transport/transport.h"
#include "core/transport/uvhandle.h"

#include <array>
#include <initializer_list>
#include <memory>
#include <optional>

namespace pilothouse {

/// One child process of ours in its own session, in the home folder. Made anywhere, used on the I/O
/// thread only (through IoLoop::post); lives until the child is reaped.
class ChildProcess : public std::enable_shared_from_this<ChildProcess> {
public:
    ChildProcess(Command command, Reply<Output> reply, Progress progress = {});
    ~ChildProcess();

    /// Sees each piece of standard error first and gives what to keep of it. I/O thread; set before
    /// the start.
    void setErrFilter(std::function<QByteArray(const QByteArray &)> filter)
    {
        m_errFilter = std::move(filter);
    }
    /// Starts with pipes and answers the reply when it has ended.
    void run();
    /// Starts with one end of a socketpair as stdin and stdout; null on failure (see the reply).
    std::shared_ptr<Descriptor> open();
    /// HUP and TERM to the whole group, KILL two seconds later. Harmless after the end.
    void kill();
    /// The loop ends, and nobody would see these end or send KILL: all that live are ended as by
    /// kill(), with KILL after half a second, and reaped. I/O thread.
    static void endAll();

private:
    bool spawn(int in, int out, int err);
    void watchEnd();
    void writeInput();
    void readOutput(std::size_t which);
    void ended();
    std::optional<int> reaped();
    void settle(int status);
    void signalGroup(std::initializer_list<int> signals) const;

    const Command m_command;
    const Reply<Output> m_reply;
    const Progress m_progress;
    std::function<QByteArray(const QByteArray &)> m_errFilter;
    Output m_output;
    std::shared_ptr<CommandEnd> m_end;
    int m_pid = -1, m_pidFd = -1;
    qint64 m_written = 0;
    Descriptor m_in;
    std::array<Descriptor, 2> m_outputs; // stdout, stderr
    Poller m_inPoller, m_pidPoller;
    std::array<Poller, 2> m_outPollers;
    LoopTimer m_killTimer;
};

} // namespace pilothouse
