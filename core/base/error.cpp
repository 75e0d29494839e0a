// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

#include <QCoreApplication>

namespace pilothouse {

QString errorKindName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Unreachable:
        return QStringLiteral("unreachable");
    case ErrorKind::Denied:
        return QStringLiteral("denied");
    case ErrorKind::HostKey:
        return QStringLiteral("host_key");
    case ErrorKind::NotFound:
        return QStringLiteral("not_found");
    case ErrorKind::Unsupported:
        return QStringLiteral("unsupported");
    case ErrorKind::BadReply:
        return QStringLiteral("bad_reply");
    case ErrorKind::BadInput:
        return QStringLiteral("bad_input");
    case ErrorKind::Timeout:
        return QStringLiteral("timeout");
    case ErrorKind::Cancelled:
        return QStringLiteral("cancelled");
    case ErrorKind::NoSpace:
        return QStringLiteral("no_space");
    case ErrorKind::Conflict:
        return QStringLiteral("conflict");
    case ErrorKind::Internal:
        return QStringLiteral("internal");
    }
    return QStringLiteral("internal");
}

Error cancelled(const QString &stage)
{
    return {ErrorKind::Cancelled, stage, QCoreApplication::translate("base", "Cancelled."), {}, {}};
}

Error timedOut(const QString &stage, const QString &message)
{
    return {ErrorKind::Timeout, stage, message, {},
        QCoreApplication::translate("base", "Try again, or raise the time limit.")};
}

} // namespace pilothouse
