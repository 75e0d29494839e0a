// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace pilothouse {

/// What `ssh -G` says of one host, reduced to what we use, plus its jump chain.
struct ResolvedHost {
    QString alias; ///< as asked for
    QString hostName, user;
    quint16 port = 22;
    QString hostKeyAlias; ///< empty = host name
    QStringList identityFiles; ///< expanded, in order
    bool identitiesOnly = false;
    QString identityAgent; ///< socket path; empty = $SSH_AUTH_SOCK; "none"
    QStringList userKnownHosts, globalKnownHosts; ///< files
    /// Types of the keys known for the host, to ask it for; nullopt = not looked up.
    std::optional<QStringList> knownKeyTypes;
    QString strictHostKeyChecking; ///< "ask", "yes", "no", "accept-new"
    bool hashKnownHosts = false;
    QStringList kexAlgorithms, hostKeyAlgorithms, ciphers, macs, publicKeyAlgorithms;
    QStringList preferredAuthentications;
    int connectTimeoutSeconds = 0, serverAliveInterval = 0, serverAliveCountMax = 3;
    int numberOfPasswordPrompts = 3;
    QString addressFamily; ///< "any", "inet", "inet6"
    QString proxyCommand; ///< empty = none
    QStringList filesRead; ///< for the cache
    QList<std::shared_ptr<ResolvedHost>> jumps; ///< first hop first, each with its own settings
    /// Why libssh cannot do it: "CertificateFile", "ProxyCommand", ... Empty = libssh can.
    QStringList needsOpenSsh;
    /// What the ssh program would use and libssh goes without: a reason to choose ssh, and none to
    /// refuse libssh to who asks for it.
    QStringList prefersOpenSsh;
};

} // namespace pilothouse
