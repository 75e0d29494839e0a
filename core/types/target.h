// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QMetaType>
#include <QString>

namespace pilothouse {

/// What acts may do to a target.
enum class Protection {
    Open,
    Protected, ///< the name is typed before anything destructive
    ReadOnly, ///< no mutating byte leaves
};

enum class TransportChoice { Automatic, Libssh, OpenSsh };

/// Where a target comes from.
/// Simulated: a node of pilothouse-sim, its socket in `host`; never stored.
enum class TargetKind { Local, SshAlias, SshManual, Simulated };

/// Anything we connect to. Plain data; stored in workspace.db.
struct Target {
    QString id; ///< "local", or "ssh:ALIAS"; stable, used as key everywhere
    QString name; ///< shown; the alias
    TargetKind kind = TargetKind::SshAlias;
    QString origin; ///< "~/.ssh/config", "added here", "this machine"
    QString group; ///< empty = none
    bool favourite = false;
    Protection protection = Protection::Open;
    TransportChoice transport = TransportChoice::Automatic;
    /// For SshManual: what stands in for an ssh_config block.
    QString host, user;
    quint16 port = 0;
    QString identityFile, proxyJump;

    bool operator==(const Target &) const = default;
};

/// Short state of a target, shown as shape and colour together.
enum class TargetState { NotOpened, Connecting, Connected, Stale, Failed };

QString protectionName(Protection protection); ///< "open", "protected", "read_only"
QString transportName(TransportChoice choice); ///< "automatic", "libssh", "openssh"
QString targetStateName(TargetState state); ///< "not_opened", "connecting", ...

} // namespace pilothouse

Q_DECLARE_METATYPE(pilothouse::Target)
