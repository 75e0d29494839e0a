// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/acts/exitcode.h"

namespace pilothouse {

int exitCode(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::BadInput:
        return 2;
    case ErrorKind::Unreachable:
        return 3;
    case ErrorKind::Denied:
    case ErrorKind::HostKey:
        return 4;
    case ErrorKind::NotFound:
        return 5;
    case ErrorKind::Timeout:
        return 6;
    case ErrorKind::Unsupported:
        return 7;
    case ErrorKind::Cancelled:
        return 8;
    case ErrorKind::BadReply:
    case ErrorKind::NoSpace:
    case ErrorKind::Conflict:
    case ErrorKind::Internal:
        return 1;
    }
    return 1;
}

} // namespace pilothouse
