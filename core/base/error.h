// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>

#include <tl/expected.hpp>

namespace pilothouse {

/// What code decides on. ctl's exit codes come from it (core/acts, exitCode()).
enum class ErrorKind {
    Unreachable,
    Denied,
    HostKey,
    NotFound,
    Unsupported,
    BadReply,
    BadInput,
    Timeout,
    Cancelled,
    NoSpace,
    Conflict,
    Internal,
};

/// snake_case name of a kind, as `--json` prints it.
QString errorKindName(ErrorKind kind);

/// One failure, fit to be shown: where, what, why and what to do now.
struct Error {
    ErrorKind kind = ErrorKind::Internal;
    QString stage; ///< where: "authentication", "upload", "sbatch"
    QString message; ///< one sentence for the user, translated
    QString cause; ///< raw stderr, status text or path, as it came; never a secret
    QString next; ///< what the user can do now

    bool operator==(const Error &) const = default;
};

template <typename T = void> using Result = tl::expected<T, Error>;

[[nodiscard]] inline auto fail(Error error)
{
    return tl::unexpected(std::move(error));
}

/// The error of an act, call or wait that was stopped by its Context.
Error cancelled(const QString &stage);
/// The error of a deadline that passed.
Error timedOut(const QString &stage, const QString &message);

} // namespace pilothouse

Q_DECLARE_METATYPE(pilothouse::Error)
