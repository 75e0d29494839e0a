// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/hostlines.h"
#include "core/transport/sshconfig.h"

#include <optional>

namespace pilothouse {

/// Hosts whose lines differ in HostName, User and Port only get the same answer of `ssh -G` but for
/// these three. So one run serves them all: a cluster of a thousand nodes is resolved at the price
/// of one.
struct HostShape {
    QByteArray key; ///< equal for hosts that may share an answer
    QString hostName; ///< as ssh prints it: lower case, %h filled in
    QString user; ///< empty = the account's name, as in the shared answer
    int port = 0; ///< 0 = as in the shared answer
};

/// Nothing when only ssh itself can tell: Match, canonical names, tokens, jumps through itself,
/// lines that do not parse.
std::optional<HostShape> hostShape(const QByteArray &alias, const HostLines &lines);

/// The shared answer, made this host's own.
ParsedSshG fitted(ParsedSshG shared, const QString &alias, const HostShape &shape);

} // namespace pilothouse
