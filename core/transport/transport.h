// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"

#include <QByteArray>
#include <QObject>
#include <QStringList>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace pilothouse {

/// A program and its arguments. Quoting for a remote shell happens once, inside the transport.
struct Command {
    Command() = default;
    explicit Command(QString program, QStringList arguments = {}, QByteArray input = {})
        : program(std::move(program))
        , arguments(std::move(arguments))
        , input(std::move(input))
    {
    }
    QString program;
    QStringList arguments;
    QByteArray input; ///< written to its standard input, then closed
};

/// What a command left behind. Output is cut at 8 MB (`cut`).
struct Output {
    int exitCode = 0; ///< 127 = not found, 126 = not executable, as shells say
    int signal = 0; ///< 0 = none
    QByteArray out, err;
    bool cut = false;
};

/// Bytes to send and where they go. `progress(done, total)` is called on the main thread.
using Progress = std::function<void(qint64 done, qint64 total)>;

/// How a command behind a Descriptor fares. Any thread.
class CommandEnd {
public:
    QByteArray err() const; ///< the last 4 KB of its standard error
    std::optional<int> exitCode() const; ///< nullopt until it ended; 128 + n for signal n
    void addErr(const QByteArray &text);
    void setExitCode(int code);

private:
    mutable std::mutex m_mutex;
    QByteArray m_err;
    std::optional<int> m_exitCode;
};

/// A descriptor that carries a running remote command's stdin and stdout (one end of a
/// socketpair). Closing it ends the command's stdin. Owns the descriptor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd, std::shared_ptr<CommandEnd> end = nullptr)
        : m_fd(fd)
        , m_end(std::move(end))
    {
    }
    Descriptor(Descriptor &&other) noexcept
        : m_fd(other.release())
        , m_end(std::move(other.m_end))
    {
    }
    Descriptor &operator=(Descriptor &&other) noexcept;
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor();
    int get() const { return m_fd; }
    int release() { return std::exchange(m_fd, -1); }
    bool valid() const { return m_fd >= 0; }
    /// What to look at when the descriptor ended early; null when nothing is behind it.
    std::shared_ptr<const CommandEnd> end() const { return m_end; }

private:
    int m_fd = -1;
    std::shared_ptr<CommandEnd> m_end;
};

/// How bytes reach a host, once connected. Main thread only; owned by its Link.
/// Every call ends with Unreachable when the connection goes, and `lost` is emitted once.
class Transport : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    /// "local", "libssh", "openssh".
    virtual QString kind() const = 0;
    /// What open() gives is an agent's greeting and protocol, whatever the command: there is no
    /// shell, and nothing to put there.
    virtual bool servesAgent() const { return false; }
    /// Runs to its end. A non-zero exit is a value here, not an Error.
    virtual Task<Result<Output>> run(Context context, Command command) = 0;
    /// Starts a command and hands over its stdio. Its stderr is kept (last 4 KB) for the error.
    virtual Task<Result<std::shared_ptr<Descriptor>>> open(Context context, Command command) = 0;
    /// Streams `data` into a new file (0700, parent folders made) and checks the written size.
    virtual Task<Result<>> upload(
        Context context, QByteArray data, QString remotePath, Progress progress)
        = 0;
    /// Ends the connection; no `lost` is emitted for it.
    virtual void close() = 0;

Q_SIGNALS:
    void lost(const pilothouse::Error &error);
};

/// A non-zero exit, a signal or an unreadable output as an Error; else the standard output.
Result<QByteArray> printed(const Result<Output> &output, const QString &stage);

} // namespace pilothouse
