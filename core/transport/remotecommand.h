// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/transport.h"

#include <optional>

namespace pilothouse {

/// The one place that quotes for a remote shell. The line means the same to sh, bash, dash, zsh,
/// csh, tcsh and fish: the arguments travel as octal escapes that only /bin/sh decodes, so no login
/// shell ever sees a quote, a backslash before one, a `!` or a newline of theirs. The command
/// first prints `commandMarker` and its pid on standard error. BadInput when it is over 100 KB or
/// holds a NUL byte.
Result<QByteArray> remoteCommandLine(const Command &command);

/// Takes the marker line off standard error, with the noise of the login shell before it.
class MarkerFilter {
public:
    /// Text of the command itself out of the next piece of standard error.
    QByteArray filter(const QByteArray &piece);
    /// What is left when no marker ever came (the login shell failed).
    QByteArray rest();
    std::optional<qint64> pid() const { return m_pid; }

private:
    QByteArray m_held;
    std::optional<qint64> m_pid;
};

/// Ends a command that a MarkerFilter saw, with all its process group: HUP, then TERM.
Command killCommand(qint64 pid);

/// Writes its standard input to a new file (0700, parent folders made, `~/` known), checks the size
/// and only then gives it its name. A cut leaves nothing behind.
Command uploadCommand(const QByteArray &data, const QString &remotePath);
/// What uploadCommand's end means; NoSpace, Denied, Conflict and cut uploads are told apart.
Result<> uploadResult(const Result<Output> &output, const QString &remotePath);

} // namespace pilothouse
