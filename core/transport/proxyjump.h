// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QList>
#include <QString>

namespace pilothouse {

/// One hop of a ProxyJump list, as written.
struct JumpHop {
    QString host; ///< without brackets
    QString user; ///< empty = as configured
    quint16 port = 0; ///< 0 = as configured
    QString text; ///< "user@host:port", for `ssh -J`
    bool operator==(const JumpHop &) const = default;
};

/// "[user@]host[:port]" or "ssh://[user@]host[:port]", IPv6 in brackets; comma-separated, first hop
/// first. "none" and "" are no hops. BadInput for what ssh would refuse.
Result<QList<JumpHop>> parseProxyJump(const QString &text);

} // namespace pilothouse
