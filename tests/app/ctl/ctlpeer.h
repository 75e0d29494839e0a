// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/app/ctl/ctlhost.h"
#include "tests/peers/sshd.h"

namespace pilothouse {

/// The alias "peer" of a CtlHost: a real sshd whose sessions have a home folder and an agent of
/// their own. What was left there (jobs, the agent) is ended with it; so make it after its CtlHost.
class CtlPeer {
public:
    explicit CtlPeer(CtlHost &host);
    ~CtlPeer();
    CtlPeer(const CtlPeer &) = delete;

    /// Starts the server and writes the alias; `more`: further lines of its Host block.
    bool start(const QByteArray &more = {});
    Sshd &sshd() { return m_sshd; }
    /// A path below the home folder that the sessions see.
    QString home(const QString &name) const { return m_home.filePath(name); }
    QString knownHosts() const { return m_host.file(QStringLiteral("known_hosts")); }
    /// "SHA256:..." of the server's key, as ssh-keygen says it.
    QString fingerprint() const;

private:
    CtlHost &m_host;
    QTemporaryDir m_home;
    Sshd m_sshd;
};

} // namespace pilothouse
