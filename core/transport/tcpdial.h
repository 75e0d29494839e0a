// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/transport/transport.h"

namespace pilothouse {

struct Dialled {
    std::shared_ptr<Descriptor> socket; ///< non-blocking
    QString address; ///< "10.2.0.41:22", "[fe80::1]:22"
};

/// Resolves a name and connects to the first of its addresses that answers; a next one is tried
/// after 300 ms or when the one before failed. `family`: "any", "inet", "inet6". Unreachable, for a
/// name that does not resolve too, or Timeout.
Task<Result<Dialled>> dial(
    Context context, QString host, quint16 port, QString family, std::chrono::seconds limit);

/// Waits for the server's version line without taking it, so that libssh reads it again; lines
/// before it are dropped as RFC 4253 allows. Gives "OpenSSH_9.2p1 Debian-2". BadReply with the
/// raw text when something else speaks there, Timeout when nothing does.
Task<Result<QString>> readBanner(
    Context context, std::shared_ptr<Descriptor> socket, QString where, std::chrono::seconds limit);

/// The part of a version line a person wants: "SSH-2.0-OpenSSH_9.2p1 Debian-2" is
/// "OpenSSH 9.2p1 Debian-2"; empty when `line` is none of protocol 2.0.
QString bannerSoftware(const QByteArray &line);

} // namespace pilothouse
